"""What the world should now do: the effects that a desk emits. Instants are in milliseconds.

Effects are data: a service acts on them, reports fold them, nothing here does either.
"""

from __future__ import annotations

from fsm.desk.channel import Channel
from fsm.events import effect


@effect
class Rang:
    """Notify the agent of an arriving contact (S07)."""

    contact: object
    name: str
    channel: Channel
    at: int


@effect
class NonResponseCounted:
    """Count an agent non-response, in both reports (S19). Instants in milliseconds."""

    contact: object
    offered_at: int
    at: int


@effect
class Missed:
    """An offer ended unanswered (S11). Instants in milliseconds."""

    contact: object
    offered_at: int
    at: int


@effect
class SlotFreed:
    """The tile is gone and its slot can be used again (S23)."""

    contact: object
    at: int
