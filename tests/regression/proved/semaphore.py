"""A counting semaphore with any number of clients and any number of permits.

Source: E. W. Dijkstra, Cooperating sequential processes (1965). Proved, since what the semaphore counts is
exactly how many clients are past it: the lemma that ties the number to the clients.
"""

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    always,
    each,
    event,
    integer,
    one,
    parameter,
    reachable,
    recoverable,
    wire,
)

gate = State("gate")
outside, waiting, past = State("outside"), State("waiting"), State("past")
taken = integer("taken", 0, None)
permits = parameter("permits", int, 2, low=1)


@event
class Asks:
    who: Field[str]


@event
class Passes:
    who: Field[str]


@event
class Leaves:
    who: Field[str]


@event
class Ask:
    pass


@event
class Pass:
    pass


@event
class Leave:
    pass


@event
class Down:
    pass


@event
class Up:
    pass


SEMAPHORE = Machine(
    "semaphore",
    states=(gate,),
    initial=gate,
    variables=(taken,),
    transitions=(gate.on(Down).stay().set(taken, taken + 1), gate.on(Up).when(taken > 0).stay().set(taken, taken - 1)),
)
CLIENT = Machine(
    "client",
    states=(outside, waiting, past),
    initial=outside,
    transitions=(outside.on(Ask).to(waiting), waiting.on(Pass).to(past), past.on(Leave).to(outside)),
)
semaphore, clients = one("semaphore", SEMAPHORE), each("clients", CLIENT, key="who")

SUBJECT = System(
    "semaphore",
    parts=(semaphore, clients),
    parameters=(permits,),
    wires=(
        wire(Asks, clients[Asks.who].by(Ask)),
        wire(Passes, clients[Passes.who].by(Pass), semaphore.by(Down)),
        wire(Leaves, clients[Leaves.who].by(Leave), semaphore.by(Up)),
    ),
    rules=(Rule("a permit is left", on=Passes, when=semaphore[taken] < permits),),
    properties=(
        always("no more are past it than there are permits", clients.count(past) <= permits),
        always("it counts those who are past it", semaphore[taken] == clients.count(past)),
        reachable("all permits can be taken while one waits", (semaphore[taken] == permits) & clients.any(waiting)),
        recoverable("all permits come back", semaphore[taken] == 0),
    ),
)
