"""`reachable` refuted: for every limit and any number of guests, the rule keeps the room from being overfull. No run shows that; the invariants do."""

from fsm import Field, Machine, Rule, State, System, always, each, event, parameter, reachable, wire

away, seated = State("away"), State("seated")
seats = parameter("seats", int, 10, low=0)


@event
class Come:
    who: Field[str]


@event
class Leave:
    who: Field[str]


@event
class Sit:
    pass


@event
class Rise:
    pass


GUEST = Machine(
    "guest", states=(away, seated), initial=away, transitions=(away.on(Sit).to(seated), seated.on(Rise).to(away))
)
guests = each("guests", GUEST, key="who")

SUBJECT = System(
    "room",
    parts=(guests,),
    parameters=(seats,),
    wires=(wire(Come, guests[Come.who].by(Sit)), wire(Leave, guests[Leave.who].by(Rise))),
    rules=(Rule("a seat is free", on=Come, when=guests.count(seated) < seats),),
    properties=(
        always("nobody stands", guests.count(seated) <= seats),
        reachable("the room can be overfull", guests.count(seated) > seats),
    ),
)

STEPS = None
