"""A login that ends when nobody has asked for anything for a while, and after so long whatever one does.

Source: the idle timeout and the absolute timeout of sessions (OWASP). Who works is put out at last, though each request must come before the idle time is
over, and as many as it takes: the shortest run to there is long.
"""

from fsm import Machine, State, System, always, can_happen, event, happens, leads_to, one, recoverable, wire, within

away, present, quiet, active = State("away"), State("present"), State("quiet"), State("active")


@event
class Login:
    pass


@event
class Logout:
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


USER = Machine(
    "user",
    states=(away, present),
    initial=away,
    transitions=(away.on(Begin).to(present), present.on(End).to(away), present.after(42, Expire).to(away)),
)
WORK = Machine(
    "work",
    states=(quiet, active),
    initial=quiet,
    transitions=(
        quiet.on(Begin).to(active),
        active.on(Touch).to(active),
        active.on(End).to(quiet),
        active.after(4, Idle).to(quiet),
    ),
)
user, work = one("user", USER), one("work", WORK)

SUBJECT = System(
    "session",
    parts=(user, work),
    wires=(
        wire(Login, user.by(Begin), work.by(Begin)),
        wire(Logout, user.by(End), work.by(End)),
        wire(Request, work.by(Touch)),
        wire(user.sends(Expire), work.by(End)),
        wire(work.sends(Idle), user.by(End)),
    ),
    properties=(
        always("who is present is active", user.inside(present) == work.inside(active)),
        within("a session ends in time", 42, user.inside(present), user.inside(away)),
        recoverable("one can always be logged out", user.inside(away)),
        leads_to("a session ends", user.inside(present), user.inside(away)),
        can_happen("it ends though somebody works", happens(Expire)),
    ),
)
