"""`within` where the premise is true for ever: the stove is always warm again within two seconds of whatever instant one looks."""

from fsm import Machine, State, event, inside, parameter, within

cold, warm = State("cold"), State("warm")
pause = parameter("pause", int, 2_000, low=1)


@event
class Heat:
    """Sent by time."""


@event
class Cool:
    pass


SUBJECT = Machine(
    "stove",
    states=(cold, warm),
    initial=cold,
    transitions=(cold.after(pause, Heat).to(warm), warm.on(Cool).to(cold)),
    properties=(within("it is warm again after the pause", pause, inside(cold, warm), inside(warm)),),
)
