"""Whether every value stays in its range is, of machines drawn at random, what going through all their snapshots says."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from random import randrange
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, seed, settings
from hypothesis import strategies as st

from fsm import DefinitionError, Machine
from fsm.language.composition import as_system
from fsm.language.expressions import Expr, Formula, Param, Var
from fsm.language.leaves import FieldRef
from fsm.language.machine import Transition
from fsm.language.snapshot import Instance
from fsm.runtime.engine import Engine, prepare
from fsm.semantics.evaluation import fold, interpret
from fsm.verification import Proved, Refuted, verify
from fsm.verification.definition import RANGES

from ..systems import machines  # noqa: TID252  # the suite is no installed package
from .random_systems import Enumeration, all_events, allowed_profiles

SOAK = "SOAK" in os.environ
"""Set by `make soak`: then there are many more machines, drawn anew each time."""
MANY = 500 if SOAK else 10
TOGETHER = 10
"""Of so many machines from one seed each is drawn afresh."""
SNAPSHOTS = 400

pytestmark = [pytest.mark.soak] if SOAK else []


@st.composite
def tight_machines(draw: st.DrawFn) -> Machine:
    """A machine that has to say of some line that its values stay in range."""
    try:
        machine = draw(machines("drawn", several=False, tight=True))
    except DefinitionError:
        reject()
    if not any(line.narrowed for line in machine.transitions):
        reject()
    return machine


def is_left(machine: Machine) -> tuple[bool, bool]:
    """Whether in some run a line is meant to be taken and has no room; and whether all runs were gone through."""
    system, whole = as_system(machine), True
    for profile in allowed_profiles(system):
        engine = prepare(system, profile)
        seen = Enumeration(engine, SNAPSHOTS).run(engine.start(0))
        whole = whole and seen.whole
        for snapshot in seen.seen:
            (here,) = snapshot.parts
            assert isinstance(here, Instance)
            if any(_in_vain(line, engine, here, event, at) for line, event, at in _tried(engine, here, snapshot.now)):
                return True, whole
    return False, whole


def _tried(engine: Engine, here: Instance, now: int) -> Iterator[tuple[Transition, object | None, int]]:
    """The lines whose turn it is: the next timer when it falls due; and, before that, of each event the first that is taken, and those before it."""
    (part,) = engine.system.parts
    lines = part.machine.leaving(part.machine.state(here.state))
    timers = [line for line in lines if line.duration is not None]
    ahead = [
        (here.since + interpret(line.duration, params=engine.params), place, line)  # type: ignore[arg-type]  # timers have durations
        for place, line in enumerate(timers)
        if not here.spent >> place & 1
    ]
    due, _, following = min(ahead, default=(None, 0, None), key=lambda one: one[:2])
    if following is not None and due is not None:
        yield following, None, due
    for event in all_events(engine.system, []) if due is None or due > now else ():
        for line in lines:
            if type(event) is line.event:
                yield line, event, now
                if _holds(line.guard, engine, here, event, now):
                    break


def _in_vain(line: Transition, engine: Engine, here: Instance, event: object | None, at: int) -> bool:
    meant = _holds(line.as_meant.guard, engine, here, event, at)
    return line.narrowed and meant and not _holds(line.guard, engine, here, event, at)


def _holds(formula: Formula | None, engine: Engine, here: Instance, event: object | None, at: int) -> bool:
    def leaf(node: Expr[Any]) -> Any:
        match node:
            case Var():
                return here.variables[node.name]
            case FieldRef():
                return getattr(event, node.name)
            case Param():
                return engine.params[node.name]
        return at - here.since

    return formula is None or bool(fold(formula, leaf))


def test_the_check_of_ranges_says_of_drawn_machines_what_all_their_snapshots_say() -> None:
    """Proved where no line is ever meant to be taken without room, refuted only where one is; and there are both."""
    answers: Counter[str] = Counter()

    @settings(max_examples=TOGETHER, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(tight_machines())
    def compared(machine: Machine) -> None:
        (verdict,) = (one for one in verify(machine).definition if one.claim.sentence == RANGES)
        left, whole = is_left(machine)
        said = f"{verdict} (seed {number})"
        assert not (left and isinstance(verdict, Proved)), said
        assert left or not (whole and isinstance(verdict, Refuted)), said
        answers[type(verdict).__name__] += 1

    first = randrange(10**9) if SOAK else 0
    for number in range(first, first + MANY // TOGETHER):
        seed(number)(compared)()
    assert answers["Refuted"] > 0
    assert answers["Proved"] > 0
