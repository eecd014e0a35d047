"""What happens at a desk: the events that a service sends.

There is no event by which an agent starts a chat (S03) and none that connects one without the
agent's hand (S12). Instants are milliseconds; `arrived_at` is when the contact reached the contact
centre, time with a bot included (S14).
"""

from fsm import Field, event, optional
from fsm.desk.vocabulary import NEVER, Speaker, Status


@event
class OfferChat:
    """A chat is routed to this desk (S01).

    `last_text_at` is when somebody last wrote in it, where anybody has: a chat that is connected at once counts from there (D15).
    """

    contact: Field[str]
    name: Field[str]
    arrived_at: Field[int]
    last_text_at: Field[int] = optional(default=NEVER)


@event
class OfferCall:
    """A call is routed to this desk (S01)."""

    contact: Field[str]
    name: Field[str]
    arrived_at: Field[int]


@event
class OfferTask:
    """A task is routed to this desk (guide of 2023-04)."""

    contact: Field[str]
    name: Field[str]
    arrived_at: Field[int]


@event
class OfferEmail:
    """An e-mail is routed to this desk (guide of 2023-04)."""

    contact: Field[str]
    name: Field[str]
    arrived_at: Field[int]


@event
class PlaceCall:
    """The agent calls somebody, where outbound calls are switched on (D2). Until it ends or fails nobody knows who answers (D16)."""

    contact: Field[str]
    name: Field[str]


@event
class Accept:
    """The agent chooses Accept (S12).

    `last_text_at` is when somebody last wrote, while the contact waited or rang: the text timer counts from there. Left out, nobody
    has, and it counts from now (D15).
    """

    contact: Field[str]
    last_text_at: Field[int] = optional(default=NEVER)


@event
class Reject:
    """The agent chooses Reject (S10)."""

    contact: Field[str]


@event
class Abandon:
    """The customer leaves while it rings (D12)."""

    contact: Field[str]


@event
class Text:
    """Somebody writes a line in a chat (S15)."""

    contact: Field[str]
    speaker: Field[Speaker]


@event
class Attach:
    """Somebody sends a file in a chat (S04)."""

    contact: Field[str]
    speaker: Field[Speaker]


@event
class Fail:
    """The connection breaks; of a call that the agent placed: nobody answers, or it breaks after `answered_at` (D16)."""

    contact: Field[str]
    answered_at: Field[int] = optional(default=NEVER)


@event
class End:
    """Agent or customer ends the conversation."""

    contact: Field[str]


@event
class Clear:
    """The agent chooses Clear contact (S23)."""

    contact: Field[str]


@event
class SetStatus:
    """The agent, or a supervisor, chooses a status (S01)."""

    status: Field[Status]
