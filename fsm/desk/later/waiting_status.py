"""The agent's status can wait: what the guide of 2021-07 says of it at the desk stands in `fsm.desk.later.next_status` (D6)."""

from fsm import NOW, SINCE, Field, choice, event
from fsm.desk.actions import SetStatus
from fsm.desk.desk import AGENT, available, away, offline
from fsm.desk.effects import StatusChanged
from fsm.desk.vocabulary import Next, Status
from fsm.language.machine import Transition, Trigger
from fsm.variants import Named, Variant, line, replaced


@event
class PlanStatus:
    """A status is chosen while contacts are live: it waits until the desk is empty (guide of 2021-07)."""

    status: Field[Status]


@event
class TakeNextStatus:
    """The last slot is freed: the status that waits is taken."""


following = choice("following", Next, doc="the status that waits until the desk is empty")
KEPT = {Status.AWAY: (away, Next.AWAY), Status.OFFLINE: (offline, Next.OFFLINE)}


def taken(begun: Trigger, status: Status) -> Transition:
    """The line, by which an agent who was Available has another status, and none waits."""
    left = begun.to(KEPT[status][0]).set(following, Next.NONE)
    return left.emits(StatusChanged, before=Status.AVAILABLE, after=status, since=SINCE, at=NOW)


def chosen(status: Status) -> Named:
    """Where an agent who is Available chooses it."""
    return line(available, SetStatus, SetStatus.status == status)


WAITS = Variant(
    "a status waits", AGENT,
    adds=(
        following,
        *(available.on(PlanStatus).when(PlanStatus.status == status).stay().set(following, kept) for status, (_, kept) in KEPT.items()),
        *(taken(available.on(TakeNextStatus).when(following == kept), status) for status, (_, kept) in KEPT.items()),
    ),
    replaces=(
        *(replaced(chosen(status), taken(available.on(SetStatus).when(SetStatus.status == status), status)) for status in KEPT),
        replaced(chosen(Status.AVAILABLE), available.on(SetStatus).when(SetStatus.status == Status.AVAILABLE).stay().set(following, Next.NONE)),
    ),
)  # fmt: skip
