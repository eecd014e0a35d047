"""A million orders held against their lifecycle: what a shop wrote down of each, replayed in seconds.

    python examples/many/orders.py 1000000

Needs `pip install 'verified-fsm[batch]' pyarrow`. A shop's log would be read with `pyarrow.parquet.read_table`; here one is made, in
which a few orders went wrong in ways that are known.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import Annotated, Any

import numpy as np
import pyarrow as pa

import fsm
from fsm import Field, Machine, Range, State, event, integer
from fsm.batch import Batch, Outcome, Replay, replay
from fsm.batch.arrow import events_from_arrow, instants_from_arrow, outcomes_to_arrow

HOUR = 3_600_000


@event
class Place:
    total: Field[Annotated[int, Range(1, 1_000_000)]]


@event
class Pay:
    amount: Field[Annotated[int, Range(1, 1_000_000)]]


@event
class Ship: ...


@event
class Deliver: ...


@event
class Lapse:
    """Sent by time: nobody paid."""


new, placed, paid, shipped, delivered, lapsed = map(State, ("new", "placed", "paid", "shipped", "delivered", "lapsed"))
due = integer("due", 0, 1_000_000)

ORDER = Machine(
    "order",
    (new, placed, paid, shipped, delivered, lapsed),
    new,
    (
        new.on(Place).to(placed).set(due, Place.total),
        placed.on(Pay).when(Pay.amount < due).stay().set(due, due - Pay.amount),
        placed.on(Pay).when(Pay.amount == due).to(paid).set(due, 0),
        placed.after(24 * HOUR, Lapse).to(lapsed),
        paid.on(Ship).to(shipped),
        shipped.on(Deliver).to(delivered),
    ),
    variables=(due,),
)


def log(orders: int) -> pa.Table:
    """Five records of each order, in the order of their instants; one order in 1,000 is paid too late, one in 1,000 shipped unpaid."""
    chance = np.random.default_rng(15)
    number = np.arange(orders)
    total = chance.integers(4, 1_000, orders)
    part = total // 2
    late, unpaid = number % 1_000 == 7, number % 1_000 == 500
    placed_at = chance.integers(0, 30 * 24 * HOUR, orders)
    at = [placed_at, placed_at + HOUR, placed_at + (2 + 23 * late) * HOUR, placed_at + 30 * HOUR, placed_at + 60 * HOUR]
    amount = [total, part, total - part - unpaid, part, part]
    when = np.concatenate(at)
    order = np.argsort(when, kind="stable")
    names = np.repeat(["Place", "Pay", "Pay", "Ship", "Deliver"], orders)
    amounts = np.concatenate(amount)
    return pa.table(
        {
            "order": np.tile(number, 5)[order],
            "at": when[order],
            "event": pa.array(names[order]).dictionary_encode(),
            "total": amounts[order],
            "amount": amounts[order],
        }
    )


def replayed(records: pa.Table) -> Replay:
    """Every order's records sent to a machine of its own."""
    batch = Batch(fsm.compile(ORDER))
    return replay(batch, records["order"].to_numpy(), events_from_arrow(batch, records), instants_from_arrow(records))


def told(records: pa.Table, took: Replay) -> dict[str, Any]:
    """How many records became of what, and the first ones that were not taken, each with the reason."""
    counts = {one["values"]: one["counts"] for one in outcomes_to_arrow(took.outcomes).value_counts().to_pylist()}
    first = {int(records["order"][int(record)].as_py()): str(took.why(int(record))) for record in took.astray[:2]}
    return {"counts": counts, "orders astray": len(np.unique(records["order"].to_numpy()[took.astray])), "first": first}


def main(orders: int) -> None:
    records = log(orders)
    begun = perf_counter()
    took = replayed(records)
    seconds = perf_counter() - begun
    found = told(records, took)
    print(f"{records.num_rows:,} records of {orders:,} orders in {seconds:.1f} s: {found['counts']}")
    print(
        f"{found['orders astray']:,} orders went astray; {int(np.count_nonzero(took.outcomes == Outcome.REFUSED)):,} records were refused"
    )
    for order, why in found["first"].items():
        print(f"order {order}: {why}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
