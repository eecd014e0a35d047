"""Machines that people of operations write, beside those of examples/: each a few lines, watched in recorded/operations.toml."""

from __future__ import annotations

from fsm import Field, Machine, Rule, State, System, always, each, event, integer, one, parameter, wire

# A lease that must be renewed: a timer that starts anew, another that ends what was not renewed


@event
class Acquire: ...


@event
class Renew: ...


@event
class Expire: ...


@event
class Drop: ...


@event
class Release: ...


unclaimed, leased, grace = State("free"), State("held"), State("grace")

LEASE = Machine(
    "lease",
    states=(unclaimed, leased, grace),
    initial=unclaimed,
    transitions=(
        unclaimed.on(Acquire).to(leased),
        leased.on(Renew).to(leased),
        leased.after(parameter("ttl", int, 30_000, low=1), Expire).to(grace),
        grace.on(Renew).to(leased),
        grace.after(5_000, Drop).to(unclaimed),
        (leased | grace).on(Release).to(unclaimed),
    ),
)

# Sessions of users, as many as there are licences


@event
class Login:
    user: Field[str]


@event
class Touch:
    user: Field[str]


@event
class Logout:
    user: Field[str]


@event
class Begin: ...


@event
class Act: ...


@event
class Finish: ...


@event
class Idle: ...


absent, active = State("absent"), State("active")

SESSION = Machine(
    "session",
    states=(absent, active),
    initial=absent,
    transitions=(
        absent.on(Begin).to(active),
        active.on(Act).to(active),
        active.on(Finish).to(absent),
        active.after(900_000, Idle).to(absent),
    ),
)
users = each("users", SESSION, key="user")
licences = parameter("most", int, 2, low=1)

SESSIONS = System(
    "sessions",
    parts=(users,),
    parameters=(licences,),
    wires=(
        wire(Login, users[Login.user].by(Begin)),
        wire(Touch, users[Touch.user].by(Act)),
        wire(Logout, users[Logout.user].by(Finish)),
    ),
    rules=(Rule("a licence is free", on=Login, when=users.count() < licences, cites="LIC-1"),),
    properties=(always("no more sessions than licences", users.count() <= licences, cites="LIC-2"),),
)

# Tickets, of which an audit table has the states


@event
class Take: ...


@event
class Solve: ...


@event
class Reject: ...


@event
class CloseIt: ...


@event
class Reopen: ...


fresh, working, solved, closed = State("new"), State("working"), State("solved"), State("closed")
reopened = integer("reopened", 0, 3)

TICKET = Machine(
    "ticket",
    states=(fresh, working, solved, closed),
    initial=fresh,
    variables=(reopened,),
    transitions=(
        fresh.on(Take).to(working),
        working.on(Solve).to(solved),
        solved.on(Reject).to(working),
        solved.after(7 * 86_400_000, CloseIt).to(closed),
        closed.on(Reopen).when(reopened < 2).to(working).set(reopened, reopened + 1),
    ),
    properties=(always("a ticket is reopened twice at most", reopened <= 2, cites="T-1"),),
)

# A vending machine: sums


@event
class Insert:
    cents: Field[int]


@event
class Buy: ...


@event
class Vended: ...


idle, vending = State("idle"), State("vending")
credit = integer("credit", 0, 500)
price = parameter("price", int, 150, low=1, high=500)

VEND = Machine(
    "vend",
    states=(idle, vending),
    initial=idle,
    variables=(credit,),
    transitions=(
        idle.on(Insert)
        .when((Insert.cents > 0) & (credit + Insert.cents <= 500))
        .stay()
        .set(credit, credit + Insert.cents),
        idle.on(Buy).when(credit >= price).to(vending).set(credit, credit - price),
        vending.after(3_000, Vended).to(idle).set(credit, 0),
    ),
)

# An oven whose door must be shut: rules of one part about the other


@event
class OpenDoor: ...


@event
class ShutDoor: ...


@event
class Start: ...


@event
class Halt: ...


@event
class Ready: ...


shut, opened = State("shut"), State("open")
off, hot = State("off"), State("hot")

door = one("door", Machine("door", (shut, opened), shut, (shut.on(OpenDoor).to(opened), opened.on(ShutDoor).to(shut))))
heat = one(
    "heat",
    Machine("heat", (off, hot), off, (off.on(Start).to(hot), hot.on(Halt).to(off), hot.after(60_000, Ready).to(off))),
)

OVEN = System(
    "oven",
    parts=(door, heat),
    rules=(
        Rule("the oven heats with its door shut", on=Start, when=door.inside(shut)),
        Rule("a hot oven stays shut", on=OpenDoor, when=heat.inside(off)),
    ),
    properties=(always("a hot oven is shut", heat.inside(hot) >> door.inside(shut), cites="OV"),),
)
