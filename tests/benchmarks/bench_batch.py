"""What an event of one machine costs where many are stepped at once, in processor time.

Bars: at most 80 ns a machine and event at 1,000 lanes, 20 ns at 100,000.
"""

from __future__ import annotations

from time import process_time
from typing import Annotated

import numpy as np
import pytest
from report import Crew, Report

import fsm
from fsm import Field, Machine, Range, State, boolean, event, integer
from fsm.batch import Batch


@event
class Place: ...


@event
class Pay:
    amount: Field[Annotated[int, Range(1, 1_000_000)]]


@event
class Ship: ...


@event
class Cancel: ...


@event
class Lapse:
    """Sent by time."""


new, placed, paid, shipped, cancelled = (State(name) for name in ("new", "placed", "paid", "shipped", "cancelled"))
due, gift = integer("due", 0, 1_000_000), boolean("gift")
ORDER = Machine(
    "order",
    (new, placed, paid, shipped, cancelled),
    new,
    (
        new.on(Place).to(placed).set(due, 100),
        placed.on(Pay).when(Pay.amount < due).stay().set(due, due - Pay.amount),
        placed.on(Pay).when(Pay.amount == due).to(paid).set(due, 0),
        paid.on(Ship).to(shipped),
        (placed | paid).on(Cancel).to(cancelled),
        placed.after(60_000, Lapse).to(cancelled),
        shipped.on(Place).to(placed).set(due, 100),
        cancelled.on(Place).to(placed).set(due, 100),
    ),
    variables=(due, gift),
)


@pytest.mark.parametrize("lanes", [1_000, 10_000, 100_000])
def test_mixed_events(lanes: int, report: Report) -> None:
    """Each machine is sent an event of its own, a third of them refused; now and then a timer falls due."""
    batch = Batch(fsm.compile(ORDER))
    chance = np.random.default_rng(7)
    rounds = 20
    kinds = chance.integers(0, 4, (rounds, lanes))
    amounts = chance.integers(1, 101, (rounds, lanes))
    come = []
    for _ in range(5):
        held, at = batch.start(lanes), np.zeros(lanes, dtype=np.int64)
        begun = process_time()
        for number in range(rounds):
            at = at + (70_000 if number == rounds // 2 else 100)
            held = batch.step(held, batch.events(kinds[number], amount=amounts[number]), at).after
        come.append((process_time() - begun) / rounds / lanes)
    report.crews.append(Crew(lanes, min(come)))
