"""A shop that closes is empty in the end, however many it holds: those inside are served one by one, and nobody comes in any more.

The rank: who waits needs two services, who is served one. For every number of places.
"""

from fsm import Field, Machine, Rule, State, System, each, event, leads_to, one, parameter, reachable, wire

away, waiting, served = State("away"), State("waiting"), State("served")
open_, closed = State("open"), State("closed")
places = parameter("places", int, 3, low=0)


@event
class Come:
    who: Field[str]


@event
class Serve:
    who: Field[str]


@event
class Go:
    who: Field[str]


@event
class Enter:
    pass


@event
class Turn:
    pass


@event
class Leave:
    pass


@event
class Close:
    pass


@event
class Open:
    pass


CUSTOMER = Machine(
    "customer",
    states=(away, waiting, served),
    initial=away,
    transitions=(away.on(Enter).to(waiting), waiting.on(Turn).to(served), served.on(Leave).to(away)),
)
DOOR = Machine(
    "door", states=(open_, closed), initial=open_, transitions=(open_.on(Close).to(closed), closed.on(Open).to(open_))
)
customers, door = each("customers", CUSTOMER, key="who", at_most=places), one("door", DOOR)

SUBJECT = System(
    "shop",
    parts=(door, customers),
    parameters=(places,),
    wires=(
        wire(Come, customers[Come.who].by(Enter)),
        wire(Serve, customers[Serve.who].by(Turn)),
        wire(Go, customers[Go.who].by(Leave)),
    ),
    rules=(
        Rule("nobody comes in after closing", on=Come, when=door.inside(open_)),
        Rule("one is served at a time", on=Serve, when=customers.none(served)),
        Rule("the shop opens empty", on=Open, when=customers.none()),
    ),
    properties=(
        reachable("the shop can close on many", door.inside(closed) & (customers.count() >= 2)),
        leads_to("a closed shop is empty in the end", door.inside(closed), customers.none(), fair=(Serve, Go)),
    ),
)
