"""The agent desk of a contact centre, after the chat guide of 2019: one declaration for every reader.

    from fsm.desk import DESK, OfferChat, SetStatus
"""

from fsm.desk.agent import AGENT, SetStatus, Status
from fsm.desk.channel import Channel
from fsm.desk.contact import CONTACT
from fsm.desk.desk import DESK
from fsm.desk.effects import Missed, NonResponseCounted, Rang, SlotFreed
from fsm.desk.events import Abandon, Accept, Clear, End, Fail, OfferCall, OfferChat, PlaceCall, Reject
from fsm.desk.tile import TILE

__all__ = [
    "AGENT", "CONTACT", "DESK", "TILE",
    "Abandon", "Accept", "Channel", "Clear", "End", "Fail", "Missed", "NonResponseCounted", "OfferCall", "OfferChat",
    "PlaceCall", "Rang", "Reject", "SetStatus", "SlotFreed", "Status",
]  # fmt: skip
