"""A prepaid card: what was reserved before can be charged later, by the shop or by time; no line says so again.

Nothing on the lines that charge keeps the balance above nothing: that the amount fits was looked at when it was reserved. The
third wrong number of a row locks the card, and the line that counts them stands behind the one that does.
"""

from typing import Annotated

from fsm import Event, Field, Machine, Range, State, always, inside, integer, recoverable

ready, reserved, locked = State("ready"), State("reserved"), State("locked")
balance, amount = integer("balance", 0, 1_000, initial=200), integer("amount", 0, 1_000)
wrong = integer("wrong", 0, 2)


class TopUp(Event):
    more: Field[Annotated[int, Range(1, 1_000)]]


class Reserve(Event):
    amount: Field[Annotated[int, Range(1, 1_000)]]


class Charge(Event):
    pass


class Settle(Event):
    """Sent by time: nobody called it off."""


class CallOff(Event):
    pass


class Mistype(Event):
    pass


class Unlock(Event):
    pass


SUBJECT = Machine(
    "card",
    states=(ready, reserved, locked),
    initial=ready,
    variables=(balance, amount, wrong),
    transitions=(
        ready.on(TopUp).when(TopUp.more + balance <= 1_000).stay().set(balance, balance + TopUp.more),
        ready.on(Reserve).when(Reserve.amount <= balance).to(reserved).set(amount, Reserve.amount).set(wrong, 0),
        ready.on(Mistype).when(wrong == 2).to(locked),
        ready.on(Mistype).stay().set(wrong, wrong + 1),
        reserved.on(Charge).to(ready).set(balance, balance - amount),
        reserved.on(CallOff).to(ready),
        reserved.after(600_000, Settle).to(ready).set(balance, balance - amount),
        locked.on(Unlock).to(ready).set(wrong, 0),
    ),
    properties=(
        always("what is reserved is there", inside(reserved) >> (amount <= balance)),
        recoverable("the card can be used again", inside(ready)),
    ),
)
