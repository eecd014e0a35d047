"""What the machines of a desk take: the events that its wires hand on, and those that time sends.

A machine knows nothing of contacts' ids: which contact an event is about, the desk's own events say (`fsm.desk.events`).
"""

from fsm import Field, event, optional
from fsm.desk.vocabulary import NEVER, Channel, Speaker, Status


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
