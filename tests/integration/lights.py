"""Crossings whose lights write what they do, some of it wrong: records for the monitor on Spark, and the declaration they are held against."""

from __future__ import annotations

import json
from random import Random

from fsm import NOW, Machine, State, effect, event

__all__ = ["LAST", "LIGHT", "MAPPING", "SHOWN", "Go", "Lit", "Stop", "Tick", "commands", "lines"]


@event
class Go: ...


@event
class Tick:
    """Sent by time."""


@event
class Stop: ...


@effect
class Lit:
    at: int


red, green, yellow = State("red"), State("green"), State("yellow")

LIGHT = Machine(
    "light",
    states=(red, green, yellow),
    initial=red,
    transitions=(
        red.on(Go).to(green).emits(Lit, at=NOW),
        green.after(10_000, Tick).to(yellow),
        yellow.on(Stop).to(red),
    ),
)

MAPPING = """
[[source]]
name = "lights"
at = "t"
key = "light"
event = { column = "what" }
disorder = 5000
shows = { go = "always", tick = "always", stop = "always" }
"""


LAST = "last"
SHOWN = ("t", "light", "what")


def lines(rounds: int, lights: int, seed: int = 1) -> list[str]:
    """Records as they come in; one in forty lost, one in sixty doubled, one in ninety damaged, one in ten behind a younger one.

    The last ones are of a light of its own, which says in the end how late it is.
    """
    chance, told = Random(seed), []
    for number in range(rounds):
        for light in range(lights):
            begun = number * 30_000 + light
            said = [(begun, "go"), (begun + 10_000, "tick"), (begun + 12_000, "stop")]
            told += [(at, f"light-{light}", what) for at, what in said]
    written: list[str] = []
    for one in sorted(told):
        text = json.dumps(dict(zip(SHOWN, one, strict=True)))
        drawn = chance.random()
        if drawn > 1 / 40:
            written.append(text[: chance.randrange(5, len(text))] if drawn > 1 - 1 / 90 else text)
        if 0.5 < drawn < 0.5 + 1 / 60:
            written.append(text)
    for place in range(1, len(written)):
        if chance.random() < 0.1:
            written[place - 1 : place + 1] = [written[place], written[place - 1]]
    late = [{"t": rounds * 30_000 + minute * 60_000, "light": LAST, "what": "go"} for minute in (1, 2)]
    return [*written, *map(json.dumps, late)]


def commands(rounds: int, lights: int, seed: int = 2) -> list[tuple[str, int, str]]:
    """What lights are told, by their instants; some of it too early, so that it is refused, and some of it no event at all."""
    chance, told = Random(seed), []
    for number in range(rounds):
        for light in range(lights):
            begun = number * 30_000 + light + 1
            told += [(begun, f"light-{light}", "Go" if chance.random() > 0.05 else "Stop")]
            told += [(begun + chance.choice((9_000, 12_000, 15_000)), f"light-{light}", "Stop")]
    return [(light, at, event) for at, light, event in sorted(told)]
