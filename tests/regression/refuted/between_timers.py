"""Two timers of one instant, and a claim that is false between them alone: a snapshot like any other, at which every walk looks,
though no caller can send anything there."""

from fsm import Machine, State, always, boolean, event, inside

a, b = State("a"), State("b")
marked = boolean("marked")


@event
class Mark:
    pass


@event
class Move:
    pass


@event
class Back:
    pass


SUBJECT = Machine(
    "clockwork",
    states=(a, b),
    initial=a,
    variables=(marked,),
    transitions=(
        a.after(5, Mark).stay().set(marked, True),
        a.after(5, Move).to(b),
        b.on(Back).to(a).set(marked, False),
    ),
    properties=(always("what is marked is no longer in a", ~(inside(a) & marked)),),
)

STEPS = 2
