"""A definition refuted: nothing ever sets the switch, so the second of two transitions that look alike never fires."""

from fsm import Machine, State, boolean, event

off, on = State("off"), State("on")
tested = boolean("tested")


@event
class Press:
    pass


SUBJECT = Machine(
    "switch",
    states=(off, on),
    initial=off,
    variables=(tested,),
    transitions=(off.on(Press).when(~tested).to(on), off.on(Press).when(tested).to(on), on.on(Press).to(off)),
)

CLAIM = "every transition can fire"
STEPS = None
