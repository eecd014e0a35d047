"""A definition refuted: the fee is forgotten where an amount is looked at, so that time cannot take both when it should."""

from typing import Annotated

from fsm import Event, Field, Machine, Range, State, integer

ready, reserved = State("ready"), State("reserved")
balance, amount = integer("balance", 0, 50, initial=20), integer("amount", 0, 50)
FEE = 2


class TopUp(Event):
    pass


class Reserve(Event):
    amount: Field[Annotated[int, Range(1, 50)]]


class Settle(Event):
    """Sent by time."""


class CallOff(Event):
    pass


SUBJECT = Machine(
    "card",
    states=(ready, reserved),
    initial=ready,
    variables=(balance, amount),
    transitions=(
        ready.on(TopUp).when(balance < 50).stay().set(balance, balance + 1),
        ready.on(Reserve).when(Reserve.amount <= balance).to(reserved).set(amount, Reserve.amount),
        reserved.on(CallOff).to(ready),
        reserved.after(1_000, Settle).to(ready).set(balance, balance - amount - FEE),
    ),
)

CLAIM = "every value stays in its range"
STEPS = 1
