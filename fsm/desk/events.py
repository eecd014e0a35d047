"""What happens at a desk, by contact: the events that a service sends. `SetStatus` is the agent's own.

There is no event by which an agent starts a chat (S03), none by which anyone sends a file (S04),
and none that connects a chat without the agent's hand (S12).
"""

from __future__ import annotations

from fsm.events import Field, event


@event
class OfferChat:
    """A chat is routed to this desk (S01)."""

    contact: Field[str]
    name: Field[str]


@event
class OfferCall:
    """A call is routed to this desk (S01)."""

    contact: Field[str]
    name: Field[str]


@event
class PlaceCall:
    """The agent calls somebody, where outbound calls are switched on (D2)."""

    contact: Field[str]
    name: Field[str]


@event
class Accept:
    """The agent chooses Accept (S12)."""

    contact: Field[str]


@event
class Reject:
    """The agent chooses Reject (S10)."""

    contact: Field[str]


@event
class Abandon:
    """The customer leaves while it rings (D12)."""

    contact: Field[str]


@event
class Fail:
    """The connection breaks."""

    contact: Field[str]


@event
class End:
    """Agent or customer ends the conversation."""

    contact: Field[str]


@event
class Clear:
    """The agent chooses Clear contact (S23)."""

    contact: Field[str]
