"""The laws of conservation hold of every shape of a small desk and of every step from it, counted by hand beside the report (S19)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from fsm import Engine, EventRefused, Snapshot, Step, compile
from fsm.desk import DESK, Channel, Missed, NonResponseCounted, OfferChat, OfferEmail, OfferTask, PlaceCall
from fsm.desk.reports import slots_by_channel
from fsm.runtime.obstacles import RuleForbids

from .shapes import CONTACTS, SHORT, everything, reachable

RULES = {
    Channel.CHAT: ("a chat slot is free", OfferChat("new", "Ann", 0)),
    Channel.TASK: ("a task slot is free", OfferTask("new", "Ann", 0)),
    Channel.EMAIL: ("an e-mail slot is free", OfferEmail("new", "Ann", 0)),
    Channel.VOICE: ("the voice slot is free", PlaceCall("new", "Ann")),
}
"""The rule that knows whether a slot of the channel is left, and an event that it is asked about."""

PROFILES: dict[str, dict[str, Any]] = {
    "a chat and placed calls": {"max_chats": 1, "outbound_calls": True},
    "two chats": {"max_chats": 2, "voice": False},
    "rejected contacts leave": {"max_chats": 2, "voice": False, "rejected_holds": False},
    "next status": {"max_chats": 2, "voice": False, "next_status": True},
    "shared channels": {"max_chats": 1, "max_emails": 1, "chat_shares": True, "voice_shares": True},
    "chats by themselves": {"max_chats": 2, "outbound_calls": True, "auto_accept": True},
}


@pytest.fixture(scope="module", params=list(PROFILES))
def desk(request: pytest.FixtureRequest) -> tuple[Engine, list[Snapshot]]:
    """A desk and every shape of it."""
    engine = compile(DESK, PROFILES[request.param] | SHORT)
    return engine, reachable(engine)


def forbidden(engine: Engine, snapshot: Snapshot, rule: str, event: object) -> bool:
    refusal = engine.why_not(snapshot, event, snapshot.now)
    return refusal is not None and any(isinstance(one, RuleForbids) and one.rule == rule for one in refusal.obstacles)


def test_slots_available_and_slots_in_use_are_the_limit(desk: tuple[Engine, list[Snapshot]]) -> None:
    """In use are the tiles there are; one is available exactly where the desk's own rule says that a slot is left."""
    engine, shapes = desk
    for snapshot in shapes:
        held = Counter(tile.channel for tile in snapshot["tiles"].values())
        for channel, slots in slots_by_channel(snapshot, engine.params).items():
            rule, event = RULES[channel]
            assert slots.in_use == held[channel]
            assert slots.available + slots.in_use == slots.limit
            assert slots.available >= 0
            assert slots.limit == 0 or forbidden(engine, snapshot, rule, event) == (slots.available == 0)


def test_slots_in_use_that_are_not_active_are_offered_missed_rejected_or_failed(
    desk: tuple[Engine, list[Snapshot]],
) -> None:
    """Placed calls included: they are in use and active."""
    engine, shapes = desk
    for snapshot in shapes:
        for channel, slots in slots_by_channel(snapshot, engine.params).items():
            states = Counter(tile.state for tile in snapshot["tiles"].values() if tile.channel is channel)
            waiting = states["offered"] + states["missed"] + states["rejected"] + states["failed"]
            assert (
                slots.in_use - slots.active == waiting == slots.offered + slots.missed + slots.rejected + slots.failed
            )


def steps_from(engine: Engine, snapshot: Snapshot) -> list[Step]:
    """Every step that can be taken at once, and those that a millisecond brings."""
    found = [engine.advance(snapshot, snapshot.now + 1)]
    for event in everything(CONTACTS):
        try:
            found.append(engine.step(snapshot, event, snapshot.now))
        except EventRefused:
            continue
    return found


def test_a_non_response_is_an_offer_that_has_lasted_the_non_response_time_and_every_miss_was_one(
    desk: tuple[Engine, list[Snapshot]],
) -> None:
    """No step counts anything else, none forgets one, and what is missed was counted when it rang (D1)."""
    engine, shapes = desk
    for snapshot in shapes:
        ringing = {contact: tile for contact, tile in snapshot["tiles"].items() if tile.state == "offered"}
        for step in steps_from(engine, snapshot):
            counted = [one.contact for one in step.effects if isinstance(one, NonResponseCounted)]
            missed = [one.contact for one in step.effects if isinstance(one, Missed)]
            passed = step.after.now
            assert sorted(counted) == sorted(
                contact for contact, tile in ringing.items() if tile.since + 1 == passed > snapshot.now
            )
            assert sorted(missed) == sorted(
                contact for contact, tile in ringing.items() if tile.since + 2 == passed > snapshot.now
            )
            assert all(ringing[contact].counted for contact in missed)
