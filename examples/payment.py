"""A card payment: money is held, taken once, and given back in parts.

Proved and tested by

    fsm verify examples/payment.py:PAYMENT
    pytest examples/payment.py
"""

from __future__ import annotations

from fsm import (
    Field,
    Machine,
    State,
    after,
    always,
    before,
    can_happen,
    compile,
    each_step,
    effect,
    event,
    happens,
    inside,
    integer,
    reachable,
    within,
)
from fsm.verification.testing import stateful

DAY = 24 * 3_600_000  # milliseconds
WEEK, SEASON = 7 * DAY, 90 * DAY

created = State("created", "nothing is asked of the bank yet")
declined = State("declined", "the bank said no")
authorised = State("authorised", "the bank holds the money")
released = State("released", "the bank holds nothing any more, and nothing was taken")
captured = State("captured", "the money is taken")
returned = State("returned", "all of it is given back")
settled = State("settled", "nothing is given back any more")

held = integer("held", 0, doc="cents that the bank holds")
taken = integer("taken", 0, doc="cents taken")
refunded = integer("refunded", 0, doc="cents given back of those taken")


@event
class Authorise:
    """The bank holds this much."""

    cents: Field[int]


@event
class Decline:
    """The bank says no."""


@event
class Capture:
    """Take this much of what is held; the rest is let go."""

    cents: Field[int]


@event
class Void:
    """Let go what is held."""


@event
class Lapse:
    """Sent by time: no bank holds money for ever."""


@event
class Refund:
    """Give back this much of what was taken."""

    cents: Field[int]


@event
class Settle:
    """Sent by time."""


@effect
class MoneyTaken:
    """Book this."""

    cents: int


@effect
class MoneyReturned:
    """Book this back."""

    cents: int


enough_is_held = (Capture.cents > 0) & (Capture.cents <= held)
leaves_some = (Refund.cents > 0) & (refunded + Refund.cents < taken)
leaves_nothing = (Refund.cents > 0) & (refunded + Refund.cents == taken)

PAYMENT = Machine(
    "payment",
    states=(created, declined, authorised, released, captured, returned, settled),
    initial=created,
    variables=(held, taken, refunded),
    transitions=(
        created.on(Authorise).when(Authorise.cents > 0).to(authorised).set(held, Authorise.cents).happily(),
        created.on(Decline).to(declined),
        authorised.on(Capture).when(enough_is_held).to(captured).set(taken, Capture.cents).set(held, 0)
            .emits(MoneyTaken, cents=Capture.cents).happily(),
        authorised.on(Void).to(released).set(held, 0),
        authorised.after(WEEK, Lapse).to(released).set(held, 0),
        captured.on(Refund).when(leaves_some).stay().set(refunded, refunded + Refund.cents)
            .emits(MoneyReturned, cents=Refund.cents),
        captured.on(Refund).when(leaves_nothing).to(returned).set(refunded, taken)
            .emits(MoneyReturned, cents=Refund.cents),
        captured.after(SEASON, Settle).to(settled).happily(),
    ),
    properties=(
        always("no more is given back than was taken", refunded <= taken),
        always("some is left of what is taken and not wholly given back", inside(captured) >> (refunded < taken)),
        always("nothing is given back before it is taken", inside(captured, returned, settled) | (refunded == 0) & (taken == 0)),
        always("money is held while the bank was asked and nothing decided", inside(authorised) == (held > 0)),
        each_step("no more is taken than was held", happens(Capture) >> (after(taken) <= before(held))),
        each_step("money is taken once", happens(Capture) >> (before(taken) == 0)),
        each_step("what is given back stays so", after(refunded) >= before(refunded)),
        within("money is held for a week at most", WEEK, inside(authorised), ~inside(authorised)),
        reachable("all of it can be given back", inside(returned) & (refunded == taken)),
        can_happen("less can be taken than was held", happens(Capture) & (after(taken) < before(held))),
    ),
)  # fmt: skip


TestPayment = stateful(PAYMENT).TestCase


def test_a_refund_of_more_than_is_left_is_refused() -> None:
    """With 30 of 100 cents given back, 71 are too many and 70 are not."""
    engine = compile(PAYMENT)
    payment = engine.start(at=0)
    for sent in (Authorise(cents=100), Capture(cents=100), Refund(cents=30)):
        payment = engine.step(payment, sent, at=1).after

    assert engine.why_not(payment, Refund(cents=71), at=2) is not None
    assert (MoneyReturned(cents=70),) == engine.step(payment, Refund(cents=70), at=2).effects
