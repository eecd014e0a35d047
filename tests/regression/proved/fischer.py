"""Fischer's protocol, which excludes by time alone: whoever has set the lock waits longer than anybody can take to set it.

Source: L. Lamport, A fast mutual exclusion algorithm (1987), who gives it to M. Fischer. True, since the
wait of three is longer than the two that setting takes: who is still setting has been at it for longer than the lock is another's.
"""

from fsm import ELAPSED, Machine, Rule, State, System, always, event, one, reachable, wire

idle, setting, checking, critical = State("idle"), State("setting"), State("checking"), State("critical")
nobodys, lefts, rights = State("nobodys"), State("lefts"), State("rights")


@event
class LeftBegins:
    pass


@event
class LeftEnters:
    pass


@event
class LeftGivesUp:
    pass


@event
class LeftLeaves:
    pass


@event
class RightBegins:
    pass


@event
class RightEnters:
    pass


@event
class RightGivesUp:
    pass


@event
class RightLeaves:
    pass


@event
class Begin:
    pass


@event
class Set:
    pass


@event
class Enter:
    pass


@event
class GiveUp:
    pass


@event
class Leave:
    pass


@event
class ToLeft:
    pass


@event
class ToRight:
    pass


@event
class ToNobody:
    pass


PROCESS = Machine(
    "process",
    states=(idle, setting, checking, critical),
    initial=idle,
    transitions=(
        idle.on(Begin).to(setting),
        setting.after(2, Set).to(checking),
        checking.on(Enter).when(ELAPSED >= 3).to(critical),
        checking.on(GiveUp).to(idle),
        critical.on(Leave).to(idle),
    ),
)
LOCK = Machine(
    "lock",
    states=(nobodys, lefts, rights),
    initial=nobodys,
    transitions=(
        (nobodys | lefts | rights).on(ToLeft).to(lefts),
        (nobodys | lefts | rights).on(ToRight).to(rights),
        (lefts | rights).on(ToNobody).to(nobodys),
    ),
)
left, right, lock = one("left", PROCESS), one("right", PROCESS), one("lock", LOCK)

SUBJECT = System(
    "fischer",
    parts=(left, right, lock),
    wires=(
        wire(LeftBegins, left.by(Begin)),
        wire(left.sends(Set), lock.by(ToLeft)),
        wire(LeftEnters, left.by(Enter)),
        wire(LeftGivesUp, left.by(GiveUp)),
        wire(LeftLeaves, left.by(Leave), lock.by(ToNobody)),
        wire(RightBegins, right.by(Begin)),
        wire(right.sends(Set), lock.by(ToRight)),
        wire(RightEnters, right.by(Enter)),
        wire(RightGivesUp, right.by(GiveUp)),
        wire(RightLeaves, right.by(Leave), lock.by(ToNobody)),
    ),
    rules=(
        Rule("begins where nobody has the lock", on=LeftBegins, when=lock.inside(nobodys)),
        Rule("right begins where nobody has the lock", on=RightBegins, when=lock.inside(nobodys)),
        Rule("left enters with the lock", on=LeftEnters, when=lock.inside(lefts)),
        Rule("right enters with the lock", on=RightEnters, when=lock.inside(rights)),
        Rule("left gives up without the lock", on=LeftGivesUp, when=~lock.inside(lefts)),
        Rule("right gives up without the lock", on=RightGivesUp, when=~lock.inside(rights)),
    ),
    properties=(
        reachable("left gets in", left.inside(critical)),
        always("never both in the critical section", ~(left.inside(critical) & right.inside(critical))),
    ),
)
