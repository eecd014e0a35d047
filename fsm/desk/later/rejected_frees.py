"""Rejected and failed offers give their slots back, where that is chosen: D4 decided otherwise."""

from fsm import NOW, SINCE
from fsm.desk import parameters
from fsm.desk.actions import Fail, Reject
from fsm.desk.desk import TILE, connected, failed, free, of, offered, rejected
from fsm.desk.effects import Failed, Rejected, SlotFreed
from fsm.variants import Variant, line, replaced

rejected_holds = parameters.otherwise(parameters.rejected_holds, False)
rejects = offered.on(Reject).when(rejected_holds).to(rejected).emits(Rejected, offered_at=SINCE, **of)
gives_back = (
    offered.on(Reject).when(~rejected_holds).to(free)
    .emits(Rejected, offered_at=SINCE, **of).emits(SlotFreed, since=NOW, **of)
)  # fmt: skip
fails = (
    (offered | connected).on(Fail).when(rejected_holds).to(failed)
    .emits(Failed, since=SINCE, answered_at=Fail.answered_at, **of)
)  # fmt: skip
fails_freely = (
    (offered | connected).on(Fail).when(~rejected_holds).to(free)
    .emits(Failed, since=SINCE, answered_at=Fail.answered_at, **of).emits(SlotFreed, since=NOW, **of)
)  # fmt: skip

REJECTED_FREES = Variant(
    "rejected offers free their slot", TILE,
    replaces=(
        replaced(line(offered, Reject), rejects, gives_back),
        replaced(line(offered | connected, Fail), fails, fails_freely),
    ),
)  # fmt: skip
