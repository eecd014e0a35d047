"""Counts and times by quarter of an hour: the grain of the historical report, of which its intervals are made.

A time that crosses an edge is split there. However long it is, it costs the same: its first and
last quarter are written down, and for the whole quarters between them only where they begin and
end. Two tables add up, so that parts of a stream can be counted apart.

Quarters are numbered from instant 0; the number is that of milliseconds over `QUARTER_HOUR`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import attrs

QUARTER_HOUR = 900_000
"""Milliseconds."""

Rows = defaultdict[int, list[int]]
Cells = Mapping[int, tuple[int, ...]]
"""For each quarter a number in each column; quarters of zeros are left out."""


def frozen(known: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """The same, which nobody changes."""
    return MappingProxyType(known)


@attrs.frozen
class Quarters:
    """What was counted.

    Attributes:
        parts: counts, and the milliseconds of times that do not fill their quarter.
        turns: by how many the times that fill whole quarters grow or shrink at a quarter's start.
    """

    parts: Cells = attrs.field(converter=frozen)
    turns: Cells = attrs.field(converter=frozen)

    def __add__(self, other: Quarters) -> Quarters:
        """Both together; in which order makes no difference."""
        return Quarters(_joined(self.parts, other.parts), _joined(self.turns, other.turns))

    def __reduce__(self) -> Any:
        return Quarters, (dict(self.parts), dict(self.turns))

    def read(self, first: int, beyond: int, columns: int) -> list[list[int]]:
        """The total of each quarter from `first`, up to the one before `beyond`."""
        whole = [0] * columns
        for quarter, turn in self.turns.items():
            if quarter < first:
                whole = plus(whole, turn)
        none = (0,) * columns
        totals = []
        for quarter in range(first, beyond):
            if quarter in self.turns:
                whole = plus(whole, self.turns[quarter])
            totals.append(
                [
                    part + filled * QUARTER_HOUR
                    for part, filled in zip(self.parts.get(quarter, none), whole, strict=True)
                ]
            )
        return totals


NOTHING = Quarters({}, {})
"""Nothing was counted."""


@attrs.define(eq=False)
class Table:
    """The same while it is being counted: numbers to be added to in place."""

    columns: int
    parts: Rows = attrs.field(init=False)
    turns: Rows = attrs.field(init=False)

    @parts.default
    @turns.default
    def _rows(self) -> Rows:
        return defaultdict(lambda: [0] * self.columns)

    def spend(self, column: int, start: int, end: int) -> None:
        """A time from `start` to `end`, both in milliseconds, `start` first."""
        first, last = start // QUARTER_HOUR, end // QUARTER_HOUR
        if first == last:
            self.parts[first][column] += end - start
            return
        self.parts[first][column] += (first + 1) * QUARTER_HOUR - start
        self.parts[last][column] += end - last * QUARTER_HOUR
        if first + 1 < last:
            self.turns[first + 1][column] += 1
            self.turns[last][column] -= 1

    def frozen(self) -> Quarters:
        """What was counted, as a value: the same in whatever order it came."""
        return Quarters(_cells(self.parts), _cells(self.turns))


def plus(left: Sequence[int], right: Sequence[int]) -> list[int]:
    """Column by column."""
    return [one + other for one, other in zip(left, right, strict=True)]


def _cells(rows: dict[int, list[int]]) -> Cells:
    return {quarter: tuple(rows[quarter]) for quarter in sorted(rows) if any(rows[quarter])}


def _joined(left: Cells, right: Cells) -> Cells:
    both = {**left, **right}
    for quarter in left.keys() & right.keys():
        both[quarter] = tuple(plus(left[quarter], right[quarter]))
        if not any(both[quarter]):
            del both[quarter]
    return both
