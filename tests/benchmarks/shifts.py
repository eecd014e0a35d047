"""What the desks of a company write during their shifts: a log in the order of time, with faults planted in it whose places are known.

Agents come, take contacts one after the other, and go on breaks. Most contacts are answered, some are missed, rejected or fail. Now and then, where somebody asks for
it, something happens that cannot: these records, and no others, violate.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from random import Random
from typing import Any

__all__ = ["FAULTS", "MAPPING", "Record", "shifts"]

Record = dict[str, Any]
"""A line of the log: when (milliseconds), whose desk, what, and of which contact."""

ALWAYS = ("set_status", "offer_chat", "offer_call", "place_call", "accept", "reject", "abandon", "fail", "end", "clear")

MAPPING = {
    "declaration": "fsm.desk:DESK",
    "source": [
        {
            "at": "at",
            "key": "agent",
            "id": "id",
            "event": {"column": "event"},
            "inside": "",
            "shows": dict.fromkeys(ALWAYS, "always"),
        }
    ],
}
"""What the log means: everything that an agent or a customer does is always told; what time does is not."""

FAULTS = ("answered too late", "ended twice", "answered and never offered", "offered on a break")
"""What cannot happen, by the words with which `shifts` tells it."""

Line = tuple[int, str, dict[str, Any], str | None]


def shifts(agents: int, records: int, *, seed: int = 0, faults: float = 0.0) -> Iterator[tuple[Record, str | None]]:
    """Records in the order of time, each with the fault that is planted in it, or None.

    Args:
        agents: how many desks there are.
        records: how many to give, at most.
        faults: the share of contacts in which something goes wrong that cannot.
    """
    streams = [_desk(f"agent-{number}", Random(f"{seed}/{number}"), faults) for number in range(agents)]
    for number, (at, agent, said, fault) in enumerate(merge(*streams, key=lambda one: one[:2])):
        if number == records:
            return
        yield {"at": at, "agent": agent, "id": str(number), **said}, fault


def _desk(agent: str, random: Random, faults: float) -> Iterator[Line]:
    at = random.randrange(600_000)
    yield at, agent, {"event": "set_status", "status": "available"}, None
    contact = 0
    while True:
        contact += 1
        at += random.randrange(1_000, 90_000)
        for wait, event, fault in _contact(random, faults):
            at += wait
            said = {"event": event[0], "status": event[1]} if isinstance(event, tuple) else {"event": event, "contact": f"{agent}/{contact}"}  # fmt: skip
            yield at, agent, said, fault
        if random.random() < 0.05:
            at += 1_000
            yield at, agent, {"event": "set_status", "status": "away"}, None
            at += random.randrange(300_000, 1_800_000)
            yield at, agent, {"event": "set_status", "status": "available"}, None


def _contact(random: Random, faults: float) -> Iterator[tuple[int, Any, str | None]]:
    """The life of one contact: waits (milliseconds), events and faults."""
    answer, talk, work = random.randrange(500, 19_000), random.randrange(5_000, 900_000), random.randrange(500, 60_000)
    fault = random.choice(FAULTS) if random.random() < faults else None
    rest = [(talk, "end", None), (work, "clear", None)]
    match fault:
        case "answered too late":
            yield from [(0, "offer_chat", None), (25_000, "accept", fault), *rest]
        case "ended twice":
            yield from [(0, "offer_chat", None), (answer, "accept", None), rest[0], (work, "end", fault), rest[1]]
        case "answered and never offered":
            yield from [(0, "accept", fault), *rest]
        case "offered on a break":
            away, back = ("set_status", "away"), ("set_status", "available")
            yield from [(0, away, None), (1_000, "offer_chat", fault), (answer, "accept", None), *rest, (0, back, None)]
        case _:
            way = random.random()
            offer = "offer_chat" if way < 0.7 else "offer_call"
            yield 0, offer, None
            if way < 0.9:
                yield from [(answer, "accept", None), *rest]
            elif way < 0.95:
                yield 20_000 + work, "clear", None
            elif way < 0.98:
                yield from [(answer, "reject", None), rest[1]]
            else:
                yield from [(answer, "fail", None), rest[1]]
