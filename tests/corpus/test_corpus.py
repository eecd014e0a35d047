"""The corpus: what a declaration means, in cases that every execution of this repository passes.

How the cases came to be is said in tests/corpus/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from fsm import BadInput
from fsm.canonical import read_document
from fsm.canonical.tables import compact

from .cases import FOLDER, Json
from .declarations import SUBJECTS
from .drawing import told
from .executions import APPLIED, EXECUTIONS, Compiled, Execution, Subject
from .generate import BY_HAND, DECLARATIONS, DRAWN, by_hand_lines, declared_by_hand, drawn_lines, rows

SAID = {
    "plain meaning": (237, 1930), "compiled step": (241, 1930), "transitions": (237, 1930), "claims": (32, 0),
    "packed enumeration": (59, 502), "clocked encoding": (215, 1795), "counting encoding": (169, 1353),
}  # fmt: skip
"""Of how many cases judged by hand, and of how many others, each execution says something; none may become silent."""


@cache
def declarations() -> list[Json]:
    return rows(DECLARATIONS)


@cache
def subject(place: int, parameters: str) -> Subject | None:
    """A declaration under one profile; None where that is rejected."""
    try:
        return Subject(declarations()[place]["form"], json.loads(parameters))
    except BadInput:
        return None


def differences(execution: Execution, case: Json) -> list[str] | None:
    """In what an execution says something else than the case; None where it says nothing of it."""
    under = subject(case["declaration"], json.dumps(case["parameters"]))
    if under is None and execution.name != "compiled step":
        return None  # of a profile that cannot be only one has to say so
    said = {"kind": "rejected"} if under is None else execution.says(under, case)
    if said is None:
        return None
    known = json.loads(json.dumps(said))
    return [f"{name}: {value}" for name, value in known.items() if value != told(case["outcome"], case, name)]


@pytest.mark.parametrize("file", [BY_HAND, DRAWN])
@pytest.mark.parametrize("made", EXECUTIONS, ids=lambda made: made.name)
def test_every_execution_passes_the_corpus(made: type[Execution], file: str) -> None:
    """As far as it can say what follows; where it cannot is said in its class, and counted here."""
    execution = made()
    found = [(case, differences(execution, case)) for case in rows(file)]

    assert [] == [(case.get("says"), case, said) for case, said in found if said]
    assert SAID[made.name][file == DRAWN] == sum(said is not None for _, said in found)


# The files


def test_what_was_judged_by_hand_stands_in_the_file_as_it_was_judged() -> None:
    """The text that a person reads and the rows that a program reads say the same, of the declarations that are there."""
    assert [json.loads(compact(row)) for row in declared_by_hand()] == declarations()[: len(SUBJECTS)]
    assert rows(BY_HAND) == [json.loads(line) for line in by_hand_lines(declarations())]


def test_what_was_drawn_is_drawn_again() -> None:
    """The same cases from the same declarations, on which two executions agree that share nothing."""
    assert rows(DRAWN) == [json.loads(line) for line in drawn_lines(declarations())]


def test_there_are_cases_enough_and_each_is_another() -> None:
    """Two thousand, of them a hundred and fifty judged by a person; of each kind some."""
    cases = [*rows(BY_HAND), *rows(DRAWN)]
    kinds = [case["outcome"]["kind"] for case in cases]

    assert 2_000 <= len(cases) == len({compact({**case, "says": ""}) for case in cases})
    assert 150 <= len(rows(BY_HAND))
    assert all(kinds.count(kind) >= 10 for kind in ("taken", "passed", "refused", "rejected", "stopped")), kinds


def test_every_construct_that_a_step_can_show_is_in_some_declaration_of_the_corpus() -> None:
    """Every node of an expression, and every form that a machine, a part, a wire and a move can have."""
    forms = [row["form"] for row in declarations()]
    nodes = {tag for form in forms for row in form["expressions"] for tag in row}
    lines = [line for form in forms for machine in form["machines"] for line in machine["transitions"]]
    systems = [form["system"] for form in forms if form["system"] is not None]
    wires = [wire for system in systems for wire in system["wires"]]
    moves = [move for wire in wires for move in wire["moves"]]

    assert NODES == nodes
    for things, fields in (
        (lines, ("after", "guard", "target")),
        (wires, ("sender", "when")),
        (moves, ("key", "every")),
        ([part for system in systems for part in system["parts"]], ("each",)),
    ):
        assert all({True, False} == {thing[field] is None for thing in things} for field in fields)
    assert {True, False} == {wire["written"] for wire in wires}
    assert all({True, False} == {line[field] == [] for line in lines} for field in ("updates", "effects"))


NODES = {
    "constant", "parameter", "field", "stamp", "variable", "inside", "elapsed", "part_variable", "part_inside", "part_elapsed", "count", "for_each",
    "emitted", "happens", "before", "after", "not", "and", "or", "implies", "choose", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "applied",
    "named",
}  # fmt: skip


def test_the_declarations_are_canonical() -> None:
    """Each is read, and written again as it stands there."""
    for row in declarations():
        read_document(row["form"], functions=APPLIED)


# That the runner looks


def wrong(case: Json) -> Iterator[Json]:
    """The case with something else that follows."""
    outcome = case["outcome"]
    now, parts = outcome.get("now"), outcome.get("parts", case["parts"])
    other = {"taken": "refused", "refused": "taken", "passed": "stopped", "stopped": "passed", "rejected": "taken"}[
        outcome["kind"]
    ]
    yield {**case, "outcome": {"now": case["at"], "why": [[0, None, 0]], **outcome, "kind": other}}
    if now is not None:
        yield {**case, "outcome": {**outcome, "parts": _elsewhere(parts)}}


def _elsewhere(parts: Any) -> Any:
    """The first instance that there is, a millisecond younger."""
    made = json.loads(json.dumps(parts))
    for part in made:
        row = part if part and not isinstance(part[0], list) else part[0][1:] if part else None
        if row is not None:
            row[1] -= 1
            if isinstance(part[0], list):
                part[0][2] -= 1
            return made
    return made


@pytest.mark.parametrize(
    "made",
    [one for one in EXECUTIONS if one.name in ("plain meaning", "compiled step", "transitions")],
    ids=lambda made: made.name,
)
def test_a_case_that_says_something_else_is_noticed(made: type[Execution]) -> None:
    """Whichever of the executions is asked."""
    execution = made()
    for case in rows(BY_HAND)[::7]:
        if subject(case["declaration"], json.dumps(case["parameters"])) is not None:
            for other in wrong(case):
                assert differences(execution, other), other


def test_a_step_that_is_wrong_is_noticed() -> None:
    """Every fault of a few, in the execution itself."""

    class Late(Compiled):
        """Is a millisecond behind."""

        def says(self, subject: Subject, case: Json) -> Json:
            return super().says(subject, {**case, "at": max(case["now"], case["at"] - 1)})

    class Deaf(Compiled):
        """Takes no event."""

        def says(self, subject: Subject, case: Json) -> Json:
            return super().says(subject, {**case, "event": None})

    for made in (Late, Deaf):
        assert any(differences(made(), case) for case in rows(BY_HAND))


def test_the_page_beside_the_files_says_how_many_there_are() -> None:
    """Of cases, of declarations, and of those that each execution says something of."""
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    by_hand, drawn = len(rows(BY_HAND)), len(rows(DRAWN))

    assert f"\n{by_hand + drawn:,} cases that say" in page
    assert f"| {by_hand} cases in a form" in page and f"| {drawn:,} cases of the desk" in page
    assert f"| {len(declarations())} declarations" in page
    assert [pair for pair in SAID.values() if f"| {pair[0]} | {pair[1]:,} |" not in page] == []
