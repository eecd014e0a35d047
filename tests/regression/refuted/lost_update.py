"""Two who count by reading, adding and writing: one of two additions can be lost.

Source: M. Ben-Ari, Principles of concurrent and distributed programming (1990). Must be refuted in four
steps: both read before either writes.
"""

from fsm import Machine, State, always, event, integer, reachable

both = State("both")
number, left_saw, right_saw = (
    integer("number", 0, 4),
    integer("left_saw", -1, 2, initial=-1),
    integer("right_saw", -1, 2, initial=-1),
)
added = integer("added", 0, 2)


@event
class LeftReads:
    pass


@event
class LeftWrites:
    pass


@event
class RightReads:
    pass


@event
class RightWrites:
    pass


SUBJECT = Machine(
    "counters",
    states=(both,),
    initial=both,
    variables=(number, left_saw, right_saw, added),
    transitions=(
        both.on(LeftReads).when((left_saw < 0) & (number <= 2) & (added < 2)).stay().set(left_saw, number),
        both.on(LeftWrites)
        .when((left_saw >= 0) & (added < 2))
        .stay()
        .set(number, left_saw + 1)
        .set(left_saw, -1)
        .set(added, added + 1),
        both.on(RightReads).when((right_saw < 0) & (number <= 2) & (added < 2)).stay().set(right_saw, number),
        both.on(RightWrites)
        .when((right_saw >= 0) & (added < 2))
        .stay()
        .set(number, right_saw + 1)
        .set(right_saw, -1)
        .set(added, added + 1),
    ),
    properties=(
        reachable("two additions can come to two", (added == 2) & (number == 2)),
        always("two additions come to two", (added == 2) >> (number == 2)),
    ),
)

STEPS = 4
