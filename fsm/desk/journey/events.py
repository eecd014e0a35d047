"""What happens to one contact: the events that a service sends, by agent where an agent takes part."""

from fsm import Field, event
from fsm.desk.vocabulary import Channel


@event
class Ring:
    """The contact is offered to an agent (S01). `arrived_at` in milliseconds."""

    agent: Field[str]
    channel: Field[Channel]
    name: Field[str]
    arrived_at: Field[int]


@event
class Answer:
    """The agent accepts by hand (S12)."""

    agent: Field[str]


@event
class Decline:
    """The agent says no (S10): the contact goes back to the queue, the tile stays (D3, D4)."""

    agent: Field[str]


@event
class Break:
    """The connection to the agent breaks: ringing or talking, the contact goes back to the queue."""

    agent: Field[str]


@event
class HangUp:
    """The customer leaves, wherever the contact is (D12)."""


@event
class Conclude:
    """The agent ends the conversation; after contact work begins."""

    agent: Field[str]


@event
class SendBack:
    """The agent hands the contact on: back to the queue, with its transcript (D11)."""

    agent: Field[str]


@event
class HandTo:
    """The agent hands the contact to another agent, at whose desk it rings (S13, D11)."""

    agent: Field[str]
    to: Field[str]
    channel: Field[Channel]
    name: Field[str]
    arrived_at: Field[int]


@event
class Tidy:
    """An agent clears the tile of this contact (S23)."""

    agent: Field[str]
