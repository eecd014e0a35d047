"""Agent activity: one word for every desk there can be, the strongest level that holds."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings

from fsm import BadInput, Snapshot, compile
from fsm.desk import TILE, Accept, Clear, End, Fail, OfferChat, PlaceCall, Reject, SetStatus, Status
from fsm.desk.journey import JOURNEY
from fsm.desk.reports import Activity, activity

from .shifts import Shift, shifts, told

ORDER = ("failed", "missed", "rejected", "connected", "after_work", "offered")
SHOWN = ("Error", "Missed", "Rejected", "On contact", "After contact work", "Incoming")
STATUS_SHOWN = {Status.AVAILABLE: "Available", Status.AWAY: "Custom status", Status.OFFLINE: "Offline"}

REACHED: dict[Activity, list[tuple[int, object]]] = {
    Activity.ERROR: [(0, OfferChat("c-1", "Ann", 0)), (0, OfferChat("c-2", "Bob", 0)), (30_000, Clear("c-2")), (0, OfferChat("c-2", "Bob", 0)), (0, Fail("c-2"))],
    Activity.MISSED: [(0, OfferChat("c-1", "Ann", 0)), (0, OfferChat("c-2", "Bob", 0)), (0, Reject("c-1")), (20_000, Reject("c-1"))],
    Activity.REJECTED: [(0, OfferChat("c-1", "Ann", 0)), (0, Accept("c-1")), (0, OfferChat("c-2", "Bob", 0)), (0, Reject("c-2"))],
    Activity.ON_CONTACT: [(0, OfferChat("c-1", "Ann", 0)), (0, Accept("c-1")), (0, OfferChat("c-2", "Bob", 0)), (0, SetStatus(Status.OFFLINE))],
    Activity.AFTER_CONTACT_WORK: [(0, OfferChat("c-1", "Ann", 0)), (0, Accept("c-1")), (0, OfferChat("c-2", "Bob", 0)), (0, End("c-1"))],
    Activity.INCOMING: [(0, OfferChat("c-1", "Ann", 0)), (0, SetStatus(Status.AWAY))],
    Activity.CUSTOM_STATUS: [(0, SetStatus(Status.AWAY))],
    Activity.AVAILABLE: [(0, OfferChat("c-1", "Ann", 0)), (0, Reject("c-1")), (0, Clear("c-1"))],
    Activity.OFFLINE: [(0, SetStatus(Status.OFFLINE))],
}  # fmt: skip
"""A run to each level; at most of them something weaker is there too."""


def strongest(snapshot: Snapshot) -> str:
    """The order of the guide, written once more."""
    held = {tile.state for tile in snapshot["tiles"].values()}
    shown = [word for state, word in zip(ORDER, SHOWN, strict=True) if state in held]
    return shown[0] if shown else STATUS_SHOWN[Status(snapshot["agent"].state)]


@pytest.mark.parametrize("level", Activity)
def test_each_level_is_reached_by_a_run(level: Activity) -> None:
    """Nine runs at a desk, nine activities."""
    shift = told(*REACHED[level])

    assert level is activity(shift.seen[-1])


@pytest.mark.parametrize(
    "other", [None, compile(TILE).start(), compile(JOURNEY).start()], ids=["nothing", "a tile", "a journey"]
)
def test_what_is_no_desk_has_no_activity(other: Any) -> None:
    """As in the real-time report."""
    with pytest.raises(BadInput, match="is no snapshot of this desk"):
        activity(other)


@settings(deadline=None)
@given(shifts())
def test_the_strongest_level_is_shown_on_every_snapshot_of_a_shift(shift: Shift) -> None:
    """Error > Missed > Rejected > On contact > After contact work > Incoming > custom status > Available; offline."""
    assert [strongest(snapshot) for snapshot in shift.seen] == [activity(snapshot).value for snapshot in shift.seen]


WAYS: dict[str, list[Any]] = {
    "failed": [Fail], "missed": [], "rejected": [Reject], "connected": [Accept], "after_work": [Accept, End], "offered": [],
}  # fmt: skip


@pytest.mark.parametrize("status", Status)
def test_every_set_of_states_has_the_activity_of_its_strongest(status: Status) -> None:
    """All 64 sets of states in which tiles can be held, each reached by a run, under each status: total, and decided by the order."""
    for size in range(len(ORDER) + 1):
        for held in combinations(ORDER, size):
            shift = desk_with(held, status)
            assert set(held) == {tile.state for tile in shift.seen[-1]["tiles"].values()}
            assert (SHOWN[ORDER.index(held[0])] if held else STATUS_SHOWN[status]) == activity(shift.seen[-1]).value


def desk_with(held: tuple[str, ...], status: Status) -> Shift:
    """A run to a desk with one chat in each of these states; what is missed is offered first, and waits."""
    said: list[tuple[int, object]] = []
    for state in sorted(held, key=lambda one: one != "missed"):
        said.append((0, OfferChat(state, state, 0)))
        said += [(0, step(state)) for step in WAYS[state]]
        if state == "missed":
            said.append((20_000, PlaceCall("nobody", "")))
    return told(*said, (0, SetStatus(status)), profile={"chat_ceiling": 6, "max_chats": 6})
