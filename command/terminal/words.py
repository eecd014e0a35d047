"""What happened at a desk, as lines of a log."""

from __future__ import annotations

from collections.abc import Callable

from fsm.desk import Connected, Ended, Failed, Missed, NonResponseCounted, Rang, Rejected, SlotFreed, StatusChanged

__all__ = ["in_words"]


def in_words(effect: object, name: Callable[[object], str]) -> tuple[int, str] | None:
    """The instant and the line of an effect; None for one that is no news. `name` knows what a contact is called."""
    match effect:
        case Rang():
            return effect.at, f"{effect.name} rings"
        case NonResponseCounted():
            return effect.at, f"{name(effect.contact)} is counted as agent non-response"
        case Missed():
            return effect.at, f"{name(effect.contact)} is missed and goes to somebody else"
        case Rejected():
            return effect.at, f"{name(effect.contact)} is rejected"
        case Connected():
            return effect.at, f"{name(effect.contact)} is connected"
        case Ended():
            return effect.at, f"the conversation with {name(effect.contact)} is over"
        case Failed():
            return effect.at, f"the connection to {name(effect.contact)} broke"
        case SlotFreed():
            return effect.at, f"{name(effect.contact)} is cleared: the slot is free"
        case StatusChanged():
            return effect.at, f"the agent is {effect.after.value}"
        case _:
            return None
