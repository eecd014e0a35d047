"""A railway crossing: the gate needs two seconds to come down, the train three to arrive, so the gate is down in time.

Source: N. G. Leveson, J. L. Stolzy, Safety analysis using Petri nets (1987). True because of the two durations:
where the train is near and the gate comes down, both have been so for equally long.
"""

from fsm import Machine, State, System, always, event, one, reachable, wire

away, near, crossing = State("away"), State("near"), State("crossing")
open_, lowering, down = State("open"), State("lowering"), State("down")


@event
class Comes:
    pass


@event
class Leaves:
    pass


@event
class Approach:
    pass


@event
class Arrive:
    pass


@event
class Leave:
    pass


@event
class Lower:
    pass


@event
class IsDown:
    pass


@event
class Raise:
    pass


TRAIN = Machine(
    "train",
    states=(away, near, crossing),
    initial=away,
    transitions=(away.on(Approach).to(near), near.after(3_000, Arrive).to(crossing), crossing.on(Leave).to(away)),
)
GATE = Machine(
    "gate",
    states=(open_, lowering, down),
    initial=open_,
    transitions=(open_.on(Lower).to(lowering), lowering.after(2_000, IsDown).to(down), down.on(Raise).to(open_)),
)
train, gate = one("train", TRAIN), one("gate", GATE)

SUBJECT = System(
    "railway_crossing",
    parts=(train, gate),
    wires=(wire(Comes, train.by(Approach), gate.by(Lower)), wire(Leaves, train.by(Leave), gate.by(Raise))),
    properties=(
        reachable("a train can cross", train.inside(crossing)),
        always("the gate is down while a train crosses", train.inside(crossing) >> gate.inside(down)),
    ),
)
