"""The line written by hand, twice, as pure functions over a frozen attrs snapshot.

Both check what the engine checks (class of the snapshot, class of the event, that the instant is
an int and does not run back), refuse with an error that says why, and give the same `fsm.Step`.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
from line import LIMIT, Answer, Clear, HangUp, Miss, Ring

from fsm import Step


class Refused(Exception):
    """The event is not taken: its state has no such transition, or its guard says no."""


class Bad(Exception):
    """An argument that nothing could make right."""


@attrs.frozen
class Line:
    """What the line remembers: the same as the engine's snapshot of it."""

    now: int
    state: str
    since: int
    missed: int


def start() -> Line:
    return Line(0, "idle", 0, 0)


# Two-level closures: a table from state to event class to the function that makes the step.

Take = Callable[[Line, object, int], Step]


def go(target: str) -> Take:
    return lambda line, event, at: Step(Line(at, target, at, line.missed), ())


def ring(line: Line, event: object, at: int) -> Step:
    if line.missed < LIMIT:
        return Step(Line(at, "ringing", at, line.missed), ())
    raise Refused(f"ring needs missed < {LIMIT}; missed: {line.missed}")


def miss(line: Line, event: object, at: int) -> Step:
    return Step(Line(at, "idle", at, line.missed + 1), ())


def answer(line: Line, event: object, at: int) -> Step:
    return Step(Line(at, "talking", at, 0), ())


TABLE: dict[str, dict[type, Take]] = {
    "idle": {Ring: ring},
    "ringing": {Miss: miss, Answer: answer},
    "talking": {HangUp: go("wrapping")},
    "wrapping": {Clear: go("idle")},
}
EVENTS = frozenset((Ring, Miss, Answer, HangUp, Clear))


def step_by_closures(line: Line, event: object, at: int) -> Step:
    if line.__class__ is not Line:
        raise Bad(f"{line!r} is no snapshot of the line")
    if at.__class__ is not int:
        raise Bad(f"{at!r} is not an instant")
    if at < line.now:
        raise Bad(f"{at} lies before {line.now}")
    kind = event.__class__
    take = TABLE[line.state].get(kind)
    if take is None:
        if kind not in EVENTS:
            raise Bad(f"{event!r} is no event of the line")
        raise Refused(f"the line is {line.state}, where there is no {kind.__name__}")
    return take(line, event, at)


# One `match` statement.


def step_by_match(line: Line, event: object, at: int) -> Step:
    if not isinstance(line, Line):
        raise Bad(f"{line!r} is no snapshot of the line")
    if type(at) is not int:
        raise Bad(f"{at!r} is not an instant")
    if at < line.now:
        raise Bad(f"{at} lies before {line.now}")
    match line.state, event:
        case "idle", Ring():
            if line.missed >= LIMIT:
                raise Refused(f"ring needs missed < {LIMIT}; missed: {line.missed}")
            after = Line(at, "ringing", at, line.missed)
        case "ringing", Miss():
            after = Line(at, "idle", at, line.missed + 1)
        case "ringing", Answer():
            after = Line(at, "talking", at, 0)
        case "talking", HangUp():
            after = Line(at, "wrapping", at, line.missed)
        case "wrapping", Clear():
            after = Line(at, "idle", at, line.missed)
        case state, Ring() | Miss() | Answer() | HangUp() | Clear():
            raise Refused(f"the line is {state}, where there is no {type(event).__name__}")
        case _:
            raise Bad(f"{event!r} is no event of the line")
    return Step(after, ())
