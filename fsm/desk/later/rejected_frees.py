"""Rejected and failed offers give their slots back, where that is chosen: D4 decided otherwise."""

import attrs

from fsm import NOW
from fsm.desk import parameters
from fsm.desk.desk import TILE, connected, free, of, offered
from fsm.desk.vocabulary import Fail, Reject, SlotFreed
from fsm.variants import Variant, line, replaced

rejected_holds = parameters.otherwise(parameters.rejected_holds, False)
given = [one for one in TILE.transitions if one.event in (Reject, Fail)]
rejects, fails = (attrs.evolve(one, guard=rejected_holds) for one in given)
gives_back, fails_freely = (
    attrs.evolve(one, guard=~rejected_holds, target=free).emits(SlotFreed, since=NOW, **of) for one in given
)

REJECTED_FREES = Variant(
    "rejected offers free their slot", TILE,
    replaces=(
        replaced(line(offered, Reject), rejects, gives_back),
        replaced(line(offered | connected, Fail), fails, fails_freely),
    ),
)  # fmt: skip
