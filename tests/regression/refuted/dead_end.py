"""`recoverable` refuted by a state that nothing leaves, in a system that counts without end, so that enumeration does not come to one."""

from fsm import Machine, State, event, inside, integer, recoverable

working, broken = State("working"), State("broken")
made = integer("made", 0, None)


@event
class Make:
    pass


@event
class Break:
    pass


SUBJECT = Machine(
    "press",
    states=(working, broken),
    initial=working,
    variables=(made,),
    transitions=(working.on(Make).stay().set(made, made + 1), working.on(Break).to(broken)),
    properties=(recoverable("it always works again", inside(working)),),
)

STEPS = 1
