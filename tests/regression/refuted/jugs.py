"""Lamport's Die Hard jugs: a jug of three litres, one of five, and four litres are wanted. That it never succeeds is refuted in six steps."""

from fsm import Machine, State, always, event, integer, reachable

filling = State("filling")
small, big = integer("small", 0, 3), integer("big", 0, 5)
both = small + big


@event
class FillSmall:
    pass


@event
class FillBig:
    pass


@event
class EmptySmall:
    pass


@event
class EmptyBig:
    pass


@event
class SmallToBig:
    pass


@event
class BigToSmall:
    pass


SUBJECT = Machine(
    "jugs",
    states=(filling,),
    initial=filling,
    variables=(small, big),
    transitions=(
        filling.on(FillSmall).stay().set(small, 3),
        filling.on(FillBig).stay().set(big, 5),
        filling.on(EmptySmall).stay().set(small, 0),
        filling.on(EmptyBig).stay().set(big, 0),
        filling.on(SmallToBig).when(both <= 5).stay().set(big, both).set(small, 0),
        filling.on(SmallToBig).when(both > 5).stay().set(small, both - 5).set(big, 5),
        filling.on(BigToSmall).when(both <= 3).stay().set(small, both).set(big, 0),
        filling.on(BigToSmall).when(both > 3).stay().set(big, both - 3).set(small, 3),
    ),
    properties=(reachable("four litres can be measured", big == 4), always("four litres are never measured", big != 4)),
)

STEPS = 6
SNAPSHOTS = 16
"""As published for this puzzle; by hand: one of the jugs is always empty or full, 2 × (3 + 5) ways."""
