"""`always` over the time in state, on a machine without timers: nothing makes a caller hang up, so waiting alone refutes it."""

from fsm import ELAPSED, Machine, State, always, event, inside

idle, talking = State("idle"), State("talking")


@event
class Call:
    pass


@event
class HangUp:
    pass


SUBJECT = Machine(
    "telephone",
    states=(idle, talking),
    initial=idle,
    transitions=(idle.on(Call).to(talking), talking.on(HangUp).to(idle)),
    properties=(always("nobody talks for more than an hour", inside(talking) >> (ELAPSED <= 3_600_000)),),
)

STEPS = 2
