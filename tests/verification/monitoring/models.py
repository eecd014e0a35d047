"""Small machines and systems that are watched in the tests: each with what a recorder of such a thing would write in mind."""

from __future__ import annotations

from enum import Enum

from fsm import (
    ELAPSED,
    Field,
    Machine,
    Rule,
    State,
    System,
    always,
    boolean,
    carried,
    choice,
    each,
    each_step,
    event,
    happens,
    inside,
    integer,
    one,
    parameter,
    wire,
    within,
)
from fsm import before as just_before

# A traffic light: one timer


@event
class Go: ...


@event
class Tick: ...


@event
class Stop: ...


red, green, yellow = State("red"), State("green"), State("yellow")
GREEN_LASTS = 10_000

LIGHT = Machine(
    "light",
    states=(red, green, yellow),
    initial=red,
    transitions=(
        red.on(Go).to(green),
        green.after(GREEN_LASTS, Tick).to(yellow),
        yellow.on(Stop).to(red),
    ),
)

# The same, its timer set by somebody

green_lasts = parameter("green_lasts", int, 10_000, low=1)

LAMP = Machine(
    "lamp",
    states=(red, green, yellow),
    initial=red,
    transitions=(
        red.on(Go).to(green),
        green.after(green_lasts, Tick).to(yellow),
        yellow.on(Stop).to(red),
    ),
)

# A safe: three wrong codes lock it for five minutes


@event
class Code:
    right: Field[bool]


@event
class Unlock: ...


@event
class Shut: ...


shut, opened, locked = State("shut"), State("opened"), State("locked")
wrong = integer("wrong", 0, 2)

SAFE = Machine(
    "safe",
    states=(shut, opened, locked),
    initial=shut,
    variables=(wrong,),
    transitions=(
        shut.on(Code).when(Code.right).to(opened).set(wrong, 0),
        shut.on(Code).when(~Code.right & (wrong < 2)).stay().set(wrong, wrong + 1),
        shut.on(Code).when(~Code.right & (wrong == 2)).to(locked).set(wrong, 0),
        locked.after(300_000, Unlock).to(shut),
        opened.on(Shut).to(shut),
    ),
    properties=(always("an open safe forgets wrong codes", inside(opened) >> (wrong == 0), cites="SAFE-1"),),
)

# A circuit breaker: as many failures in a row as somebody set open it; after a while it tries again


@event
class Succeed: ...


@event
class Failure: ...


@event
class TryAgain: ...


@event
class Call: ...


closed, open_, half = State("closed"), State("open"), State("half_open")
failures = integer("failures", 0, 20)
threshold = parameter("threshold", int, 3, low=1, high=20)

BREAKER = Machine(
    "breaker",
    states=(closed, open_, half),
    initial=closed,
    variables=(failures,),
    transitions=(
        closed.on(Succeed).stay().set(failures, 0),
        closed.on(Failure).when(failures + 1 < threshold).stay().set(failures, failures + 1),
        closed.on(Failure).when((failures + 1 >= threshold) & (failures < 20)).to(open_).set(failures, 0),
        open_.after(30_000, TryAgain).to(half),
        half.on(Succeed).to(closed),
        half.on(Failure).to(open_),
    ),
)

# An order and its courier: two parts, rules, claims that nothing enforces


class Payment(Enum):
    CARD = "card"
    CASH = "cash"


@event
class Place:
    payment: Field[Payment]


@event
class Pay: ...


@event
class Cancel: ...


@event
class PickUp: ...


@event
class Deliver: ...


@event
class Lapse: ...


@event
class Back: ...


new, placed, paid, on_the_way, delivered, cancelled = (
    State(name) for name in ("new", "placed", "paid", "on_the_way", "delivered", "cancelled")
)
waiting, riding = State("waiting"), State("riding")
payment = choice("payment", Payment)
rush = boolean("rush")

PARCEL = Machine(
    "parcel",
    states=(new, placed, paid, on_the_way, delivered, cancelled),
    initial=new,
    variables=(payment,),
    transitions=(
        new.on(Place).to(placed).set(payment, Place.payment),
        placed.on(Pay).to(paid),
        placed.after(600_000, Lapse).to(cancelled),
        (placed | paid).on(Cancel).to(cancelled),
        paid.on(PickUp).to(on_the_way),
        placed.on(PickUp).when(payment == Payment.CASH).to(on_the_way),
        on_the_way.on(Deliver).to(delivered),
    ),
)
RIDER = Machine(
    "rider",
    states=(waiting, riding),
    initial=waiting,
    transitions=(waiting.on(PickUp).to(riding), riding.on(Back).to(waiting)),
)

