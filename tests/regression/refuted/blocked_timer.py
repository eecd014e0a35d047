"""A bell that should wake a sleeper who is awake already: its timer cannot fire, so time stops, and nothing that needs a later instant ever comes."""

from fsm import Machine, State, System, event, one, recoverable, wire

calm, loud = State("calm"), State("loud")


@event
class Ring:
    pass


@event
class Wake:
    pass


@event
class Strike:
    pass


BELL = Machine("bell", states=(calm, loud), initial=calm, transitions=(calm.after(5, Ring).to(loud),))
SLEEPER = Machine("sleeper", states=(calm, loud), initial=calm, transitions=(loud.on(Wake).to(calm),))
CLOCK = Machine("clock", states=(calm, loud), initial=calm, transitions=(calm.after(10, Strike).to(loud),))
bell, sleeper, clock = one("bell", BELL), one("sleeper", SLEEPER), one("clock", CLOCK)

SUBJECT = System(
    "bedroom",
    parts=(bell, sleeper, clock),
    wires=(wire(bell.sends(Ring), sleeper.by(Wake)),),
    properties=(recoverable("the clock will strike", clock.inside(loud)),),
)

STEPS = 0
