"""Today's desk: that of 2019 with every later version of the guide, and every decision that can be taken otherwise.

What an administrator may choose is a parameter; a version of the guide fixes some of them (`fsm.desk.later.versions`).
"""

import attrs

from fsm.desk import desk
from fsm.desk.claims import CLAIMS
from fsm.desk.later import LATER, as_the_guide_has_it, in_place, rejected_frees
from fsm.desk.later.versions import VERSIONS
from fsm.desk.parameters import PARAMETERS, auto_accept, speaker_change
from fsm.desk.parts import agent, tiles
from fsm.desk.report_claims import REPORT_CLAIMS
from fsm.language.expressions import Param
from fsm.variants import Variant, replaced, varied

MACHINES = Variant(
    "the machines of today",
    desk.GUIDE,
    adds=(rejected_frees.rejected_holds, speaker_change, auto_accept),
    replaces=(replaced(desk.agent, agent), replaced(desk.tiles, tiles)),
)
own = [attrs.evolve(one, machines=()) for one in LATER if one.base is desk.GUIDE]
switches = [one for variant in (MACHINES, *own) for one in variant.adds if isinstance(one, Param)]

DESK = varied(desk.GUIDE, MACHINES, *own, as_the_guide_has_it(desk.GUIDE, switches))
DESK = attrs.evolve(
    DESK, parameters=PARAMETERS, profiles=VERSIONS, properties=(*in_place(CLAIMS, DESK), *REPORT_CLAIMS), derived=None
)
