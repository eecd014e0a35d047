"""The desk: the engine, and the same desk written by hand with the same checks.

Both are compared after every event before anything is measured.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from day import DAY, TAKEN
from desk_by_hand import Desk, DeskByHand, Profile, Refused
from report import OURS, Bar, Measure, Report

from fsm import EventRefused, Snapshot, compile
from fsm.desk import DESK

DECLARED = compile(DESK)
WRITTEN = DeskByHand(Profile())


def same(snapshot: Snapshot, desk: Desk) -> bool:
    """Whether both remember the same."""
    tiles = {key: (tile.state, tile.since, *tile.variables.values()) for key, tile in snapshot["tiles"].items()}
    other = {key: (tile.state, tile.since, *attrs.astuple(tile)[2:]) for key, tile in desk.tiles.items()}
    agent = snapshot["agent"]
    return tiles == other and (snapshot.now, snapshot.due, agent.state, agent.since) == (
        desk.now,
        desk.due,
        desk.status,
        desk.since,
    )


def taken(running: Any, snapshot: Any, event: object, at: int, refused: type[Exception]) -> Any:
    """The step or the refusal; both know the effects and what time did."""
    try:
        return running.step(snapshot, event, at)
    except refused as one:
        return one


@pytest.fixture(scope="module", autouse=True)
def both_do_the_same() -> None:
    """Every event of the day: the same state, effects, timers, deadlines and refusals."""
    snapshot, desk = DECLARED.start(), WRITTEN.start()
    for event, at in DAY:
        one, other = taken(DECLARED, snapshot, event, at, EventRefused), taken(WRITTEN, desk, event, at, Refused)
        assert one.effects == other.effects
        assert [(fired.at, fired.key, fired.effects) for fired in one.timed] == [
            (fired.at, fired.contact, fired.effects) for fired in other.timed
        ]
        assert all(same(fired.after, there.after) for fired, there in zip(one.timed, other.timed, strict=True))
        assert isinstance(one, EventRefused) == isinstance(other, Refused)
        if isinstance(one, EventRefused):
            assert len(one.refusal.obstacles) == len(other.reasons)
            snapshot, desk = one.snapshot, other.snapshot
        else:
            snapshot, desk = one.after, other.after
        assert same(snapshot, desk)


def day(running: Any, said: tuple[tuple[object, int], ...], refused: type[Exception]) -> Callable[[], object]:
    """The events in order, going on from what a refusal carries."""
    start = running.start()

    def run() -> object:
        snapshot = start
        for event, at in said:
            try:
                snapshot = running.step(snapshot, event, at).after
            except refused as one:
                snapshot = one.snapshot  # type: ignore[attr-defined]  # both kinds carry it
        return snapshot

    return run


WHOLE = f"the desk, {len(DAY)} events, {len(DAY) - len(TAKEN)} of them refused, 4 timers"
ONLY_TAKEN = f"the desk, the {len(TAKEN)} events that are taken, 4 timers"
BY_HAND = "by hand, frozen attrs, the same checks"
BARS = (
    Bar(WHOLE, BY_HAND, 2, "the desk at most 2 x a desk written by hand"),
    Bar(ONLY_TAKEN, BY_HAND, 2, "the same of the events that are taken alone"),
)


def test_day_by_declaration(measure: Measure, report: Report) -> None:
    report.bars += BARS
    measure(WHOLE, OURS, day(DECLARED, DAY, EventRefused), events=len(DAY))


def test_day_by_hand(measure: Measure) -> None:
    measure(WHOLE, BY_HAND, day(WRITTEN, DAY, Refused), events=len(DAY), base=True)


def test_taken_by_declaration(measure: Measure) -> None:
    measure(ONLY_TAKEN, OURS, day(DECLARED, TAKEN, EventRefused), events=len(TAKEN))


def test_taken_by_hand(measure: Measure) -> None:
    measure(ONLY_TAKEN, BY_HAND, day(WRITTEN, TAKEN, Refused), events=len(TAKEN), base=True)
