"""What came after the guide of 2019, and what can be decided otherwise: variants of its desk, each a page of what is different::

    varied(GUIDE, OUTBOUND)
    varied(GUIDE, *together(OUTBOUND, NEXT_STATUS, CROSS_CHANNEL))

Each stands alone on the page of 2019, and does there what it says; a switch that it brings stands so that it does. Today's desk has
them all, with every switch as the guide has it until somebody chooses.

GUIDE                                                                             the desk as the guide of 2019 has it
ATTACHMENTS, NEXT_STATUS, TEN_CHATS, SPEAKER_CHANGE, CROSS_CHANNEL, AUTO_ACCEPT   later versions of the guide
OUTBOUND, REJECTED_FREES, MISSED_BLOCKS, LIVE_ONLY, CHANGING_LIMIT                decisions, taken otherwise
SetLimit                                                                          the event of the last of these
together                                                                          several, and what has to be said where two of them meet
LATER                                                                             all that today's desk has
"""

from fsm.desk.desk import GUIDE
from fsm.desk.later.attachments import ATTACHMENTS
from fsm.desk.later.auto_accept import AUTO_ACCEPT
from fsm.desk.later.changing_limit import CHANGING_LIMIT, SetLimit
from fsm.desk.later.cross_channel import CROSS_CHANNEL
from fsm.desk.later.live_only import LIVE_ONLY
from fsm.desk.later.missed_blocks import MISSED_BLOCKS
from fsm.desk.later.next_status import NEXT_STATUS
from fsm.desk.later.numbers import TEN_CHATS
from fsm.desk.later.outbound import OUTBOUND
from fsm.desk.later.rejected_frees import REJECTED_FREES
from fsm.desk.later.speaker_change import SPEAKER_CHANGE
from fsm.desk.later.together import LATER, together

__all__ = [
    "ATTACHMENTS", "AUTO_ACCEPT", "CHANGING_LIMIT", "CROSS_CHANNEL", "GUIDE", "LATER", "LIVE_ONLY", "MISSED_BLOCKS", "NEXT_STATUS", "OUTBOUND", "REJECTED_FREES", "SPEAKER_CHANGE",
    "TEN_CHATS", "SetLimit", "together",
]  # fmt: skip
