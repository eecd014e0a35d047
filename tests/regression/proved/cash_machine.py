"""A cash machine: cash only after the right number and not beyond the balance; the third wrong number keeps the card.

Source: the automatic teller of J. Rumbaugh and others, Object-oriented modeling and design (1991). Proved for a
balance without end and a limit that is a symbol: guards say it, and the variables remember it.
"""

from fsm import (
    Field,
    Machine,
    State,
    always,
    before,
    each_step,
    event,
    happens,
    inside,
    integer,
    parameter,
    reachable,
    recoverable,
)

idle, asking, paying, kept = State("idle"), State("asking"), State("paying"), State("kept")
wrong = integer("wrong", 0, 3)
balance, paid = integer("balance", initial=300), integer("paid", 0, None)
limit = parameter("limit", int, 500, low=1)


@event
class Insert:
    pass


@event
class Number:
    right: Field[bool]


@event
class Withdraw:
    amount: Field[int]


@event
class Deposit:
    amount: Field[int]


@event
class Eject:
    pass


@event
class Release:
    pass


SUBJECT = Machine(
    "cash_machine",
    states=(idle, asking, paying, kept),
    initial=idle,
    variables=(wrong, balance, paid),
    transitions=(
        idle.on(Insert).to(asking).set(wrong, 0).set(paid, 0),
        asking.on(Number).when(Number.right).to(paying),
        asking.on(Number).when(~Number.right & (wrong < 2)).stay().set(wrong, wrong + 1),
        asking.on(Number).when(~Number.right & (wrong == 2)).to(kept).set(wrong, 3),
        paying.on(Withdraw).when((Withdraw.amount > 0) & (Withdraw.amount <= balance) & (paid + Withdraw.amount <= limit)).stay()
            .set(balance, balance - Withdraw.amount).set(paid, paid + Withdraw.amount),
        paying.on(Deposit).when(Deposit.amount > 0).stay().set(balance, balance + Deposit.amount),
        (asking | paying).on(Eject).to(idle).set(paid, 0),
        kept.on(Release).to(idle).set(wrong, 0),
    ),
    properties=(
        always("no account is overdrawn", balance >= 0),
        always("no more is paid at once than the limit", paid <= limit),
        always("three wrong numbers keep the card", (wrong == 3) == inside(kept)),
        each_step("cash only after the right number", happens(Withdraw) >> before(inside(paying))),
        reachable("as much as the limit can be paid at once", paid == limit),
        recoverable("the next customer can come", inside(idle)),
    ),
)  # fmt: skip
