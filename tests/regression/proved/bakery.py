"""Lamport's bakery for two customers, with tickets up to four: whoever has the smaller one is served, left first among equals.

Source: L. Lamport, A new solution of Dijkstra's concurrent programming problem (1974). A ticket is taken
in two steps, the other's is read and then one more is written, so two customers may get the same
number; that is why everybody waits until nobody is choosing. Whoever finds the tickets run out
goes home again: one who stayed and looked again would keep all waiting for ever. Proved by enumeration,
since everything is finite.
"""

from enum import Enum

from fsm import Machine, State, always, choice, event, integer, reachable, recoverable

MOST = 4


class At(Enum):
    HOME = "home"
    CHOOSING = "choosing"
    WAITING = "waiting"
    SERVED = "served"


@event
class LeftChooses:
    pass


@event
class LeftWrites:
    pass


@event
class LeftEnters:
    pass


@event
class LeftLeaves:
    pass


@event
class RightChooses:
    pass


@event
class RightWrites:
    pass


@event
class RightEnters:
    pass


@event
class RightLeaves:
    pass


open_ = State("open")
left, left_read, left_ticket = choice("left", At), integer("left_read", 0, MOST), integer("left_ticket", 0, MOST)
right, right_read, right_ticket = choice("right", At), integer("right_read", 0, MOST), integer("right_ticket", 0, MOST)
left_first = (right_ticket == 0) | (left_ticket <= right_ticket)
right_first = (left_ticket == 0) | (right_ticket < left_ticket)

SUBJECT = Machine(
    "bakery",
    states=(open_,),
    initial=open_,
    variables=(left, left_read, left_ticket, right, right_read, right_ticket),
    transitions=(
        open_.on(LeftChooses).when(left == At.HOME).stay().set(left, At.CHOOSING).set(left_read, right_ticket),
        open_.on(LeftWrites)
        .when((left == At.CHOOSING) & (left_read < MOST))
        .stay()
        .set(left, At.WAITING)
        .set(left_ticket, left_read + 1)
        .set(left_read, 0),
        open_.on(LeftWrites)
        .when((left == At.CHOOSING) & (left_read == MOST))
        .stay()
        .set(left, At.HOME)
        .set(left_read, 0),
        open_.on(LeftEnters)
        .when((left == At.WAITING) & (right != At.CHOOSING) & left_first)
        .stay()
        .set(left, At.SERVED),
        open_.on(LeftLeaves).when(left == At.SERVED).stay().set(left, At.HOME).set(left_ticket, 0),
        open_.on(RightChooses).when(right == At.HOME).stay().set(right, At.CHOOSING).set(right_read, left_ticket),
        open_.on(RightWrites)
        .when((right == At.CHOOSING) & (right_read < MOST))
        .stay()
        .set(right, At.WAITING)
        .set(right_ticket, right_read + 1)
        .set(right_read, 0),
        open_.on(RightWrites)
        .when((right == At.CHOOSING) & (right_read == MOST))
        .stay()
        .set(right, At.HOME)
        .set(right_read, 0),
        open_.on(RightEnters)
        .when((right == At.WAITING) & (left != At.CHOOSING) & right_first)
        .stay()
        .set(right, At.SERVED),
        open_.on(RightLeaves).when(right == At.SERVED).stay().set(right, At.HOME).set(right_ticket, 0),
    ),
    properties=(
        always("never two served", ~((left == At.SERVED) & (right == At.SERVED))),
        always(
            "left has a ticket exactly while it waits or is served",
            (left_ticket > 0) >> ((left == At.WAITING) | (left == At.SERVED)),
        ),
        reachable("both can draw the same number", (left_ticket > 0) & (left_ticket == right_ticket)),
        reachable("the tickets can run out", right_ticket == MOST),
        recoverable("both can be at home", (left == At.HOME) & (right == At.HOME)),
        recoverable("right gets served", right == At.SERVED),
    ),
)
