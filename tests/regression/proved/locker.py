"""A locker with three tries: true whatever happens, since a wrong code is counted and a right one ends the count."""

from fsm import (
    Field,
    Machine,
    State,
    after,
    always,
    before,
    each_step,
    event,
    happens,
    inside,
    integer,
    reachable,
    recoverable,
)

locked, open_, sealed = State("locked"), State("open"), State("sealed")
tries = integer("tries", 0, 3)


@event
class Enter:
    right: Field[bool]


@event
class Shut:
    pass


@event
class Reset:
    pass


SUBJECT = Machine(
    "locker",
    states=(locked, open_, sealed),
    initial=locked,
    variables=(tries,),
    transitions=(
        locked.on(Enter).when(Enter.right).to(open_).set(tries, 0),
        locked.on(Enter).when(~Enter.right & (tries < 2)).stay().set(tries, tries + 1),
        locked.on(Enter).when(~Enter.right & (tries == 2)).to(sealed).set(tries, 3),
        open_.on(Shut).to(locked),
        sealed.on(Reset).to(locked).set(tries, 0),
    ),
    properties=(
        always("a locker with tries left is not sealed", (tries < 3) >> ~inside(sealed)),
        always("three wrong codes seal it", (tries == 3) >> inside(sealed)),
        each_step(
            "a sealed locker opens by a reset alone",
            (before(inside(sealed)) & after(~inside(sealed))) >> happens(Reset),
        ),
        reachable("it can be sealed", inside(sealed)),
        recoverable("it can always be opened again", inside(open_)),
    ),
)
