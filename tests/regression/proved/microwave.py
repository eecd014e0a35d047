"""A microwave oven: it heats only with its door shut and after it was started, and what was opened can be shut and started again.

Source: the oven of E. M. Clarke, O. Grumberg, D. Peled, Model Checking (1999). Proved by induction: only one
line leads to heat, and opening the door leads away from it.
"""

from fsm import (
    Machine,
    State,
    after,
    always,
    before,
    boolean,
    each_step,
    event,
    happens,
    inside,
    reachable,
    recoverable,
    within,
)

idle, open_, heating, done = State("idle"), State("open"), State("heating"), State("done")
dish = boolean("dish")


@event
class Open:
    pass


@event
class PutIn:
    pass


@event
class TakeOut:
    pass


@event
class Shut:
    pass


@event
class Start:
    pass


@event
class Ring:
    pass


SUBJECT = Machine(
    "microwave",
    states=(idle, open_, heating, done),
    initial=idle,
    variables=(dish,),
    transitions=(
        (idle | heating | done).on(Open).to(open_),
        open_.on(PutIn).when(~dish).stay().set(dish, True),
        open_.on(TakeOut).when(dish).stay().set(dish, False),
        open_.on(Shut).to(idle),
        idle.on(Start).when(dish).to(heating),
        heating.after(60_000, Ring).to(done),
    ),
    properties=(
        always("it never heats empty", inside(heating) >> dish),
        each_step(
            "it heats only when started with the door shut",
            (before(~inside(heating)) & after(inside(heating))) >> (before(inside(idle)) & happens(Start)),
        ),
        each_step("opening the door stops the heat", happens(Open) >> after(inside(open_))),
        within("it heats for a minute at most", 60_000, inside(heating), inside(done, open_)),
        reachable("something can get warm", inside(done)),
        recoverable("it can always be opened", inside(open_)),
    ),
)
