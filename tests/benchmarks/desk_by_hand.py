"""The desk written by hand: a pure step over frozen attrs snapshots, with every check of `fsm.desk` in its first version.

The same rules, timers, payload checks, effects and profile; it takes the same events, emits the
same effects and gives the same `fsm.Step`. `bench_desk.py` compares both after every event before
it measures anything.

It is meant to be fast in the way a careful engineer writes it: one pass over the tiles decides
all rules of an offer, the earliest deadline is kept and looked for again only when it may have
gone, the answer to why is worked out only when something is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import attrs

from fsm import Step
from fsm.desk import (
    Abandon,
    Accept,
    Attach,
    Channel,
    Clear,
    Connected,
    End,
    Ended,
    Fail,
    Failed,
    Missed,
    NonResponseCounted,
    OfferCall,
    OfferChat,
    OfferEmail,
    OfferTask,
    PlaceCall,
    Rang,
    Reject,
    Rejected,
    SetStatus,
    SlotFreed,
    Speaker,
    Status,
    StatusChanged,
    Text,
    TextTimerReset,
)  # fmt: skip

CHAT, VOICE = Channel.CHAT, Channel.VOICE
Effects = tuple[object, ...]


class Bad(Exception):
    """An argument that nothing could make right."""


@attrs.frozen
class Refused(Exception):
    """An event that is not taken: what stood in its way, and what time did before."""

    reasons: tuple[str, ...]
    snapshot: Desk
    effects: Effects
    timed: tuple[Fired, ...]


@attrs.frozen
class Profile:
    max_chats: int = 5
    voice: bool = True
    outbound_calls: bool = False
    accept_window: int = 20_000
    non_response_after: int = 15_000
    rejected_holds: bool = True
    missed_blocks_agent: bool = False
    held_blocks_channel: bool = True


@attrs.frozen
class Tile:
    """One contact on the desk. `counted` says that its first timer has fired."""

    state: str
    since: int
    channel: Channel
    counted: bool
    speaker: Speaker
    name: str
    arrived_at: int
    last_text_at: int


@attrs.frozen
class Desk:
    """What the desk remembers between two events."""

    now: int
    due: int | None
    status: str
    since: int
    tiles: MappingProxyType[str, Tile]

    def __hash__(self) -> int:
        return hash((self.now, self.status, self.since, frozenset(self.tiles.items())))


@attrs.frozen
class Fired:
    """A step that time took."""

    at: int
    contact: str
    event: str
    effects: Effects
    after: Desk


STATUS = {Status.AVAILABLE: "available", Status.AWAY: "away", Status.OFFLINE: "offline"}
NAMED = {name: status for status, name in STATUS.items()}
NOBODY = Speaker.NOBODY
Told = Callable[[str, Channel, int, int], object]
Moved = tuple[Desk, Effects]


class DeskByHand:
    """The rules of the desk for one profile; holds no state."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.handlers: dict[type, Callable[[Desk, object, int], Moved | None]] = {
            SetStatus: self.set_status,
            OfferChat: self.offer_chat,
            OfferCall: self.offer_call,
            OfferTask: self.not_routed,
            OfferEmail: self.not_routed,
            Text: self.text,
            Attach: self.attach,
            PlaceCall: self.place_call,
            Accept: self.accept,
            Reject: self.reject,
            Abandon: self.abandon,
            Fail: self.fail,
            End: self.end,
            Clear: self.clear,
        }

    def start(self, at: int = 0) -> Desk:
        return Desk(at, None, "offline", at, MappingProxyType({}))

    def step(self, desk: Desk, event: object, at: int) -> Step:
        if desk.__class__ is not Desk:
            raise Bad(f"{desk!r} is no snapshot of a desk")
        if at.__class__ is not int:
            raise Bad(f"{at!r} is not an instant")
        if at < desk.now:
            raise Bad(f"{at} lies before {desk.now}")
        emitted: Effects = ()
        timed: tuple[Fired, ...] = ()
        if desk.due is not None and desk.due <= at:
            desk, emitted, timed = self.advance(desk, at)
        handler = self.handlers.get(event.__class__)
        if handler is None:
            raise Bad(f"{event!r} is no event of a desk")
        moved = handler(desk, event, at)
        if moved is None:
            rest = Desk(at, desk.due, desk.status, desk.since, desk.tiles)
            raise Refused(self.why(rest, event), rest, emitted, timed)
        after, effects = moved
        return Step(after, emitted + effects, timed)

    # Events

    def set_status(self, desk: Desk, event: SetStatus, at: int) -> Moved:
        if not isinstance(event.status, Status):
            raise Bad(f"set_status.status: {event.status!r}")
        status = STATUS[event.status]
        if status == desk.status:
            return Desk(at, desk.due, status, desk.since, desk.tiles), ()
        told = StatusChanged(NAMED[desk.status], event.status, desk.since, at)
        return Desk(at, desk.due, status, at, desk.tiles), (told,)

    def not_routed(self, desk: Desk, event: OfferTask | OfferEmail, at: int) -> None:
        _text(event.contact), _text(event.name), _number(event.arrived_at)

    def text(self, desk: Desk, event: Text, at: int) -> Moved | None:
        contact, speaker = _text(event.contact), _speaker(event.speaker)
        tile = desk.tiles.get(contact)
        if tile is None or tile.state != "connected" or tile.channel is not CHAT or speaker == NOBODY:
            return None
        made = Tile("connected", tile.since, CHAT, tile.counted, speaker, tile.name, tile.arrived_at, at)
        return Desk(at, desk.due, desk.status, desk.since, MappingProxyType(desk.tiles | {contact: made})), (
            TextTimerReset(contact, at),
        )

    def attach(self, desk: Desk, event: Attach, at: int) -> None:
        _text(event.contact), _speaker(event.speaker)

    def offer_chat(self, desk: Desk, event: OfferChat, at: int) -> Moved | None:
        contact, name, arrived_at, profile = (
            _text(event.contact),
            _text(event.name),
            _number(event.arrived_at),
            self.profile,
        )
        if desk.status != "available" or contact in desk.tiles:
            return None
        chats = 0
        for tile in desk.tiles.values():
            if tile.channel is CHAT:
                chats += 1
            elif profile.held_blocks_channel or tile.state == "offered" or tile.state == "connected":
                return None
            if profile.missed_blocks_agent and tile.state in ("missed", "failed"):
                return None
        if chats >= profile.max_chats:
            return None
        return self._offer(desk, contact, name, arrived_at, CHAT, at)

    def offer_call(self, desk: Desk, event: OfferCall, at: int) -> Moved | None:
        contact, name, arrived_at, profile = (
            _text(event.contact),
            _text(event.name),
            _number(event.arrived_at),
            self.profile,
        )
        if desk.status != "available" or not profile.voice or contact in desk.tiles:
            return None
        for tile in desk.tiles.values():
            if (
                tile.channel is VOICE
                or profile.held_blocks_channel
                or tile.state == "offered"
                or tile.state == "connected"
            ):
                return None
            if profile.missed_blocks_agent and tile.state in ("missed", "failed"):
                return None
        return self._offer(desk, contact, name, arrived_at, VOICE, at)

    def _offer(self, desk: Desk, contact: str, name: str, arrived_at: int, channel: Channel, at: int) -> Moved:
        deadline = at + self.profile.non_response_after
        due = deadline if desk.due is None or deadline < desk.due else desk.due
        tiles = MappingProxyType(
            desk.tiles | {contact: Tile("offered", at, channel, False, NOBODY, name, arrived_at, 0)}
        )
        return Desk(at, due, desk.status, desk.since, tiles), (Rang(contact, name, channel, at),)

    def place_call(self, desk: Desk, event: PlaceCall, at: int) -> Moved | None:
        contact, name = _text(event.contact), _text(event.name)
        if not self.profile.outbound_calls or contact in desk.tiles:
            return None
        for tile in desk.tiles.values():
            if tile.channel is VOICE:
                return None
        tiles = MappingProxyType(desk.tiles | {contact: Tile("connected", at, VOICE, False, NOBODY, name, at, at)})
        return Desk(at, desk.due, desk.status, desk.since, tiles), (Connected(contact, VOICE, at, at),)

    def accept(self, desk: Desk, event: Accept, at: int) -> Moved | None:
        contact = _text(event.contact)
        tile = desk.tiles.get(contact)
        if tile is None or tile.state != "offered":
            return None
        return self._moved(desk, contact, tile, "connected", at, Connected)

    def reject(self, desk: Desk, event: Reject, at: int) -> Moved | None:
        contact = _text(event.contact)
        tile = desk.tiles.get(contact)
        if tile is None or tile.state != "offered":
            return None
        return (
            self._moved(desk, contact, tile, "rejected", at, Rejected)
            if self.profile.rejected_holds
            else self._freed(desk, contact, tile, at, Rejected)
        )

    def abandon(self, desk: Desk, event: Abandon, at: int) -> Moved | None:
        contact = _text(event.contact)
        tile = desk.tiles.get(contact)
        if tile is None or tile.state != "offered":
            return None
        return self._moved(desk, contact, tile, "rejected", at, Rejected)

    def fail(self, desk: Desk, event: Fail, at: int) -> Moved | None:
        contact = _text(event.contact)
        tile = desk.tiles.get(contact)
        if tile is None or tile.state not in ("offered", "connected"):
            return None
        return (
            self._moved(desk, contact, tile, "failed", at, Failed)
            if self.profile.rejected_holds
            else self._freed(desk, contact, tile, at, Failed)
        )

    def end(self, desk: Desk, event: End, at: int) -> Moved | None:
        contact = _text(event.contact)
        tile = desk.tiles.get(contact)
        if tile is None or tile.state != "connected":
            return None
        return self._moved(desk, contact, tile, "after_work", at, Ended)

    def clear(self, desk: Desk, event: Clear, at: int) -> Moved | None:
        contact = _text(event.contact)
        tile = desk.tiles.get(contact)
        if tile is None or tile.state not in ("after_work", "missed", "rejected", "failed"):
            return None
        return self._freed(desk, contact, tile, at)

    def _moved(self, desk: Desk, contact: str, tile: Tile, state: str, at: int, told: Told) -> Moved:
        last_text_at = at if state == "connected" else tile.last_text_at
        made = Tile(state, at, tile.channel, tile.counted, NOBODY, tile.name, tile.arrived_at, last_text_at)
        tiles = desk.tiles | {contact: made}
        due = self._due(desk, tile, tiles)
        return Desk(at, due, desk.status, desk.since, MappingProxyType(tiles)), (
            told(contact, tile.channel, tile.since, at),
        )

    def _freed(self, desk: Desk, contact: str, tile: Tile, at: int, told: Told | None = None) -> Moved:
        tiles = desk.tiles.copy()
        del tiles[contact]
        due = self._due(desk, tile, tiles)
        after = Desk(at, due, desk.status, desk.since, MappingProxyType(tiles))
        if told is None:
            return after, (SlotFreed(contact, tile.channel, tile.since, at),)
        return after, (told(contact, tile.channel, tile.since, at), SlotFreed(contact, tile.channel, at, at))

    # Time

    def deadline(self, tile: Tile) -> int | None:
        if tile.state != "offered":
            return None
        return tile.since + (self.profile.accept_window if tile.counted else self.profile.non_response_after)

    def _due(self, desk: Desk, gone: Tile, tiles: Mapping[str, Tile]) -> int | None:
        """The earliest deadline when a tile has left the state it was in: looked for only when it may have held it."""
        if gone.state != "offered" or self.deadline(gone) != desk.due:
            return desk.due
        return self._earliest(tiles)

    def _earliest(self, tiles: Mapping[str, Tile]) -> int | None:
        profile, earliest = self.profile, None
        for tile in tiles.values():
            if tile.state == "offered":
                deadline = tile.since + (profile.accept_window if tile.counted else profile.non_response_after)
                if earliest is None or deadline < earliest:
                    earliest = deadline
        return earliest

    def advance(self, desk: Desk, to: int) -> tuple[Desk, Effects, tuple[Fired, ...]]:
        timed: list[Fired] = []
        while desk.due is not None and desk.due <= to:
            at = desk.due
            desk, fired = self._fire(desk, at)
            timed.append(fired)
        effects = tuple(effect for fired in timed for effect in fired.effects)
        return Desk(to, desk.due, desk.status, desk.since, desk.tiles), effects, tuple(timed)

    def _fire(self, desk: Desk, at: int) -> tuple[Desk, Fired]:
        """The timer that goes first at an instant: counting before missing, then by contact."""
        contact, tile = min(
            [(contact, tile) for contact, tile in desk.tiles.items() if self.deadline(tile) == at],
            key=lambda one: (one[1].counted, repr(one[0])),
        )
        if tile.counted:
            made = Tile("missed", at, tile.channel, True, NOBODY, tile.name, tile.arrived_at, tile.last_text_at)
            name, effect = "expire", Missed(contact, tile.channel, tile.since, at)
        else:
            made = Tile(
                "offered", tile.since, tile.channel, True, NOBODY, tile.name, tile.arrived_at, tile.last_text_at
            )
            name, effect = "non_response", NonResponseCounted(contact, tile.channel, tile.since, at)
        tiles = desk.tiles | {contact: made}
        after = Desk(at, self._earliest(tiles), desk.status, desk.since, MappingProxyType(tiles))
        return after, Fired(at, contact, name, (effect,), after)

    # Refusals

    def why(self, desk: Desk, event: object) -> tuple[str, ...]:
        """Every rule and tile that stood in the way, with what they saw."""
        reasons = []
        chats = _held(desk, CHAT)
        calls = _held(desk, VOICE)
        lost = ", ".join(contact for contact, tile in desk.tiles.items() if tile.state in ("missed", "failed"))
        profile = self.profile
        if isinstance(event, (OfferChat, OfferCall)):
            if desk.status != "available":
                reasons.append(f"only an available agent is offered contacts (S01): agent: {desk.status}")
            if profile.missed_blocks_agent and lost:
                reasons.append(f"missed contacts block the agent (D5, D18): {lost}")
        if isinstance(event, OfferChat):
            if calls and profile.held_blocks_channel:
                reasons.append(f"no chat while another channel is held (S05, D10): {calls}")
            if _live(desk, VOICE):
                reasons.append(f"no chat while another channel is live (S05): {calls}")
            if sum(tile.channel is CHAT for tile in desk.tiles.values()) >= profile.max_chats:
                reasons.append(f"a chat slot is free (S02, S22): {chats}")
        if isinstance(event, OfferCall):
            if chats and profile.held_blocks_channel:
                reasons.append(f"no call while another channel is held (S06, D10): {chats}")
            if _live(desk, CHAT):
                reasons.append(f"no call while another channel is live (S06): {chats}")
            if not profile.voice:
                reasons.append("calls are routed to this agent (D13)")
        if isinstance(event, OfferTask):
            reasons.append("a task slot is free (S22)")
        if isinstance(event, OfferEmail):
            reasons.append("an e-mail slot is free (S22)")
        if isinstance(event, Attach):
            reasons.append("a chat is text only (S04)")
        if isinstance(event, (OfferCall, PlaceCall)) and calls:
            reasons.append(f"the voice slot is free (S22, D9): {calls}")
        if isinstance(event, PlaceCall) and not profile.outbound_calls:
            reasons.append("outbound calls are switched on (D2)")
        if not isinstance(event, SetStatus):
            contact = event.contact  # type: ignore[attr-defined]  # every other event names one
            tile = desk.tiles.get(contact)
            offer = isinstance(event, (OfferChat, OfferCall, PlaceCall))
            if tile is not None or not offer:
                reasons.append(f"{contact} is {'free' if tile is None else tile.state}")
        return tuple(reasons)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Bad(f"{value!r} is not a value of type str")
    return value


def _number(value: object) -> int:
    if value.__class__ is not int:
        raise Bad(f"{value!r} is not a value of type int")
    return value


def _speaker(value: object) -> Speaker:
    if not isinstance(value, Speaker):
        raise Bad(f"{value!r} is no speaker")
    return value


def _held(desk: Desk, channel: Channel) -> str:
    return ", ".join(f"{contact} {tile.state}" for contact, tile in desk.tiles.items() if tile.channel is channel)


def _live(desk: Desk, channel: Channel) -> bool:
    return any(tile.channel is channel and tile.state in ("offered", "connected") for tile in desk.tiles.values())
