"""Desks with one fault each, of the kinds that people make by hand."""

from __future__ import annotations

from collections.abc import Callable

from fsm.desk import Channel, Connected, NonResponseCounted, Rejected

from .hand_desk import DONE, LIVE, HandDesk


class AMissFreesTheSlot(HandDesk):
    """A missed contact is forgotten at once (S21)."""

    def miss(self, contact: str, at: int) -> None:
        super().miss(contact, at)
        del self.tiles[contact]


class ATimerFiresTwice(HandDesk):
    """Counting a non-response sets its timer again for the same stay (S19)."""

    def count(self, contact: str, at: int) -> None:
        if not self.tiles[contact].counted:
            self.timers.append((at + 1, "1 count", contact))
        super().count(contact, at)


class ASixthChat(HandDesk):
    """The limit is compared with `<=` (S02)."""

    def has_room(self, channel: Channel) -> bool:
        return super().has_room(channel) or (channel is Channel.CHAT and self.held(channel) == self.max_chats)


class ACallDuringChats(HandDesk):
    """A call is let in while chats are held (S06)."""

    def other_channel_blocks(self, channel: Channel) -> bool:
        return channel is Channel.CHAT and super().other_channel_blocks(channel)


class ACallAfterRejectedChats(HandDesk):
    """Only live chats keep calls away, rejected ones do not (D10)."""

    def other_channel_blocks(self, channel: Channel) -> bool:
        return any(tile.channel is not channel and tile.state in LIVE for tile in self.tiles.values())


class AutoAccept(HandDesk):
    """A contact is connected without the agent's hand (S12)."""

    def ring(self, contact: str, name: str, arrived_at: int, channel: Channel) -> None:
        super().ring(contact, name, arrived_at, channel)
        self.accept(contact)


class AnOfferOnBreak(HandDesk):
    """An agent on break is offered contacts (S01)."""

    def is_reachable(self) -> bool:
        return self.status != "offline"


class AMissCountedTwice(HandDesk):
    """A miss counts a second non-response for the same offer (S19)."""

    def miss(self, contact: str, at: int) -> None:
        super().miss(contact, at)
        self.emitted.append(NonResponseCounted(contact, self.tiles[contact].channel, self.tiles[contact].since, at))


class AcceptAfterTheWindow(HandDesk):
    """A missed contact can still be accepted (S10)."""

    def accept(self, contact: str) -> bool:
        return self.move(contact, ("offered", "missed"), "connected", Connected)


class AMillisecondLate(HandDesk):
    """The window ends after its last millisecond, not with it (S10)."""

    def set_timers(self, contact: str) -> None:
        super().set_timers(contact)
        self.timers = [(at + (what == "2 miss"), what, which) for at, what, which in self.timers]


class ARefusalThatMovesState(HandDesk):
    """An offer of a contact that rings already is refused, and starts its window anew."""

    def offer(self, contact: str, name: str, arrived_at: int, channel: Channel) -> bool:
        if contact in self.tiles and self.tiles[contact].state == "offered":
            self.stop_timers(contact)
            self.set_timers(contact)
        return super().offer(contact, name, arrived_at, channel)


class ClearEndsAConversation(HandDesk):
    """Clearing frees the slot of a contact that still talks (S23)."""

    def clear(self, contact: str) -> bool:
        return self.move(contact, (*DONE, "connected"), None)


class ARejectedOfferFreesItsSlot(HandDesk):
    """A rejected contact is gone at once (D4)."""

    def reject(self, contact: str) -> bool:
        return self.move(contact, ("offered",), None, Rejected)


class AcceptingDoesNotStopTheClock(HandDesk):
    """Who has accepted in time is missed all the same (S12)."""

    def accept(self, contact: str) -> bool:
        timers = self.timers
        accepted = super().accept(contact)
        self.timers = timers
        return accepted


class AnOldTimerMeetsANewOffer(HandDesk):
    """A rejected tile is forgotten and its timers are not, which then meet the contact's next offer."""

    def move(
        self,
        contact: str,
        sources: tuple[str, ...],
        target: str | None,
        effect: Callable[[str, Channel, int, int], object] | None = None,
    ) -> bool:
        timers = self.timers
        moved = super().move(contact, sources, target, effect)
        if target is None:
            self.timers = timers
        return moved

    def count(self, contact: str, at: int) -> None:
        if self.rings(contact):
            super().count(contact, at)

    def miss(self, contact: str, at: int) -> None:
        if self.rings(contact):
            super().miss(contact, at)

    def rings(self, contact: str) -> bool:
        return contact in self.tiles and self.tiles[contact].state == "offered"


class ASlotTooFew(HandDesk):
    """The limit is compared with one too little (S02)."""

    def has_room(self, channel: Channel) -> bool:
        return super().has_room(channel) and self.held(channel) < self.max_chats - 1
