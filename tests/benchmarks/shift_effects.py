"""Effects of one agent, in the order a desk emits them: contact after contact, chats and calls, no texts."""

from __future__ import annotations

from random import Random

from fsm.desk import (
    Channel,
    Connected,
    Ended,
    Missed,
    NonResponseCounted,
    Rang,
    Rejected,
    SlotFreed,
    Status,
    StatusChanged,
)

START = 1_700_000_000_000


def effects(count: int) -> list[object]:
    """One contact after another: of a hundred some ten are missed, five rejected, the others talked to; one in five is a call."""
    chance = Random(19)
    emitted: list[object] = [StatusChanged(Status.OFFLINE, Status.AVAILABLE, START - 5_000, START)]
    now = START
    while len(emitted) < count:
        contact = f"c-{len(emitted)}"
        channel = Channel.VOICE if chance.random() < 0.2 else Channel.CHAT
        offered = now = now + chance.randrange(60_000)
        emitted.append(Rang(contact, "Ann", channel, offered))
        outcome = chance.random()
        if outcome < 0.10:
            emitted.append(NonResponseCounted(contact, channel, offered, offered + 15_000))
            now = offered + 20_000
            emitted.append(Missed(contact, channel, offered, now))
        elif outcome < 0.15:
            now = offered + 3_000
            emitted.append(Rejected(contact, channel, offered, now))
        else:
            emitted.append(Connected(contact, channel, offered, offered + 5_000))
            now = offered + 5_000 + chance.randrange(400_000)
            emitted.append(Ended(contact, channel, offered + 5_000, now))
        emitted.append(SlotFreed(contact, channel, now, now + 30_000))
        now += 30_000
    return emitted
