"""The checks that every definition is put to, by their sentences: known before anything is asked, and without a solver."""

from __future__ import annotations

from fsm.language.expressions import Const
from fsm.language.machine import Machine
from fsm.language.properties import Modality, Property
from fsm.language.system import System

__all__ = [
    "CLAIMS",
    "ENDS",
    "EVENTS",
    "GUARDS",
    "RANGES",
    "SATISFIED",
    "STATES",
    "TIMERS",
    "TRANSITIONS",
    "WIRES",
    "checks_of",
    "satisfies",
    "sentences_of",
]

STATES = "every state can be reached"
TRANSITIONS = "every transition can fire"
EVENTS = "every event can be taken"
GUARDS = "no two guards of an event overlap"
RANGES = "every value stays in its range"
WIRES = "no two wires of an event overlap"
TIMERS = "nothing can stand in the way of a timer"
ENDS = "something can always happen, but where everything has come to its end"


def sentences_of(target: Machine | System) -> tuple[str, ...]:
    """What is checked of a machine, or of the wiring of a system; of ranges where guards say more than was written to keep them."""
    if isinstance(target, System):
        return EVENTS, WIRES, TIMERS, ENDS
    ranges = (RANGES,) if any(line.narrowed for line in target.transitions) else ()
    return STATES, TRANSITIONS, GUARDS, *ranges, ENDS


SATISFIED = "the assumptions can be satisfied"


def satisfies(profile: str) -> str:
    """That a named profile is allowed by the assumptions: what is told where it is not, or where nobody knows."""
    return f"profile {profile} satisfies the assumptions"


ORDER = (STATES, TRANSITIONS, EVENTS, GUARDS, WIRES, TIMERS, ENDS, RANGES)
"""The checks in the order by which certificates count them."""
CLAIMS = {
    sentence: Property(
        sentence, Modality.REACHABLE if sentence in (STATES, TRANSITIONS, EVENTS) else Modality.ALWAYS, Const(True)
    )
    for sentence in (STATES, TRANSITIONS, GUARDS, RANGES, EVENTS, WIRES, TIMERS, ENDS)
}
"""Each check once, so that a verdict on it is known by its claim."""


def checks_of(target: Machine | System) -> tuple[Property, ...]:
    """The checks of the definition of a machine, or of the wiring of a system."""
    return tuple(CLAIMS[sentence] for sentence in sentences_of(target))
