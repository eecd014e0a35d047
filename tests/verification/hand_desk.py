"""An agent desk as somebody would write it by hand: a plain mutable class, a dict of tiles, and a list of timers.

Written from the guide, and it uses nothing of the library but the events it is handed and the
effects it emits. Faults are planted in subclasses, so every decision is a method of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from fsm.desk import (
    Abandon, Accept, Channel, Clear, End, Fail, Missed, NonResponseCounted, OfferCall, OfferChat, PlaceCall, Rang, Reject,
    SetStatus, SlotFreed,
)  # fmt: skip

LIVE = ("offered", "connected")
DONE = ("after_work", "missed", "rejected", "failed")


class HandTile:
    def __init__(self, state: str, channel: Channel, name: str, since: int) -> None:
        self.state, self.channel, self.name, self.since = state, channel, name, since
        self.counted = False


class HandDesk:
    """One agent's desk. Instants are milliseconds."""

    def __init__(
        self, max_chats: int = 5, voice: bool = True, outbound_calls: bool = False, accept_window: int = 20_000,
        non_response_after: int = 15_000, rejected_holds: bool = True, missed_blocks_agent: bool = False, held_blocks_channel: bool = True,
    ) -> None:  # fmt: skip
        self.max_chats, self.voice, self.outbound_calls = max_chats, voice, outbound_calls
        self.accept_window, self.non_response_after = accept_window, non_response_after
        self.rejected_holds, self.missed_blocks_agent, self.held_blocks_channel = rejected_holds, missed_blocks_agent, held_blocks_channel

    # What a test asks of an adapter

    def start(self, at: int) -> None:
        self.now = at
        self.status = "offline"
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
            self.status = event.status.value
            return True
        if isinstance(event, OfferChat):
            return self.offer(event.contact, event.name, Channel.CHAT)
        if isinstance(event, OfferCall):
            return self.offer(event.contact, event.name, Channel.VOICE)
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
            contact: (tile.state, {"channel": tile.channel, "counted": tile.counted, "name": tile.name})
            for contact, tile in self.tiles.items()
        }
        return {"agent": self.status, "tiles": shown}

    def effects(self) -> list[object]:
        emitted, self.emitted = self.emitted, []
        return emitted

    # What the guide says

    def offer(self, contact: str, name: str, channel: Channel) -> bool:
        if contact in self.tiles or not self.may_offer(channel):
            return False
        self.ring(contact, name, channel)
        return True

    def may_offer(self, channel: Channel) -> bool:
        return self.is_reachable() and self.has_room(channel) and not self.other_channel_blocks(channel) and not self.misses_block()

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
        return self.missed_blocks_agent and any(tile.state == "missed" for tile in self.tiles.values())

    def ring(self, contact: str, name: str, channel: Channel) -> None:
        self.tiles[contact] = HandTile("offered", channel, name, self.now)
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
        self.emitted.append(NonResponseCounted(contact, tile.since, at))

    def miss(self, contact: str, at: int) -> None:
        tile = self.tiles[contact]
        tile.state = "missed"
        self.emitted.append(Missed(contact, tile.since, at))

    def dial(self, contact: str, name: str) -> bool:
        if contact in self.tiles or not self.outbound_calls or self.held(Channel.VOICE):
            return False
        self.tiles[contact] = HandTile("connected", Channel.VOICE, name, self.now)
        return True

    def accept(self, contact: str) -> bool:
        return self.move(contact, ("offered",), "connected")

    def reject(self, contact: str) -> bool:
        return self.move(contact, ("offered",), "rejected" if self.rejected_holds else None)

    def abandon(self, contact: str) -> bool:
        return self.move(contact, ("offered",), "rejected")

    def fail(self, contact: str) -> bool:
        return self.move(contact, LIVE, "failed" if self.rejected_holds else None)

    def end(self, contact: str) -> bool:
        return self.move(contact, ("connected",), "after_work")

    def clear(self, contact: str) -> bool:
        return self.move(contact, DONE, None)

    def move(self, contact: str, sources: tuple[str, ...], target: str | None) -> bool:
        tile = self.tiles.get(contact)
        if tile is None or tile.state not in sources:
            return False
        self.stop_timers(contact)
        if target is None:
            del self.tiles[contact]
            self.emitted.append(SlotFreed(contact, self.now))
        else:
            tile.state, tile.since = target, self.now
        return True
