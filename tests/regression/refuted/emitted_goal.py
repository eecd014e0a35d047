"""A goal over everything that was ever emitted: once it has rung it has rung for good, which nothing takes away."""

from fsm import Machine, State, effect, emitted, event, inside, recoverable

calm, loud = State("calm"), State("loud")


@effect
class Rang:
    pass


@event
class Ring:
    pass


@event
class Stop:
    pass


SUBJECT = Machine(
    "bell",
    states=(calm, loud),
    initial=calm,
    transitions=(calm.on(Ring).to(loud).emits(Rang), loud.on(Stop).to(calm)),
    properties=(recoverable("it can be as if it had never rung", inside(calm) & (emitted(Rang) == 0)),),
)

STEPS = 1
