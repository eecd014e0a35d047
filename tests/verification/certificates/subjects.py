"""Small machines and systems of which every kind of proof is made, and the same ones broken."""

from __future__ import annotations

from fsm import (
    Assumption,
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
    inside,
    integer,
    leads_to,
    one,
    parameter,
    reachable,
    recoverable,
    wire,
    within,
)  # fmt: skip

idle, ringing, halfway = State("idle"), State("ringing"), State("halfway")
patience = parameter("patience", int, 5, low=1)
places = parameter("places", int, 2, low=1)
coins, people = integer("coins", 0, None), integer("people", 0, None)


@event
class Ring:
    loud: Field[bool]


@event
class Stop:
    pass


@event
class Begin:
    pass


@event
class Rise:
    """Somebody is there and rings."""


@event
class Come:
    who: Field[str]


@event
class Go:
    who: Field[str]


def bell(
    *, late: int = 0, by_hand: bool = False, start: State = idle, unclear: bool = False, endless: bool = False
) -> Machine:
    """It rings when it is loud, and stops in time.

    Args:
        late: by how many milliseconds it stops too late.
        by_hand: somebody can stop it.
        unclear: loud and not loud overlap.
        endless: its timer does not stop it, and nobody can do anything.
    """
    lines = [
        idle.on(Ring).when(Ring.loud).to(ringing),
        idle.on(Ring).when((Ring.loud == Ring.loud) if unclear else ~Ring.loud).stay(),
    ]
    lines += [ringing.after(patience + late, Stop).stay() if endless else ringing.after(patience + late, Stop).to(idle)]
    lines += [ringing.on(Begin).to(idle)] if by_hand else []
    return Machine(
        "bell",
        states=(idle, ringing),
        initial=start,
        transitions=tuple(lines),
        properties=(
            each_step("only time stops it", (before(inside(ringing)) & after(inside(idle))) >> happens(Stop)),
            within("it stops in time", patience, inside(ringing), inside(idle)),
            reachable("it can ring", inside(ringing)),
            recoverable("it comes to rest", inside(idle)),
            leads_to("it falls silent", inside(ringing), inside(idle)),
        ),
    )


def room(*, open_to_all: bool = False, most: int = 10, at_least: int = 0) -> System:
    """Guests come while there is room, and go."""
    guest = Machine(
        "guest",
        states=(idle, ringing),
        initial=idle,
        transitions=(idle.on(Begin).to(ringing), ringing.on(Stop).to(idle)),
    )
    guests = each("guests", guest, key="who")
    return System(
        "room",
        parts=(guests,),
        parameters=(places,),
        wires=(wire(Come, guests[Come.who].by(Begin)), wire(Go, guests[Go.who].by(Stop))),
        rules=() if open_to_all else (Rule("there is room", on=Come, when=guests.count() < places),),
        assumptions=(Assumption("the room is not large", places <= 10),),
        properties=(
            always("as many as there is room for", (guests.count() <= places) & (guests.count() >= at_least)),
            always("never too many", guests.count() <= most),
            recoverable("it can be empty", guests.none()),
        ),
    )


def lobby(*, late: int = 0, by_guests: bool = False) -> System:
    """A bell among guests, whose patience ends at any moment.

    Args:
        late: by how many milliseconds it stops too late.
        by_guests: whoever loses patience rings.
    """
    lines = (
        idle.on(Ring).to(ringing),
        ringing.on(Ring).when(~Ring.loud).to(ringing),
        ringing.after(patience + late, Stop).to(idle),
    )
    clock = one("bell", Machine("bell", states=(idle, ringing), initial=idle, transitions=lines))
    waiting = (idle.on(Begin).to(ringing), ringing.after(3, Stop).to(idle))
    guests = each("guests", Machine("guest", states=(idle, ringing), initial=idle, transitions=waiting), key="who")
    ring = wire(guests.sends(Stop), clock.by(Ring, loud=False))
    return System(
        "lobby",
        parts=(clock, guests),
        parameters=(patience,),
        wires=(
            wire(Come, guests[Come.who].by(Begin)),
            wire(Rise, clock.by(Ring, loud=True)),
            *([ring] if by_guests else []),
        ),
        rules=(
            Rule("somebody is there", on=Rise, when=guests.any()),
            Rule("silence", on=Rise, when=clock.inside(idle)),
        ),
        properties=(within("it stops among guests", patience, clock.inside(ringing), clock.inside(idle)),),
    )


def turnstile(*, free: bool = False) -> Machine:
    """Nobody passes unpaid, which takes two states in a row, an invariant that a solver must find, or a sum that never changes."""
    return Machine(
        "turnstile",
        states=(idle, ringing),
        initial=idle,
        variables=(coins, people),
        transitions=(
            idle.on(Begin).to(ringing).set(coins, coins + (0 if free else 1)),
            ringing.on(Stop).to(idle).set(people, people + 1),
        ),
        properties=(always("nobody passes unpaid", people <= coins),),
    )


def bedroom(*, awake: bool = False) -> System:
    """A bell whose timer wakes a sleeper; one who is awake already cannot be woken, and time stops."""
    clock = one(
        "clock", Machine("clock", states=(idle, ringing), initial=idle, transitions=(idle.after(5, Stop).to(ringing),))
    )
    waking = (ringing if awake else idle).on(Begin).stay()
    sleeper = one("sleeper", Machine("sleeper", states=(idle, ringing), initial=idle, transitions=(waking,)))
    rings = recoverable("it rings", clock.inside(ringing))
    return System(
        "bedroom", parts=(clock, sleeper), wires=(wire(clock.sends(Stop), sleeper.by(Begin)),), properties=(rings,)
    )


def post() -> System:
    """One guard at most: what a change of guards can lead to is enumerated."""
    guard = Machine(
        "guard",
        states=(idle, ringing),
        initial=idle,
        transitions=(idle.on(Begin).to(ringing), ringing.on(Stop).to(idle)),
    )
    guards = each("guards", guard, key="who", at_most=1)
    wires = (
        wire(Come, guards[Come.who].by(Begin)),
        wire(Change, guards[Change.leaving].by(Stop), guards[Change.coming].by(Begin)),
    )
    return System(
        "post", parts=(guards,), wires=wires, properties=(recoverable("somebody can stand there", guards.any(ringing)),)
    )


def lift(*, up_again: bool = False) -> Machine:
    """It comes down in two steps, whoever rings.

    Args:
        up_again: ringing sends it back to the top.
    """
    rung = halfway.on(Ring).to(ringing) if up_again else halfway.on(Ring).stay()
    lines = (
        idle.on(Begin).to(ringing),
        ringing.on(Ring).stay(),
        rung,
        ringing.on(Stop).to(halfway),
        halfway.on(Stop).to(idle),
    )
    comes = leads_to("it comes down", inside(ringing), inside(idle), fair=(Stop,))
    return Machine("lift", states=(idle, ringing, halfway), initial=idle, transitions=lines, properties=(comes,))


@event
class Change:
    leaving: Field[str]
    coming: Field[str]


BELL, ROOM, LOBBY, TURNSTILE, BEDROOM, POST, LIFT = bell(), room(), lobby(), turnstile(), bedroom(), post(), lift()
