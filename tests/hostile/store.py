"""The system at whose doors strangers knock: a store of boxes with timers, a door beside it, and a limit that is a parameter."""

from __future__ import annotations

from enum import Enum

from fsm import (
    ELAPSED,
    KEY,
    NOW,
    Field,
    Machine,
    Rule,
    State,
    System,
    always,
    boolean,
    carried,
    choice,
    compile,
    each,
    effect,
    event,
    for_each,
    integer,
    one,
    parameter,
    wire,
)

__all__ = ["ENGINE", "STORE", "Bang", "Move", "Put", "Size", "Take"]


class Size(Enum):
    """Of a box."""

    SMALL = "small"
    LARGE = "large"


@event
class Put:
    """A box comes, or something is put into it."""

    key: Field[str]
    size: Field[Size]
    note: Field[str | None]


@event
class Take:
    """A box goes."""

    key: Field[str]


@event
class Move:
    """The contents of one box are moved into another."""

    giver: Field[str]
    taker: Field[str]


@event
class Bang:
    """The door is shut or opened."""


@event
class Warn:
    """Sent by time."""


@event
class Spoil:
    """Sent by time."""


@event
class Fill:
    """To a box that is there."""


@event
class Empty:
    """To a box that is there."""


@effect
class Gone:
    """A box has spoiled, or was taken."""

    key: object
    at: int


absent, fresh, spoiled = State("absent"), State("fresh"), State("spoiled")
shut, opened = State("shut"), State("open")
most = parameter("most", int, 2, low=1, high=3)
size, note, puts = choice("size", Size), carried("note", str | None, initial=None), integer("puts", 0, 3)
tired = boolean("tired")
BOX = Machine(
    "box",
    (absent, fresh, spoiled),
    absent,
    (
        absent.on(Put).to(fresh).set(size, Put.size).set(note, Put.note),
        fresh.on(Put).when((size == Size.SMALL) & (puts < 3)).stay().set(puts, puts + 1).set(note, Put.note),
        fresh.on(Fill).when((size == Size.SMALL) & (puts < 3)).stay().set(puts, puts + 1),
        fresh.on(Empty).when(puts > 0).stay().set(puts, puts - 1),
        (fresh | spoiled).on(Take).to(absent).emits(Gone, key=KEY, at=NOW),
        fresh.after(10, Warn).stay(),
        fresh.after(20, Spoil).to(spoiled).emits(Gone, key=KEY, at=NOW),
    ),
    (size, note, puts),
    (always("what is large is never filled", (size == Size.LARGE) >> (puts == 0)),),
)
DOOR = Machine(
    "door",
    (shut, opened),
    shut,
    (
        shut.on(Bang).to(opened),
        opened.on(Bang).when(ELAPSED >= 5).to(shut).set(tired, ~tired),
    ),
    (tired,),
)
boxes, door = each("boxes", BOX, key="key", at_most=most), one("door", DOOR)
STORE = System(
    "store",
    parts=(boxes, door),
    wires=(
        wire(Put, boxes[Put.key].by(Put, key=Put.key, size=Put.size, note=Put.note)),
        wire(Take, boxes[Take.key].by(Take, key=Take.key)),
        wire(Move, boxes[Move.giver].by(Empty), boxes[Move.taker].by(Fill)),
        wire(Bang, door.by(Bang)),
    ),
    rules=(
        Rule("one large box", on=Put, when=(Put.size == Size.SMALL) | boxes.none(size == Size.LARGE)),
        Rule("the door is open", on=Take, when=door.inside(opened)),
    ),
    parameters=(most,),
    properties=(
        always("at most one box is large", boxes.count(size == Size.LARGE) <= 1),
        always("each counts to three", for_each(boxes, puts <= 3)),
    ),
)
ENGINE = compile(STORE)
