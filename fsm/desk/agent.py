"""The agent's status as it is today: that of 2019, in which a status can wait, and what else is true of it (S01, D6)."""

from fsm import (
    ELAPSED,
    Machine,
    after,
    always,
    before,
    can_happen,
    choose,
    each_step,
    emitted,
    happens,
    inside,
    reachable,
)
from fsm.desk import desk
from fsm.desk.desk import available, away, offline
from fsm.desk.later import with_all
from fsm.desk.later.waiting_status import PlanStatus, TakeNextStatus, following
from fsm.desk.vocabulary import Next, SetStatus, StatusChanged

__all__ = ["AGENT", "PlanStatus", "SetStatus", "TakeNextStatus", "available", "away", "following", "offline"]

stays = (
    (before(inside(offline)) & after(inside(offline)))
    | (before(inside(available)) & after(inside(available)))
    | (before(inside(away)) & after(inside(away)))
)

CLAIMS = (
    "only a chosen status makes an agent available",
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

AGENT: Machine = with_all(desk.AGENT, CLAIMS)
