"""Today's desk: that of 2019 with every later version of the guide, and every decision that can be taken otherwise.

What an administrator may choose is a parameter; a version of the guide fixes some of them (`fsm.desk.later.versions`).
"""

import attrs

from fsm.desk.claims import CLAIMS
from fsm.desk.desk import GUIDE
from fsm.desk.later import in_place, with_all
from fsm.desk.later.versions import VERSIONS
from fsm.desk.parameters import PARAMETERS
from fsm.desk.parts import agent, tiles
from fsm.desk.report_claims import REPORT_CLAIMS
from fsm.variants import Variant, replaced, varied

made = with_all(GUIDE)
parts = tuple(replaced(made.part(part.name), part) for part in (agent, tiles))
DESK = varied(made, Variant("the machines of today", made, replaces=parts))
DESK = attrs.evolve(
    DESK, parameters=PARAMETERS, profiles=VERSIONS, properties=(*in_place(CLAIMS, DESK), *REPORT_CLAIMS), derived=None
)
