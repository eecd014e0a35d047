"""The real-time report says what is true of a desk: compared with the tiles there are, and with what the engine would still take."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fsm
from fsm import BadInput, Engine, EventRefused, Snapshot
from fsm.desk import (
    AGENT,
    DESK,
    Accept,
    Channel,
    Clear,
    End,
    Fail,
    Missed,
    NonResponseCounted,
    OfferCall,
    OfferChat,
    OfferEmail,
    OfferTask,
    PlaceCall,
    Rang,
    Reject,
    SetStatus,
    Status,
)  # fmt: skip
from fsm.desk.reports import RealTime, Slots, real_time
from fsm.semantics.satisfaction import tallied

from .shifts import START, Shift, shifts, told

OFFERS = {Channel.CHAT: OfferChat, Channel.VOICE: OfferCall, Channel.TASK: OfferTask, Channel.EMAIL: OfferEmail}
LIMITS: dict[Channel, Callable[[dict[str, Any]], int]] = {
    Channel.CHAT: lambda params: params["max_chats"],
    Channel.TASK: lambda params: params["max_tasks"],
    Channel.EMAIL: lambda params: params["max_emails"],
    Channel.VOICE: lambda params: 1 if params["voice"] or params["outbound_calls"] else 0,
}


def now(shift: Shift) -> RealTime:
    return real_time(shift.seen[-1], shift.engine.params, tallied({}, shift.effects))


def taken(engine: Engine, snapshot: Snapshot, order: tuple[Channel, ...]) -> int:
    """How many contacts the engine takes when those of one channel after the other are offered, until it takes no more."""
    count = 0
    for channel in order:
        while True:
            try:
                snapshot = engine.step(snapshot, OFFERS[channel](f"new-{count}", "New", 0), snapshot.now).after
            except EventRefused:
                break
            count += 1
    return count


def most_taken(engine: Engine, snapshot: Snapshot) -> int:
    """The most in any order of channels."""
    return max(taken(engine, snapshot, order) for order in permutations(OFFERS))


@settings(deadline=None)
@given(shifts())
def test_slots_are_the_tiles_there_are(shift: Shift) -> None:
    """On every snapshot of a shift, channel by channel, from the profile's own limits."""
    for snapshot in shift.seen:
        report = real_time(snapshot, shift.engine.params)
        for channel, slots in report.slots.items():
            states = [tile.state for tile in snapshot["tiles"].values() if tile.channel is channel]
            assert LIMITS[channel](shift.engine.params) == slots.available + slots.in_use
            assert len(states) == slots.in_use
            assert slots.available >= 0
            assert slots.in_use - slots.active == slots.offered + slots.missed + slots.rejected + slots.failed
            assert (states.count("missed"), states.count("connected")) == (slots.missed, slots.connected)
        assert len(snapshot["tiles"]) == report.in_use
        assert sum(tile.state in ("connected", "after_work") for tile in snapshot["tiles"].values()) == report.active


@settings(deadline=None, max_examples=30)
@given(shifts(most=12), st.tuples(*[st.booleans()] * 4), st.booleans())
def test_routable_slots_are_the_contacts_that_the_engine_would_still_take(
    shift: Shift, shares: tuple[bool, ...], voice: bool
) -> None:
    """Offered in the best order, with nothing cleared; whichever channels share (S05, S06, S22, D5, D6)."""
    shared = dict(zip(("voice_shares", "chat_shares", "task_shares", "email_shares"), shares, strict=True))
    profile = {**shift.engine.params, **shared, "voice": voice}
    routed = fsm.compile(DESK, profile)
    snapshot = shift.seen[-1]
    if real_time(snapshot, {**profile, "voice": True}).slots[Channel.VOICE].in_use:
        profile["outbound_calls"] = True

    snapshot = snapshot._replace(layout=routed.layout)  # as if it had been played under this profile
    assert most_taken(routed, snapshot) == real_time(snapshot, profile).routable


@pytest.mark.parametrize(
    ("status", "profile", "available", "routable"),
    [
        (Status.AVAILABLE, {}, 4, 4),
        (Status.AWAY, {}, 4, 0),
        (Status.AVAILABLE, {"missed_blocks_agent": True}, 4, 0),
        (Status.AVAILABLE, {"held_blocks_channel": False, "max_chats": 1}, 1, 1),
        (Status.AVAILABLE, {"max_chats": 1}, 0, 0),
        (
            Status.AVAILABLE,
            {"max_chats": 1, "chat_shares": True, "max_tasks": 3, "task_shares": True, "max_emails": 2},
            5,
            5,
        ),
    ],
)
def test_slots_available_in_all_follow_the_profile(
    status: Status, profile: dict[str, Any], available: int, routable: int
) -> None:
    """One missed chat on the desk: counted by hand. Calls need the line, tasks and e-mails their own limits."""
    shift = told((0, OfferChat("c-1", "Ann", 0)), (30_000, SetStatus(status)), profile=profile)

    assert (available, routable) == (now(shift).available, now(shift).routable)


def test_a_failed_contact_blocks_the_agent_where_a_missed_one_does() -> None:
    """The vendor's page speaks of both (D18); until it is cleared, nothing is routed."""
    fails = ((0, OfferChat("c-1", "Ann", 0)), (1_000, Fail("c-1")))

    blocked, cleared = (
        now(told(*fails, *more, profile={"missed_blocks_agent": True})) for more in ((), ((2_000, Clear("c-1")),))
    )

    assert (0, 5) == (blocked.routable, cleared.routable)


