"""A wire moves the lamp by another part's timer at the very instant at which the lamp's own timer is due and has not fired yet: its time in
state is then as long as its timer runs, which no caller ever meets."""

from fsm import ELAPSED, Machine, State, System, always, event, one, wire

idle, ticking = State("idle"), State("ticking")
dark, bright, broken = State("dark"), State("bright"), State("broken")


@event
class Go:
    """Somebody starts the clock."""


@event
class Tick:
    """Sent by time."""


@event
class Nudge:
    """The clock shakes the lamp."""


@event
class Warm:
    """Sent by time."""


CLOCK = Machine("clock", (idle, ticking), idle, (idle.on(Go).to(ticking), ticking.after(2, Tick).to(idle)))
LAMP = Machine(
    "lamp",
    (dark, bright, broken),
    dark,
    (
        dark.on(Nudge).when(ELAPSED > 3).to(broken),
        dark.on(Nudge).when(ELAPSED <= 3).stay(),
        dark.after(4, Warm).to(bright),
        (bright | broken).on(Nudge).stay(),
    ),
)
clock, lamp = one("clock", CLOCK), one("lamp", LAMP)

SUBJECT = System(
    "bench",
    (clock, lamp),
    (wire(clock.sends(Tick), lamp.by(Nudge)),),
    properties=(always("the lamp is never broken", ~lamp.inside(broken)),),
)

STEPS = 3
