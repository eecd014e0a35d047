"""What somebody must do again and again, each time just before a timer falls due, is found to be possible: another timer runs on meanwhile."""

from __future__ import annotations

import pytest

from fsm import Machine, State, System, can_happen, event, happens, one, reachable, wire
from fsm.verification import Proved, Refuted, verify
from fsm.verification.definition import EVENTS

MINUTE = 60_000
away, present, quiet, active = State("away"), State("present"), State("quiet"), State("active")


@event
class Login:
    pass


@event
class Request:
    pass


@event
class Begin:
    pass


@event
class End:
    pass


@event
class Touch:
    pass


@event
class Idle:
    """Sent by time."""


@event
class Expire:
    """Sent by time."""


def session(longest: int, idle: int, *, touched: bool = True) -> System:
    """A login that ends when nobody has asked for anything for a while, and after so long whatever one does."""
    login = (away.on(Begin).to(present), present.on(End).to(away), present.after(longest, Expire).to(away))
    lines = (quiet.on(Begin).to(active), active.on(End).to(quiet), active.after(idle, Idle).to(quiet))
    again = active.on(Touch).to(active) if touched else active.on(Touch).stay()
    user, work = one("user", Machine("user", (away, present), away, login)), one("work", Machine("work", (quiet, active), quiet, (*lines, again)))  # fmt: skip
    wires = (
        wire(Login, user.by(Begin), work.by(Begin)),
        wire(Request, work.by(Touch)),
        wire(user.sends(Expire), work.by(End)),
        wire(work.sends(Idle), user.by(End)),
    )
    claims = (
        can_happen("it ends though somebody works", happens(Expire)),
        reachable("somebody works", work.inside(active)),
    )
    return System("session", (user, work), wires, properties=claims)


@pytest.mark.parametrize("minutes", [16, 480])
def test_who_works_is_put_out_at_last(minutes: int) -> None:
    """A request just before each fifteen minutes, as many as it takes; the checker's event that can be taken is shown by the same run."""
    report = verify(session(minutes * MINUTE, 15 * MINUTE))
    verdict = report.verdicts[0]
    assert isinstance(verdict, Proved)
    assert verdict.witness is not None
    assert all(isinstance(one, Proved) for one in report.definition if one.claim.sentence == EVENTS)
    requests = [one for one, _ in verdict.witness.events if isinstance(one, Request)]
    assert len(requests) == (minutes * MINUTE) // (15 * MINUTE - 1)


def test_who_cannot_put_it_off_is_not_said_to() -> None:
    """Where a request does not begin the time anew the session never lasts so long."""
    assert not isinstance(verify(session(16, 15, touched=False)).verdicts[0], Proved)
    assert isinstance(verify(session(15, 15)).verdicts[0], Proved | Refuted)
