"""Peterson's mutual exclusion (1981), step by step: who asks gets in, if nobody stops for ever where the protocol lets him go on.

Each process raises its flag, then gives the turn away, then waits until the other's flag is down or
the turn is its own. Nobody need ask, so asking is not fair.
"""

from fsm import Machine, Rule, State, System, always, event, leads_to, one, reachable, wire

idle, flagged, waiting, critical = State("idle"), State("flagged"), State("waiting"), State("critical")
lefts, rights = State("lefts"), State("rights")


@event
class Ask:
    pass


@event
class Yield:
    pass


@event
class Enter:
    pass


@event
class Leave:
    pass


@event
class LeftAsks:
    pass


@event
class LeftYields:
    pass


@event
class LeftEnters:
    pass


@event
class LeftLeaves:
    pass


@event
class RightAsks:
    pass


@event
class RightYields:
    pass


@event
class RightEnters:
    pass


@event
class RightLeaves:
    pass


@event
class ToLeft:
    pass


@event
class ToRight:
    pass


PROCESS = Machine(
    "process",
    states=(idle, flagged, waiting, critical),
    initial=idle,
    transitions=(
        idle.on(Ask).to(flagged),
        flagged.on(Yield).to(waiting),
        waiting.on(Enter).to(critical),
        critical.on(Leave).to(idle),
    ),
)
TURN = Machine(
    "turn",
    states=(lefts, rights),
    initial=lefts,
    transitions=((lefts | rights).on(ToLeft).to(lefts), (lefts | rights).on(ToRight).to(rights)),
)
left, right, turn = one("left", PROCESS), one("right", PROCESS), one("turn", TURN)
GOES_ON = (LeftYields, LeftEnters, LeftLeaves, RightYields, RightEnters, RightLeaves)

SUBJECT = System(
    "peterson",
    parts=(left, right, turn),
    wires=(
        wire(LeftAsks, left.by(Ask)),
        wire(LeftYields, left.by(Yield), turn.by(ToRight)),
        wire(LeftEnters, left.by(Enter)),
        wire(LeftLeaves, left.by(Leave)),
        wire(RightAsks, right.by(Ask)),
        wire(RightYields, right.by(Yield), turn.by(ToLeft)),
        wire(RightEnters, right.by(Enter)),
        wire(RightLeaves, right.by(Leave)),
    ),
    rules=(
        Rule("left enters alone or in its turn", on=LeftEnters, when=right.inside(idle) | turn.inside(lefts)),
        Rule("right enters alone or in its turn", on=RightEnters, when=left.inside(idle) | turn.inside(rights)),
    ),
    properties=(
        always(
            "left in the critical section beside a waiting right: the turn is left's",
            (left.inside(critical) & right.inside(waiting)) >> turn.inside(lefts),
        ),
        always(
            "right in the critical section beside a waiting left: the turn is right's",
            (right.inside(critical) & left.inside(waiting)) >> turn.inside(rights),
        ),
        always("never both in the critical section", ~(left.inside(critical) & right.inside(critical))),
        reachable("both can wait at once", left.inside(waiting) & right.inside(waiting)),
        leads_to("left gets in once it asked", left.inside(flagged, waiting), left.inside(critical), fair=GOES_ON),
        leads_to("right gets in once it asked", right.inside(flagged, waiting), right.inside(critical), fair=GOES_ON),
    ),
)
