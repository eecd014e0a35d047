"""The lock server: clients ask, one is granted the lock, gives it back, and the server has it again; any number of clients.

Source: the example `lockserv` of Verdi (J. Wilcox and others, 2015), taken up by Ivy (O. Padon and
others, 2016) and mypyvy. Proved, since the lock is in exactly one place: at the server, on its way to a
client, at a client, or on its way back.
"""

from fsm import Field, Machine, Rule, State, System, always, each, event, one, reachable, recoverable, wire

here, away = State("here"), State("away")
idle, asking, granted, holding, returning = (
    State("idle"),
    State("asking"),
    State("granted"),
    State("holding"),
    State("returning"),
)


@event
class Asks:
    client: Field[str]


@event
class Grants:
    client: Field[str]


@event
class Receives:
    client: Field[str]


@event
class Unlocks:
    client: Field[str]


@event
class Returned:
    client: Field[str]


@event
class Ask:
    pass


@event
class Grant:
    pass


@event
class Hold:
    pass


@event
class Unlock:
    pass


@event
class Done:
    pass


@event
class Give:
    pass


@event
class Take:
    pass


SERVER = Machine(
    "server", states=(here, away), initial=here, transitions=(here.on(Give).to(away), away.on(Take).to(here))
)
CLIENT = Machine(
    "client",
    states=(idle, asking, granted, holding, returning),
    initial=idle,
    transitions=(
        idle.on(Ask).to(asking),
        asking.on(Grant).to(granted),
        granted.on(Hold).to(holding),
        holding.on(Unlock).to(returning),
        returning.on(Done).to(idle),
    ),
)
server, clients = one("server", SERVER), each("clients", CLIENT, key="client")

SUBJECT = System(
    "lock_server",
    parts=(server, clients),
    wires=(
        wire(Asks, clients[Asks.client].by(Ask)),
        wire(Grants, server.by(Give), clients[Grants.client].by(Grant)),
        wire(Receives, clients[Receives.client].by(Hold)),
        wire(Unlocks, clients[Unlocks.client].by(Unlock)),
        wire(Returned, server.by(Take), clients[Returned.client].by(Done)),
    ),
    rules=(Rule("the lock is granted to whoever asks, one at a time", on=Grants, when=server.inside(here)),),
    properties=(
        always("no two clients hold the lock", clients.count(holding) <= 1),
        always(
            "a lock at the server is nowhere else", server.inside(here) >> clients.none(granted, holding, returning)
        ),
        always(
            "a lock that is away is in one place",
            server.inside(away) >> (clients.count(granted, holding, returning) == 1),
        ),
        reachable("many can ask while one holds it", clients.any(holding) & (clients.count(asking) >= 2)),
        recoverable("everybody can be done", clients.none()),
    ),
)
