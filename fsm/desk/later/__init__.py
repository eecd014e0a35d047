"""What came after the guide of 2019, and what can be decided otherwise: variants of its desk, each a page of what is different.

    varied(GUIDE, OUTBOUND, NEXT_STATUS)

GUIDE                                                                             the desk as the guide of 2019 has it
ATTACHMENTS, NEXT_STATUS, TEN_CHATS, SPEAKER_CHANGE, CROSS_CHANNEL, AUTO_ACCEPT   later versions of the guide
OUTBOUND, REJECTED_FREES, MISSED_BLOCKS, LIVE_ONLY                                decisions, taken otherwise
LATER                                                                             all of them, as today's desk has them
"""

from collections.abc import Iterable
from typing import Any

import attrs

from fsm import Property
from fsm.desk.desk import GUIDE
from fsm.desk.later.attachments import ATTACHMENTS
from fsm.desk.later.auto_accept import AUTO_ACCEPT
from fsm.desk.later.cross_channel import CROSS_CHANNEL
from fsm.desk.later.live_only import LIVE_ONLY
from fsm.desk.later.missed_blocks import MISSED_BLOCKS
from fsm.desk.later.next_status import NEXT_STATUS
from fsm.desk.later.numbers import TEN_CHATS
from fsm.desk.later.outbound import OUTBOUND
from fsm.desk.later.rejected_frees import REJECTED_FREES
from fsm.desk.later.speaker_change import SPEAKER_CHANGE
from fsm.variants import Variant

__all__ = [
    "ATTACHMENTS", "AUTO_ACCEPT", "CROSS_CHANNEL", "GUIDE", "LATER", "LIVE_ONLY", "MISSED_BLOCKS", "NEXT_STATUS", "OUTBOUND", "REJECTED_FREES", "SPEAKER_CHANGE",
    "TEN_CHATS",
]  # fmt: skip

# In the order in which they are made: each may speak of what those before it bring.
LATER = (
    ATTACHMENTS, MISSED_BLOCKS, OUTBOUND, LIVE_ONLY, NEXT_STATUS, TEN_CHATS, CROSS_CHANNEL, SPEAKER_CHANGE, AUTO_ACCEPT,
)  # fmt: skip


def of(base: Any) -> tuple[Variant, ...]:
    """Those that vary this machine or system of the guide of 2019; of a system, without those of its machines."""
    given = (one for variant in LATER for one in (*variant.machines, variant))
    return tuple(attrs.evolve(one, machines=()) for one in given if one.base is base)


def in_place(claims: Iterable[Property | str], made: Any) -> tuple[Property, ...]:
    """Claims, where a sentence stands for the claim of what was made that says it, on the page of 2019 or in what came later."""
    said = {one.sentence: one for one in made.properties}
    return tuple(said[one] if isinstance(one, str) else one for one in claims)
