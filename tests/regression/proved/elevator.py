"""A lift between four floors: it never moves with open doors, and its doors shut by themselves.

Source: a machine of the textbooks (D. Harel, Statecharts: a visual formalism for complex systems, 1987,
speaks of such). Proved since every move starts from shut doors, and the doors' timer leads there.
"""

from fsm import (
    Machine,
    State,
    after,
    always,
    before,
    each_step,
    event,
    happens,
    inside,
    integer,
    reachable,
    recoverable,
    within,
)

TOP = 3
shut, open_ = State("shut"), State("open")
floor = integer("floor", 0, TOP)


@event
class Up:
    pass


@event
class Down:
    pass


@event
class Open:
    pass


@event
class Close:
    pass


SUBJECT = Machine(
    "elevator",
    states=(shut, open_),
    initial=shut,
    variables=(floor,),
    transitions=(
        shut.on(Up).when(floor < TOP).stay().set(floor, floor + 1),
        shut.on(Down).when(floor > 0).stay().set(floor, floor - 1),
        shut.on(Open).to(open_),
        open_.after(5_000, Close).to(shut),
    ),
    properties=(
        always("it is on one of its floors", (floor >= 0) & (floor <= TOP)),
        each_step("it moves with shut doors only", happens(Up, Down) >> before(inside(shut))),
        each_step(
            "it moves one floor at a time", (after(floor) <= before(floor) + 1) & (before(floor) <= after(floor) + 1)
        ),
        within("the doors are shut after five seconds", 5_000, inside(open_), inside(shut)),
        reachable("it gets to the top", (floor == TOP) & inside(open_)),
        recoverable("it can be called down", (floor == 0) & inside(open_)),
    ),
)
