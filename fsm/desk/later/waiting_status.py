"""The agent's status can wait: what the guide of 2021-07 says of it at the desk stands in `fsm.desk.later.next_status` (D6)."""

import attrs

from fsm import Field, choice, event
from fsm.desk.desk import AGENT, available
from fsm.desk.vocabulary import Next, SetStatus, Status
from fsm.variants import Variant, line, replaced


@event
class PlanStatus:
    """A status is chosen while contacts are live: it waits until the desk is empty (guide of 2021-07)."""

    status: Field[Status]


@event
class TakeNextStatus:
    """The last slot is freed: the status that waits is taken."""


following = choice("following", Next, doc="the status that waits until the desk is empty")
KEPT = {Status.AWAY: Next.AWAY, Status.OFFLINE: Next.OFFLINE}
chosen = [one.set(following, Next.NONE) for one in AGENT.transitions if one.sources == (available,)]

WAITS = Variant(
    "a status waits", AGENT,
    adds=(
        following,
        *(available.on(PlanStatus).when(PlanStatus.status == status).stay().set(following, kept) for status, kept in KEPT.items()),
        *(attrs.evolve(one, event=TakeNextStatus, guard=following == kept) for one, kept in zip(chosen, KEPT.values(), strict=False)),
    ),
    replaces=tuple(replaced(line(available, SetStatus, one.guard), one) for one in chosen),
)  # fmt: skip
