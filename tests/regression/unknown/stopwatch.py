"""A bounded response that starts by the time in state: the stopwatch of the proof starts with events alone, so it does not answer."""

from fsm import ELAPSED, Machine, State, event, inside, within

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
    properties=(
        within("a long call ends within a minute", 60_000, inside(talking) & (ELAPSED >= 3_600_000), inside(idle)),
    ),
)

WHY = "the time in state"
