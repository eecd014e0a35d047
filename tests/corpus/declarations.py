"""Small declarations for the cases judged by hand: each has a few constructs and their edges, and nothing else."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from fsm import (
    ELAPSED,
    KEY,
    NOW,
    SINCE,
    Assumption,
    Field,
    Machine,
    Range,
    Rule,
    State,
    System,
    after,
    always,
    applied,
    before,
    boolean,
    carried,
    choice,
    choose,
    each,
    each_step,
    effect,
    emitted,
    event,
    for_each,
    happens,
    inside,
    integer,
    named,
    one,
    parameter,
    wire,
)
from fsm.language.leaves import Clock

__all__ = ["FUNCTIONS", "SUBJECTS", "joined"]


def joined(first: str, second: str) -> str:
    """The one function of the corpus: both texts, the first before the second."""
    return first + second


FUNCTIONS = (joined,)


@event
class Toggle: ...


@event
class Poke: ...


@event
class Renew: ...


@event
class Dim: ...


off, on = State("off"), State("on")
SWITCH = Machine(
    "switch",
    (off, on),
    off,
    (
        off.on(Toggle).to(on),
        on.on(Toggle).to(off),
        on.on(Poke).stay(),
        on.on(Renew).to(on),
        on.after(10, Dim).to(off),
    ),
)

# Operators: each event asks one, and the machine goes to yes or to no


@event
class Less: ...


@event
class AtMost: ...


@event
class More: ...


@event
class AtLeast: ...


@event
class Same: ...


@event
class Other: ...


@event
class Both: ...


@event
class Either: ...


@event
class Not: ...


@event
class Follows: ...


@event
class Alike: ...


@event
class Unlike: ...


@event
class Red: ...


@event
class Coloured: ...


class Hue(Enum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


asked, yes, no = State("asked"), State("yes"), State("no")
a, b = integer("a"), integer("b")
p, q = boolean("p"), boolean("q")
hue = choice("hue", Hue, initial=Hue.GREEN)
QUESTIONS = {
    Less: a < b, AtMost: a <= b, More: a > b, AtLeast: a >= b, Same: a == b, Other: a != b,
    Both: named("both of them", p & q), Either: p | q, Not: ~p, Follows: p >> q, Alike: p == q, Unlike: p != q,
    Red: hue == Hue.RED, Coloured: hue != Hue.RED,
}  # fmt: skip
ORACLE = Machine(
    "oracle",
    (asked, yes, no),
    asked,
    tuple(line for kind, holds in QUESTIONS.items() for line in (asked.on(kind).when(holds).to(yes), asked.on(kind).to(no))),
    (a, b, p, q, hue),
)  # fmt: skip

# Sums, simultaneous updates, the first guard that holds, values beyond what JSON keeps


@event
class Add:
    amount: Field[Annotated[int, Range(0, 3)]]


@event
class Take:
    amount: Field[Annotated[int, Range(0, 3)]]


@event
class Double: ...


@event
class Swap: ...


@event
class Clip: ...


@event
class Reset: ...


low, high, over = State("low"), State("high"), State("over")
n, m = integer("n", 0, 9), integer("m", 0, 9)
far = integer("far", initial=2**60)
ADDER = Machine(
    "adder",
    (low, high, over),
    low,
    (
        low.on(Add).when(n + Add.amount >= 7).to(over),
        low.on(Add).when((n + Add.amount >= 4) & (n + Add.amount <= 9)).to(high).set(n, n + Add.amount),
        low.on(Add).when(n + Add.amount < 7).stay().set(n, n + Add.amount),
        (low | high).on(Take).when(n - Take.amount >= 0).stay().set(n, n - Take.amount),
        (low | high).on(Double).when(n < 5).stay().set(n, 2 * n).set(far, far * 2),
        (low | high | over).on(Swap).stay().set(n, m).set(m, n),
        (low | high).on(Clip).stay().set(m, choose(n > m, m, choose(n == m, 0, n))),
        over.on(Reset).to(low).set(n, 0).set(m, 0),
    ),
    (n, m, far),
)

# Several timers of a state, guards that lapse, durations by parameters


@event
class Start: ...


@event
class Ring: ...


@event
class Nag: ...


@event
class Stop: ...


@event
class Late: ...


@event
class Hush:
    quiet: Field[bool]


@effect
class Rang:
    at: int
    waited: int


patience = parameter("patience", int, 10, low=1, high=20)
loud = parameter("loud", bool, True)
idle, armed, ringing, spent = State("idle"), State("armed"), State("ringing"), State("spent")
quiet = boolean("quiet")
rings = integer("rings", 0, 5)
CLOCK = Machine(
    "clock",
    (idle, armed, ringing, spent),
    idle,
    (
        idle.on(Start).to(armed),
        (armed | ringing).on(Hush).stay().set(quiet, Hush.quiet),
        armed.on(Start).when(ELAPSED >= 4).to(armed),
        armed.after(3, Nag).when(~quiet).stay().set(rings, choose(rings < 5, rings + 1, rings)),
        armed.after(6, Ring).when(loud & ~quiet).to(ringing).emits(Rang, at=NOW, waited=ELAPSED),
        armed.after(6, Nag).stay().set(rings, 5),
        armed.after(patience, Late).to(spent),
        ringing.after(patience, Stop).to(idle).set(rings, 0),
        ringing.after(2 * patience + 1, Late).to(spent),
    ),
    (quiet, rings),
    assumptions=(Assumption("patience is short where it is loud", ~loud | (patience <= 15)),),
)


@event
class Tick: ...


@event
class Tock: ...


left, right, gone = State("left"), State("right"), State("gone")
swings = integer("swings", 0, 3)
PENDULUM = Machine(
    "pendulum",
    (left, right, gone),
    left,
    (
        left.after(2, Tick).when(swings < 3).to(right).set(swings, swings + 1),
        left.after(3, Tock).to(gone),
        right.after(2, Tick).to(left),
    ),
    (swings,),
)

# Carried data, stamps, an applied function


@event
class Write:
    text: Field[str]
    by: Field[str | None]


@event
class Send: ...


@effect
class Sent:
    text: object
    by: object
    key: object
    at: int
    since: int
    waited: int


@effect
class Counted:
    number: int
    hue: Hue
    plain: bool


empty, written = State("empty"), State("written")
words = carried("words", str, initial="")
author = carried("author", object, initial=None)
stamp = carried("stamp", int, initial=0)
LETTER = Machine(
    "letter",
    (empty, written),
    empty,
    (
        (empty | written).on(Write).to(written).set(words, applied(joined, words, Write.text)).set(author, Write.by)
        .set(stamp, SINCE),
        written.on(Send).to(empty).set(words, "").set(author, KEY).set(stamp, NOW)
        .emits(Sent, text=words, by=author, key=KEY, at=NOW, since=SINCE, waited=ELAPSED)
        .emits(Counted, number=7, hue=Hue.BLUE, plain=True),
    ),
    (words, author, stamp),
)  # fmt: skip

# Two parts with one instance: wires left out and written, conditions, rules, payloads


@event
class Go: ...


@event
class Halt: ...


@event
class Shift:
    gear: Field[Annotated[int, Range(0, 3)]]


@event
class Jump: ...


@event
class Rev:
    gear: Field[Annotated[int, Range(0, 3)]]
    hue: Field[Hue]


@event
class Stall: ...


rests, moves = State("rests"), State("moves")
gear = integer("gear", 0, 3)
colour = choice("colour", Hue)
ENGINE = Machine(
    "engine",
    (rests, moves),
    rests,
    (
        rests.on(Go).to(moves).set(gear, 1),
        moves.on(Halt).to(rests).set(gear, 0),
        moves.on(Rev).when(Rev.gear > gear).stay().set(gear, Rev.gear).set(colour, Rev.hue),
        moves.on(Stall).when(gear == 1).to(rests),
    ),
    (gear, colour),
)
LIGHT = Machine("light", (off, on), off, (off.on(Go).to(on), on.on(Halt).to(off), (off | on).on(Toggle).stay()))
limit = parameter("limit", int, 2, low=0, high=3)
wanted = parameter("wanted", Hue, Hue.GREEN)
engine, light, spare = one("engine", ENGINE), one("light", LIGHT), one("spare", ENGINE)
CAR = System(
    "car",
    (engine, light, spare),
    wires=(
        wire(Shift, engine.by(Rev, gear=Shift.gear, hue=wanted), when=light.inside(on) & (Shift.gear < limit + 1)),
        wire(Shift, engine.by(Rev, gear=3, hue=Hue.RED), light.by(Toggle), when=light.inside(off)),
        wire(Jump, engine.by(Stall), light.by(Toggle), spare.by(Stall)),
    ),
    rules=(
        Rule("not beyond the limit", on=(Shift, Jump), when=engine[gear] <= limit),
        Rule("not twice the wanted colour", on=Shift, when=(engine[colour] != wanted) | light.inside(off)),
    ),
    parameters=(limit, wanted),
)

# Parts with many instances: making, forgetting, naming, counting, limits


@event
class Come:
    guest: Field[str]
    tired: Field[bool]


@event
class Leave:
    guest: Field[str]


@event
class Change:
    old: Field[str]
    new: Field[str]
    tired: Field[bool]


@event
class Rest:
    guest: Field[str]


@event
class Close: ...


@event
class WakeAll: ...


@event
class Nudge:
    guest: Field[str]


@event
class Enter:
    tired: Field[bool]


@event
class Out: ...


@event
class Sleep: ...


@event
class Wake: ...


@event
class Look: ...


@effect
class Left:
    guest: object
    tired: bool


away, awake, asleep = State("away"), State("awake"), State("asleep")
tired = boolean("tired")
naps = integer("naps", 0, 2)
GUEST = Machine(
    "guest",
    (away, awake, asleep),
    away,
    (
        away.on(Enter).to(awake).set(tired, Enter.tired),
        (awake | asleep).on(Out).to(away).emits(Left, guest=KEY, tired=tired),
        awake.on(Sleep).when(tired & (naps < 2)).to(asleep).set(naps, naps + 1),
        asleep.on(Wake).to(awake).set(tired, False),
        (away | awake).on(Look).stay(),
    ),
    (tired, naps),
)
room = parameter("room", int, 2, low=0, high=5)
world = parameter("world", int, 9, low=0, high=9)
guests = each("guests", GUEST, key="guest", at_most=room, population=world)
lamp = one("lamp", LIGHT)
HOUSE = System(
    "house",
    (lamp, guests),
    wires=(
        wire(Come, guests[Come.guest].by(Enter, tired=Come.tired)),
        wire(Leave, guests[Leave.guest].by(Out)),
        wire(Change, guests[Change.old].by(Out), guests[Change.new].by(Enter, tired=Change.tired)),
        wire(Rest, guests[Rest.guest].by(Sleep)),
        wire(Close, guests.every(awake).by(Out), lamp.by(Halt)),
        wire(WakeAll, guests.every(tired | (naps > 1)).by(Wake)),
        wire(Nudge, guests[Nudge.guest].by(Look)),
    ),
    rules=(
        Rule("nobody comes while two sleep", on=(Come, Change), when=guests.count(asleep) < 2),
        Rule("the lamp is on, or all are awake", on=Rest, when=lamp.inside(on) | guests.all(awake)),
        Rule("somebody is tired", on=WakeAll, when=guests.any(tired)),
    ),
    parameters=(room, world),
)

# Claims: which of them a step breaks

members = each("members", GUEST, key="member")
CLUB = System(
    "club",
    (lamp, members),
    wires=(
        wire(Come, members[Come.guest].by(Enter, tired=Come.tired)),
        wire(Leave, members[Leave.guest].by(Out)),
        wire(Rest, members[Rest.guest].by(Sleep)),
        wire(Close, members.every(awake).by(Out), lamp.by(Halt)),
    ),
    properties=(
        always("0: who sleeps is tired", for_each(members, inside(asleep) >> tired)),
        always("1: two need a lamp", (members.count() <= 1) | lamp.inside(on)),
        each_step("2: one comes at a time", happens(Come) >> (after(members.count()) == before(members.count()) + 1)),
        each_step("3: nobody goes awake", for_each(members, before(inside(awake)) >> after(inside(awake, asleep)))),
        each_step("4: nobody sleeps twice", for_each(members, happens(Sleep) >> after(naps < 2))),
        always("5: one leaves at most", emitted(Left) <= 1),
        each_step("6: nobody is closed in", for_each(members, happens(Close) >> ~after(inside(asleep)))),
        always("7: nobody is awake for long", for_each(members, inside(awake) >> (ELAPSED <= 10))),
        each_step("8: the lamp is put out in time", happens(Close) >> (before(Clock(lamp)) <= 20)),
        each_step("9: who leaves is missed", happens(Out) >> (after(members.count()) < before(members.count()))),
    ),
)

# What time sends to one part moves others


@event
class Place:
    pot: Field[str]


@event
class Lift:
    pot: Field[str]


@event
class Heat: ...


@event
class Boil: ...


@event
class Cool: ...


@event
class Whistle: ...


@event
class Alarm: ...


@event
class Quench: ...


cold, hot, boiled = State("cold"), State("hot"), State("boiled")
POT = Machine(
    "pot",
    (cold, hot, boiled),
    cold,
    (
        cold.on(Heat).to(hot),
        (hot | boiled).on(Cool).to(cold),
        hot.after(5, Boil).to(boiled),
        boiled.after(4, Whistle).to(cold),
    ),
)
calm, calls = State("calm"), State("calls")
heard = integer("heard", 0, 2)
last = carried("last", object, initial=None)


@event
class Hear:
    who: Field[object]


SIREN = Machine(
    "siren",
    (calm, calls),
    calm,
    (
        calm.on(Hear).when(heard < 2).stay().set(heard, heard + 1).set(last, Hear.who),
        calm.after(7, Alarm).to(calls),
        calls.on(Quench).to(calm).set(heard, 0),
    ),
    (heard, last),
)
siren, pots = one("siren", SIREN), each("pots", POT, key="pot")
KITCHEN = System(
    "kitchen",
    (siren, pots),
    wires=(
        wire(Place, pots[Place.pot].by(Heat)),
        wire(Lift, pots[Lift.pot].by(Cool)),
        wire(pots.sends(Boil), siren.by(Hear, who=pots.sends(Boil).key), when=pots.count(hot) < 3),
        wire(siren.sends(Alarm), pots.every(hot).by(Cool)),
    ),
    properties=(always("0: all of them are hot, or all have boiled", ~(pots.any(hot) & pots.any(boiled))),),
)

SUBJECTS = {
    "switch": SWITCH, "oracle": ORACLE, "adder": ADDER, "clock": CLOCK, "pendulum": PENDULUM, "letter": LETTER, "car": CAR, "house": HOUSE, "club": CLUB, "kitchen": KITCHEN,
}  # fmt: skip
