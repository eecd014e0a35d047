"""Two timers of one instant: the first arms the gate, the second disarms it before anybody can open it. To wait leads nowhere."""

from fsm import Machine, State, boolean, event, inside, recoverable

shut, open_ = State("shut"), State("open")
armed = boolean("armed")


@event
class Arm:
    """Sent by time."""


@event
class Disarm:
    """Sent by time."""


@event
class Push:
    pass


SUBJECT = Machine(
    "gate",
    states=(shut, open_),
    initial=shut,
    variables=(armed,),
    transitions=(
        shut.after(5, Arm).stay().set(armed, True),
        shut.after(5, Disarm).to(shut).set(armed, False),
        shut.on(Push).when(armed).to(open_),
    ),
    properties=(recoverable("the gate can be opened", inside(open_)),),
)

STEPS = 0
