"""What happens to one contact: the events that a service sends, by agent where an agent takes part."""

from fsm import Field, event, event_base
from fsm.desk.vocabulary import Channel


@event_base
class OfAgent:
    """It happens between the contact and an agent."""

    agent: Field[str]


@event
class Ring(OfAgent):
    """The contact is offered to an agent (S01). `arrived_at` in milliseconds."""

    channel: Field[Channel]
    name: Field[str]
    arrived_at: Field[int]


@event
class Answer(OfAgent):
    """The agent accepts by hand (S12)."""


@event
class Decline(OfAgent):
    """The agent says no (S10): the contact goes back to the queue, the tile stays (D3, D4)."""


@event
class Break(OfAgent):
    """The connection to the agent breaks: ringing or talking, the contact goes back to the queue."""


@event
class HangUp:
    """The customer leaves, wherever the contact is (D12)."""


@event
class Conclude(OfAgent):
    """The agent ends the conversation; after contact work begins."""


@event
class SendBack(OfAgent):
    """The agent hands the contact on: back to the queue, with its transcript (D11)."""


@event
class HandTo(OfAgent):
    """The agent hands the contact to another agent, at whose desk it rings (S13, D11)."""

    to: Field[str]
    channel: Field[Channel]
    name: Field[str]
    arrived_at: Field[int]


@event
class Tidy(OfAgent):
    """An agent clears the tile of this contact (S23)."""
