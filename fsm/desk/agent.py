"""The agent's status. Only Available lets contacts in (S01); no status change sends any away (D6).

Where a status can wait, it waits for an agent who is Available alone: nobody else is offered anything
that would have to be kept away, so an agent who is away, though on a call placed from there (D2), is
moved at once.
"""

from __future__ import annotations

from fsm.desk.effects import StatusChanged
from fsm.desk.vocabulary import Next, Status
from fsm.language.events import Field, event
from fsm.language.expressions import choose
from fsm.language.formulas import after, before, choice, emitted, happens, inside
from fsm.language.leaves import ELAPSED, NOW, SINCE
from fsm.language.machine import Kind, Machine, State
from fsm.language.properties import always, can_happen, each_step, reachable

offline = State("offline", "not at work; a closed browser alone does not lead here (D7)", Kind.IDLE)
available = State("available", "contacts are delivered, as the routing profile allows", Kind.ACTIVE)
away = State("away", "on a break or in training: a status of the company's own", Kind.WAITING)


@event
class SetStatus:
    """The agent, or a supervisor, chooses a status."""

    status: Field[Status]


@event
class PlanStatus:
    """A status is chosen while contacts are live: it waits until the desk is empty (guide of 2021-07)."""

    status: Field[Status]


@event
class TakeNextStatus:
    """The last slot is freed: the status that waits is taken."""


following = choice("following", Next, doc="the status that waits until the desk is empty")

chooses_available = SetStatus.status == Status.AVAILABLE
chooses_away = SetStatus.status == Status.AWAY
chooses_offline = SetStatus.status == Status.OFFLINE
plans_away = PlanStatus.status == Status.AWAY
plans_offline = PlanStatus.status == Status.OFFLINE

TRANSITIONS = (
    offline.on(SetStatus).when(chooses_available).to(available)
        .emits(StatusChanged, before=Status.OFFLINE, after=Status.AVAILABLE, since=SINCE, at=NOW).happily(),
    away.on(SetStatus).when(chooses_available).to(available)
        .emits(StatusChanged, before=Status.AWAY, after=Status.AVAILABLE, since=SINCE, at=NOW).happily(),
    offline.on(SetStatus).when(chooses_away).to(away)
        .emits(StatusChanged, before=Status.OFFLINE, after=Status.AWAY, since=SINCE, at=NOW),
    available.on(SetStatus).when(chooses_away).to(away).set(following, Next.NONE)
        .emits(StatusChanged, before=Status.AVAILABLE, after=Status.AWAY, since=SINCE, at=NOW),
    available.on(SetStatus).when(chooses_offline).to(offline).set(following, Next.NONE)
        .emits(StatusChanged, before=Status.AVAILABLE, after=Status.OFFLINE, since=SINCE, at=NOW),
    away.on(SetStatus).when(chooses_offline).to(offline)
        .emits(StatusChanged, before=Status.AWAY, after=Status.OFFLINE, since=SINCE, at=NOW),
    available.on(SetStatus).when(chooses_available).stay().set(following, Next.NONE),
    away.on(SetStatus).when(chooses_away).stay(),
    offline.on(SetStatus).when(chooses_offline).stay(),
    available.on(PlanStatus).when(plans_away).stay().set(following, Next.AWAY),
    available.on(PlanStatus).when(plans_offline).stay().set(following, Next.OFFLINE),
    available.on(TakeNextStatus).when(following == Next.AWAY).to(away).set(following, Next.NONE)
        .emits(StatusChanged, before=Status.AVAILABLE, after=Status.AWAY, since=SINCE, at=NOW),
    available.on(TakeNextStatus).when(following == Next.OFFLINE).to(offline).set(following, Next.NONE)
        .emits(StatusChanged, before=Status.AVAILABLE, after=Status.OFFLINE, since=SINCE, at=NOW),
)  # fmt: skip

stays = (
    (before(inside(offline)) & after(inside(offline)))
    | (before(inside(available)) & after(inside(available)))
    | (before(inside(away)) & after(inside(away)))
)

CLAIMS = (
    each_step(
        "only a chosen status makes an agent available",
        (before(~inside(available)) & after(inside(available))) >> happens(SetStatus),
        cites=("S01", "D7"),
    ),
    each_step(
        "a status is left only by choosing another, or for one that was chosen before",
        (before(inside(available)) == after(inside(available))) & (before(inside(away)) == after(inside(away)))
        | happens(SetStatus, TakeNextStatus),
        cites=("D6", "D7"),
    ),
    always(
        "a status waits only while the agent is available", (following != Next.NONE) >> inside(available), cites=("D6",)
    ),
    each_step(
        "choosing available forgets the status that waits",
        (happens(SetStatus) & after(inside(available))) >> after(following == Next.NONE),
        cites=("D6",),
    ),
    each_step(
        "every change of status is reported once, and nothing else is",
        after(emitted(StatusChanged)) == before(emitted(StatusChanged)) + choose(stays, 0, 1),
        cites=("S01",),
    ),
    each_step(
        "the time in a status goes on while the status stays",
        stays >> (after(ELAPSED) == before(ELAPSED)),
        cites=("D7",),
    ),
    can_happen("an agent can come to work", before(inside(offline)) & after(inside(available)), cites=("S01",)),
    can_happen(
        "an agent can come back from a break", before(inside(away)) & after(inside(available)), cites=("S01", "S20")
    ),
    can_happen(
        "an agent can take a break from work",
        before(inside(available) & (following == Next.NONE)) & after(inside(away)),
        cites=("S01",),
    ),
    can_happen(
        "an agent can leave work",
        before(inside(available) & (following == Next.NONE)) & after(inside(offline)),
        cites=("S01", "D6"),
    ),
    can_happen(
        "an agent can take back a status that waits",
        happens(SetStatus) & before(following != Next.NONE) & after(inside(available) & (following == Next.NONE)),
        cites=("D6",),
    ),
    can_happen(
        "an agent can be at work and receive nothing yet", before(inside(offline)) & after(inside(away)), cites=("S01",)
    ),
    can_happen(
        "an agent can leave from a break without receiving anything",
        before(inside(away)) & after(inside(offline)),
        cites=("S01",),
    ),
    reachable("an agent can be available", inside(available), cites=("S01",)),
    reachable("an agent can be away", inside(away), cites=("S01",)),
)

AGENT = Machine(
    "agent",
    states=(offline, available, away),
    initial=offline,
    variables=(following,),
    transitions=TRANSITIONS,
    properties=CLAIMS,
    doc="Contacts are delivered to an agent only while the status is Available.",
)
