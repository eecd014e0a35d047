"""A lamp that blinks by a timer; a second timer of the same instant speaks only of a dark lamp, and else is spent without a word.

Whoever begins anew again and again keeps it on for ever. The second time round the last timer of the round is one that says nothing: no step
of the run tells it, and the lamp is still where it was before.
"""

from fsm import Machine, State, boolean, event, inside, leads_to

off, on, done = State("off"), State("on"), State("done")
lit = boolean("lit")


@event
class Go:
    pass


@event
class Again:
    pass


@event
class Blink:
    """Sent by time."""


@event
class Warn:
    """Sent by time."""


SUBJECT = Machine(
    "lamp",
    (off, on, done),
    off,
    (
        off.on(Go).to(on),
        on.on(Again).to(on),
        on.after(1, Blink).stay().set(lit, ~lit),
        on.after(1, Warn).when(~lit).stay().set(lit, True),
        on.on(Go).to(done),
    ),
    variables=(lit,),
    properties=(leads_to("it is done in the end", inside(on), inside(done), fair=Again),),
)

STEPS = 5
