"""A room with a door and people: any number of them, as many inside as the fire brigade allows.

Proved and tested by

    fsm verify examples/door.py:ROOM
    pytest examples/door.py
"""

from __future__ import annotations

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    always,
    before,
    compile,
    each,
    each_step,
    event,
    happens,
    one,
    parameter,
    reachable,
    recoverable,
    wire,
)
from fsm.verification.testing import stateful

seats = parameter("seats", int, 12, low=1, doc="people who may be inside at once")

shut, open_, locked = State("shut"), State("open"), State("locked")
outside, within_ = State("outside"), State("within")


@event
class Open:
    """The door is opened, from either side."""


@event
class Shut:
    """The door is shut."""


@event
class Lock:
    """It is locked from outside, in the evening."""


@event
class Unlock:
    """It is unlocked from outside, in the morning."""


@event
class Enter:
    """Somebody goes in."""

    person: Field[str]


@event
class Leave:
    """Somebody goes out."""

    person: Field[str]


@event
class GoIn:
    """What a person does then."""


@event
class GoOut:
    """What a person does then."""


DOOR = Machine(
    "door",
    states=(shut, open_, locked),
    initial=locked,
    transitions=(
        shut.on(Open).to(open_).happily(),
        open_.on(Shut).to(shut).happily(),
        shut.on(Lock).to(locked).happily(),
        locked.on(Unlock).to(shut).happily(),
    ),
)

PERSON = Machine(
    "person",
    states=(outside, within_),
    initial=outside,
    transitions=(outside.on(GoIn).to(within_).happily(), within_.on(GoOut).to(outside).happily()),
)

door = one("door", DOOR)
people = each("people", PERSON, key="person")

ROOM = System(
    "room",
    parts=(door, people),
    parameters=(seats,),
    wires=(wire(Enter, people[Enter.person].by(GoIn)), wire(Leave, people[Leave.person].by(GoOut))),
    rules=(
        Rule("nobody walks through a door that is not open", on=(Enter, Leave), when=door.inside(open_)),
        Rule("a seat is free", on=Enter, when=people.count(within_) < seats),
        Rule("nobody is locked in", on=Lock, when=people.none(within_)),
    ),
    properties=(
        always("there is a seat for everybody inside", people.count(within_) <= seats),
        always("nobody is behind a locked door", door.inside(locked) >> people.none(within_)),
        each_step("people come and go through an open door", happens(Enter, Leave) >> before(door.inside(open_))),
        each_step("the door is shut before it is locked", happens(Lock) >> before(door.inside(shut))),
        reachable("the room can be full", people.count(within_) == seats),
        recoverable("everybody can always get out", people.none(within_)),
    ),
)


TestRoom = stateful(ROOM, {"seats": 2}).TestCase


def test_who_comes_too_late_is_told_that_no_seat_is_free() -> None:
    """One seat, and somebody sits on it."""
    engine = compile(ROOM, {"seats": 1})
    room = engine.start(at=0)
    for sent in (Unlock(), Open(), Enter(person="Ann")):
        room = engine.step(room, sent, at=0).after

    refused = engine.why_not(room, Enter(person="Bob"), at=1)

    assert "a seat is free" in str(refused)
    assert engine.why_not(room, Leave(person="Ann"), at=1) is None
