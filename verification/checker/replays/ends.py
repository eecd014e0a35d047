"""Where a run ends: the last moment as the relations know it, and what can still happen from there. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fsm.verification.checker.cells import Cell, literal, timers_of
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.meaning import Instance as Terms
from fsm.verification.checker.meaning import Moment, Situation
from fsm.verification.checker.plain.machines import Plain
from fsm.verification.checker.plain.values import Here, Instance, Step
from fsm.verification.checker.plain.walk import Walk
from fsm.verification.checker.proofs.induction import Begin
from fsm.verification.checker.proofs.questions import UNSAT, answers
from fsm.verification.checker.replays.runs import Run, begun, sent, value_of
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import StepMaker, kinds_of_steps
from fsm.verification.checker.terms import FALSE, TRUE, number
from fsm.verification.checker.unknowns import Unknowns

__all__ = ["Ended", "ended", "impossible", "moment_at", "settled", "term_of_value"]

Json = Any


@dataclass(frozen=True)
class Sent:
    """What a step of a run sends: the event, and the values of its fields; no event where time alone passes."""

    event: int | None
    given: tuple[Any, ...]


@dataclass(frozen=True)
class Ended:
    """A run that was taken.

    Attributes:
        values: of the parameters, by place.
        ways: for each step of the run, what was seen while it was taken, the moment after it last; first, the start alone.
        sent: what each step sends.
    """

    plain: Plain
    values: Mapping[int, Json]
    ways: tuple[tuple[Here | Step, ...], ...]
    sent: tuple[Sent, ...]

    @property
    def here(self) -> Here:
        """The last moment."""
        return settled(self.ways[-1])


def settled(way: Sequence[Here | Step]) -> Here:
    """The moment in which a step of a run leaves everything."""
    assert isinstance(way[-1], Here)
    return way[-1]


def ended(declaration: Declaration, fixed: Mapping[int, Json], run: Run) -> Ended:
    """A run, taken again; what stands in its way is raised."""
    plain = begun(declaration, fixed, run)
    walk = Walk(plain, plain.start(), 0)
    ways = [(walk.here(0),), *(tuple(sent(walk, step)) for step in run.steps)]
    rows = declaration.json["parameters"]
    values = {place: value_of(declaration, rows[place]["domain"], value) for place, value in enumerate(run.parameters)}
    return Ended(plain, values, tuple(ways), tuple(Sent(event, given) for _, event, given in run.steps))


def moment_at(here: Here, *, later: bool = False) -> Begin:
    """This very moment, as a situation; or any later one at which nothing else has changed."""

    def say(unknowns: Unknowns) -> Situation:
        declaration, base, delay = unknowns.declaration, unknowns.nowhere(), ""
        if later:
            delay = base.script.declare("Int")
            base.script.require(f"(>= {delay} 0)")
        only, counted = {}, {}
        for part, held in enumerate(here.parts):
            if isinstance(held, Instance):
                terms, age = _terms(declaration, part, held), number(here.at - held.since)
                only[part] = replace(terms, elapsed=f"(+ {age} {delay})" if later else age)
            else:
                ones = [_terms(declaration, part, one) for one in held.values()]
                counted[part] = {cell: _number_in(cell, ones) for cell in unknowns.cells[part]}
        effects = range(len(declaration.json["effects"]))
        emitted = tuple(number(here.tally.get(effect, 0)) for effect in effects)
        return base.placed(Moment(only, counted, emitted))

    return say


def _terms(declaration: Declaration, part: int, one: Instance) -> Terms:
    """What the relations know of an instance: carried data and its time in state left out."""
    machine = declaration.machine(part)
    marked = {timer.mark for place, timer in enumerate(_of_state(machine, one.state)) if place in one.fired}
    marks = (timer.mark for timer in timers_of(machine) if timer.mark is not None)
    domains = (variable["domain"] for variable in machine["variables"])
    values = (
        None if domain != "boolean" and "opaque" in domain else term_of_value(value)
        for domain, value in zip(domains, one.values, strict=True)
    )
    return Terms(str(one.state), tuple(values), tuple(TRUE if mark in marked else FALSE for mark in marks))


def _of_state(machine: Json, state: int) -> Iterator[Any]:
    return (timer for timer in timers_of(machine) if timer.state == state)


def term_of_value(value: Any) -> str | None:
    """The term of a value of the plain meaning."""
    return literal({"member": list(value)} if isinstance(value, tuple) else value)


def _number_in(cell: Cell, ones: Sequence[Terms]) -> str:
    return number(sum(one.at(cell) == TRUE for one in ones))


def impossible(unknowns: Unknowns, here: Here, event: int | None, solver: Asked, *, later: bool = False) -> bool:
    """Whether from this moment (or any later one before which nothing happens) no caller can have this event taken, or any at all."""
    for kind in kinds_of_steps(unknowns.declaration):
        if kind.timer is None and kind.wire is not None and event in (None, kind.event):
            step = StepMaker(unknowns, kind, moment_at(here, later=later)(unknowns)).made()
            if answers(step.script, [lambda own: TRUE], solver) != [UNSAT]:
                return False
    return True
