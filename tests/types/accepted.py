"""Uses that every type checker must accept: a machine, a system, a run. Never imported, only checked."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, assert_type

from fsm import (
    KEY,
    NOW,
    Event,
    EventRefused,
    Field,
    Machine,
    Range,
    Rule,
    Snapshot,
    State,
    Step,
    System,
    always,
    boolean,
    choice,
    choose,
    compile,
    each,
    effect,
    effect_base,
    event,
    event_base,
    inside,
    integer,
    left,
    one,
    optional,
    parameter,
    reachable,
    wire,
)  # fmt: skip
from fsm.language.expressions import Expr


class Floor(Enum):
    GROUND = "ground"
    FIRST = "first"


@event
class Call:
    cabin: Field[str]
    floor: Field[Floor]
    persons: Field[Annotated[int, Range(0, 8)]]


@event
class Close:
    """The door closes."""


@effect
class Bell:
    cabin: object
    at: int


idle = State("idle")
moving = State("moving", "between two floors")
floor = choice("floor", Floor)
persons = integer("persons", 0, 8)
full = boolean("full")
limit = parameter("limit", int, 8, low=1, high=8)

CABIN = Machine(
    "cabin",
    states=(idle, moving),
    initial=idle,
    variables=(floor, persons, full),
    transitions=(
        idle.on(Call).when((Call.persons <= limit) & (Call.floor == Floor.FIRST)).to(moving).set(floor, Call.floor).set(persons, Call.persons)
            .set(full, False).emits(Bell, cabin=KEY, at=NOW).happily(),
        moving.on(Close).when((persons + 1 > 0) | full).to(idle),
    ),
    properties=(always("nobody is left behind", inside(idle) >> (persons >= 0)), reachable("a cabin can move", inside(moving))),
)  # fmt: skip

cabins = each("cabins", CABIN, key="cabin", at_most=limit)
LIFT = System(
    "lift",
    parts=(cabins,),
    parameters=(limit,),
    wires=(
        wire(Call, cabins[Call.cabin].by(Call, cabin=Call.cabin, floor=Call.floor, persons=Call.persons)),
        wire(Close, cabins.every(moving).by(Close)),
    ),
    rules=(Rule("a cabin is free", on=Call, when=cabins.count(moving) < limit),),
)
SINGLE = System("single", parts=(one("cabin", CABIN),), parameters=(limit,))

call = Call(cabin="a", floor=Floor.FIRST, persons=2)
assert_type(call.persons, int)
assert_type(call.floor, Floor)
assert_type(Call.cabin, Expr[str])
assert_type(Call.floor == Floor.GROUND, Expr[bool])
assert_type(choose(full, persons, limit), Expr[int])
assert_type(choose(full, Floor.GROUND, floor), Expr[Floor])
assert_type(choose(full, persons, 0), Expr[int])

engine = compile(LIFT, {"limit": 3})
try:
    step = engine.step(engine.start(), call, at=0)
    assert_type(step, Step)
    assert_type(step.after, Snapshot)
except EventRefused as refused:
    print(refused.refusal, refused.snapshot)


class Stop(Event):
    cabin: Field[str]
    floor: Field[Floor]
    note: Field[str] = optional(default="")


class Side(Enum):
    IDLE = "idle"
    MOVING = "moving"


@effect
class Told:
    left: Side


(idle | moving).on(Stop).to(idle).stores(floor).emits(Told, left=left(Side))
assert_type(Stop("a", Floor.FIRST).floor, Floor)
assert_type(Stop("a", Floor.FIRST, note="b").note, str)
assert_type(left(Side), Expr[Side])


@event_base
class InCabin:
    cabin: Field[str]


@event_base
class ByPerson(InCabin):
    person: Field[str]


@event
class Press(ByPerson):
    floor: Field[Floor]


class Leave(ByPerson, Event):
    in_haste: Field[bool] = optional(default=False)


@effect_base
class OfCabin:
    cabin: object
    at: int


@effect
class Rung(OfCabin):
    floor: Floor


moving.on(Press).when(Press.floor == Floor.GROUND).to(idle).emits(Rung, cabin=KEY, at=NOW, floor=Press.floor)
assert_type(Press("a", "Ann", Floor.FIRST).cabin, str)
assert_type(Press.cabin, Expr[str])
assert_type(Leave("a", "Ann").in_haste, bool)
assert_type(Leave.person, Expr[str])
assert_type(Rung("a", 3, Floor.FIRST).at, int)
assert_type({Press("a", "Ann", Floor.FIRST): call == call}, dict[Press, bool])