def test_nothing_is_routable_while_a_status_waits() -> None:
    """Guide of 2021-07: the status stays Available until the desk is empty, and the next one is reported (D6)."""
    shift = told(
        (0, OfferChat("c-1", "Ann", 0)), (0, Accept("c-1")), (0, SetStatus(Status.AWAY)), profile={"next_status": True}
    )

    report = now(shift)
    assert (Status.AVAILABLE, Status.AWAY, 4, 0) == (
        report.status,
        report.next_status,
        report.available,
        report.routable,
    )


def test_two_channels_that_keep_each_other_away_leave_nothing_available() -> None:
    """A chat and a call that the agent placed (D2)."""
    shift = told((0, OfferChat("c-1", "Ann", 0)), (0, PlaceCall("c-2", "Bob")), profile={"outbound_calls": True})

    assert 0 == now(shift).available
    assert {4, 0} == {now(shift).slots[channel].available for channel in Channel}


def test_a_call_that_was_placed_is_no_routed_slot() -> None:
    """Where no calls are routed the line counts as a slot for placed calls alone (D2, D13)."""
    report = now(told(profile={"outbound_calls": True, "voice": False, "max_chats": 0}))

    assert (1, 0) == (report.slots[Channel.VOICE].available, report.available)


def test_a_report_tells_an_absent_agent_by_the_numbers() -> None:
    """The agent left without changing status: two chats missed, one rings (S18, S19, S20)."""
    shift = told(
        (0, OfferChat("c-1", "Ann", 0)),
        (20_000, OfferChat("c-2", "Bob", 0)),
        (25_000, OfferChat("c-3", "Cyd", 0)),
        (15_000, Reject("c-9")),
    )

    report = now(shift)
    assert (
        Slots(limit=5, in_use=3, offered=1, connected=0, after_work=0, missed=2, rejected=0, failed=0)
        == report.slots[Channel.CHAT]
    )
    assert (3, 3, 2, 2) == (report.offers, report.non_responses, report.ever_missed, report.missed)
    assert (START + 60_000, Status.AVAILABLE, START, None) == (
        report.at,
        report.status,
        report.status_since,
        report.next_status,
    )
    assert 2 == report.slots[Channel.CHAT].available


@pytest.mark.parametrize(
    ("after", "available"),
    [((), 1), ((Accept("c-1"),), 1), ((Accept("c-1"), End("c-1")), 3)],
    ids=["rings", "talks", "is over"],
)
def test_only_live_contacts_keep_other_channels_away_where_the_profile_says_so(
    after: tuple[object, ...], available: int
) -> None:
    """One of two chat slots is in use; three tasks could come when the chat is no longer live (D10)."""
    shift = told(
        (0, OfferChat("c-1", "Ann", 0)),
        *((0, event) for event in after),
        profile={"held_blocks_channel": False, "max_chats": 2, "max_tasks": 3},
    )

    assert available == now(shift).available == most_taken(shift.engine, shift.seen[-1])


@settings(deadline=None)
@given(shifts())
def test_running_counts_never_lie_below_what_the_desk_shows(shift: Shift) -> None:
    """Ever missed at least what is missed now, non-responses at least ever missed, offers at least non-responses (D1)."""
    report = now(shift)

    assert report.missed <= report.ever_missed <= report.non_responses <= report.offers


def test_running_counts_are_kept_step_by_step() -> None:
    """`tallied` adds the effects of each step."""
    shift = told(
        (0, OfferChat("c-1", "Ann", 0)),
        (30_000, Clear("c-1")),
        (0, OfferChat("c-1", "Ann", 0)),
        (1_000, Accept("c-1")),
        (0, End("c-1")),
    )
    counts = tallied(tallied({}, shift.effects[:3]), shift.effects[3:])

    assert (2, 1, 1) == (counts[Rang], counts[NonResponseCounted], counts[Missed])
    assert 2 == real_time(shift.seen[-1], counts=counts).offers
    assert 0 == real_time(shift.seen[-1]).offers


@pytest.mark.parametrize(
    ("profile", "counts", "complaint"),
    [
        ({"max_chats": 0}, {}, "profile: chat has 0 slots, and 1 are in use"),
        ({"max_chats": 6}, {}, "profile: breaks the assumption"),
        ({"max_cats": 1}, {}, "profile.max_cats: desk has no such parameter"),
        ({}, {Rang: -1}, r"counts\[Rang\]: -1 is negative"),
    ],
)
def test_what_cannot_be_reported_is_refused(profile: dict[str, Any], counts: dict[type, int], complaint: str) -> None:
    """The message says which argument and what is wrong with it."""
    shift = told((0, OfferChat("c-1", "Ann", 0)))

    with pytest.raises(BadInput, match=complaint):
        real_time(shift.seen[-1], profile, counts)


@pytest.mark.parametrize("snapshot", [None, fsm.compile(AGENT).start()], ids=["nothing", "an agent alone"])
def test_only_a_desk_is_reported(snapshot: Any) -> None:
    """A snapshot of something else is refused."""
    with pytest.raises(BadInput, match="is no snapshot of this desk"):
        real_time(snapshot)
