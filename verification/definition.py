"""The checks that every definition is put to, by their sentences: known before anything is asked, and without a solver."""

from __future__ import annotations

__all__ = ["ENDS", "EVENTS", "GUARDS", "STATES", "TIMERS", "TRANSITIONS", "WIRES", "sentences_of"]

STATES = "every state can be reached"
TRANSITIONS = "every transition can fire"
EVENTS = "every event can be taken"
GUARDS = "no two guards of an event overlap"
WIRES = "no two wires of an event overlap"
TIMERS = "nothing can stand in the way of a timer"
ENDS = "something can always happen, but where everything has come to its end"


def sentences_of(kind: str) -> tuple[str, ...]:
    """What is checked of a `machine`, or of the wiring of a `system`."""
    return (STATES, TRANSITIONS, GUARDS, ENDS) if kind == "machine" else (EVENTS, WIRES, TIMERS, ENDS)
