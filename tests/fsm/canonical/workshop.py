"""A workshop: one system in which every construct of the language stands, and carried data of every sort."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, Flag
from typing import Annotated, Any, Literal, NamedTuple, NewType

import attrs

from fsm import (
    ELAPSED,
    KEY,
    NOW,
    SINCE,
    Assumption,
    Field,
    Kind,
    Machine,
    NamedProfile,
    Range,
    Rule,
    State,
    System,
    after,
    always,
    applied,
    before,
    boolean,
    can_happen,
    carried,
    choice,
    choose,
    compassion,
    each,
    each_step,
    effect,
    emitted,
    event,
    for_each,
    happens,
    inside,
    integer,
    justice,
    leads_to,
    named,
    one,
    parameter,
    reachable,
    recoverable,
    wire,
    within,
)
from fsm.language.domains import Opaque
from fsm.language.leaves import Clock


class Urgency(Enum):
    LOW = 1
    HIGH = 2


class Mark(Flag):
    SEEN = 1
    PAID = 2


class Place(NamedTuple):
    street: str
    number: int


class Name(str):
    """A class that extends one of Python's."""


@attrs.frozen
class Note:
    text: str
    by: Name


@attrs.frozen(eq=False)
class Box:
    """Is hashed by what it is and not by what is in it."""

    inside: list[int]
    marks: set[str]


@dataclass(frozen=True)
class Price:
    cents: int


Metres = NewType("Metres", int)
HUGE = 2**70


def with_note(notes: tuple[Note, ...], text: str, at: int) -> tuple[Note, ...]:
    return (*notes, Note(text, Name(str(at))))


@event
class Bring:
    """Somebody brings a thing to be mended."""

    thing: Field[str]
    urgency: Field[Urgency]
    weight: Field[Annotated[int, Range(0, 9)]]
    paid: Field[bool]
    words: Field[str | None]


@event
class Look:
    thing: Field[str]


@event
class Exchange:
    """One thing is mended, another comes in its place."""

    old: Field[str]
    new: Field[str]


@event
class Sweep:
    """What is finished goes."""


@event
class Open:
    pass


@event
class Shut:
    at_once: Field[bool]


@event
class Take:
    urgency: Field[Urgency]
    weight: Field[Annotated[int, Range(0, 9)]]
    paid: Field[bool]
    words: Field[str | None]


@event
class Mend:
    pass


@event
class Hand:
    pass


@event
class Remind:
    pass


@event
class GiveUp:
    pass


@event
class Count:
    pass


@effect
class Reminded:
    """A letter."""

    thing: object
    at: int
    since: int
    waited: int


class Table(UserDict[str, Any]):
    """A mapping that can be hashed."""

    def __hash__(self) -> int:  # type: ignore[override]  # of a mapping that nobody changes
        return hash(frozenset(self.data))


@effect
class Shown:
    """What is shown to whoever rings at an open door: data that no snapshot could keep."""

    point: complex
    box: Box
    table: Mapping[str, Any]


@effect
class Closed:
    urgency: Urgency
    count: int


patience = parameter("patience", int, 10, low=1, high=99, doc="Milliseconds until somebody gives up.", cites="S01")
room = parameter("room", int, 3, low=0)
strict = parameter("strict", bool, True)
usual = parameter("usual", Urgency, Urgency.LOW, cites=("S02", "D1"))

waiting = State("waiting", "nobody has it", Kind.IDLE)
bench = State("bench", "it is mended", Kind.ACTIVE)
shelf = State("shelf", "it waits for its owner", Kind.WAITING)
lost = State("lost", kind=Kind.TROUBLE)

urgency = choice("urgency", Urgency, initial=Urgency.HIGH, doc="how soon")
weight = integer("weight", 0, 18)
paid = boolean("paid")
notes: Any = carried("notes", tuple[Note, ...], initial=())

THING = Machine(
    "thing",
    states=(waiting, bench, shelf, lost),
    initial=waiting,
    variables=(urgency, weight, paid, notes),
    transitions=(
        waiting.on(Take).when(~Take.paid >> (Take.weight < 5)).to(bench).set(urgency, Take.urgency)
        .set(weight, choose(Take.urgency == usual, Take.weight + 1, 2 * Take.weight)).set(paid, Take.paid)
        .set(notes, applied(with_note, notes, "taken", NOW)).happily(),
        (bench | shelf).on(Mend).when(named("long enough", ELAPSED >= 2) | strict).to(shelf).happily(),
        (bench | shelf | lost).on(Hand).to(waiting).emits(Closed, urgency=urgency, count=weight - 1),
        shelf.after(patience, Remind).when(urgency != Urgency.LOW).stay()
        .emits(Reminded, thing=KEY, at=NOW, since=SINCE, waited=ELAPSED),
        shelf.after(2 * patience + 1, GiveUp).to(lost),
        lost.on(Mend).when(paid & ~strict & (weight < HUGE)).stay().set(weight, 0).set(paid, False),
    ),
    properties=(
        always("what is paid is not lost", ~(inside(lost) & paid), cites="S03", refuted_in=("lax",)),
        within("nothing stands on the shelf for ever", 3 * patience, inside(shelf), inside(waiting, lost)),
    ),
    assumptions=(Assumption("patience is short", patience <= 60, cites="S01"),),
    profiles=(
        NamedProfile("strict", {"strict": True, "room": 2}, "2021-07", "as it was"),
        NamedProfile("lax", {"strict": False, "elsewhere": HUGE}),
    ),
    doc="What becomes of a thing.",
)  # fmt: skip

