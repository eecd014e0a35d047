"""A claim about the time in state of each of many: counters forget clocks, so one instance is followed with its own while all are counted."""

from fsm import ELAPSED, Field, Machine, State, System, always, each, event, for_each, inside, wire

away, ringing = State("away"), State("ringing")


@event
class Ring:
    who: Field[str]


@event
class Start:
    pass


@event
class Stop:
    pass


BELL = Machine(
    "bell",
    states=(away, ringing),
    initial=away,
    transitions=(away.on(Start).to(ringing), ringing.after(10, Stop).to(away)),
)
bells = each("bells", BELL, key="who", at_most=2)

SUBJECT = System(
    "bells",
    parts=(bells,),
    wires=(wire(Ring, bells[Ring.who].by(Start)),),
    properties=(always("no bell rings for more than ten", for_each(bells, inside(ringing) >> (ELAPSED <= 10))),),
)
