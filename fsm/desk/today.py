"""Today's desk: that of 2019 with every later version of the guide, and every decision that can be taken otherwise.

What an administrator may choose is a parameter; a version of the guide fixes some of them (`fsm.desk.later.versions`).
"""

from fsm import System
from fsm.desk import desk
from fsm.desk.claims import CLAIMS, REPORT_CLAIMS
from fsm.desk.later import with_all
from fsm.desk.later.rejected_frees import rejected_holds
from fsm.desk.later.versions import VERSIONS
from fsm.desk.parameters import PARAMETERS, auto_accept, speaker_change
from fsm.desk.parts import agent, tiles
from fsm.variants import Variant, replaced

MACHINES = Variant(
    "the machines of today",
    desk.GUIDE,
    adds=(rejected_holds, speaker_change, auto_accept),
    replaces=(replaced(desk.agent, agent), replaced(desk.tiles, tiles)),
)
DESK: System = with_all(desk.GUIDE, (*CLAIMS, *REPORT_CLAIMS), MACHINES, parameters=PARAMETERS, profiles=VERSIONS)
