"""A guest leaves only who is at the desk and on the list, by one key for both. Another name on the list locks the room for ever:
counters do not know which keys are the same, a run that ends there does."""

from fsm import Field, Machine, State, System, each, event, parameter, recoverable, wire

away, here = State("away"), State("here")
places = parameter("places", int, 1, low=0)


@event
class Come:
    who: Field[str]


@event
class Write:
    who: Field[str]


@event
class Leave:
    who: Field[str]


@event
class Begin:
    pass


@event
class End:
    pass


GUEST = Machine(
    "guest", states=(away, here), initial=away, transitions=(away.on(Begin).to(here), here.on(End).to(away))
)
desk, names = each("desk", GUEST, key="who", at_most=places), each("names", GUEST, key="who", at_most=places)

SUBJECT = System(
    "hotel",
    parts=(desk, names),
    parameters=(places,),
    wires=(
        wire(Come, desk[Come.who].by(Begin)),
        wire(Write, names[Write.who].by(Begin)),
        wire(Leave, desk[Leave.who].by(End), names[Leave.who].by(End)),
    ),
    properties=(recoverable("the hotel can be empty again", desk.none() & names.none()),),
)

STEPS = 2
