"""The bounded buffer: any number of producers and consumers with one item in hand each, and a buffer whose size is a symbol.

Source: E. W. Dijkstra, Cooperating sequential processes (1965). Proved for every size: what is in the
buffer is counted up by a rule that looks at the size, and down by one that looks at nothing.
"""

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    each,
    each_step,
    event,
    happens,
    integer,
    one,
    parameter,
    reachable,
    wire,
)

shelf = State("shelf")
resting, carrying = State("resting"), State("carrying")
items = integer("items", 0, None)
size = parameter("size", int, 3, low=1)


@event
class Produces:
    who: Field[str]


@event
class Deposits:
    who: Field[str]


@event
class Fetches:
    who: Field[str]


@event
class Consumes:
    who: Field[str]


@event
class PickUp:
    pass


@event
class PutDown:
    pass


@event
class Put:
    pass


@event
class Take:
    pass


BUFFER = Machine(
    "buffer",
    states=(shelf,),
    initial=shelf,
    variables=(items,),
    transitions=(
        shelf.on(Put).stay().set(items, items + 1),
        shelf.on(Take).when(items > 0).stay().set(items, items - 1),
    ),
)
HAND = Machine(
    "hand",
    states=(resting, carrying),
    initial=resting,
    transitions=(resting.on(PickUp).to(carrying), carrying.on(PutDown).to(resting)),
)
buffer, producers, consumers = (
    one("buffer", BUFFER),
    each("producers", HAND, key="who"),
    each("consumers", HAND, key="who"),
)

SUBJECT = System(
    "bounded_buffer",
    parts=(buffer, producers, consumers),
    parameters=(size,),
    wires=(
        wire(Produces, producers[Produces.who].by(PickUp)),
        wire(Deposits, producers[Deposits.who].by(PutDown), buffer.by(Put)),
        wire(Fetches, consumers[Fetches.who].by(PickUp), buffer.by(Take)),
        wire(Consumes, consumers[Consumes.who].by(PutDown)),
    ),
    rules=(Rule("there is room", on=Deposits, when=buffer[items] < size),),
    properties=(
        always("the buffer never overflows", buffer[items] <= size),
        each_step(
            "items leave by being fetched alone", (after(buffer[items]) < before(buffer[items])) >> happens(Fetches)
        ),
        reachable("it can be full while a producer waits", (buffer[items] == size) & producers.any()),
    ),
)
