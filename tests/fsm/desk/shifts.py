"""Shifts at a desk, drawn by Hypothesis and played by the engine: what was emitted, and every snapshot on the way."""

from __future__ import annotations

from functools import cache
from typing import Any

import attrs
from hypothesis import strategies as st

from fsm import Engine, EventRefused, Snapshot, Step, compile
from fsm.desk import (
    DESK,
    Abandon,
    Accept,
    Clear,
    End,
    Fail,
    OfferCall,
    OfferChat,
    OfferEmail,
    OfferTask,
    PlaceCall,
    Reject,
    SetStatus,
    Speaker,
    Status,
    Text,
)  # fmt: skip

START = 1_700_000_000_000
"""An instant of our days, some minutes after a quarter of an hour."""

GAPS = (0, 0, 1, 500, 5_000, 14_999, 15_000, 20_000, 61_000, 700_000, 900_000, 3_600_001, 90_000_000)

PROFILES: tuple[dict[str, Any], ...] = (
    {},
    {"max_chats": 2, "outbound_calls": True, "rejected_holds": False},
    {"auto_accept": True, "accept_window": 20_000, "non_response_after": 20_000},
    {"next_status": True, "missed_blocks_agent": True},
    {
        "chat_shares": True,
        "task_shares": True,
        "max_tasks": 2,
        "max_emails": 1,
        "held_blocks_channel": False,
        "outbound_calls": True,
    },
)


@attrs.frozen(eq=False)
class Shift:
    """What happened at one desk.

    Attributes:
        effects: in the order they were emitted.
        seen: the snapshot after each thing that happened, in order; the first is the start.
    """

    engine: Engine
    effects: tuple[object, ...]
    seen: tuple[Snapshot, ...]

    @property
    def end(self) -> int:
        return self.seen[-1].now


Said = tuple[int, object]


def events() -> st.SearchStrategy[object]:
    """Any event of a desk about one of a few contacts: those that move contacts more often than others."""
    contacts = st.sampled_from(["c-1", "c-2", "c-3"])
    offers = st.builds(
        lambda offer, contact: offer(contact, contact.upper(), 0),
        st.sampled_from([OfferChat, OfferChat, OfferCall, OfferTask, OfferEmail]),
        contacts,
    )
    hands = st.builds(
        lambda hand, contact: hand(contact),
        st.sampled_from([Accept, Accept, Reject, Abandon, Fail, End, End, Clear, Clear]),
        contacts,
    )
    return st.one_of(
        offers, hands, hands,
        st.builds(PlaceCall, contact=contacts, name=st.just("Dialled")),
        st.builds(Text, contact=contacts, speaker=st.sampled_from([Speaker.CUSTOMER, Speaker.AGENT])),
        st.builds(SetStatus, status=st.sampled_from([Status.AVAILABLE, Status.AVAILABLE, Status.AWAY, Status.OFFLINE])),
    )  # fmt: skip


def shifts(most: int = 30) -> st.SearchStrategy[Shift]:
    """Shifts under several profiles; events that are refused change nothing but time."""
    said = st.lists(st.tuples(st.sampled_from(GAPS), events()), max_size=most)
    return st.builds(play, st.sampled_from(PROFILES), said)


def play(profile: dict[str, Any], said: list[Said]) -> Shift:
    """The events at a desk whose agent is available, each so long after the one before it (milliseconds)."""
    engine = compiled(tuple(sorted(profile.items())))
    snapshot = engine.start(START)
    effects: list[object] = []
    seen = [snapshot]
    for gap, event in [(0, SetStatus(Status.AVAILABLE)), *said]:
        taken = _taken(engine, snapshot, event, snapshot.now + gap)
        effects += taken.effects
        seen += [one.after for one in taken.timed]
        snapshot = taken.after
        seen.append(snapshot)
    return Shift(engine, tuple(effects), tuple(seen))


@cache
def compiled(profile: tuple[tuple[str, Any], ...]) -> Engine:
    """The desk under a profile, once."""
    return compile(DESK, dict(profile))


def _taken(engine: Engine, snapshot: Snapshot, event: object, at: int) -> Step:
    try:
        return engine.step(snapshot, event, at)
    except EventRefused as refused:
        return Step(refused.snapshot, refused.effects, refused.timed)


def told(*said: tuple[int, object], profile: dict[str, Any] | None = None) -> Shift:
    """A shift told event by event, each with how long after the one before it comes, milliseconds."""
    return play(profile or {}, list(said))
