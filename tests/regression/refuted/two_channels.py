"""D2: that an agent never holds two channels is false. With outbound calls a chat is no reason not to call somebody; what is routed is another matter."""

import attrs

from fsm import always
from fsm.desk import DESK
from fsm.desk.claims import two_channels
from fsm.desk.later.versions import SEED

OUTBOUND = SEED.later("outbound", {"outbound_calls": True}, doc="the seed, with outbound calls switched on")
SUBJECT = attrs.evolve(
    DESK,
    properties=(always("never two channels are held at once", ~two_channels, cites=("D2",)),),
    profiles=(OUTBOUND,),
)

STEPS = 3
RUN = ("set_status", "offer_chat", "place_call")
