"""The floor: the declared desks and journeys, and the same floor written by hand, with twenty agents and two hundred contacts.

Both are compared after every event before anything is measured.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from floor_by_hand import FloorByHand, Hall, Refused
from floor_day import AGENTS, OPENING, shift
from report import OURS, Bar, Measure, Report, Speed

from fsm.desk.floor import Floor, FloorRefused, FloorSnapshot

DECLARED, WRITTEN = Floor(AGENTS), FloorByHand(AGENTS)
SAID, REFUSED = shift(400)
"""Few enough that a run of them is not interrupted on a machine that does other things too."""
TABLE = f"a floor of 20 agents and 200 contacts, {len(SAID):,} events, {REFUSED} of them refused"
BY_HAND = "by hand, one tile for both sides, the same checks"
BARS = (Bar(TABLE, BY_HAND, 2, "the floor at most 2 x a floor written by hand"),)
FAST = Speed(
    TABLE, OURS, 100_000, "the floor of 20 agents and 200 contacts at least 100,000 events a second on one core"
)


def same(snapshot: FloorSnapshot, hall: Hall) -> bool:
    """Whether both remember the same, of desks and of contacts."""
    desks = {
        agent: (
            desk["agent"].state,
            desk["agent"].since,
            desk.due,
            {contact: tile_of(tile) for contact, tile in desk["tiles"].items()},
        )
        for agent, desk in snapshot.desks.items()
    }
    others = {
        agent: (desk.status, desk.since, desk.due, {contact: tile_of(tile) for contact, tile in desk.tiles.items()})
        for agent, desk in hall.desks.items()
    }
    contacts = {
        name: (
            one["contact"].state,
            one["contact"].arrived_at,
            one["contact"].transcript,
            {agent: tile.state for agent, tile in one["tiles"].items()},
        )
        for name, one in snapshot.journeys.items()
    }
    known = {
        name: (one.state, one.arrived_at, one.transcript, {agent: tile.state for agent, tile in one.tiles.items()})
        for name, one in hall.contacts.items()
    }
    return (desks, contacts, snapshot.now, snapshot.due, snapshot.idle) == (
        others,
        known,
        hall.now,
        hall.due,
        hall.idle,
    )


def tile_of(tile: Any) -> tuple[Any, ...]:
    return tile.state, tile.since, tile.counted, tile.name, tile.channel, tile.arrived_at, tile.last_text_at


def taken(running: Any, snapshot: Any, event: object, at: int) -> tuple[bool, Any, Any]:
    try:
        after, effects = running.step(snapshot, event, at)
    except (FloorRefused, Refused) as refused:
        return False, refused.snapshot, tuple(refused.effects)
    return True, after, tuple(effects)


@pytest.fixture(scope="module", autouse=True)
def both_do_the_same() -> None:
    """Every event of the shift: the same state, effects, deadlines and refusals."""
    snapshot, hall = DECLARED.start(), WRITTEN.start()
    for event, at in (*OPENING, *SAID):
        one, other = taken(DECLARED, snapshot, event, at), taken(WRITTEN, hall, event, at)
        assert (one[0], one[2]) == (other[0], other[2]), event
        snapshot, hall = one[1], other[1]
        assert same(snapshot, hall), event


def opened(running: Any) -> Any:
    snapshot = running.start()
    for event, at in OPENING:
        snapshot, _ = running.step(snapshot, event, at)
    return snapshot


def whole(running: Any, refused: type[Exception]) -> Callable[[], object]:
    """The events of the shift in order, going on from what a refusal carries."""
    start = opened(running)

    def run() -> object:
        snapshot = start
        for event, at in SAID:
            try:
                snapshot, _ = running.step(snapshot, event, at)
            except refused as one:
                snapshot = one.snapshot  # type: ignore[attr-defined]  # both kinds carry it
        return snapshot

    return run


def test_floor_by_declaration(measure: Measure, report: Report) -> None:
    report.bars += BARS
    report.speeds.append(FAST)
    measure(TABLE, OURS, whole(DECLARED, FloorRefused), events=len(SAID))


def test_floor_by_hand(measure: Measure) -> None:
    measure(TABLE, BY_HAND, whole(WRITTEN, Refused), events=len(SAID), base=True)
