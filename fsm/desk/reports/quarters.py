"""Counts and times by quarter of an hour: the grain of the historical report, of which its intervals are made.

A time that crosses an edge is split there. However long it is, it costs the same: its first and
last quarter are written down, and for the whole quarters between them only where they begin and
end. Two tables add up, so that parts of a stream can be counted apart.

Quarters are numbered from instant 0; the number is that of milliseconds over `QUARTER_HOUR`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
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

    def read(self, first: int, beyond: int, columns: int) -> list[Sequence[int]]:
        """The total of each quarter from `first`, up to the one before `beyond`."""
        none = (0,) * columns
        whole = reduce(plus, (turn for quarter, turn in self.turns.items() if quarter < first), none)
        totals: list[Sequence[int]] = []
        for quarter in range(first, beyond):
            whole = plus(whole, self.turns.get(quarter, none))
            totals.append(
                [part + full * QUARTER_HOUR for part, full in zip(self.parts.get(quarter, none), whole, strict=True)]
            )
        return totals


NOTHING = Quarters({}, {})
"""Nothing was counted."""


class Table:
    """The same while it is being counted, in so many columns: numbers to be added to in place."""

    def __init__(self, columns: int) -> None:
        self.parts: Rows = defaultdict(lambda: [0] * columns)
        self.turns: Rows = defaultdict(lambda: [0] * columns)

    def spend(self, column: int, start: int, end: int) -> None:
        """A time from `start` to `end`, both in milliseconds, `start` first."""
        first, last = start // QUARTER_HOUR, end // QUARTER_HOUR
        self.parts[last][column] += end - (start if first == last else last * QUARTER_HOUR)
        if first < last:
            self.parts[first][column] += (first + 1) * QUARTER_HOUR - start
        if first + 1 < last:
            self.turns[first + 1][column] += 1
            self.turns[last][column] -= 1

    def frozen(self) -> Quarters:
        """What was counted, as a value: the same in whatever order it came."""
        return Quarters(_cells(self.parts), _cells(self.turns))


def plus(left: Sequence[int], right: Sequence[int]) -> tuple[int, ...]:
    """Column by column."""
    return tuple(one + other for one, other in zip(left, right, strict=True))


def _cells(rows: Mapping[int, Sequence[int]]) -> Cells:
    return {quarter: tuple(rows[quarter]) for quarter in sorted(rows) if any(rows[quarter])}


def _joined(left: Cells, right: Cells) -> Cells:
    return _cells({**left, **right, **{both: plus(left[both], right[both]) for both in left.keys() & right.keys()}})
