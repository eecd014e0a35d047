"""An agent desk as somebody would write it by hand: a plain mutable class, a dict of tiles, and a list of timers.

Written from the guide, and it uses nothing of the library but the events it is handed and the
effects it emits. Faults are planted in subclasses, so every decision is a method of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

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

LIVE = ("offered", "connected")
DONE = ("after_work", "missed", "rejected", "failed")


class HandTile:
    def __init__(self, state: str, channel: Channel, name: str, arrived_at: int, since: int) -> None:
        self.state, self.channel, self.name, self.arrived_at, self.since = state, channel, name, arrived_at, since
        self.counted = False
        self.speaker = Speaker.NOBODY


class HandDesk:
    """One agent's desk. Instants are milliseconds."""

    def __init__(
        self, max_chats: int = 5, voice: bool = True, outbound_calls: bool = False, accept_window: int = 20_000,
        non_response_after: int = 15_000, rejected_holds: bool = True, missed_blocks_agent: bool = False, held_blocks_channel: bool = True,
    ) -> None:  # fmt: skip
        self.max_chats, self.voice, self.outbound_calls = max_chats, voice, outbound_calls
        self.accept_window, self.non_response_after = accept_window, non_response_after
        self.rejected_holds, self.missed_blocks_agent, self.held_blocks_channel = (
            rejected_holds,
            missed_blocks_agent,
            held_blocks_channel,
        )

    # What a test asks of an adapter

    def start(self, at: int) -> None:
        self.now = at
        self.status, self.status_since = "offline", at
        self.tiles: dict[str, HandTile] = {}
        self.timers: list[tuple[int, str, str]] = []
        self.emitted: list[object] = []

    def wait(self, to: int) -> None:
        while self.timers and min(self.timers)[0] <= to:
            at, what, contact = min(self.timers)
            self.timers.remove((at, what, contact))
            if what == "1 count":
                self.count(contact, at)
            else:
                self.miss(contact, at)
        self.now = to

    def send(self, event: object, at: int) -> bool:
        self.wait(at)
        if isinstance(event, SetStatus):
            return self.choose(event.status)
        if isinstance(event, OfferChat):
            return self.offer(event.contact, event.name, event.arrived_at, Channel.CHAT)
        if isinstance(event, OfferCall):
            return self.offer(event.contact, event.name, event.arrived_at, Channel.VOICE)
        if isinstance(event, OfferTask | OfferEmail | Attach):
            return False
        if isinstance(event, Text):
            return self.text(event.contact, event.speaker)
        if isinstance(event, PlaceCall):
            return self.dial(event.contact, event.name)
        if isinstance(event, Accept):
            return self.accept(event.contact)
        if isinstance(event, Reject):
            return self.reject(event.contact)
        if isinstance(event, Abandon):
            return self.abandon(event.contact)
        if isinstance(event, Fail):
            return self.fail(event.contact)
        if isinstance(event, End):
            return self.end(event.contact)
        assert isinstance(event, Clear)
        return self.clear(event.contact)

    def observe(self) -> Mapping[str, object]:
        shown = {
            contact: (
                tile.state,
                {
                    "channel": tile.channel,
                    "counted": tile.counted,
                    "name": tile.name,
                    "arrived_at": tile.arrived_at,
                    "speaker": tile.speaker,
                },
            )
            for contact, tile in self.tiles.items()
        }
        return {"agent": self.status, "tiles": shown}

    def effects(self) -> list[object]:
        emitted, self.emitted = self.emitted, []
        return emitted

    # What the guide says

    def choose(self, status: Status) -> bool:
        if status.value != self.status:
            self.emitted.append(StatusChanged(Status(self.status), status, self.status_since, self.now))
            self.status, self.status_since = status.value, self.now
        return True

    def offer(self, contact: str, name: str, arrived_at: int, channel: Channel) -> bool:
        if contact in self.tiles or not self.may_offer(channel):
            return False
        self.ring(contact, name, arrived_at, channel)
        return True

    def may_offer(self, channel: Channel) -> bool:
        return (
            self.is_reachable()
            and self.has_room(channel)
            and not self.other_channel_blocks(channel)
            and not self.misses_block()
        )

    def is_reachable(self) -> bool:
        return self.status == "available"

    def has_room(self, channel: Channel) -> bool:
        held = self.held(channel)
        return held < self.max_chats if channel is Channel.CHAT else self.voice and held == 0

    def held(self, channel: Channel) -> int:
        return sum(tile.channel is channel for tile in self.tiles.values())

    def other_channel_blocks(self, channel: Channel) -> bool:
        others = [tile for tile in self.tiles.values() if tile.channel is not channel]
        return any(self.held_blocks_channel or tile.state in LIVE for tile in others)

    def misses_block(self) -> bool:
        return self.missed_blocks_agent and any(tile.state in ("missed", "failed") for tile in self.tiles.values())

    def ring(self, contact: str, name: str, arrived_at: int, channel: Channel) -> None:
        self.tiles[contact] = HandTile("offered", channel, name, arrived_at, self.now)
        self.set_timers(contact)
        self.emitted.append(Rang(contact, name, channel, self.now))

    def set_timers(self, contact: str) -> None:
        self.timers.append((self.now + self.non_response_after, "1 count", contact))
        self.timers.append((self.now + self.accept_window, "2 miss", contact))

    def stop_timers(self, contact: str) -> None:
        self.timers = [timer for timer in self.timers if timer[2] != contact]

    def count(self, contact: str, at: int) -> None:
        tile = self.tiles[contact]
        tile.counted = True
        self.emitted.append(NonResponseCounted(contact, tile.channel, tile.since, at))

    def miss(self, contact: str, at: int) -> None:
        tile = self.tiles[contact]
        tile.state, since = "missed", tile.since
        self.emitted.append(Missed(contact, tile.channel, since, at))
        tile.since = at

    def dial(self, contact: str, name: str) -> bool:
        if contact in self.tiles or not self.outbound_calls or self.held(Channel.VOICE):
            return False
        self.tiles[contact] = HandTile("connected", Channel.VOICE, name, self.now, self.now)
        self.emitted.append(Connected(contact, Channel.VOICE, self.now, self.now))
        return True

    def text(self, contact: str, speaker: Speaker) -> bool:
        tile = self.tiles.get(contact)
        if tile is None or tile.state != "connected" or tile.channel is not Channel.CHAT or speaker is Speaker.NOBODY:
            return False
        tile.speaker = speaker
        self.emitted.append(TextTimerReset(contact, self.now))
        return True

    def accept(self, contact: str) -> bool:
        return self.move(contact, ("offered",), "connected", Connected)

    def reject(self, contact: str) -> bool:
        return self.move(contact, ("offered",), "rejected" if self.rejected_holds else None, Rejected)

    def abandon(self, contact: str) -> bool:
        return self.move(contact, ("offered",), "rejected", Rejected)

    def fail(self, contact: str) -> bool:
        return self.move(contact, LIVE, "failed" if self.rejected_holds else None, Failed)

    def end(self, contact: str) -> bool:
        return self.move(contact, ("connected",), "after_work", Ended)

    def clear(self, contact: str) -> bool:
        return self.move(contact, DONE, None)

    def move(
        self,
        contact: str,
        sources: tuple[str, ...],
        target: str | None,
        effect: Callable[[str, Channel, int, int], object] | None = None,
    ) -> bool:
        tile = self.tiles.get(contact)
        if tile is None or tile.state not in sources:
            return False
        self.stop_timers(contact)
        if effect is not None:
            self.emitted.append(effect(contact, tile.channel, tile.since, self.now))
        if target is None:
            del self.tiles[contact]
            self.emitted.append(SlotFreed(contact, tile.channel, tile.since if effect is None else self.now, self.now))
        else:
            tile.state, tile.since = target, self.now
            tile.speaker = tile.speaker if target == "connected" else Speaker.NOBODY
        return True
