"""What many machines were sent, taken again: the first event of every machine at once, then the second, and so on."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from fsm.batch.batch import Batch
from fsm.batch.events import Events
from fsm.batch.layout import Array, as_array
from fsm.batch.result import Outcome, explained
from fsm.batch.snapshots import Snapshots
from fsm.errors import BadArgument, BadInput
from fsm.language.values.brief import brief
from fsm.runtime.refusal import FIRINGS, Refusal, TimeStopped

__all__ = ["Replay", "replay"]


@attrs.frozen(eq=False, repr=False)
class Replay:
    """What became of every record.

    Attributes:
        after: the last snapshot of each machine.
        outcomes: of each record an `Outcome`, as uint8.
        astray: the places of the records that were not taken, ascending; and the snapshots that they met.
        events, at: what was handed in.
    """

    after: Snapshots
    outcomes: Array
    astray: Array
    met: Snapshots
    events: Events
    at: Array

    def __repr__(self) -> str:
        return f"<Replay of {len(self.outcomes):,} records, {self.astray.size:,} of them not taken>"

    def why(self, record: int) -> Refusal | BadInput | TimeStopped | None:
        """Why a record's event was not taken, as `Engine.step` says it; None where it was."""
        place = int(np.searchsorted(self.astray, record))
        if place == self.astray.size or self.astray[place] != record:
            return None
        return explained(self.after.engine, self.met[place], self.events.event(record), int(self.at[record]))


def replay(
    batch: Batch, machines: Any, events: Events, at: Any, *, begun: Snapshots | int = 0, firings: int = FIRINGS
) -> Replay:
    """Every record's event sent to its machine, in the order in which the records of a machine stand.

    After a record that is refused its machine goes on from where it was; one before which timers would fire too often is `UNFINISHED`,
    and its event is not judged. The cost is that of the records, and of a call of
    `Batch.step` for each place in the longest history: one machine with a very long history is stepped alone.

    Args:
        machines: the number of each record's machine, an array of integers from nought.
        events: a lane for each record.
        at: the instants.
        begun: the first snapshots by the machines' numbers, or the instant at which all of them start.
        firings: as in `Batch.step`.

    Raises:
        BadInput: columns that do not fit together; and as `Batch.step`.
    """
    numbers = as_array(machines)
    if numbers.dtype.kind not in "iu" or numbers.shape != (len(events),):
        raise BadArgument("machines", f"{brief(numbers.dtype)} of {len(numbers):,} for {len(events):,} records")
    many = int(numbers.max()) + 1 if numbers.size else 0
    held = batch.start(many, begun) if isinstance(begun, int) else begun
    if numbers.size and not (numbers.min() >= 0 and many <= len(held)):
        raise BadArgument("machines", f"there are {len(held):,} machines, numbered from nought")
    instants = batch.instants("at", at, len(events))
    columns = tuple(column.copy() for column in held.columns)
    outcomes = np.zeros(len(events), dtype=np.uint8)
    astray: list[Array] = []
    met: list[Snapshots] = []
    for records in _rounds(numbers):
        here = numbers[records]
        before = attrs.evolve(held, columns=tuple(column[here] for column in columns))
        result = batch.step(before, events.take(records), instants[records], firings=firings)
        for column, after in zip(columns, result.after.columns, strict=True):
            column[here] = after
        outcomes[records] = result.outcomes
        wrong = (result.outcomes != Outcome.TAKEN) & (result.outcomes != Outcome.PASSED)
        if np.count_nonzero(wrong):
            lanes = wrong.nonzero()[0]
            astray.append(records[lanes])
            met.append(before.take(lanes))
    places, snapshots = _in_order(astray, met, held)
    return Replay(attrs.evolve(held, columns=columns), outcomes, places, snapshots, events, instants)


def _rounds(numbers: Array) -> list[Array]:
    """The places of the records that come first to their machine, of those that come second, and so on."""
    order = np.argsort(numbers, kind="stable")
    counts = np.bincount(numbers)
    counts = counts[counts > 0]
    begins = np.cumsum(counts) - counts
    rank = np.arange(numbers.size) - np.repeat(begins, counts)
    by_rank = order[np.argsort(rank, kind="stable")]
    return np.split(by_rank, np.cumsum(np.bincount(rank))[:-1]) if numbers.size else []


def _in_order(astray: list[Array], met: list[Snapshots], held: Snapshots) -> tuple[Array, Snapshots]:
    if not astray:
        return np.empty(0, dtype=np.intp), held.take(np.empty(0, dtype=np.intp))
    places = np.concatenate(astray)
    order = np.argsort(places)
    columns = tuple(np.concatenate(found)[order] for found in zip(*(one.columns for one in met), strict=True))
    return places[order], attrs.evolve(held, columns=columns)
