"""The checks of a definition that a proof shows: that conditions exclude each other, and that something can always happen. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from fsm.verification.checker.cells import CannotSay, timers_of
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Situation, holds, term_of
from fsm.verification.checker.possible.events import running
from fsm.verification.checker.possible.moments import calm_moment, excluded, moment_of
from fsm.verification.checker.proofs.questions import Outcome
from fsm.verification.checker.proofs.time.timers import unblocked
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.terms import conj, disj, equal, negation
from fsm.verification.checker.unknowns import Unknowns, unknown

__all__ = [
    "always_goes_on",
    "both_guards",
    "both_wires",
    "guards_exclude",
    "must_be_sound",
    "on_event",
    "wires_exclude",
]


def must_be_sound(declaration: Declaration, unknowns: Unknowns, solver: Asked) -> None:
    """Some values of the parameters satisfy the assumptions, or every claim would hold; and durations are positive.

    Raises:
        CannotSay: one of them is not so, or nobody knows.
    """
    situation = unknowns.nowhere()
    timers = [timer for machine in declaration.json["machines"] for timer in timers_of(machine)]
    none = disj(f"(<= {term_of(timer.after, situation)} 0)" for timer in timers)
    if solver.ask(situation.script.lines, [["(assert true)"], [f"(assert {none})"]]) != ["sat", "unsat"]:
        raise CannotSay(
            "it is not known that some values of the parameters satisfy the assumptions, and that all durations are positive"
        )


def guards_exclude(unknowns: Unknowns, lemmas: Sequence[Lemma], solver: Asked) -> Outcome:
    """Of two guarded lines of a machine alone on one event from one state at most one is enabled."""
    base = moment_of(unknowns, lemmas)
    return excluded(base.script, both_guards(base), solver)


def both_guards(base: Situation) -> dict[str, str]:
    """For each two guarded lines that start in one state on one event, that both are enabled."""
    declaration = base.declaration
    if not declaration.alone:
        raise CannotSay("guards are compared in a machine alone")
    [one] = base.before.only.values()
    lines = [
        line
        for line in declaration.machine(0)["transitions"]
        if line["after"] is None and line.get("meant", line["guard"]) is not None
    ]
    asked = {}
    for (place, first), (other, second) in combinations(enumerate(lines), 2):
        shared = sorted({*first["sources"]} & {*second["sources"]})
        if first["event"] == second["event"] and shared:
            about = replace(on_event(base, first["event"]), instance=(one, one), of_machine=0)
            both = [one.is_in(shared), term_of(first["guard"], about), term_of(second["guard"], about)]
            asked[f"guarded lines {place} and {other}"] = conj(both)
    return asked


def on_event(base: Situation, event: int) -> Situation:
    """When an event comes with any values of its fields."""
    declaration = base.declaration
    fields = declaration.json["events"][event]["fields"]
    values = {(event, place): unknown(base.script, declaration, field["domain"]) for place, field in enumerate(fields)}
    return replace(base, fields=values)


def wires_exclude(unknowns: Unknowns, lemmas: Sequence[Lemma], solver: Asked) -> Outcome:
    """Of two wires of one event and sender at most one applies."""
    base = moment_of(unknowns, lemmas)
    return excluded(base.script, both_wires(base), solver)


def both_wires(base: Situation) -> dict[str, str]:
    """For each two wires of one event and sender, that both apply."""
    asked = {}
    for (place, first), (other, second) in combinations(enumerate(base.declaration.wires), 2):
        if (first["event"], first["sender"]) == (second["event"], second["sender"]):
            about = on_event(base, first["event"])
            asked[f"wires {place} and {other}"] = conj(holds(wire["when"], about) for wire in (first, second))
    return asked


def always_goes_on(unknowns: Unknowns, lemmas: Sequence[Lemma], solver: Asked) -> Outcome:
    """Whenever no timer is due, callers can have something taken or a timer runs; but where every instance there is stands at its end.

    A timer that runs fires in the end, for nothing blocks it, or lapses; how many can still lapse is finite.
    """
    base, steps = calm_moment(unknowns, lemmas)
    goes_on = [running(base), conj(_ended(unknowns.declaration, base))]
    taken = (step.possible for step in steps)
    made = excluded(base.script, {"nothing can happen": negation(disj([*goes_on, *taken]))}, solver)
    return made.and_then(unblocked(unknowns, lemmas, solver)) if not made.why and running(base) != "false" else made


def _ended(declaration: Declaration, base: Situation) -> Iterator[str]:
    """Every instance there is stands in a state that no line leaves."""
    for part, one in base.before.only.items():
        machine, left = declaration.machine(part), _left(declaration, part)
        yield one.is_in(set(range(len(machine["states"]))) - left)
    for part, cells in base.before.counted.items():
        left = _left(declaration, part) - {declaration.machine(part)["initial"]}
        yield from (equal(many, "0") for cell, many in cells.items() if cell.state in left)


def _left(declaration: Declaration, part: int) -> set[int]:
    """The states of a part's machine that some line leaves."""
    return {state for line in declaration.machine(part)["transitions"] for state in line["sources"]}
