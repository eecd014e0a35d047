"""A ferry waits at the quay, takes cars in the middle of its stay, and leaves by itself: whatever has happened, it can be full at the other bank.

Who comes too late, while the ramp is already up, waits for the next crossing. No rank says so: what leads closer is possible in a window of
its stay, before and after which only waiting leads on.
"""

from fsm import (
    ELAPSED,
    Machine,
    State,
    always,
    before,
    can_happen,
    each_step,
    event,
    happens,
    inside,
    integer,
    reachable,
    recoverable,
)

quay, crossing, returning = State("quay"), State("crossing"), State("returning")
cars = integer("cars", 0, 2)


@event
class Board:
    pass


@event
class Leave:
    """Sent by time."""


@event
class Land:
    """Sent by time."""


SUBJECT = Machine(
    "ferry",
    states=(quay, crossing, returning),
    initial=quay,
    transitions=(
        quay.on(Board).when((ELAPSED >= 3) & (ELAPSED <= 7) & (cars < 2)).stay().set(cars, cars + 1),
        quay.after(10, Leave).to(crossing),
        crossing.after(6, Land).to(returning),
        returning.after(4, Land).to(quay).set(cars, 0),
    ),
    variables=(cars,),
    properties=(
        recoverable("it can always cross with two", inside(crossing) & (cars == 2)),
        recoverable("it can always cross with none", inside(crossing) & (cars == 0)),
        always("it has room for two", cars <= 2),
        each_step("nobody boards while the ramp is up", happens(Board) >> before((ELAPSED >= 3) & (ELAPSED <= 7))),
        reachable("two are on board before it leaves", inside(quay) & (cars == 2) & (ELAPSED < 4)),
        can_happen("a car boards just before the ramp goes up", happens(Board) & before(ELAPSED == 7)),
    ),
)
