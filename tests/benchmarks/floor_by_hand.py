"""The floor written by hand: the same events, rules, timers, effects and refusals, for the guide of 2019 and chats.

Written to be fast in the way a careful engineer writes it: frozen attrs objects, one tile that desk
and contact share, one pass over a desk's tiles for all rules of an offer, the earliest deadline kept.
`bench_floor.py` compares it with the floor after every event before it measures anything.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import attrs

from fsm.desk import (
    Channel,
    Connected,
    Ended,
    Failed,
    Missed,
    NonResponseCounted,
    Rang,
    Rejected,
    SlotFreed,
    Speaker,
    Status,
    StatusChanged,
    TextTimerReset,
)  # fmt: skip
from fsm.desk.floor import events as on
from fsm.desk.journey import Entry, Transcript, Voice
from fsm.desk.journey.transcript import EMPTY, Line

MAX_CHATS, COUNTED_AFTER, WINDOW = 5, 15_000, 20_000
LIVE, DONE = ("offered", "connected"), ("after_work", "missed", "rejected", "failed")
STATUS = {Status.AVAILABLE: "available", Status.AWAY: "away", Status.OFFLINE: "offline"}
SAID = {name: status for status, name in STATUS.items()}
SPEAKERS = {Voice.CUSTOMER: Speaker.CUSTOMER, Voice.AGENT: Speaker.AGENT}
Effects = tuple[tuple[str, object], ...]


class Bad(Exception):
    """An argument that nothing could make right."""


@attrs.frozen
class Refused(Exception):
    """An event that is not taken, and the floor as time left it."""

    why: str
    snapshot: Hall
    effects: Effects


@attrs.frozen
class Tile:
    state: str
    since: int
    counted: bool
    name: str
    channel: Channel
    arrived_at: int
    speaker: Speaker
    last_text_at: int


@attrs.frozen
class Desk:
    status: str
    since: int
    due: int | None
    tiles: MappingProxyType[str, Tile]


@attrs.frozen
class Contact:
    state: str
    since: int
    channel: Channel
    name: str
    arrived_at: int
    transcript: Transcript
    tiles: MappingProxyType[str, Tile]


@attrs.frozen
class Hall:
    now: int
    due: int | None
    desks: MappingProxyType[str, Desk]
    contacts: MappingProxyType[str, Contact]
    idle: tuple[str, ...]


NO_TILES: MappingProxyType[str, Tile] = MappingProxyType({})
Done = tuple[Hall, Effects] | None


class FloorByHand:
    def __init__(self, agents: tuple[str, ...]) -> None:
        self.agents = agents
        self.handlers: dict[type, Callable[[Hall, Any, int], Done]] = {
            on.SetStatus: self.set_status, on.Arrive: self.arrive, on.Route: self.route, on.Offer: self.offer, on.Accept: self.accept,
            on.Reject: self.reject, on.Say: self.say, on.Fail: self.fail, on.End: self.end, on.SendBack: self.send_back, on.HangUp: self.hang_up,
            on.Clear: self.clear,
        }  # fmt: skip

    def start(self, at: int = 0) -> Hall:
        return Hall(
            at,
            None,
            MappingProxyType({agent: Desk("offline", at, None, NO_TILES) for agent in self.agents}),
            MappingProxyType({}),
            self.agents,
        )

    def step(self, hall: Hall, event: Any, at: int) -> tuple[Hall, Effects]:
        if hall.__class__ is not Hall or at.__class__ is not int or at < hall.now:
            raise Bad(f"{at!r}")
        handler = self.handlers.get(event.__class__)
        if handler is None:
            raise Bad(f"{event!r}")
        effects: Effects = ()
        if hall.due is not None and hall.due <= at:
            hall, effects = self.advance(hall, at)
        done = handler(hall, event, at)
        if done is None:
            raise Refused(f"{event!r}", attrs.evolve(hall, now=at), effects)
        return done[0], effects + done[1]

    # Events

    def set_status(self, hall: Hall, event: on.SetStatus, at: int) -> Done:
        desk = self.desk(hall, event.agent)
        if not isinstance(event.status, Status):
            raise Bad("status")
        status = STATUS[event.status]
        desks = hall.desks.copy()
        effects: Effects = ()
        if status != desk.status:
            effects = ((event.agent, StatusChanged(SAID[desk.status], event.status, desk.since, at)),)
            desks[event.agent] = Desk(status, at, desk.due, desk.tiles)
        idle = (
            self.last(hall.idle, event.agent)
            if event.status is Status.AVAILABLE and desk.status != "available"
            else hall.idle
        )
        return Hall(at, hall.due, MappingProxyType(desks), hall.contacts, idle), effects

    def arrive(self, hall: Hall, event: on.Arrive, at: int) -> Done:
        contact, name = text(event.contact), text(event.name)
        for value, kind in ((event.entry, Entry), (event.channel, Channel)):
            if not isinstance(value, kind):
                raise Bad(f"{value!r}")
        if contact in hall.contacts:
            return None
        contacts = hall.contacts.copy()
        contacts[contact] = Contact(
            "with_bot" if event.entry is Entry.BOT else "queued", at, event.channel, name, at, EMPTY, NO_TILES
        )
        return Hall(at, hall.due, hall.desks, MappingProxyType(contacts), hall.idle), ()

    def route(self, hall: Hall, event: on.Route, at: int) -> Done:
        contact = hall.contacts.get(text(event.contact))
        if contact is None or contact.state != "queued":
            return None
        for agent in hall.idle:
            if self.takes(hall.desks[agent], event.contact):
                return self.rings(hall, event.contact, contact, agent, at)
        return None

    def offer(self, hall: Hall, event: on.Offer, at: int) -> Done:
        contact = hall.contacts.get(text(event.contact))
        desk = self.desk(hall, event.agent)
        if contact is None or contact.state != "queued" or not self.takes(desk, event.contact):
            return None
        return self.rings(hall, event.contact, contact, event.agent, at)

    def takes(self, desk: Desk, contact: str) -> bool:
        """Every rule of an offer of a chat, in one pass."""
        if desk.status != "available" or contact in desk.tiles:
            return False
        chats = 0
        for tile in desk.tiles.values():
            if tile.channel is not Channel.CHAT:
                return False
            chats += 1
        return chats < MAX_CHATS

    def rings(self, hall: Hall, name: str, contact: Contact, agent: str, at: int) -> Done:
        tile = Tile("offered", at, False, contact.name, contact.channel, contact.arrived_at, Speaker.NOBODY, 0)
        hall = self.moved(hall, name, contact, agent, tile, "offered", at)
        return attrs.evolve(hall, idle=self.last(hall.idle, agent)), (
            (agent, Rang(name, contact.name, contact.channel, at)),
        )

    def accept(self, hall: Hall, event: on.Accept, at: int) -> Done:
        contact, tile = self.held(hall, event)
        if contact is None or tile is None or tile.state != "offered" or contact.state != "offered":
            return None
        lines = contact.transcript.lines
        written = lines[-1].at if lines else at
        made = Tile("connected", at, tile.counted, tile.name, tile.channel, tile.arrived_at, tile.speaker, written)
        effect = Connected(event.contact, tile.channel, tile.since, at)
        return self.moved(hall, event.contact, contact, event.agent, made, "with_agent", at), ((event.agent, effect),)

    def reject(self, hall: Hall, event: on.Reject, at: int) -> Done:
        contact, tile = self.held(hall, event)
        if contact is None or tile is None or tile.state != "offered" or contact.state != "offered":
            return None
        effect = Rejected(event.contact, tile.channel, tile.since, at)
        return self.moved(hall, event.contact, contact, event.agent, self.other(tile, "rejected", at), "queued", at), (
            (event.agent, effect),
        )

    def say(self, hall: Hall, event: on.Say, at: int) -> Done:
        name, speaker, said = text(event.contact), text(event.speaker), text(event.text)
        if not isinstance(event.voice, Voice):
            raise Bad("voice")
        contact, voice = hall.contacts.get(name), event.voice
        if contact is None:
            return None
        state = contact.state
        if state == "with_bot":
            heard = voice is not Voice.AGENT
        elif state == "with_agent":
            heard = voice is not Voice.BOT
        else:
            heard = voice is Voice.CUSTOMER and state != "ended"
        if not heard:
            return None
        contacts = hall.contacts.copy()
        transcript = Transcript((*contact.transcript.lines, Line(voice, speaker, said, at)))
        if state != "with_agent":
            contacts[name] = Contact(
                state, contact.since, contact.channel, contact.name, contact.arrived_at, transcript, contact.tiles
            )
            return Hall(at, hall.due, hall.desks, MappingProxyType(contacts), hall.idle), ()
        agent, tile = next((agent, tile) for agent, tile in contact.tiles.items() if tile.state == "connected")
        if tile.channel is not Channel.CHAT:
            return None
        made = Tile(
            "connected", tile.since, tile.counted, tile.name, tile.channel, tile.arrived_at, SPEAKERS[voice], at
        )
        tiles = contact.tiles | {agent: made}
        contacts[name] = Contact(
            state, contact.since, contact.channel, contact.name, contact.arrived_at, transcript, MappingProxyType(tiles)
        )
        desks, desk = hall.desks.copy(), hall.desks[agent]
        desks[agent] = Desk(desk.status, desk.since, desk.due, MappingProxyType(desk.tiles | {name: made}))
        return Hall(at, hall.due, MappingProxyType(desks), MappingProxyType(contacts), hall.idle), (
            (agent, TextTimerReset(name, at)),
        )

    def fail(self, hall: Hall, event: on.Fail, at: int) -> Done:
        contact, tile = self.held(hall, event)
        if contact is None or tile is None or tile.state not in LIVE:
            return None
        hall = self.moved(hall, event.contact, contact, event.agent, self.other(tile, "failed", at), "queued", at)
        return attrs.evolve(hall, idle=self.last(hall.idle, event.agent)), (
            (event.agent, Failed(event.contact, tile.channel, tile.since, at)),
        )

    def end(self, hall: Hall, event: on.End, at: int) -> Done:
        return self.finish(hall, event, "ended", at)

    def send_back(self, hall: Hall, event: on.SendBack, at: int) -> Done:
        return self.finish(hall, event, "queued", at)

    def finish(self, hall: Hall, event: on.End | on.SendBack, state: str, at: int) -> Done:
        contact, tile = self.held(hall, event)
        if contact is None or tile is None or tile.state != "connected" or contact.state != "with_agent":
            return None
        hall = self.moved(hall, event.contact, contact, event.agent, self.other(tile, "after_work", at), state, at)
        idle = self.last(hall.idle, event.agent)
        return Hall(at, hall.due, hall.desks, hall.contacts, idle), (
            (event.agent, Ended(event.contact, tile.channel, tile.since, at)),
        )

    def hang_up(self, hall: Hall, event: on.HangUp, at: int) -> Done:
        name = text(event.contact)
        contact = hall.contacts.get(name)
        if contact is None or contact.state == "ended":
            return None
        if contact.state == "with_agent":
            agent = next(agent for agent, tile in contact.tiles.items() if tile.state == "connected")
            return self.end(hall, on.End(name, agent), at)
        if contact.state == "offered":
            agent, tile = next((agent, tile) for agent, tile in contact.tiles.items() if tile.state == "offered")
            effect = Rejected(name, tile.channel, tile.since, at)
            return self.moved(hall, name, contact, agent, self.other(tile, "rejected", at), "ended", at), (
                (agent, effect),
            )
        contacts = hall.contacts.copy()
        if contact.tiles:
            contacts[name] = Contact(
                "ended", at, contact.channel, contact.name, contact.arrived_at, contact.transcript, contact.tiles
            )
        else:
            del contacts[name]
        return Hall(at, hall.due, hall.desks, MappingProxyType(contacts), hall.idle), ()

    def clear(self, hall: Hall, event: on.Clear, at: int) -> Done:
        contact, tile = self.held(hall, event)
        if contact is None or tile is None or tile.state not in DONE:
            return None
        desks, contacts, desk = hall.desks.copy(), hall.contacts.copy(), hall.desks[event.agent]
        here, there = desk.tiles.copy(), contact.tiles.copy()
        del here[event.contact], there[event.agent]
        desks[event.agent] = Desk(desk.status, desk.since, desk.due, MappingProxyType(here))
        if contact.state == "ended" and not there:
            del contacts[event.contact]
        else:
            contacts[event.contact] = Contact(
                contact.state,
                contact.since,
                contact.channel,
                contact.name,
                contact.arrived_at,
                contact.transcript,
                MappingProxyType(there),
            )
        effect = SlotFreed(event.contact, tile.channel, tile.since, at)
        return Hall(at, hall.due, MappingProxyType(desks), MappingProxyType(contacts), hall.idle), (
            (event.agent, effect),
        )

    # What they share

    def desk(self, hall: Hall, agent: str) -> Desk:
        try:
            return hall.desks[text(agent)]
        except KeyError:
            raise Bad(f"{agent} is nobody of the staff") from None

    def held(self, hall: Hall, event: Any) -> tuple[Contact | None, Tile | None]:
        return hall.contacts.get(text(event.contact)), self.desk(hall, event.agent).tiles.get(event.contact)

    def other(self, tile: Tile, state: str, at: int) -> Tile:
        return Tile(
            state, at, tile.counted, tile.name, tile.channel, tile.arrived_at, Speaker.NOBODY, tile.last_text_at
        )

    def last(self, idle: tuple[str, ...], agent: str) -> tuple[str, ...]:
        return (*[other for other in idle if other != agent], agent)

    def moved(self, hall: Hall, name: str, contact: Contact, agent: str, tile: Tile, state: str, at: int) -> Hall:
        """The tile in place at the desk and with the contact, the earliest deadline looked for only where it may be gone."""
        desks, contacts, desk = hall.desks.copy(), hall.contacts.copy(), hall.desks[agent]
        tiles = desk.tiles | {name: tile}
        due, before = desk.due, desk.tiles.get(name)
        if tile.state == "offered":
            deadline = tile.since + (WINDOW if tile.counted else COUNTED_AFTER)
            due = deadline if due is None or deadline < due else due
        if before is not None and before.state == "offered":
            due = earliest(tiles)
        desks[agent] = Desk(desk.status, desk.since, due, MappingProxyType(tiles))
        since = contact.since if state == contact.state else at
        contacts[name] = Contact(
            state,
            since,
            contact.channel,
            contact.name,
            contact.arrived_at,
            contact.transcript,
            MappingProxyType(contact.tiles | {agent: tile}),
        )
        whole = hall.due
        if due != desk.due:
            if desk.due is not None and desk.due == whole:
                whole = min((one.due for one in desks.values() if one.due is not None), default=None)
            elif due is not None and (whole is None or due < whole):
                whole = due
        return Hall(at, whole, MappingProxyType(desks), MappingProxyType(contacts), hall.idle)

    def advance(self, hall: Hall, to: int) -> tuple[Hall, Effects]:
        effects: list[tuple[str, object]] = []
        while hall.due is not None and hall.due <= to:
            at = hall.due
            for agent in [one for one, desk in hall.desks.items() if desk.due == at]:
                while hall.desks[agent].due == at:
                    name, tile = min(
                        [
                            (name, tile)
                            for name, tile in hall.desks[agent].tiles.items()
                            if tile.state == "offered" and deadline_of(tile) == at
                        ],
                        key=lambda one: (one[1].counted, one[0]),
                    )
                    contact = hall.contacts[name]
                    if tile.counted:
                        made = Tile(
                            "missed",
                            at,
                            True,
                            tile.name,
                            tile.channel,
                            tile.arrived_at,
                            tile.speaker,
                            tile.last_text_at,
                        )
                        effects.append((agent, Missed(name, tile.channel, tile.since, at)))
                        hall = self.moved(hall, name, contact, agent, made, "queued", at)
                    else:
                        made = Tile(
                            "offered",
                            tile.since,
                            True,
                            tile.name,
                            tile.channel,
                            tile.arrived_at,
                            tile.speaker,
                            tile.last_text_at,
                        )
                        effects.append((agent, NonResponseCounted(name, tile.channel, tile.since, at)))
                        hall = self.moved(hall, name, contact, agent, made, "offered", at)
        return Hall(to, hall.due, hall.desks, hall.contacts, hall.idle), tuple(effects)


def text(value: object) -> str:
    if not isinstance(value, str):
        raise Bad(f"{value!r} is not a value of type str")
    return value


def deadline_of(tile: Tile) -> int:
    return tile.since + (WINDOW if tile.counted else COUNTED_AFTER)


def earliest(tiles: dict[str, Tile]) -> int | None:
    return min((deadline_of(tile) for tile in tiles.values() if tile.state == "offered"), default=None)
