"""A depot that has what the desk has not: compound keys, carried classes, two timers on one event, room, a part moved by time."""

from __future__ import annotations

from datetime import date
from enum import Enum, StrEnum

import attrs

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    always,
    carried,
    choice,
    each,
    event,
    inside,
    integer,
    one,
    parameter,
    wire,
)


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


class Weekday(StrEnum):
    """Its members are strings too, and their names are not their values."""

    MON = "monday"
    TUE = "tuesday"


@attrs.frozen
class Shelf:
    """The key of a box."""

    aisle: str
    level: int


@attrs.frozen
class Slip:
    """What is written on a box."""

    lines: tuple[str, ...]
    tags: frozenset[str]
    weight: float
    packed: date
    day: Weekday | None = None


absent, stored, rotten = State("absent"), State("stored"), State("rotten")
quiet, ringing = State("quiet"), State("ringing")
shut, ajar = State("shut"), State("open")

moves = integer("moves", 0, 3)
size = choice("size", Size)
slip = carried("slip", Slip | None, initial=None)  # type: ignore[arg-type]  # a union is no class to mypy


@event
class Store:
    shelf: Field[Shelf]
    size: Field[Size]
    slip: Field[Slip | None]


@event
class Shift:
    shelf: Field[Shelf]


@event
class Take:
    shelf: Field[Shelf]


@event
class Discard:
    """Every rotten box is thrown away."""


@event
class Out:
    """A box leaves its shelf."""


@event
class Put:
    size: Field[Size]
    slip: Field[Slip | None]


@event
class Remind:
    """Sent by time, twice."""


@event
class Rot:
    """Sent by time, where the box was never moved."""


@event
class Ring:
    """A box rots."""


@event
class Silence:
    shelf: Field[Shelf]


@event
class Enter:
    """Somebody opens the door."""


@event
class Fall:
    """Sent by time: the door falls shut."""


BOX = Machine(
    "box",
    states=(absent, stored, rotten),
    initial=absent,
    variables=(moves, size, slip),
    transitions=(
        absent.on(Put).to(stored).set(size, Put.size).set(slip, Put.slip),
        stored.on(Shift).when(moves < 3).stay().set(moves, moves + 1),
        stored.after(10, Remind).stay(),
        stored.after(20, Remind).when(moves == 0).stay(),
        stored.after(30, Rot).when(moves == 0).to(rotten),
        (stored | rotten).on(Out).to(absent),
    ),
    properties=(always("a box that was moved does not rot", inside(rotten) >> (moves == 0)),),
)
ALARM = Machine(
    "alarm",
    (quiet, ringing),
    quiet,
    (quiet.on(Ring).to(ringing), ringing.on(Ring).stay(), ringing.on(Silence).to(quiet)),
)
DOOR = Machine(
    "door",
    (shut, ajar),
    shut,
    (shut.on(Enter).to(ajar), ajar.on(Enter).to(ajar), ajar.after(15, Fall).to(shut)),
    properties=(always("the door is somewhere", inside(shut, ajar)),),
)

room = parameter("room", int, 3, low=0)
shelves = parameter("shelves", int, 3, low=0)

boxes = each("boxes", BOX, key="shelf", at_most=room, population=shelves)
alarms = each("alarms", ALARM, key="shelf")
door = one("door", DOOR)

DEPOT = System(
    "depot",
    parts=(boxes, alarms, door),
    parameters=(room, shelves),
    wires=(
        wire(Store, boxes[Store.shelf].by(Put, size=Store.size, slip=Store.slip)),
        wire(Shift, boxes[Shift.shelf].by(Shift, shelf=Shift.shelf)),
        wire(Take, boxes[Take.shelf].by(Out)),
        wire(Discard, boxes.every(rotten).by(Out)),
        wire(boxes.sends(Rot), alarms[boxes.sends(Rot).key].by(Ring)),
        wire(Silence, alarms[Silence.shelf].by(Silence, shelf=Silence.shelf)),
    ),
    rules=(Rule("one large box", on=Store, when=(Store.size == Size.SMALL) | boxes.none(size == Size.LARGE)),),
    properties=(always("large boxes never stand together", boxes.count(size == Size.LARGE) <= 1, cites=("G1",)),),
)
