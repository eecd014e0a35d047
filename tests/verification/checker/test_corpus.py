"""The checker's relations against the corpus: what a declaration does, as a person and other executions have judged it.

The relation of a step must admit every step that is taken: a proof about it is worth nothing otherwise. And it must not
admit what a rule, a wire or a limit refuses, or it proves less than it could.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

import pytest

from fsm.verification.checker.cells import CannotSay, literal, timers_of
from fsm.verification.checker.declaration import Declaration, read_declaration
from fsm.verification.checker.meaning import Instance, Moment
from fsm.verification.checker.plain.machines import Plain
from fsm.verification.checker.plain.values import Rejected, decoded
from fsm.verification.checker.solver import InProcess
from fsm.verification.checker.steps import Step, StepMaker, kinds_of_steps
from fsm.verification.checker.terms import conj, equal, number
from fsm.verification.checker.unknowns import Unknowns

from ...corpus.cases import FOLDER, Json, read_parts  # noqa: TID252  # the suite is no installed package
from ...corpus.declarations import FUNCTIONS  # noqa: TID252

JUDGED = {"by_hand.jsonl": (120, 17), "drawn.jsonl": (691, 88)}
"""Of how many steps that are taken, and refused, the checker says something; none may become silent."""


@cache
def rows(file: str) -> list[Json]:
    return [json.loads(line) for line in (FOLDER / file).read_text(encoding="ascii").splitlines()[1:]]


@cache
def declared(place: int) -> tuple[Unknowns, tuple[Step, ...]] | None:
    """A declaration of the corpus and its steps; None where the checker cannot say what they are."""
    declaration = read_declaration(json.dumps(rows("declarations.jsonl")[place]["form"]))
    try:
        unknowns = Unknowns(declaration, {})
        return unknowns, tuple(StepMaker(unknowns, kind).made() for kind in kinds_of_steps(declaration))
    except CannotSay:
        return None


def equals(term: str | None, value: Json) -> str:
    """That a term has a value of the corpus; carried data has no term."""
    known = literal(value)
    return "true" if term is None or known is None else equal(term, known)


def stands(declaration: Declaration, moment: Moment, parts: list[Json], now: int) -> str:
    """That a moment is the snapshot of a case."""
    said = []
    for place, one in moment.only.items():
        said.append(is_as(declaration, place, one, parts[place], now))
    for place, cells in moment.counted.items():
        for cell, many in cells.items():
            its = [row for row in parts[place] if is_as(declaration, place, Instance.of(cell), row[1:], now) == "true"]
            said.append(equal(many, number(len(its))))
    return conj(said)


def is_as(declaration: Declaration, part: int, one: Instance, row: Json, now: int) -> str:
    """That an instance is as a row of a case says."""
    state, since, fired, values = row
    machine = declaration.machine(part)
    mine = [timer for timer in timers_of(machine) if timer.state == state]
    marks = {timer.mark: place in fired for place, timer in enumerate(mine)}
    said = [equal(one.state, str(state)), *map(equals, one.values, values)]
    said += [equal(mark, "true" if marks.get(place) else "false") for place, mark in enumerate(one.marks)]
    if one.elapsed is not None and one.elapsed.startswith("x"):
        said.append(equal(one.elapsed, str(now - since)))
    return conj(said)


def steps_of(case: Json) -> Iterator[tuple[Step, str]]:
    """Each step that the event of a case could be, and that it is from there, to what follows."""
    made = declared(case["declaration"])
    for step in made[1] if made else ():
        situation = step.situation
        if situation.event != case["event"][0] or step.name.startswith("timer"):
            continue
        said = [equals(term, value) for term, value in zip(situation.params, case["parameters"], strict=True)]
        fields = enumerate(case["event"][1])
        said += [equals(situation.fields.get((case["event"][0], place)), value) for place, value in fields]
        said.append(stands(situation.declaration, situation.before, case["parts"], case["at"]))
        if case["outcome"]["kind"] == "taken":
            after = case["outcome"].get("parts", case["parts"])
            said.append(stands(situation.declaration, situation.after, after, case["at"]))
        yield step, conj(said)


def nothing_is_due(case: Json) -> bool:
    """Whether no timer fires or lapses before the event is judged: what is so then is what the case says."""
    form = rows("declarations.jsonl")[case["declaration"]]["form"]
    try:
        plain = Plain(
            read_declaration(json.dumps(form)),
            [decoded(value) for value in case["parameters"]],
            {one.__name__: one for one in FUNCTIONS},
        )
    except Rejected:
        return False
    timer = plain.next_timer(read_parts(case["parts"], [each is not None for _, each in plain.parts]))
    return timer is None or timer[0] > case["at"]


def all_in_cells(case: Json) -> bool:
    """Whether each instance is as its machine's own lines can make it: of others no run tells, and the checker says nothing."""
    made = declared(case["declaration"])
    return made is None or all(
        any(is_as(made[0].declaration, part, Instance.of(cell), row[1:], case["at"]) == "true" for cell in cells)
        for part, cells in made[0].cells.items()
        for row in case["parts"][part]
    )


def judged(file: str, kind: str) -> list[tuple[Json, list[str]]]:
    """The cases of an event alone that end so, with what is answered for each step that it could be."""
    chosen = [case for case in rows(file) if case["event"] is not None and case["outcome"]["kind"] == kind]
    asked: dict[int, tuple[Step, list[tuple[int, str]]]] = {}
    for place, case in enumerate(chosen):
        if nothing_is_due(case) and all_in_cells(case):
            for step, said in steps_of(case):
                asked.setdefault(id(step), (step, []))[1].append((place, said))
    answers: dict[int, list[str]] = {}
    for step, questions in asked.values():
        lines = [[f"(assert {said})"] for _, said in questions]
        for (place, _), answer in zip(questions, InProcess().ask(step.script.lines, lines), strict=True):
            answers.setdefault(place, []).append(answer)
    return [(chosen[place], found) for place, found in answers.items()]


@pytest.mark.parametrize("file", JUDGED)
def test_every_step_that_is_taken_is_one_of_the_checkers(file: str) -> None:
    """From that snapshot, on that event, to what follows: some wire of the event admits it."""
    found = judged(file, "taken")

    assert [] == [case for case, answers in found if "sat" not in answers]
    assert JUDGED[file][0] == len(found)


@pytest.mark.parametrize("file", JUDGED)
def test_what_a_rule_or_a_wire_refuses_is_none_of_the_checkers(file: str) -> None:
    """No wire of the event admits it, wherever it should lead."""
    found = [
        (case, answers)
        for case, answers in judged(file, "refused")
        if {one[0] for one in case["outcome"]["why"]} & {"rule", "wire", "full"}
    ]

    assert [] == [case for case, answers in found if {"unsat"} != set(answers)]
    assert JUDGED[file][1] == len(found)
