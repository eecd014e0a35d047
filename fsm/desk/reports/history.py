"""What the historical report is made of: a fold over the effects of one agent's desk, whose parts can be merged (S19).

    week = fold(monday).then(fold(tuesday))          # the same as fold(monday + tuesday)

A stream may be cut anywhere, also in the middle of an offer, a conversation or a status: what a
part cannot know belongs to its edge, and is settled when parts are put together. Effects carry
the instants they speak of, so no clock is read and no snapshot is needed.

The counting itself is in `fsm.desk.reports.counting`, the report in `fsm.desk.reports.historical`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from types import MappingProxyType
from typing import Any

import attrs

from fsm.desk.effects import StatusChanged
from fsm.desk.reports.counting import Edges, HistoryBuilder
from fsm.desk.reports.quarters import NOTHING, Quarters

__all__ = ["EMPTY", "History", "fold"]


@attrs.frozen
class History(Edges):
    """What a stream of effects says of one agent, by quarter of an hour; a value, which can be pickled.

    Attributes:
        counted: counts, and the times of what has ended.
    """

    counted: Quarters

    def then(self, later: History) -> History:
        """This history with the one that follows it.

        Raises:
            BadInput: the later one begins before this one ends, or speaks of what did not happen here.
        """
        counting = HistoryBuilder(
            self.first, self.last, dict(self.begun), dict(self.open), self.status_begun, self.status
        )
        counting.follow(later)
        return _value(counting, self.counted + later.counted)

    def __reduce__(self) -> Any:
        edges = (self.first, self.last, dict(self.begun), dict(self.open), self.status_begun, self.status)
        return _revive, (*edges, self.counted)


def fold(effects: Iterable[object]) -> History:
    """Count the effects of one agent's desk, in the order in which they were emitted.

    Raises:
        BadInput: an object is no effect of a desk, lies before the one before it, or speaks of what did not happen:
            effects were lost or doubled, came out of order, or are those of several agents.
    """
    counting = HistoryBuilder(None, None, {}, {}, None, None)
    counting.take(effects)
    return _value(counting, NOTHING)


def _value(counting: HistoryBuilder, counted: Quarters) -> History:
    edges = (counting.first, counting.last, counting.begun, counting.open, counting.status_begun, counting.status)
    return _revive(*edges, counted + counting.table.frozen())


def _revive(
    first: int | None, last: int | None, begun: dict[Hashable, Any], open: dict[Hashable, Any], status_begun: StatusChanged | None,
    status: StatusChanged | None, counted: Quarters,
) -> History:  # fmt: skip
    return History(first, last, MappingProxyType(begun), MappingProxyType(open), status_begun, status, counted)


EMPTY = fold(())
"""The history of nothing: put before or behind another, it changes nothing."""
