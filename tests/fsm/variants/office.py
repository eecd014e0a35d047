"""A counter with visitors, and what other offices do otherwise: a base and variants of it, for the tests of `fsm.variants`."""

from __future__ import annotations

from fsm import (
    Assumption,
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    boolean,
    each,
    each_step,
    effect,
    event,
    happens,
    inside,
    one,
    parameter,
    reachable,
    wire,
)
from fsm.variants import Variant, line, replaced, retracted, rule, varied, wiring


@event
class Open:
    """The office opens."""


@event
class Close:
    """The office closes."""


@event
class Enter:
    visitor: Field[str]


@event
class Call:
    visitor: Field[str]


@event
class Go:
    visitor: Field[str]


@event
class Sit:
    """A visitor takes a chair."""


@event
class Speak:
    """A visitor is at the desk."""


@event
class Leave:
    """A visitor leaves."""


@event
class TiredOut:
    """Sent by time."""


@effect
class Served:
    """For the statistics."""


closed, opened = State("closed"), State("opened")
outside, waiting, served = State("outside"), State("waiting"), State("served")
greeted = boolean("greeted")
chairs = parameter("chairs", int, 3, low=1, high=5)
patience = parameter("patience", int, 60_000, low=1)

OFFICE = Machine(
    "office",
    states=(closed, opened),
    initial=closed,
    transitions=(closed.on(Open).to(opened), opened.on(Close).to(closed)),
)
VISITOR = Machine(
    "visitor",
    states=(outside, waiting, served),
    initial=outside,
    variables=(greeted,),
    transitions=(
        outside.on(Sit).to(waiting).set(greeted, False),
        waiting.on(Speak).to(served).set(greeted, True),
        (waiting | served).on(Leave).to(outside),
    ),
    properties=(
        always("who is served was greeted", inside(served) >> greeted),
        each_step("only leaving ends a service", (before(inside(served)) & ~after(inside(served))) >> happens(Leave)),
    ),
)
office, visitors = one("office", OFFICE), each("visitors", VISITOR, key="visitor")
HOUSE = System(
    "house",
    parts=(office, visitors),
    parameters=(chairs,),
    wires=(
        wire(Enter, visitors[Enter.visitor].by(Sit)),
        wire(Call, visitors[Call.visitor].by(Speak)),
        wire(Go, visitors[Go.visitor].by(Leave)),
    ),
    rules=(
        Rule("there is a chair", on=Enter, when=visitors.count() < chairs),
        Rule("one is served at a time", on=Call, when=visitors.none(served)),
    ),
    assumptions=(Assumption("some chairs", chairs >= 1),),
    properties=(
        always("no more visitors than chairs", visitors.count() <= chairs),
        always("one is served at most", visitors.count(served) <= 1),
        reachable("somebody is served", visitors.any(served)),
    ),
)

# Variants

paused = State("paused")


@event
class Pause:
    """Something is looked for."""


@event
class GoOn:
    """It was found."""


@event
class LookFor:
    visitor: Field[str]


@event
class Found:
    visitor: Field[str]


PAUSES = Variant("pauses", VISITOR, adds=(paused, served.on(Pause).to(paused), paused.on(GoOn).to(served)))
with_pauses = varied(HOUSE, PAUSES).part("visitors")
PAUSES_HERE = Variant(
    "a service is interrupted",
    HOUSE,
    machines=(PAUSES,),
    adds=(
        wire(LookFor, with_pauses[LookFor.visitor].by(Pause)),
        wire(Found, with_pauses[Found.visitor].by(GoOn)),
        Rule("nobody is served meanwhile", on=Found, when=with_pauses.none(served)),
        always("whoever is paused was greeted", with_pauses.count(paused, ~greeted) == 0),
    ),
)
IMPATIENT = Variant("impatient", VISITOR, adds=(waiting.after(patience, TiredOut).to(outside),))
CROWD = Variant(
    "two desks",
    HOUSE,
    leaves_out=(rule("one is served at a time"),),
    retracts=(retracted("one is served at most", because="there are two desks"),),
)
HALL = Variant("a hall", HOUSE, replaces=(replaced(chairs, parameter("chairs", int, 40, low=1, high=99)),))
ONLY_WHEN_OPEN = Variant(
    "only when open",
    HOUSE,
    replaces=(replaced(rule("there is a chair"), Rule("a chair, and open", on=Enter, when=(visitors.count() < chairs) & office.inside(opened))),),
)  # fmt: skip
NOBODY_LEAVES_SERVED = Variant("no way out", VISITOR, leaves_out=(line(served, Leave),))
NO_CALLS = Variant("no calls", HOUSE, leaves_out=(wiring(Call), rule("one is served at a time")))
COUNTED = Variant(
    "counted", VISITOR, replaces=(replaced(line(served, Leave), served.on(Leave).to(outside).emits(Served)),)
)
EVERY = (PAUSES_HERE, IMPATIENT, CROWD, HALL, ONLY_WHEN_OPEN)
VARIED = varied(HOUSE, *EVERY)
