"""Three machines in a ring with counters up to three: whatever somebody sets them to, exactly one is privileged again before long, and stays so.

Source: E. W. Dijkstra, Self-stabilizing systems in spite of distributed control (1974), the solution with
K-state machines. Proved by enumeration of all counters: upset is whatever was set; from there on every
move leaves no more privileges than there were.
"""

from typing import Annotated

from fsm import (
    Field,
    Machine,
    Range,
    State,
    after,
    always,
    before,
    choose,
    each_step,
    event,
    happens,
    integer,
    recoverable,
)

ring = State("ring")
bottom, middle, top = integer("bottom", 0, 3), integer("middle", 0, 3), integer("top", 0, 3)
privileges = choose(bottom == top, 1, 0) + choose(middle != bottom, 1, 0) + choose(top != middle, 1, 0)


@event
class Upset:
    bottom: Field[Annotated[int, Range(0, 3)]]
    middle: Field[Annotated[int, Range(0, 3)]]
    top: Field[Annotated[int, Range(0, 3)]]


@event
class BottomMoves:
    pass


@event
class MiddleMoves:
    pass


@event
class TopMoves:
    pass


SUBJECT = Machine(
    "self_stabilising_ring",
    states=(ring,),
    initial=ring,
    variables=(bottom, middle, top),
    transitions=(
        ring.on(Upset).stay().set(bottom, Upset.bottom).set(middle, Upset.middle).set(top, Upset.top),
        ring.on(BottomMoves).when((bottom == top) & (bottom < 3)).stay().set(bottom, bottom + 1),
        ring.on(BottomMoves).when((bottom == top) & (bottom == 3)).stay().set(bottom, 0),
        ring.on(MiddleMoves).when(middle != bottom).stay().set(middle, bottom),
        ring.on(TopMoves).when(top != middle).stay().set(top, middle),
    ),
    properties=(
        always("somebody is always privileged", privileges >= 1),
        each_step("no move makes more privileges", ~happens(Upset) >> (after(privileges) <= before(privileges))),
        each_step("one privilege stays one", (~happens(Upset) & (before(privileges) == 1)) >> (after(privileges) == 1)),
        recoverable("exactly one is privileged again", privileges == 1),
        recoverable("the top is privileged again", top != middle),
    ),
)

SNAPSHOTS = 64
"""By hand: each of three counters has four values, and somebody may set them all."""
