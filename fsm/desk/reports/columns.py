"""What the historical report counts, in which columns, and how: by quarter of an hour, of which its intervals are made.

A contact on a desk is always in one stage, told by the last effect about it; the effect that ends
the stage says since when it lasted. `STAGES` has the order in which effects about a contact can come.

A time that crosses an edge between quarters is split there. However long it is, it costs the same: its first and
last quarter are written down, and for the whole quarters between them only where they begin and
end. Two tables add up, so that parts of a stream can be counted apart.

Quarters are numbered from instant 0; the number is that of milliseconds over `QUARTER_HOUR`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, reduce
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Self

import attrs

from fsm.desk import (
    Channel,
    Connected,
    Ended,
    Failed,
    Missed,
    NonResponseCounted,
    Rang,
    Rejected,
    SlotFreed,
    Status,
)


@attrs.frozen
class Totals:
    """What happened on one channel in an interval (S19). Counts fall into the interval of their instant; times are split at its edges, milliseconds.

    Attributes:
        offers: contacts that rang (S07).
        non_responses: offers that had lasted the non-response time (S18, S19).
        handled: contacts that were connected (S12); a call that the agent placed once it is known that somebody answered: when the
            conversation ended, or broke after `answered_at` (D2, D16). It counts in the interval in which it was placed.
        missed: offers that ended unanswered (S11).
        rejected: offers that ended by the agent's no, or because the customer left (D12).
        failed: connections that broke, while ringing or talking.
        ended: conversations that were over (S16).
        freed: slots given back (S23).
        ringing_time: offers, from the first ring to their end (S10).
        talk_time: conversations, from connected to ended or failed. A call that nobody answers has none, one that breaks has it from
            `answered_at` (D16).
        after_work_time: after contact work, until cleared (S17).
        uncleared_time: missed, rejected and failed tiles, until cleared (S20, S21).
    """

    offers: int = 0
    non_responses: int = 0
    handled: int = 0
    missed: int = 0
    rejected: int = 0
    failed: int = 0
    ended: int = 0
    freed: int = 0
    ringing_time: int = 0
    talk_time: int = 0
    after_work_time: int = 0
    uncleared_time: int = 0

    @property
    def handle_time(self) -> int:
        """Conversations and the work after them, milliseconds."""
        return self.talk_time + self.after_work_time

    def __add__(self, other: Self) -> Self:
        """Both together: of two channels, two intervals or two agents."""
        return type(self)(*(one + more for one, more in zip(attrs.astuple(self), attrs.astuple(other), strict=True)))


NAMES = [field.name for field in attrs.fields(Totals)]
RINGING, TALK, AFTER_WORK, UNCLEARED = (
    NAMES.index(name) for name in ("ringing_time", "talk_time", "after_work_time", "uncleared_time")
)

ELSEWHERE = len(NAMES)
"""The time in stages that the report does not know, behind the others of a channel."""

BASES = {channel.value: place * (ELSEWHERE + 1) for place, channel in enumerate(Channel)}
"""Where the columns of a channel begin."""

STATUS_COLUMNS = {status: len(Channel) * (ELSEWHERE + 1) + place for place, status in enumerate(Status)}
"""The time in each status, behind the channels."""

COLUMNS = len(Channel) * (ELSEWHERE + 1) + len(Status)

COUNTERS: dict[type, int] = {
    Rang: NAMES.index("offers"),
    NonResponseCounted: NAMES.index("non_responses"),
    Connected: NAMES.index("handled"),
    Missed: NAMES.index("missed"),
    Rejected: NAMES.index("rejected"),
    Failed: NAMES.index("failed"),
    Ended: NAMES.index("ended"),
    SlotFreed: NAMES.index("freed"),
}
"""Which count each effect adds to."""

STAGES: dict[type, tuple[int, tuple[type, ...]]] = {
    Rang: (RINGING, (Connected, Missed, Rejected, Failed)),
    Connected: (TALK, (Ended, Failed)),
    Ended: (AFTER_WORK, (SlotFreed,)),
    Missed: (UNCLEARED, (SlotFreed,)),
    Rejected: (UNCLEARED, (SlotFreed,)),
    Failed: (UNCLEARED, (SlotFreed,)),
}
"""For the effect that began a stage, where its time is counted, however it ends, and the effects that can end it."""

SOLE: dict[type | None, int] = {Connected: RINGING, Missed: RINGING, Rejected: RINGING, Ended: TALK}
"""Effects that tell by themselves which stage they end; a failure and a freed slot end several kinds."""

SINCE = attrgetter("since")
STARTS: dict[type, Callable[[Any], int]] = {
    Connected: attrgetter("offered_at"),
    Missed: attrgetter("offered_at"),
    Rejected: attrgetter("offered_at"),
    Ended: attrgetter("connected_at"),
}
"""What an effect says of since when the stage that it ends had lasted, where it does not say `since`."""


def start_of(one: Any) -> Any:
    """Since when the stage had lasted that an effect ends."""
    return STARTS.get(one.__class__, SINCE)(one)


@cache
def column_of(was: type, kind: type | None) -> int | None:
    """Where the time of a stage is counted, by the effects that began and ended it; None where the one cannot follow the other.

    A stage that a variant's effect begins is the one that it names, `begins = Connected`, or one that the report does not know; the
    desk's own effects may come in it, and a variant's in any.

    Args:
        kind: None where it has not ended.
    """
    stage = was if was in STAGES else getattr(was, "begins", None)
    if stage not in STAGES:
        return SOLE.get(kind, ELSEWHERE)
    column, ends = STAGES[stage]
    return column if kind not in COUNTERS or kind in ends else None


QUARTER_HOUR = 900_000
"""Milliseconds."""

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

    def __add__(self, other: Self) -> Self:
        """Both together; in which order makes no difference."""
        return type(self)(_joined(self.parts, other.parts), _joined(self.turns, other.turns))

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
        self.parts: defaultdict[int, list[int]] = defaultdict(lambda: [0] * columns)
        self.turns: defaultdict[int, list[int]] = defaultdict(lambda: [0] * columns)

    def spend(self, column: int, start: int, end: int) -> None:
        """A time from `start` to `end`, both in milliseconds, `start` first."""
        first, last = start // QUARTER_HOUR, end // QUARTER_HOUR
        self.parts[last][column] += end - (start if first == last else last * QUARTER_HOUR)
        if first < last:
            self.parts[first][column] += (first + 1) * QUARTER_HOUR - start
        if first + 1 < last:  # most end in the quarter after, and nothing turns
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
