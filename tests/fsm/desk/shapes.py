"""Every shape that a small desk can have, by trying every event from each: two contacts, short times."""

from __future__ import annotations

from collections.abc import Iterator

from fsm import Engine, EventRefused, Snapshot
from fsm.desk import (
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
    Status,
)  # fmt: skip

SHORT = {"accept_window": 2, "non_response_after": 1}
"""Milliseconds."""

CONTACTS = ("a", "b")
OFFERS = (OfferChat, OfferCall, OfferTask, OfferEmail)
ABOUT_ONE = (Accept, Reject, Abandon, Fail, End, Clear)


def taken(engine: Engine, snapshot: Snapshot, event: object) -> Snapshot | None:
    """Where the event leads at once; None where it is refused."""
    try:
        return engine.step(snapshot, event, snapshot.now).after
    except EventRefused:
        return None


def everything(contacts: tuple[str, ...]) -> Iterator[object]:
    """Every event that moves a tile or the agent; texts move neither."""
    yield from (SetStatus(status) for status in Status)
    for contact in contacts:
        yield from (offer(contact, "Ann", 0) for offer in OFFERS)
        yield PlaceCall(contact, "Ann")
        yield from (kind(contact) for kind in ABOUT_ONE)


def shape(snapshot: Snapshot) -> object:
    """What the future depends on: the time since each offer, not the instant."""
    tiles = (
        (key, tile.state, tile.spent, tile.channel, tile.state == "offered" and snapshot.now - tile.since)
        for key, tile in snapshot["tiles"].items()
    )
    return snapshot["agent"].state, snapshot["agent"].following, tuple(sorted(tiles, key=repr))


def reachable(engine: Engine) -> list[Snapshot]:
    """Every shape of the desk with contacts a and b."""
    found = {shape(engine.start()): engine.start()}
    waiting = list(found.values())
    while waiting:
        snapshot = waiting.pop()
        later = [taken(engine, snapshot, event) for event in everything(CONTACTS)]
        for reached in (*later, engine.advance(snapshot, snapshot.now + 1).after):
            if reached is not None and shape(reached) not in found:
                found[shape(reached)] = reached
                waiting.append(reached)
    return list(found.values())
