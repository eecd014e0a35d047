"""A bounded response through two states: the stopwatch shows at most the time in state and what the timers before it took."""

from fsm import Machine, State, event, inside, parameter, within

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
        within("whoever comes at amber waits for the amber and the red", stop + 3_000, inside(amber), inside(green)),
    ),
)
