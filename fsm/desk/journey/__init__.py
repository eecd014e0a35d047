"""A journey: one contact, and the desks at which it rings.

JOURNEY    the system: the contact's side, and a tile for each agent
CONTACT    the machine of the contact's side
Arrive, LeaveBot, Say, Attach                                                            what the customer does
Ring, Answer, Decline, Break, HandTo, Conclude, HangUp, SendBack, Tidy    what happens between contact and desks
Entry, Voice, Transcript                                                                 what is carried
"""

from fsm.desk.journey.contact import CONTACT, Arrive, Attach, Entry, LeaveBot, Say
from fsm.desk.journey.events import Answer, Break, Conclude, Decline, HandTo, HangUp, Ring, SendBack, Tidy
from fsm.desk.journey.journey import JOURNEY
from fsm.desk.journey.transcript import Transcript, Voice

__all__ = [
    "CONTACT", "JOURNEY", "Answer", "Arrive", "Attach", "Break", "Conclude", "Decline", "Entry", "HandTo", "HangUp", "LeaveBot", "Ring", "Say",
    "SendBack", "Tidy", "Transcript", "Voice",
]  # fmt: skip
