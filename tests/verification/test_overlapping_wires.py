"""Two wires of one event that apply at once, where no check of the declaration saw it: nothing moves, and everybody says so."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import (
    DefinitionError,
    Machine,
    State,
    System,
    always,
    compile,
    event,
    integer,
    leads_to,
    one,
    reachable,
    recoverable,
    wire,
)
from fsm.errors import WiresOverlap
from fsm.live import Live
from fsm.traces import assert_holds, replay
from fsm.verification import Proved, Refuted, verify
from fsm.verification.definition import TIMERS, WIRES
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.packed import explore
from fsm.verification.testing import LawBroken
from fsm.verification.testing.stateful import DerivedPlan

counting, idle, busy = State("counting"), State("idle"), State("busy")
many, few = integer("many", 0, 9), integer("few", 0, 9)


@event
class More:
    pass


@event
class Fewer:
    pass


@event
class Start:
    pass


@event
class Begin:
    pass


@event
class Also:
    pass


@event
class Ring:
    """Sent by time."""


LEFT = Machine("left", (counting,), counting, (counting.on(More).when(many < 9).stay().set(many, many + 1),), (many,))
RIGHT = Machine("right", (counting,), counting, (counting.on(Fewer).when(few < 9).stay().set(few, few + 1),), (few,))
DOER = Machine("doer", (idle, busy), idle, (idle.on(Begin).to(busy),))
OTHER = Machine("other", (idle, busy), idle, (idle.on(Also).to(busy),))
left, right, doer, other = one("left", LEFT), one("right", RIGHT), one("doer", DOER), one("other", OTHER)
FIRST, SECOND = left[many] - 2 * right[few] == 1, left[many] + right[few] == 7
"""Both hold at five and two, which no number around the constants shows."""
SYSTEM = System(
    "pair", (left, right, doer, other),
    (wire(Start, doer.by(Begin), when=FIRST), wire(Start, other.by(Also), when=SECOND)),
    properties=(
        always("who is busy began", doer.inside(idle) | (left[many] >= 1)),
        reachable("both are busy at five and two", doer.inside(busy) & other.inside(busy) & (left[many] == 5) & (right[few] == 2)),
        recoverable("from five and two it can begin there and then", doer.inside(busy), wherever=(left[many] == 5) & (right[few] == 2)),
    ),
)  # fmt: skip
THERE: list[tuple[object, int]] = [*[(More(), 0)] * 5, *[(Fewer(), 0)] * 2]
TOLD = r"system pair: 2 wires apply to Start\(\) at once\. Make their conditions disjoint\."


def test_neither_step_nor_a_live_object_chooses() -> None:
    """Nothing moves, and the error is one of the author's; beforehand the event is not listed."""
    engine, living = compile(SYSTEM), Live(SYSTEM)
    there = replay(engine, THERE).last
    living.resume(there)

    for does in (
        lambda: engine.step(there, Start(), 0),
        lambda: living.send(Start(), 0),
        lambda: engine.why_not(there, Start(), 0),
    ):
        with pytest.raises(WiresOverlap, match=TOLD):
            does()
    assert issubclass(WiresOverlap, DefinitionError)
    assert Start not in {possible.event for possible in engine.possible(there, 0)}
    assert living.snapshot == there


def test_verify_refutes_that_no_two_wires_overlap_with_the_run_that_leads_there() -> None:
    """And decides the claims: what two wires apply to is not taken."""
    report = verify(SYSTEM)
    (check,) = [one for one in report.definition if one.claim.sentence == WIRES]

    assert isinstance(check, Refuted)
    assert check.trace is not None
    assert 7 == len(check.trace.steps)
    began, both, there = report.verdicts
    assert isinstance(began, Proved)
    assert isinstance(both, Refuted)
    assert not isinstance(there, Proved)


@pytest.mark.parametrize("walk", [enumerate_snapshots, explore])
def test_a_count_says_that_it_is_not_of_all(walk: Any) -> None:
    """It proves nothing, and refutes what a run shows."""
    found = walk(SYSTEM)

    assert (False, "two wires of start apply at once") == (found.complete, found.why)
    assert not any(
        isinstance(verdict, Proved) for verdict in found.verdicts if verdict.claim.sentence.startswith("who")
    )


def test_a_derived_test_fails_there() -> None:
    """As at every law of running."""
    failed = DerivedPlan(compile(SYSTEM), SYSTEM, None, ()).play(0, (*THERE, (Start(), 0)))

    assert isinstance(failed, LawBroken)
    assert "no two wires of an event apply at once" == failed.law


def test_a_saved_run_that_comes_there_keeps_its_claim() -> None:
    """It cannot happen any more."""
    assert_holds(SYSTEM, "who is busy began", [*THERE, (Start(), 0)])


# What time sends

ALARM = Machine("alarm", (idle, busy), idle, (idle.after(3, Ring).to(busy),))
alarm = one("alarm", ALARM)
TIMED = System(
    "timed", (left, right, doer, other, alarm),
    (
        wire(alarm.sends(Ring), doer.by(Begin), when=FIRST),
        wire(alarm.sends(Ring), other.by(Also), when=SECOND),
    ),
    properties=(leads_to("it rings in the end", alarm.inside(idle), alarm.inside(busy)),),
)  # fmt: skip


def test_time_stops_where_two_wires_on_what_it_sends_apply() -> None:
    """And where none does; the check of the definition says so."""
    engine = compile(TIMED)
    there = replay(engine, THERE).last

    with pytest.raises(WiresOverlap, match=r"2 wires apply"):
        engine.advance(there, 3)
    with pytest.raises(WiresOverlap, match=r"2 wires apply"):
        engine.step(there, More(), 4)
    failed = DerivedPlan(engine, TIMED, None, ()).play(0, (*THERE, (None, 3)))
    assert isinstance(failed, LawBroken)
    report = verify(TIMED)
    (timers,) = [one for one in report.definition if one.claim.sentence == TIMERS]
    assert isinstance(timers, Refuted)
    assert not isinstance(report.verdicts[0], Proved)
    assert not enumerate_snapshots(TIMED).complete
