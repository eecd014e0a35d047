"""Today's desk: that of 2019 with every later version of the guide, and every decision that can be taken otherwise.

What an administrator may choose is a parameter; a version of the guide fixes some of them (`fsm.desk.later.versions`).
"""

from fsm import System
from fsm.desk import desk
from fsm.desk.agent import agent
from fsm.desk.claims import CLAIMS
from fsm.desk.later import with_all
from fsm.desk.later.rejected_frees import rejected_holds
from fsm.desk.later.versions import VERSIONS
from fsm.desk.parameters import PARAMETERS, auto_accept, speaker_change
from fsm.desk.report_claims import REPORT_CLAIMS
from fsm.desk.tile import tiles
from fsm.desk.vocabulary import Status
from fsm.language.snapshot import Layout
from fsm.variants import Variant, replaced

MACHINES = Variant(
    "the machines of today",
    desk.GUIDE,
    adds=(rejected_holds, speaker_change, auto_accept),
    replaces=(replaced(desk.agent, agent), replaced(desk.tiles, tiles)),
)
DESK: System = with_all(desk.GUIDE, (*CLAIMS, *REPORT_CLAIMS), MACHINES, parameters=PARAMETERS, profiles=VERSIONS)


def is_desk(layout: Layout) -> bool:
    """Whether snapshots of this layout are those of a desk: of the page of 2019 or a variant that has its parts and all that these remember."""
    known = dict(zip(layout.parts, layout.machines, strict=True))
    return layout.system == "desk" and all(
        part.name in known and {one.name for one in part.machine.variables} <= set(known[part.name].variables)
        for part in desk.GUIDE.parts
    )


def status_of(state: str) -> Status | str:
    """The status that a state of the agent is; its name, where a variant has added the state."""
    return Status(state) if state in {one.value for one in Status} else state
