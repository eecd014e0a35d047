"""The single machine of the benchmarks: a telephone line, four states, one guard, one action.

A cycle is eight events: two calls are missed and counted, the third is answered.
"""

from __future__ import annotations

import fsm

idle = fsm.State("idle", "nobody calls", fsm.Kind.IDLE)
ringing = fsm.State("ringing", "somebody calls", fsm.Kind.WAITING)
talking = fsm.State("talking", "two people talk", fsm.Kind.ACTIVE)
wrapping = fsm.State("wrapping", "notes are written", fsm.Kind.WRAPPING)

LIMIT = 3
missed = fsm.integer("missed", 0, None, doc="calls missed in a row")


@fsm.event
class Ring:
    """Somebody calls."""


@fsm.event
class Miss:
    """Nobody answers."""


@fsm.event
class Answer:
    """The call is taken."""


@fsm.event
class HangUp:
    """The call is over."""


@fsm.event
class Clear:
    """The notes are written."""


LINE = fsm.Machine(
    "line",
    states=(idle, ringing, talking, wrapping),
    initial=idle,
    variables=(missed,),
    transitions=(
        idle.on(Ring).when(missed < LIMIT).to(ringing).happily(),
        ringing.on(Miss).to(idle).set(missed, missed + 1),
        ringing.on(Answer).to(talking).set(missed, 0).happily(),
        talking.on(HangUp).to(wrapping).happily(),
        wrapping.on(Clear).to(idle).happily(),
    ),
    doc="After three missed calls in a row the line lets nobody through.",
)

CYCLE = (Ring(), Miss(), Ring(), Miss(), Ring(), Answer(), HangUp(), Clear())