off, on = State("off"), State("on")
total = integer("total", initial=-HUGE)
big = integer("big", None, 10**400)
KEPT: dict[str, tuple[Any, Any]] = {
    "none": (str | None, None),
    "text": (str, "lone \ud800, and \u2713"),
    "number": (object, 7),
    "truth": (object, True),
    "real": (float, 0.1),
    "endless": (float, float("-inf")),
    "raw": (bytes, b"\x00\xff"),
    "place": (Place, Place("High", 2)),
    "note": (Note, Note("a", Name("b"))),
    "price": (Price, Price(300)),
    "pair": (tuple[int, str], (1, "a")),
    "empty": (tuple[()], ()),
    "several": (frozenset[str], frozenset({"b", "a", "c"})),
    "deep": (object, ((("x",), frozenset({(1,), (True, "1")})),)),
    "decimal": (Decimal | int, Decimal("1.50")),
    "literal": (Literal["a", "b", 3, None], "a"),
    "metres": (Metres, Metres(3)),
    "member": (Urgency | None, Urgency.HIGH),
    "marks": (Mark, Mark.SEEN | Mark.PAID),
    "name": (Name, Name("n")),
    "anything": (Any, ("x",)),
}  # fmt: skip
carried_data: tuple[Any, ...] = tuple(
    attrs.evolve(carried(name, object, initial=None), of=Opaque(kind), initial=value)
    for name, (kind, value) in KEPT.items()
)

DOOR = Machine(
    "door",
    (off, on),
    off,
    (
        off.on(Open).to(on).set(total, total + 1),
        on.on(Open).to(on).emits(Shown, point=1j, box=Box([3, 1], {"b", "a"}), table=Table({"b": 1, "a": (2,)})),
        on.on(Shut).when(Shut.at_once).to(off),
        on.on(Count).stay().set(big, choose(big > 0, big - 1, big)),
    ),
    (total, big, *carried_data),
    properties=(each_step("it counts by one", after(total) - before(total) <= 1),),
)

door, spare = one("door", DOOR), one("spare", DOOR)
things = each("things", THING, key="thing", at_most=room, population=room + 4)

SYSTEM = System(
    "workshop",
    (door, things, spare),
    wires=(
        wire(
            Bring,
            things[Bring.thing].by(Take, weight=Bring.weight, urgency=Bring.urgency, paid=Bring.paid, words=Bring.words),
            when=door.inside(on) & (Bring.weight <= room),
        ),
        wire(Bring, things.every(lost).by(Mend), door.by(Count), when=~(door.inside(on) & (Bring.weight <= room))),
        wire(Look, things[Look.thing].by(Mend)),
        wire(Exchange, things[Exchange.old].by(Hand), things[Exchange.new].by(Mend)),
        wire(Sweep, things.every(shelf, ~paid & (weight < 3)).by(Hand)),
        wire(things.sends(GiveUp), door.by(Count), when=things.any(shelf)),
        wire(Count, door.by(Count), when=door[total] > 0),
    ),
    rules=(
        Rule("one urgent thing at a time", on=(Bring, Exchange), when=things.count(urgency == usual) <= 1, cites="S04"),
        Rule("not too heavy", on=Bring, when=things.all(weight < 9) & things.none(lost, paid)),
    ),
    parameters=(patience, room, strict, usual),
    assumptions=(Assumption("there is room", (room >= 1) | strict),),
    properties=(
        always("as many as there is room for", things.count() <= room),
        always("each is light", for_each(things, inside(shelf) >> (ELAPSED <= 2 * patience + 1))),
        each_step("a thing is handed out by somebody", for_each(things, (before(inside(shelf)) & after(inside(waiting))) >> happens(Hand))),
        can_happen("two are exchanged", happens(Exchange) & before(things.any())),
        reachable("a letter is written", emitted(Reminded) >= 2, refuted_in=("lax",)),
        recoverable("it can be empty again", things.none(), wherever=door.inside(on)),
        leads_to("whoever waits is served", things.any(bench), things.none(bench), fair=(Look, Sweep)),
        leads_to("each is mended", inside(bench), ~inside(bench), each=things, fair=(Sweep, justice(Look.thing), compassion(Exchange))),
        within("the door does not stand open", patience, door.inside(on), door.inside(off), refuted_in=("strict",)),
        always("a young door is shut", (Clock(door) < 5) >> (door[total] < HUGE)),
    ),
    profiles=(NamedProfile("strict", {"strict": True}), NamedProfile("lax", {"strict": False, "usual": Urgency.HIGH})),
    doc="Where things are mended.",
)  # fmt: skip
