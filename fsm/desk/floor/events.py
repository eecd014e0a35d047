"""What happens on a floor: the events that a service sends, each about a contact, an agent or both.

Every one is said to the desk of the agent and to the journey of the contact in one step; what it is
called there stands in `fsm.desk.floor.translation`. A call that an agent places has no journey: it is a
matter of that agent's desk alone, from `PlaceCall` until it is cleared (D2).
"""

from fsm import Field, event, event_base, optional
from fsm.desk.events import OfContact
from fsm.desk.journey.contact import Entry
from fsm.desk.journey.transcript import Voice
from fsm.desk.vocabulary import NEVER, Channel, Status

__all__ = [
    "Accept", "Arrive", "Attach", "Clear", "End", "Fail", "HandOver", "HangUp", "LeaveBot", "Offer", "PlaceCall", "Reject", "Route", "Say", "SendBack", "SetStatus",
]  # fmt: skip


@event_base
class AtAgent(OfContact):
    """It happens to a contact at the desk of an agent."""

    agent: Field[str]


@event
class Arrive(OfContact):
    """A customer reaches the contact centre, with the bot or straight in the queue (S13). An id is used once."""

    entry: Field[Entry]
    channel: Field[Channel]
    name: Field[str]


@event
class LeaveBot(OfContact):
    """The bot hands the customer to the queue."""


@event
class Route(OfContact):
    """The contact is offered to the first agent that the floor's routing names and whose desk takes it (S01)."""


@event
class Offer(AtAgent):
    """The contact is offered to this agent, whatever the routing says; the desk's rules hold (S01)."""


@event
class PlaceCall(AtAgent):
    """The agent calls somebody, where outbound calls are switched on (D2). The id is used once, as those of contacts."""

    name: Field[str]


@event
class Accept(AtAgent):
    """The agent accepts by hand (S12)."""


@event
class Reject(AtAgent):
    """The agent says no (S10): the contact is queued again, the tile stays (D3, D4)."""


@event
class Say(OfContact):
    """Somebody writes a line: the transcript keeps it (S13), the desk's text timer starts again (S15).

    `voice` is who that is to the contact centre, `speaker` the name that the transcript shows, as the service knows it, and `agent`
    who writes, of an agent's line: whoever does not talk with the contact is refused (D20). Where `agent` is left out, a speaker that is
    the id of one of the staff is that one; any other speaker is taken for the agent who talks.
    """

    voice: Field[Voice]
    speaker: Field[str]
    text: Field[str]
    agent: Field[str | None] = optional(default=None)


@event
class Attach(OfContact):
    """Somebody sends a file, of which the transcript keeps the name (S13); refused where a chat is text only (S04).

    `agent` is who sends it, as of `Say` (D20).
    """

    voice: Field[Voice]
    speaker: Field[str]
    file: Field[str]
    agent: Field[str | None] = optional(default=None)


@event
class Fail(AtAgent):
    """The connection to the agent breaks: the contact is queued again (D4); a call that the agent placed is over.

    `answered_at` is when the customer answered such a call; left out, nobody did (D16).
    """

    answered_at: Field[int] = optional(default=NEVER)


@event
class End(AtAgent):
    """The agent ends the conversation; after contact work begins (S16)."""


@event
class SendBack(AtAgent):
    """The agent hands the contact on: back to the queue, with its transcript (D11)."""


@event
class HandOver(AtAgent):
    """The agent hands the contact to another agent, at whose desk it rings (S13, D11)."""

    to: Field[str]


@event
class HangUp(OfContact):
    """The customer leaves, wherever the contact is (D12); also one whom an agent has called."""


@event
class Clear(AtAgent):
    """The agent clears the contact's tile (S23)."""


@event
class SetStatus:
    """The agent, or a supervisor, chooses a status (S01)."""

    agent: Field[str]
    status: Field[Status]
