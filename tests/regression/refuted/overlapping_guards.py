"""A definition refuted: two guards of one event hold together for a large order from a friend, so their order decides."""

from typing import Annotated

from fsm import Field, Machine, Range, State, boolean, event

ordering, cheap, free = State("ordering"), State("cheap"), State("free")
friend = boolean("friend")


@event
class Befriend:
    pass


@event
class Order:
    amount: Field[Annotated[int, Range(0, 100)]]


SUBJECT = Machine(
    "shop",
    states=(ordering, cheap, free),
    initial=ordering,
    variables=(friend,),
    transitions=(
        ordering.on(Befriend).stay().set(friend, True),
        ordering.on(Order).when(friend).to(cheap),
        ordering.on(Order).when(Order.amount > 50).to(free),
        (cheap | free).on(Order).to(ordering),
    ),
)

CLAIM = "no two guards of an event overlap"
STEPS = 1
