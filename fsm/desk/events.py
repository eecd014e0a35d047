"""What happens at a desk: the events that a service sends.

There is no event by which an agent starts a chat (S03) and none that connects one without the
agent's hand (S12). Instants are milliseconds; `arrived_at` is when the contact reached the contact
centre, time with a bot included (S14).
"""

from fsm import Field, event, event_base, optional
from fsm.desk.vocabulary import NEVER, Speaker, Status


@event_base
class OfContact:
    """It happens to a contact on this desk."""

    contact: Field[str]


@event_base
class Routed(OfContact):
    """A contact is routed to this desk: whose tab it is, and since when the customer has been in the contact centre."""

    name: Field[str]
    arrived_at: Field[int]


@event
class OfferChat(Routed):
    """A chat is routed to this desk (S01).

    `last_text_at` is when somebody last wrote in it, where anybody has: a chat that is connected at once counts from there (D15).
    """

    last_text_at: Field[int] = optional(default=NEVER)


@event
class OfferCall(Routed):
    """A call is routed to this desk (S01)."""


@event
class OfferTask(Routed):
    """A task is routed to this desk (guide of 2023-04)."""


@event
class OfferEmail(Routed):
    """An e-mail is routed to this desk (guide of 2023-04)."""


@event
class PlaceCall(OfContact):
    """The agent calls somebody, where outbound calls are switched on (D2). Until it ends or fails nobody knows who answers (D16)."""

    name: Field[str]


@event
class Accept(OfContact):
    """The agent chooses Accept (S12).

    `last_text_at` is when somebody last wrote, while the contact waited or rang: the text timer counts from there. Left out, nobody
    has, and it counts from now (D15).
    """

    last_text_at: Field[int] = optional(default=NEVER)


@event
class Reject(OfContact):
    """The agent chooses Reject (S10)."""


@event
class Abandon(OfContact):
    """The customer leaves while it rings (D12)."""


@event
class Text(OfContact):
    """Somebody writes a line in a chat (S15)."""

    speaker: Field[Speaker]


@event
class Attach(OfContact):
    """Somebody sends a file in a chat (S04)."""

    speaker: Field[Speaker]


@event
class Fail(OfContact):
    """The connection breaks; of a call that the agent placed: nobody answers, or it breaks after `answered_at` (D16)."""

    answered_at: Field[int] = optional(default=NEVER)


@event
class End(OfContact):
    """Agent or customer ends the conversation."""


@event
class Clear(OfContact):
    """The agent chooses Clear contact (S23)."""


@event
class SetStatus:
    """The agent, or a supervisor, chooses a status (S01)."""

    status: Field[Status]
