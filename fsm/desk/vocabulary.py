"""The words of a desk: how contacts reach it and who speaks, what its machines take, and what they tell the world.

A machine knows nothing of contacts' ids: which contact an event is about, the desk's own events say (`fsm.desk.events`). Effects are
data: a service acts on them, reports fold them (`fsm.desk.reports.history`), nothing here does either. Each carries the instants it
speaks of, in milliseconds.
"""

from enum import Enum

from fsm import Field, effect, effect_base, event, optional

NEVER = -1
"""In the place of an instant: nobody has written yet, or answered."""


class Channel(Enum):
    """How the customer reaches the agent. Tasks and e-mail came with cross-channel routing."""

    CHAT = "chat"
    VOICE = "voice"
    TASK = "task"
    EMAIL = "email"


class Speaker(Enum):
    """Who wrote the last text of a conversation; nobody before the first, and no text is by nobody."""

    NOBODY = "nobody"
    CUSTOMER = "customer"
    AGENT = "agent"


class Status(Enum):
    """The one routable status, a status of the company's own, or offline."""

    AVAILABLE = "available"
    AWAY = "away"
    OFFLINE = "offline"


class Next(Enum):
    """The status that waits until the desk is empty; only these two can (guide of 2021-07)."""

    NONE = "none"
    AWAY = "away"
    OFFLINE = "offline"


# What machines take: events that the desk hands on, and those that time sends


@event
class SetStatus:
    """The agent, or a supervisor, chooses a status."""

    status: Field[Status]


@event
class Offer:
    """The contact centre routes a contact to this desk."""

    channel: Field[Channel]
    name: Field[str]
    arrived_at: Field[int]
    last_text_at: Field[int] = optional(default=NEVER)


@event
class Accept:
    """The agent connects by hand (S12)."""

    last_text_at: Field[int] = optional(default=NEVER)


@event
class Reject:
    """The agent says no (S10)."""


@event
class Abandon:
    """The customer leaves while the offer rings (D12)."""


@event
class Fail:
    """The medium breaks."""

    answered_at: Field[int] = optional(default=NEVER)


@event
class Text:
    """Somebody writes a line of a chat (S15)."""

    speaker: Field[Speaker]


@event
class End:
    """Agent or customer ends the conversation."""


@event
class Clear:
    """The agent closes the tile (S23)."""


@event
class NonResponse:
    """Sent by time: the offer has lasted long enough to be counted (S18, S19)."""


@event
class Expire:
    """Sent by time: the accept window has ended (S10)."""


# What the world should now do or remember: effects


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
