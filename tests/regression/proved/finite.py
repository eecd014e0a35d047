"""Induction fails from swings that cannot be reached (three, then five); Spacer finds that only even ones are."""

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
        always("it never stops at the fifth swing", swings != 5),
        recoverable("it always comes back to where it began", inside(left) & (swings == 0)),
    ),
)
