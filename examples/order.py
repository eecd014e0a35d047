"""An order and its courier: two machines that move together where they meet, and alone where they do not.

Proved and tested by

    fsm verify examples/order.py:DELIVERY
    pytest examples/order.py
"""

from __future__ import annotations

from fsm import (
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    can_happen,
    compile,
    each_step,
    event,
    happens,
    leads_to,
    one,
    reachable,
    recoverable,
    wire,
)
from fsm.verification.testing import stateful

LONGEST_WAIT = 15 * 60_000  # milliseconds that a dish may stand about

none, cooking, ready, on_the_way = State("none"), State("cooking"), State("ready"), State("on_the_way")
delivered, spoilt, cancelled = State("delivered"), State("spoilt"), State("cancelled")
off, free, coming, carrying = State("off"), State("free"), State("coming"), State("carrying")


@event
class Place:
    """A customer orders."""


@event
class Cooked:
    """The kitchen is done."""


@event
class Cancel:
    """The customer changes their mind."""


@event
class Spoil:
    """Sent by time: nobody fetched it."""


@event
class LogIn:
    """The courier begins a shift."""


@event
class LogOut:
    """The courier ends it."""


@event
class Ask:
    """The courier is asked to come."""


@event
class PickUp:
    """The courier takes the dish: order and courier move together."""


@event
class HandOver:
    """The customer has it: order and courier move together."""


@event
class Release:
    """The order needs no courier any more."""


ORDER = Machine(
    "order",
    states=(none, cooking, ready, on_the_way, delivered, spoilt, cancelled),
    initial=none,
    transitions=(
        none.on(Place).to(cooking).happily(),
        cooking.on(Cooked).to(ready).happily(),
        ready.on(PickUp).to(on_the_way).happily(),
        on_the_way.on(HandOver).to(delivered).happily(),
        (cooking | ready).on(Cancel).to(cancelled),
        ready.after(LONGEST_WAIT, Spoil).to(spoilt),
    ),
)

COURIER = Machine(
    "courier",
    states=(off, free, coming, carrying),
    initial=off,
    transitions=(
        off.on(LogIn).to(free).happily(),
        free.on(LogOut).to(off).happily(),
        free.on(Ask).to(coming).happily(),
        coming.on(PickUp).to(carrying).happily(),
        carrying.on(HandOver).to(free).happily(),
        coming.on(Release).to(free),
        (off | free).on(Release).stay(),
    ),
)

order, courier = one("order", ORDER), one("courier", COURIER)
live = order.inside(cooking, ready)

DELIVERY = System(
    "delivery",
    parts=(order, courier),
    # Events that both machines have move both, without a wire: PickUp, HandOver.
    wires=(
        wire(Cancel, order.by(Cancel), courier.by(Release)),
        wire(order.sends(Spoil), courier.by(Release)),
    ),
    rules=(Rule("a courier is asked for an order that is cooking or ready", on=Ask, when=live),),
    properties=(
        always("a courier on the way to the kitchen has an order to fetch", courier.inside(coming) >> live),
        always("a dish on the way is a courier's, and the other way round", order.inside(on_the_way) == courier.inside(carrying)),
        each_step("a dish is fetched when it is ready", happens(PickUp) >> before(order.inside(ready))),
        each_step("what is on the way is delivered", before(order.inside(on_the_way)) >> after(order.inside(on_the_way, delivered))),
        leads_to("a dish that is ready does not stand about for ever", order.inside(ready), order.inside(on_the_way, delivered, spoilt, cancelled)),
        leads_to("who has been given a dish gives it to the customer", courier.inside(carrying), order.inside(delivered), fair=HandOver),
        reachable("it arrives", order.inside(delivered)),
        can_happen("a courier turns back when the order is cancelled", happens(Cancel) & before(courier.inside(coming)) & after(courier.inside(free))),
        recoverable("a courier can always go home", courier.inside(off)),
    ),
)  # fmt: skip


TestDelivery = stateful(DELIVERY).TestCase


def test_a_courier_whose_dish_spoils_is_free_again() -> None:
    """Time moves the order, and the wire moves the courier in the same step."""
    engine = compile(DELIVERY)
    delivery = engine.start(at=0)
    for sent in (LogIn(), Place(), Ask(), Cooked()):
        delivery = engine.step(delivery, sent, at=0).after

    step = engine.advance(delivery, to=LONGEST_WAIT)

    assert ("spoilt", "free") == (step.after["order"].state, step.after["courier"].state)
