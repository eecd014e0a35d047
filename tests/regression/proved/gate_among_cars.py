"""How long one gate stays open among any number of cars: the gate has its clock, the cars are counted, and their patience may end at any moment."""

from fsm import Field, Machine, Rule, State, System, each, event, one, wire, within

closed, opened = State("closed"), State("opened")
away, queued, parked = State("away"), State("queued"), State("parked")


@event
class Arrive:
    plate: Field[str]


@event
class Ticket:
    """Somebody at the head of the queue takes one."""


@event
class Drive:
    plate: Field[str]


@event
class Lift:
    pass


@event
class Drop:
    """Sent by time."""


@event
class Queue:
    pass


@event
class Enter:
    pass


@event
class GiveUp:
    """Sent by time."""


gate = one(
    "gate",
    Machine(
        "gate",
        states=(closed, opened),
        initial=closed,
        transitions=(closed.on(Lift).to(opened), opened.after(10_000, Drop).to(closed)),
    ),
)
cars = each(
    "cars",
    Machine(
        "car",
        states=(away, queued, parked),
        initial=away,
        transitions=(away.on(Queue).to(queued), queued.on(Enter).to(parked), queued.after(60_000, GiveUp).to(away)),
    ),
    key="plate",
)

SUBJECT = System(
    "garage",
    parts=(gate, cars),
    wires=(
        wire(Arrive, cars[Arrive.plate].by(Queue)),
        wire(Ticket, gate.by(Lift)),
        wire(Drive, cars[Drive.plate].by(Enter)),
    ),
    rules=(
        Rule("somebody waits", on=Ticket, when=cars.any(queued)),
        Rule("the gate is open", on=Drive, when=gate.inside(opened)),
    ),
    properties=(
        within("an open gate closes", 10_000, gate.inside(opened), gate.inside(closed)),
        within("who parks has the gate closed behind them", 10_000, cars.any(parked), gate.inside(closed)),
    ),
)
