"""The agent's status. Only Available lets contacts in (S01); no status change sends any away (D6)."""

from __future__ import annotations

from enum import Enum

from fsm.events import Field, event
from fsm.expressions import after, before, happens, inside
from fsm.machine import Kind, Machine, State
from fsm.properties import each_step, reachable


class Status(Enum):
    """What an agent can choose: the one routable status, a status of the company's own, or offline."""

    AVAILABLE = "available"
    AWAY = "away"
    OFFLINE = "offline"


offline = State("offline", "not at work; a closed browser alone does not lead here (D7)", Kind.IDLE)
available = State("available", "contacts are delivered, as the routing profile allows", Kind.ACTIVE)
away = State("away", "on a break or in training: a status of the company's own", Kind.WAITING)


@event
class SetStatus:
    """The agent, or a supervisor, chooses a status."""

    status: Field[Status]


chooses_available = SetStatus.status == Status.AVAILABLE
chooses_away = SetStatus.status == Status.AWAY
chooses_offline = SetStatus.status == Status.OFFLINE

TRANSITIONS = (
    (offline | away).on(SetStatus).when(chooses_available).to(available).happily(),
    (offline | available).on(SetStatus).when(chooses_away).to(away),
    (available | away).on(SetStatus).when(chooses_offline).to(offline),
    available.on(SetStatus).when(chooses_available).stay(),
    away.on(SetStatus).when(chooses_away).stay(),
    offline.on(SetStatus).when(chooses_offline).stay(),
)  # fmt: skip

CLAIMS = (
    each_step(
        "only a chosen status makes an agent available",
        (before(~inside(available)) & after(inside(available))) >> happens(SetStatus),
        cites=("S01", "D7"),
    ),
    reachable("an agent can be available", inside(available), cites=("S01",)),
    reachable("an agent can be away", inside(away), cites=("S18",)),
)

AGENT = Machine(
    "agent",
    states=(offline, available, away),
    initial=offline,
    transitions=TRANSITIONS,
    properties=CLAIMS,
    doc="Contacts are delivered to an agent only while the status is Available.",
)
