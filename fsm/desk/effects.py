"""What the world should now do or remember: the effects that a desk emits.

Effects are data: a service acts on them, reports fold them (`fsm.desk.reports.history`), nothing here does
either. Each carries the instants it speaks of, in milliseconds.
"""

from fsm import effect, effect_base, optional
from fsm.desk.vocabulary import NEVER, Channel, Status


@effect
class StatusChanged:
    """The agent has another status; the one before had lasted since `since` (S01)."""

    before: Status
    after: Status
    since: int
    at: int


@effect
class Rang:
    """A contact is offered: notify the agent (S07)."""

    contact: object
    name: str
    channel: Channel
    at: int


@effect_base
class OfOffer:
    """It has become of a contact what its offer of `offered_at` led to."""

    contact: object
    channel: Channel
    offered_at: int
    at: int


@effect_base
class OfStay:
    """It has become of a contact what it was in since `since`."""

    contact: object
    channel: Channel
    since: int
    at: int


@effect
class NonResponseCounted(OfOffer):
    """Count an agent non-response, in both reports (S19)."""


@effect
class Missed(OfOffer):
    """An offer ended unanswered (S11)."""


@effect
class Rejected(OfOffer):
    """An offer ended because the agent said no, or the customer left (D12)."""


@effect
class Connected(OfOffer):
    """Agent and customer talk. `offered_at` is when it rang (S12).

    For a call that the agent placed it is `at` itself, and the customer may never answer: that is dialling, until it is known (D16).
    """

    placed: bool = optional(default=False, compared=False)


@effect
class Failed(OfStay):
    """The connection broke, while ringing or talking since `since`.

    A call that the agent placed was answered at `answered_at`, or NEVER (D16).
    """

    answered_at: int = optional(default=NEVER)


@effect
class Ended:
    """The conversation is over; after contact work begins (S16)."""

    contact: object
    channel: Channel
    connected_at: int
    at: int


@effect
class TextTimerReset:
    """The time since the last text starts again (S15)."""

    contact: object
    at: int


@effect
class SlotFreed(OfStay):
    """The tile is gone and its slot can be used again; it had been in its last state since `since` (S23)."""
