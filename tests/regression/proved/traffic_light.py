"""A light that its clock alone moves: how long it keeps anybody waiting follows from the durations, which are symbols."""

from fsm import Machine, State, after, before, each_step, event, inside, parameter, reachable, recoverable, within

red, green, amber = State("red"), State("green"), State("amber")
stop = parameter("stop", int, 30_000, low=1)
go = parameter("go", int, 20_000, low=1)


@event
class Turn:
    pass


SUBJECT = Machine(
    "light",
    states=(red, green, amber),
    initial=red,
    transitions=(red.after(stop, Turn).to(green), green.after(go, Turn).to(amber), amber.after(3_000, Turn).to(red)),
    properties=(
        each_step("red never follows green at once", before(inside(green)) >> ~after(inside(red))),
        within("whoever waits may go when the red has lasted", stop, inside(red), inside(green)),
        within("amber is short", 3_000, inside(amber), inside(red)),
        reachable("it turns green", inside(green)),
        recoverable("it always turns green again", inside(green)),
    ),
)
