"""Dekker's algorithm, the first for two processes: whoever meets the other's flag takes its own down unless it is its turn.

Source: E. W. Dijkstra, Cooperating sequential processes (1965), who gives it to T. J. Dekker. Proved
since nobody goes in without having seen the other's flag down while its own is up; the turn only
decides who steps back, so that both can always get in.
"""

from fsm import Machine, Rule, State, System, always, event, one, reachable, recoverable, wire

idle, wanting, stepped_back, critical = State("idle"), State("wanting"), State("stepped_back"), State("critical")
lefts, rights = State("lefts"), State("rights")


@event
class LeftWants:
    pass


@event
class LeftStepsBack:
    pass


@event
class LeftReturns:
    pass


@event
class LeftEnters:
    pass


@event
class LeftLeaves:
    pass


@event
class RightWants:
    pass


@event
class RightStepsBack:
    pass


@event
class RightReturns:
    pass


@event
class RightEnters:
    pass


@event
class RightLeaves:
    pass


@event
class Want:
    pass


@event
class StepBack:
    pass


@event
class Return:
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
    states=(idle, wanting, stepped_back, critical),
    initial=idle,
    transitions=(
        idle.on(Want).to(wanting),
        wanting.on(StepBack).to(stepped_back),
        stepped_back.on(Return).to(wanting),
        wanting.on(Enter).to(critical),
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
    "dekker",
    parts=(left, right, turn),
    wires=(
        wire(LeftWants, left.by(Want)),
        wire(LeftStepsBack, left.by(StepBack)),
        wire(LeftReturns, left.by(Return)),
        wire(LeftEnters, left.by(Enter)),
        wire(LeftLeaves, left.by(Leave), turn.by(ToRight)),
        wire(RightWants, right.by(Want)),
        wire(RightStepsBack, right.by(StepBack)),
        wire(RightReturns, right.by(Return)),
        wire(RightEnters, right.by(Enter)),
        wire(RightLeaves, right.by(Leave), turn.by(ToLeft)),
    ),
    rules=(
        Rule("left goes in while the other's flag is down", on=LeftEnters, when=right.inside(idle, stepped_back)),
        Rule("right goes in while the other's flag is down", on=RightEnters, when=left.inside(idle, stepped_back)),
        Rule(
            "left steps back when both want and it is right's turn",
            on=LeftStepsBack,
            when=right.inside(wanting, critical) & turn.inside(rights),
        ),
        Rule(
            "right steps back when both want and it is left's turn",
            on=RightStepsBack,
            when=left.inside(wanting, critical) & turn.inside(lefts),
        ),
        Rule("left returns in its turn", on=LeftReturns, when=turn.inside(lefts)),
        Rule("right returns in its turn", on=RightReturns, when=turn.inside(rights)),
    ),
    properties=(
        always("never both in the critical section", ~(left.inside(critical) & right.inside(critical))),
        always("never both stepped back", ~(left.inside(stepped_back) & right.inside(stepped_back))),
        reachable("one steps back for the other", left.inside(stepped_back) & right.inside(critical)),
        recoverable("left gets in", left.inside(critical)),
        recoverable("right gets in", right.inside(critical)),
    ),
)
