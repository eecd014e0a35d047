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

from typing import Any

import attrs

from fsm import Property
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
from fsm.desk.later.together import ALL, together
from fsm.desk.parameters import PARAMETERS
from fsm.language.expressions import Param
from fsm.variants import Variant, replaced, varied

__all__ = [
    "ATTACHMENTS", "AUTO_ACCEPT", "CHANGING_LIMIT", "CROSS_CHANNEL", "GUIDE", "LATER", "LIVE_ONLY", "MISSED_BLOCKS", "NEXT_STATUS", "OUTBOUND", "REJECTED_FREES", "SPEAKER_CHANGE",
    "TEN_CHATS", "SetLimit", "together",
]  # fmt: skip

LATER = together(*ALL)


def with_all(base: Any, claims: tuple[Property | str, ...], *first: Variant, **more: Any) -> Any:
    """The desk of 2019, or a machine of it, with all of them and every switch as the guide has it until somebody chooses.

    Args:
        claims: what is true of it, where a sentence stands for the claim that says it on the page of 2019 or in what came later.
        first: what is varied before.
        more: in which order it says things, and in which versions.
    """
    each = [one for variant in LATER for one in (variant, *variant.machines) if one.base is base]
    own = (*first, *[attrs.evolve(one, machines=()) for one in each])
    added = [one for variant in own for one in variant.adds if isinstance(one, Param)]
    guide = {one.name: one for one in PARAMETERS}
    switches = [one for one in added or varied(base, *own).parameters if one is not guide[one.name]]
    back = Variant("as the guide has it", base, replaces=tuple(replaced(one, guide[one.name]) for one in switches))
    made = varied(base, *own, back)
    said = {one.sentence: one for one in made.properties}
    properties = tuple(said[one] if isinstance(one, str) else one for one in claims)
    return attrs.evolve(made, properties=properties, derived=None, **more)
