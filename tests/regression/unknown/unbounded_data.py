"""A number without end in each of many instances: the counting encoding refuses it, and says so; nothing is dropped silently."""

from fsm import Field, Machine, State, System, always, each, event, integer, wire

away, here = State("away"), State("here")
steps = integer("steps", 0, None)


@event
class Come:
    who: Field[str]


@event
class Walk:
    who: Field[str]


@event
class Begin:
    pass


@event
class Go:
    pass


WALKER = Machine(
    "walker",
    states=(away, here),
    initial=away,
    variables=(steps,),
    transitions=(away.on(Begin).to(here).set(steps, 0), here.on(Go).stay().set(steps, steps + 1)),
)
walkers = each("walkers", WALKER, key="who", at_most=1)

SUBJECT = System(
    "walk",
    parts=(walkers,),
    wires=(wire(Come, walkers[Come.who].by(Begin)), wire(Walk, walkers[Walk.who].by(Go))),
    properties=(always("nobody walks backwards", walkers.none(steps < 0)),),
)

WHY = "has no end"
