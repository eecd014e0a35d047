"""Today's desk: that of 2019 with every later version of the guide, and every decision that can be taken otherwise.

What an administrator may choose is a parameter; a version of the guide fixes some of them (`fsm.desk.later.versions`).
"""

import attrs

from fsm.desk import desk
from fsm.desk.claims import CLAIMS
from fsm.desk.later import in_place, of
from fsm.desk.later.versions import VERSIONS
from fsm.desk.parameters import PARAMETERS, auto_accept, rejected_holds, speaker_change
from fsm.desk.parts import agent, tiles
from fsm.desk.report_claims import REPORT_CLAIMS
from fsm.variants import Variant, replaced, varied

MACHINES = Variant(
    "the machines of today",
    desk.GUIDE,
    adds=(rejected_holds, speaker_change, auto_accept),
    replaces=(replaced(desk.agent, agent), replaced(desk.tiles, tiles)),
)

DESK = varied(desk.GUIDE, MACHINES, *of(desk.GUIDE))
DESK = attrs.evolve(
    DESK, parameters=PARAMETERS, profiles=VERSIONS, properties=(*in_place(CLAIMS, DESK), *REPORT_CLAIMS), derived=None
)
