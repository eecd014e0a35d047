"""`each step` refuted: a door that the wind opens, too, is not opened by hand alone."""

from fsm import Machine, State, after, before, each_step, event, happens, inside

shut, ajar = State("shut"), State("ajar")


@event
class Push:
    pass


@event
class Blow:
    pass


SUBJECT = Machine(
    "door",
    states=(shut, ajar),
    initial=shut,
    transitions=(shut.on(Push).to(ajar), shut.after(60_000, Blow).to(ajar), ajar.on(Push).to(shut)),
    properties=(
        each_step("only a hand opens the door", (before(inside(shut)) & after(inside(ajar))) >> happens(Push)),
    ),
)

STEPS = 1
