"""A single guarded machine: the engine, the same written by hand, and the peers."""

from __future__ import annotations

from collections.abc import Callable

import line_by_hand
from line import CYCLE, LINE
from line_by_peers import Calls, StatemachineLine, TransitionsLine, automat_line
from report import OURS, Bar, Measure, Report

from fsm import Step, compile

TABLE = "one guarded machine, 8 events a cycle"
BY_HAND = "by hand, two-level closures on frozen attrs"
TRANSITIONS = "transitions (mutable, no time)"
BARS = (
    Bar(TABLE, BY_HAND, 1.5, "a machine at most 1.5 x closures written by hand"),
    Bar(TABLE, TRANSITIONS, 1 / 5, "a machine at least 5 x faster than transitions"),
)
METHODS = ("ring", "miss", "ring", "miss", "ring", "answer", "hang_up", "clear")


def pure(step: Callable[..., Step], start: object) -> Callable[[], object]:
    """A cycle through a pure step; it ends as it began."""

    def cycle() -> object:
        snapshot = start
        for event in CYCLE:
            snapshot = step(snapshot, event, 5).after
        return snapshot

    return cycle


def methods(line: object) -> Callable[[], object]:
    """A cycle of an object that changes in place, by its methods."""
    takes = [getattr(line, name) for name in METHODS]

    def cycle() -> object:
        for take in takes:
            take()
        return line

    return cycle


def test_verified_fsm(measure: Measure, report: Report) -> None:
    report.bars += BARS
    engine = compile(LINE)
    after = measure(TABLE, OURS, pure(engine.step, engine.start()), events=len(CYCLE))
    assert (after["line"].state, after["line"].missed) == ("idle", 0)


def test_closures_by_hand(measure: Measure) -> None:
    cycle = pure(line_by_hand.step_by_closures, line_by_hand.start())
    after = measure(TABLE, BY_HAND, cycle, events=len(CYCLE), base=True)
    assert (after.state, after.missed) == ("idle", 0)


def test_match_by_hand(measure: Measure) -> None:
    cycle = pure(line_by_hand.step_by_match, line_by_hand.start())
    after = measure(TABLE, "by hand, a `match` statement on frozen attrs", cycle, events=len(CYCLE))
    assert (after.state, after.missed) == ("idle", 0)


def test_automat(measure: Measure) -> None:
    measure(TABLE, "automat (mutable, no guard, no time)", methods(automat_line(Calls())), events=len(CYCLE))


def test_transitions(measure: Measure) -> None:
    after = measure(TABLE, TRANSITIONS, methods(TransitionsLine()), events=len(CYCLE))
    assert (after.state, after.missed) == ("idle", 0)


def test_statemachine(measure: Measure) -> None:
    after = measure(TABLE, "python-statemachine (mutable, no time)", methods(StatemachineLine()), events=len(CYCLE))
    assert (after.idle.is_active, after.missed) == (True, 0)
