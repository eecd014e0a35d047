"""Two wires of one event that both apply where five and two are counted, which no number around the constants of their conditions shows."""

from fsm import Machine, State, System, always, event, integer, one, wire

counting, idle, busy = State("counting"), State("idle"), State("busy")
many, few = integer("many", 0, 9), integer("few", 0, 9)


@event
class More:
    pass


@event
class Fewer:
    pass


@event
class Start:
    pass


@event
class Begin:
    pass


LEFT = Machine("left", (counting,), counting, (counting.on(More).when(many < 9).stay().set(many, many + 1),), (many,))
RIGHT = Machine("right", (counting,), counting, (counting.on(Fewer).when(few < 9).stay().set(few, few + 1),), (few,))
DOER = Machine("doer", (idle, busy), idle, (idle.on(Begin).to(busy),))
left, right, first, second = one("left", LEFT), one("right", RIGHT), one("first", DOER), one("second", DOER)
SUBJECT = System(
    "two_bells",
    parts=(left, right, first, second),
    wires=(
        wire(Start, first.by(Begin), when=left[many] - 2 * right[few] == 1),
        wire(Start, second.by(Begin), when=left[many] + right[few] == 7),
    ),
    properties=(always("who is busy was counted", first.inside(idle) | (left[many] >= 1)),),
)

CLAIM = "no two wires of an event overlap"
STEPS = 7
