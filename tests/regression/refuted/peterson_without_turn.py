"""Mutual exclusion by flags alone, two processes as parts of their own: each looks before it sets its flag, and both get in."""

from fsm import Machine, Rule, State, System, always, event, one, wire

idle, checked, inside_ = State("idle"), State("checked"), State("inside")


@event
class LeftLooks:
    pass


@event
class LeftEnters:
    pass


@event
class RightLooks:
    pass


@event
class RightEnters:
    pass


@event
class Look:
    pass


@event
class Enter:
    pass


PROCESS = Machine(
    "process",
    states=(idle, checked, inside_),
    initial=idle,
    transitions=(idle.on(Look).to(checked), checked.on(Enter).to(inside_)),
)
left, right = one("left", PROCESS), one("right", PROCESS)

SUBJECT = System(
    "two_processes",
    parts=(left, right),
    wires=(
        wire(LeftLooks, left.by(Look)),
        wire(LeftEnters, left.by(Enter)),
        wire(RightLooks, right.by(Look)),
        wire(RightEnters, right.by(Enter)),
    ),
    rules=(
        Rule("left looks", on=LeftLooks, when=~right.inside(inside_)),
        Rule("right looks", on=RightLooks, when=~left.inside(inside_)),
    ),
    properties=(always("never both inside", ~(left.inside(inside_) & right.inside(inside_))),),
)

STEPS = 4
