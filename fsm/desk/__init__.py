"""The agent desk of a contact centre, after the chat guide of 2019: one declaration for every reader.

from fsm.desk import DESK, OfferChat, SetStatus

DESK, AGENT, TILE, VERSIONS   the system of one agent's desk, its two machines, and the versions of the guide as profiles; as the guide of 2019 has
                              it, on one page, it is `fsm.desk.later.GUIDE`
JOURNEY, CONTACT              the system of one contact and the desks at which it rings, and the contact's own machine
OfferChat, OfferCall, OfferTask, OfferEmail, PlaceCall, Accept, Reject, Abandon, Fail, End, Clear, Text, Attach, SetStatus
                              what a service sends
Rang, Connected, Missed, NonResponseCounted, Rejected, Failed, Ended, SlotFreed, StatusChanged, TextTimerReset
                              what the world is told
Channel, Status, Next, Speaker   the words of events and effects
"""

from fsm.desk.agent import AGENT
from fsm.desk.events import (
    Abandon,
    Accept,
    Attach,
    Clear,
    End,
    Fail,
    OfferCall,
    OfferChat,
    OfferEmail,
    OfferTask,
    PlaceCall,
    Reject,
    SetStatus,
    Text,
)  # fmt: skip
from fsm.desk.journey import CONTACT, JOURNEY
from fsm.desk.later.versions import VERSIONS
from fsm.desk.tile import TILE
from fsm.desk.today import DESK
from fsm.desk.vocabulary import (
    Channel,
    Connected,
    Ended,
    Failed,
    Missed,
    Next,
    NonResponseCounted,
    Rang,
    Rejected,
    SlotFreed,
    Speaker,
    Status,
    StatusChanged,
    TextTimerReset,
)  # fmt: skip

__all__ = [
    "AGENT", "CONTACT", "DESK", "JOURNEY", "TILE", "VERSIONS",
    "Abandon", "Accept", "Attach", "Channel", "Clear", "Connected", "End", "Ended", "Fail", "Failed", "Missed", "Next",
    "NonResponseCounted", "OfferCall", "OfferChat", "OfferEmail", "OfferTask", "PlaceCall", "Rang", "Reject", "Rejected",
    "SetStatus", "SlotFreed", "Speaker", "Status", "StatusChanged", "Text", "TextTimerReset",
]  # fmt: skip
