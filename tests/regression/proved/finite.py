"""Induction fails from states that cannot be reached; there are few enough to look at them all."""

from fsm import Machine, State, always, event, inside, integer, recoverable

left, right = State("left"), State("right")
swings = integer("swings", 0, 8)


@event
class Swing:
    pass


SUBJECT = Machine(
    "pendulum",
    states=(left, right),
    initial=left,
    variables=(swings,),
    transitions=(
        left.on(Swing).when(swings < 6).to(right).set(swings, swings + 2),
        left.on(Swing).when(swings >= 6).to(right).set(swings, 0),
        right.on(Swing).to(left),
    ),
    properties=(
        always("swings are counted in pairs", (swings != 1) & (swings != 3) & (swings != 5) & (swings != 7)),
        recoverable("it always comes back to where it began", inside(left) & (swings == 0)),
    ),
)
