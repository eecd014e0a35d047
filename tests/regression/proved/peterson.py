"""Peterson's algorithm for two processes, each a part of its own beside the turn: a flag, then the turn to the other, then the wait.

Source: G. L. Peterson, Myths about the mutual exclusion problem (1981). Proved since whoever has given
the turn away last is the one who waits: while both have, the turn lets in exactly one.
"""

from fsm import Machine, Rule, State, System, always, event, one, reachable, recoverable, wire

idle, flagged, waiting, critical = State("idle"), State("flagged"), State("waiting"), State("critical")
lefts, rights = State("lefts"), State("rights")


@event
class LeftFlags:
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
class RightFlags:
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
class Flag:
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
        idle.on(Flag).to(flagged),
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

SUBJECT = System(
    "peterson",
    parts=(left, right, turn),
    wires=(
        wire(LeftFlags, left.by(Flag)),
        wire(LeftYields, left.by(Yield), turn.by(ToRight)),
        wire(LeftEnters, left.by(Enter)),
        wire(LeftLeaves, left.by(Leave)),
        wire(RightFlags, right.by(Flag)),
        wire(RightYields, right.by(Yield), turn.by(ToLeft)),
        wire(RightEnters, right.by(Enter)),
        wire(RightLeaves, right.by(Leave)),
    ),
    rules=(
        Rule("left waits for the flag or the turn", on=LeftEnters, when=right.inside(idle) | turn.inside(lefts)),
        Rule("right waits for the flag or the turn", on=RightEnters, when=left.inside(idle) | turn.inside(rights)),
    ),
    properties=(
        always("never both in the critical section", ~(left.inside(critical) & right.inside(critical))),
        always(
            "while left is in, right waits for its turn",
            (left.inside(critical) & right.inside(waiting)) >> turn.inside(lefts),
        ),
        always(
            "while right is in, left waits for its turn",
            (right.inside(critical) & left.inside(waiting)) >> turn.inside(rights),
        ),
        reachable("one waits while the other is in", left.inside(critical) & right.inside(waiting)),
        recoverable("left gets in", left.inside(critical)),
        recoverable("right gets in", right.inside(critical)),
    ),
)
