"""What is left of a bounded response: durations, as often as numbers say. Proved where it comes in time, and never where an enumeration, millisecond by millisecond, says that it does not."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import attrs
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from fsm import (
    Field,
    Machine,
    Range,
    State,
    System,
    always,
    as_system,
    event,
    inside,
    integer,
    one,
    parameter,
    wire,
    within,
)
from fsm.language.machine import Transition
from fsm.verification import Proved, Refuted, Verdict, verify
from fsm.verification.certificates.confirming import Checker, begin
from fsm.verification.engines.clocks.timed_induction import TimedProof, Timing
from fsm.verification.search.enumeration import enumerate_snapshots

idle, waiting, over = State("idle"), State("waiting"), State("over")
here, there = integer("here", 0, 3), integer("there", 0, 3)
pause = parameter("pause", int, 2, low=1)


@event
class Ask:
    where: Field[Annotated[int, Range(0, 3)]]


@event
class Nudge:
    pass


@event
class Pass:
    """Sent by time."""


def decided(machine: Machine | System) -> Verdict:
    """The verdict on the first claim, confirmed by the checker."""
    with ThreadPoolExecutor(1) as pool:
        return begin(verify(machine, definition=False), Checker(pool)).finish().verdicts[0]


ASKED = idle.on(Ask).when(Ask.where != here).to(waiting).set(there, Ask.where)
UP = waiting.after(pause, Pass).when(here + 1 < there).to(waiting).set(here, here + 1)
DOWN = waiting.after(pause, Pass).when((here - 1 > there) & (here > 0)).to(waiting).set(here, here - 1)
THERE = waiting.after(pause, Pass).to(over).set(here, there)


def lift(limit: object, *more: Transition) -> Machine:
    """From floor to floor, each in a pause, to where it was asked."""
    claim = within("it arrives", limit, inside(waiting), inside(over))  # type: ignore[arg-type]  # a number, or made of parameters
    lines = (ASKED, UP, DOWN, THERE, over.on(Nudge).to(idle), *more)
    apart = always("who waits has somewhere to go", inside(waiting) >> (here != there))
    return Machine("lift", (idle, waiting, over), idle, lines, (here, there), properties=(claim, apart))


@pytest.mark.parametrize(
    ("machine", "verdict"),
    [
        pytest.param(lift(3 * pause), Proved, id="as many pauses as floors"),
        pytest.param(lift(3 * pause - 1), Refuted, id="a millisecond less"),
        pytest.param(lift(6, waiting.on(Nudge).when(here != there).stay()), Refuted, id="six milliseconds, if a pause may be longer"),
        pytest.param(lift(3 * pause, waiting.on(Nudge).stay()), Proved, id="a step that changes nothing"),
        pytest.param(lift(30 * pause, waiting.on(Nudge).to(waiting)), Refuted, id="a step that begins the pause anew"),
    ],
)  # fmt: skip
def test_a_lift_arrives_in_as_many_pauses_as_there_are_floors(machine: Machine, verdict: type) -> None:
    """Up or down, whatever a pause is."""
    assert isinstance(decided(machine), verdict)


def test_what_is_left_may_depend_on_where_another_part_is() -> None:
    """A belt that stops is slower, and what lies on it has as far to go."""
    quick, slow = State("quick"), State("slow")
    belt = one("belt", Machine("belt", (quick, slow), quick, (quick.on(Nudge).to(slow), slow.on(Ask).to(quick))))
    far = integer("far", 0, 3)

    @event
    class Lay:
        pass

    lines = (
        idle.on(Lay).to(waiting).set(far, 3),
        waiting.after(2, Pass).when(far > 0).to(waiting).set(far, far - 1),
        waiting.after(2, Pass).to(over),
        over.on(Nudge).to(idle),
    )
    parcel = one("parcel", Machine("parcel", (idle, waiting, over), idle, lines, (far,)))
    wires = (wire(Lay, parcel.by(Lay)), wire(Nudge, belt.by(Nudge)), wire(Ask, belt.by(Ask, where=Ask.where)))
    for limit, verdict in ((8, Proved), (7, Refuted)):
        claim = within("it comes", limit, parcel.inside(waiting), parcel.inside(over))
        assert isinstance(decided(System("hall", (belt, parcel), wires, properties=(claim,))), verdict)


LINES = (
    waiting.after(1, Pass).when(here > there).to(waiting).set(here, there),
    waiting.after(2, Pass).when(here < there).to(waiting).set(here, here + 1),
    waiting.after(2, Pass).when(here > 0).to(waiting).set(here, here - 1),
    waiting.after(2, Pass).when(there > 0).to(waiting).set(there, there - 1).set(here, 3),
    waiting.after(3, Pass).when(here == there).stay().set(there, 0),
    waiting.on(Nudge).when(here > 0).to(waiting).set(here, here - 1),
    waiting.on(Nudge).when(there < 3).stay().set(there, there + 1),
    waiting.on(Nudge).when(here > there).stay().set(here, there),
)
FIRST = (idle.on(Ask).to(waiting).set(here, Ask.where), idle.on(Ask).to(waiting).set(there, Ask.where).set(here, 2))


@st.composite
def countdowns(draw: st.DrawFn) -> System:
    """Numbers that fall and rise while time passes, and a limit."""
    lines = draw(st.lists(st.sampled_from(LINES), unique=True, max_size=3))
    last = waiting.after(draw(st.integers(1, 4)), Pass).to(over)
    claim = within("it comes", draw(st.integers(2, 14)), inside(waiting), inside(over))
    timed = [line for line in lines if line.duration is not None]
    called = [line for line in lines if line.duration is None]
    every = (draw(st.sampled_from(FIRST)), *called[:1], *timed, last, over.on(Nudge).to(idle))
    return as_system(
        Machine("drawn", (idle, waiting, over), idle, every, (here, there), properties=(claim,)),
    )


def test_what_is_left_of_drawn_machines_is_enough_where_no_run_breaks_it() -> None:
    """Every snapshot is looked at besides, millisecond by millisecond: nothing is shown that a run breaks, and most of what none does is shown."""
    seen: Counter[tuple[bool, bool]] = Counter()

    @seed(0)
    @settings(max_examples=70, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(countdowns())
    def compared(system: System) -> None:
        shown = Timing(system).count_down(system.properties[0])
        counted = enumerate_snapshots(system, {}).verdicts[0]
        assert isinstance(counted, Proved | Refuted)
        seen[isinstance(counted, Proved), isinstance(shown, TimedProof)] += 1

    compared()
    assert seen[False, True] == 0, seen
    assert min(seen[False, False], seen[True, True]) >= 12, seen
    assert seen[True, False] <= seen[True, True] / 4, seen


def test_the_checker_refuses_less_to_be_left_than_is() -> None:
    """A weight less in the certificate, and more time passes than was left."""
    with ThreadPoolExecutor(1) as pool:
        report = verify(lift(3 * pause), definition=False)
        verdict, lemma = report.verdicts
        assert isinstance(verdict, Proved)
        evidence = verdict.evidence
        assert evidence is not None
        wrong = tuple(
            attrs.evolve(
                fact, at=(*fact.at[:4], *(0 if place % 10 == 0 else one for place, one in enumerate(fact.at[4:])))
            )
            for fact in evidence.clock
        )
        planted = attrs.evolve(verdict, evidence=attrs.evolve(evidence, clock=wrong))
        again = begin(attrs.evolve(report, verdicts=(planted, lemma)), Checker(pool)).finish()
        assert not isinstance(again.verdicts[0], Proved)
