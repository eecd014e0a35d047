"""One place and a shift change: whoever leaves makes room for whoever comes in the same step, and two never fit."""

from fsm import Field, Machine, State, System, always, each, event, reachable, recoverable, wire

away, here, relieved = State("away"), State("here"), State("relieved")


@event
class Come:
    who: Field[str]


@event
class Relieve:
    leaving: Field[str]
    coming: Field[str]


@event
class Begin:
    late: Field[bool]


@event
class Go:
    pass


GUARD = Machine(
    "guard",
    states=(away, here, relieved),
    initial=away,
    transitions=(
        away.on(Begin).when(~Begin.late).to(here),
        away.on(Begin).when(Begin.late).to(relieved),
        (here | relieved).on(Go).to(away),
    ),
)
guards = each("guards", GUARD, key="who", at_most=1)

SUBJECT = System(
    "post",
    parts=(guards,),
    wires=(
        wire(Come, guards[Come.who].by(Begin, late=False)),
        wire(Relieve, guards[Relieve.leaving].by(Go), guards[Relieve.coming].by(Begin, late=True)),
    ),
    properties=(
        always("never two guards at the post", guards.count() <= 1),
        reachable("a guard can be relieved", guards.any(relieved)),
        recoverable("a relief is always possible again", guards.any(relieved)),
    ),
)
