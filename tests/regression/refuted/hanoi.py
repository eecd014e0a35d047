"""The tower of Hanoi with three discs: that it is never moved is refuted in seven moves, two to the power of three less one.

Source: É. Lucas (1883). A disc is moved when nothing lies on it, to a peg where nothing smaller lies.
"""

from enum import Enum

from fsm import Field, Machine, State, always, choice, event

table = State("table")


class Peg(Enum):
    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"


small, middling, large = choice("small", Peg), choice("middling", Peg), choice("large", Peg)


@event
class MoveSmall:
    to: Field[Peg]


@event
class MoveMiddling:
    to: Field[Peg]


@event
class MoveLarge:
    to: Field[Peg]


SUBJECT = Machine(
    "hanoi",
    states=(table,),
    initial=table,
    variables=(small, middling, large),
    transitions=(
        table.on(MoveSmall).when(small != MoveSmall.to).stay().set(small, MoveSmall.to),
        table.on(MoveMiddling).when((middling != MoveMiddling.to) & (small != middling) & (small != MoveMiddling.to)).stay().set(middling, MoveMiddling.to),
        table.on(MoveLarge)
            .when((large != MoveLarge.to) & (small != large) & (middling != large) & (small != MoveLarge.to) & (middling != MoveLarge.to))
            .stay().set(large, MoveLarge.to),
    ),
    properties=(always("the tower is never moved to the right", ~((small == Peg.RIGHT) & (middling == Peg.RIGHT) & (large == Peg.RIGHT))),),
)  # fmt: skip

STEPS = 7
SNAPSHOTS = 27
"""As published: three discs, each on one of three pegs, and every such position can be reached."""
