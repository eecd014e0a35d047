"""A shift on a floor of twenty agents and two hundred contacts, as a service would send it.

Every contact arrives, waits for a free agent, is talked to, ends and is cleared; some are missed,
rejected or sent back, some hang up, and now and then an event is refused.
Drawn once from a fixed seed: every run measures the same events.
"""

from __future__ import annotations

import random
from typing import Any

from fsm.desk import Channel, Status
from fsm.desk.floor import Floor, FloorRefused
from fsm.desk.floor import events as on
from fsm.desk.journey import Entry, Voice

AGENTS = tuple(f"agent-{number:02}" for number in range(20))
CONTACTS = tuple(f"contact-{number:03}" for number in range(200))

OPENING: tuple[tuple[Any, int], ...] = (
    *((on.SetStatus(agent, Status.AVAILABLE), 0) for agent in AGENTS),
    *((on.Arrive(contact, Entry.QUEUE, Channel.CHAT, contact.upper()), 0) for contact in CONTACTS),
)
"""Twenty agents at work, two hundred contacts on the floor."""


def shift(length: int) -> tuple[tuple[tuple[Any, int], ...], int]:
    """The events of a shift after the opening, and how many of them are refused."""
    chance, floor = random.Random(2019), Floor(AGENTS)
    snapshot, at, refused = floor.start(), 0, 0
    said: list[tuple[Any, int]] = []
    for event, _ in OPENING:
        snapshot = floor.step(snapshot, event, 0).after
    while len(said) < length:
        at += chance.randrange(40)
        event = _next(chance, snapshot, len(said))
        said.append((event, at))
        try:
            snapshot = floor.step(snapshot, event, at).after
        except FloorRefused as one:
            snapshot, refused = one.snapshot, refused + 1
    return tuple(said), refused


def _next(chance: random.Random, snapshot: Any, number: int) -> Any:
    """What comes next: as a rule, something that the place of its contact allows."""
    if len(snapshot.journeys) < len(CONTACTS):
        return on.Arrive(f"later-{number}", Entry.QUEUE, Channel.CHAT, "Later")
    held = [contact for contact, journey in snapshot.journeys.items() if journey["tiles"]]
    if not held or (len(snapshot.desks[snapshot.idle[0]]["tiles"]) < 3 and chance.random() < 0.3):
        return on.Route(
            chance.choice(
                [contact for contact, journey in snapshot.journeys.items() if journey["contact"].state == "queued"]
            )
        )
    contact = chance.choice(held)
    agent, tile = next(reversed(snapshot.journeys[contact]["tiles"].items()))
    if chance.random() < 0.02:
        return on.End(contact, AGENTS[0])
    match tile.state:
        case "offered":
            return chance.choices(
                [on.Accept(contact, agent), on.Reject(contact, agent), on.SetStatus(agent, Status.AVAILABLE)], [8, 1, 1]
            )[0]
        case "connected":
            said = on.Say(contact, chance.choice([Voice.AGENT, Voice.CUSTOMER]), agent, "yes")
            return chance.choices(
                [said, on.End(contact, agent), on.SendBack(contact, agent), on.HangUp(contact)], [5, 4, 1, 1]
            )[0]
        case _:
            return on.Clear(contact, agent)
