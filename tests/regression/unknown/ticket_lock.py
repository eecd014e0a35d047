"""A ticket lock with any number of clients, each with a ticket of its own that grows without end.

Source: J. M. Mellor-Crummey, M. L. Scott, Algorithms for scalable synchronization on shared-memory
multiprocessors (1991). True, since no two have the same ticket. It must stay unknown: what each client
remembers has no end, so clients cannot be counted by what they are, and nothing is dropped silently.
"""

from fsm import Field, Machine, State, System, always, each, event, integer, one, reachable, wire

window = State("window")
away, waiting, served = State("away"), State("waiting"), State("served")
ticket = integer("ticket", 0, None)
next_, serving = integer("next", 0, None), integer("serving", 0, None)


@event
class Draws:
    who: Field[str]
    ticket: Field[int]


@event
class Enters:
    who: Field[str]
    ticket: Field[int]


@event
class Leaves:
    who: Field[str]


@event
class Draw:
    ticket: Field[int]


@event
class Enter:
    ticket: Field[int]


@event
class Leave:
    pass


@event
class Print:
    ticket: Field[int]


@event
class Call:
    ticket: Field[int]


@event
class Advance:
    pass


CLIENT = Machine(
    "client",
    states=(away, waiting, served),
    initial=away,
    variables=(ticket,),
    transitions=(
        away.on(Draw).when(Draw.ticket >= 0).to(waiting).set(ticket, Draw.ticket),
        waiting.on(Enter).when(Enter.ticket == ticket).to(served),
        served.on(Leave).to(away),
    ),
)
WINDOW = Machine(
    "window",
    states=(window,),
    initial=window,
    variables=(next_, serving),
    transitions=(
        window.on(Print).when(Print.ticket == next_).stay().set(next_, next_ + 1),
        window.on(Call).when(Call.ticket == serving).stay(),
        window.on(Advance).stay().set(serving, serving + 1),
    ),
)
clients, lock = each("clients", CLIENT, key="who", at_most=2), one("lock", WINDOW)

SUBJECT = System(
    "ticket_lock",
    parts=(clients, lock),
    wires=(
        wire(Draws, clients[Draws.who].by(Draw, ticket=Draws.ticket), lock.by(Print, ticket=Draws.ticket)),
        wire(Enters, clients[Enters.who].by(Enter, ticket=Enters.ticket), lock.by(Call, ticket=Enters.ticket)),
        wire(Leaves, clients[Leaves.who].by(Leave), lock.by(Advance)),
    ),
    properties=(
        reachable("somebody is served", clients.any(served)),
        always("never two served at once", clients.count(served) <= 1),
    ),
)

WHY = "has no end"