parcel, rider = one("parcel", PARCEL), one("rider", RIDER)

ORDER = System(
    "order",
    parts=(parcel, rider),
    rules=(Rule("a parcel on the way is not cancelled", on=Cancel, when=rider.inside(waiting), cites="O-7"),),
    properties=(
        within(
            "a paid parcel leaves within an hour",
            3_600_000,
            parcel.inside(paid),
            parcel.inside(on_the_way, cancelled),
            cites="O-3",
        ),
        within(
            "a parcel is delivered within two hours",
            7_200_000,
            parcel.inside(on_the_way),
            parcel.inside(delivered),
            cites="O-4",
        ),
    ),
)

# A door with people behind it


@event
class Enter:
    person: Field[str]


@event
class Leave:
    person: Field[str]


@event
class Close: ...


@event
class Open: ...


@event
class Come: ...


@event
class Depart: ...


outside, within_ = State("outside"), State("inside")
gate_open, gate_closed = State("open"), State("closed")

PERSON = Machine("person", (outside, within_), outside, (outside.on(Come).to(within_), within_.on(Depart).to(outside)))
GATE = Machine(
    "gate",
    (gate_open, gate_closed),
    gate_open,
    (gate_open.on(Close).to(gate_closed), gate_closed.on(Open).to(gate_open)),
)
gate, people = one("gate", GATE), each("people", PERSON, key="person")
room = parameter("room", int, 3, low=1)

DOOR = System(
    "door",
    parts=(gate, people),
    parameters=(room,),
    wires=(
        wire(Enter, people[Enter.person].by(Come)),
        wire(Leave, people[Leave.person].by(Depart)),
    ),
    rules=(
        Rule("nobody enters a closed door", on=Enter, when=gate.inside(gate_open), cites="R1"),
        Rule("the door is closed only when empty", on=Close, when=people.none(), cites="R2"),
        Rule("there is room", on=Enter, when=people.count() < room, cites="R3"),
    ),
    properties=(each_step("who leaves was inside", happens(Leave) >> just_before(people.any()), cites="R4"),),
)

# A night watchman, who must be heard of every so often: a timer that moves another part, a guard on the time in state


@event
class Report: ...


@event
class Overdue: ...


@event
class Alarm: ...


@event
class Calm: ...


on_round, missing = State("on_round"), State("missing")
quiet, ringing = State("quiet"), State("ringing")

WATCHMAN = Machine(
    "watchman",
    states=(on_round, missing),
    initial=on_round,
    transitions=(
        on_round.on(Report).when(ELAPSED >= 60_000).to(on_round),
        on_round.after(900_000, Overdue).to(missing),
        missing.on(Report).to(on_round),
    ),
)
SIREN = Machine(
    "siren",
    states=(quiet, ringing),
    initial=quiet,
    transitions=(quiet.on(Alarm).to(ringing), ringing.on(Alarm).stay(), ringing.on(Calm).to(quiet)),
)
watchman, siren = one("watchman", WATCHMAN), one("siren", SIREN)

NIGHT = System(
    "night",
    parts=(watchman, siren),
    wires=(
        wire(watchman.sends(Overdue), siren.by(Alarm)),
        wire(Report, watchman.by(Report)),
        wire(Calm, siren.by(Calm)),
    ),
)

# A lamp on a stair: a claim about the time in state, that nothing enforces


@event
class On: ...


@event
class Off: ...


dark, lit = State("dark"), State("lit")

STAIR = Machine(
    "stair",
    states=(dark, lit),
    initial=dark,
    transitions=(dark.on(On).to(lit), lit.on(On).stay(), lit.on(Off).to(dark)),
    properties=(always("the light is off after five minutes", inside(lit) >> (ELAPSED <= 300_000), cites="L-2"),),
)

# A badge with a name, which nothing asks for

worn, unworn = State("worn"), State("unworn")

BADGE = Machine(
    "badge",
    states=(worn, unworn),
    initial=worn,
    variables=(carried("name", str, initial=""),),
    transitions=(worn.on(Off).to(unworn), unworn.on(On).to(worn)),
)

# A turnstile: three steps, which a till and a gate write down


@event
class Coin: ...


@event
class Pass: ...


@event
class Bar: ...


barred, free, turned = State("barred"), State("free"), State("turned")

TURNSTILE = Machine(
    "turnstile",
    states=(barred, free, turned),
    initial=barred,
    transitions=(barred.on(Coin).to(free), free.on(Pass).to(turned), turned.on(Bar).to(barred)),
)
