"""Customers by chance: who comes to a shift, how patient they are, how much they write.

Each is drawn from the seed and their own number alone.
"""

from __future__ import annotations

from random import Random

import attrs

from fsm.desk import Channel, OfferCall, OfferChat

__all__ = ["Customer", "somebody"]

NAMES = (
    "Ann", "Bob", "Cyd", "Dan", "Eve", "Finn", "Gil", "Hana", "Ivo", "Jane", "Kim", "Lea", "Mia", "Noa", "Oz", "Pia", "Quin", "Rui", "Sue", "Tom",
)  # fmt: skip
CALLS = 0.15
"""The share of customers who call, where the profile routes calls."""


@attrs.frozen
class Customer:
    """Somebody who wants to talk to the agent; times in milliseconds.

    Attributes:
        arrived_at: when the contact reached the contact centre; the time with the bot lies before the queue.
        patience: how long they wait for an agent, ringing included.
        pace: between two of their texts.
        talk: how long the conversation takes if the agent does not end it.
        breaks: it ends by a broken connection.
    """

    contact: str
    name: str
    channel: Channel
    arrived_at: int
    patience: int
    pace: int
    talk: int
    breaks: bool

    def offer(self) -> OfferChat | OfferCall:
        kind = OfferCall if self.channel is Channel.VOICE else OfferChat
        return kind(self.contact, self.name, self.arrived_at)


def somebody(seed: int, number: int, at: int, *, calls: bool) -> Customer:
    """The customer of this number, who enters the queue at an instant (milliseconds); on the phone only where calls are routed."""
    chance = Random(f"{seed}/{number}")
    channel = Channel.VOICE if chance.random() < CALLS and calls else Channel.CHAT
    return Customer(
        f"c-{number}",
        chance.choice(NAMES),
        channel,
        at - chance.randint(0, 60_000),
        patience=chance.randint(40_000, 120_000),
        pace=chance.randint(4_000, 20_000),
        talk=chance.randint(30_000, 180_000),
        breaks=chance.random() < 0.05,
    )
