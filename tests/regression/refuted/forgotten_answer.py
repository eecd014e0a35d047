"""`within` asks as long as its premise is true, and not only when it becomes true: the first answer comes in time, is forgotten, and no other comes."""

from fsm import Machine, State, event, inside, within

resting, asking, answered, silent = State("resting"), State("asking"), State("answered"), State("silent")


@event
class Ask:
    pass


@event
class Answer:
    """Sent by time."""


@event
class Fade:
    """Sent by time."""


SUBJECT = Machine(
    "oracle",
    states=(resting, asking, answered, silent),
    initial=resting,
    transitions=(
        resting.on(Ask).to(asking),
        asking.after(5, Answer).to(answered),
        answered.after(5, Fade).to(silent),
    ),
    properties=(
        within("an answer comes within ten", 10, inside(asking), inside(answered)),
        within("whoever has asked has an answer within ten", 10, inside(asking, answered, silent), inside(answered)),
    ),
)

STEPS = 4
