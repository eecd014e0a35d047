"""What the historical report is made of: a fold over the effects of one agent's desk, whose parts can be merged (S19).

    week = fold(monday).then(fold(tuesday))          # the same as fold(monday + tuesday)

A stream may be cut anywhere, also in the middle of an offer, a conversation or a status: what a
part cannot know belongs to its edge, and is settled when parts are put together. Effects carry
the instants they speak of, so no clock is read and no snapshot is needed.

The counting itself is in `fsm.desk.reports.fold`, the report in `fsm.desk.reports.historical`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from fsm.desk.effects import StatusChanged
from fsm.desk.reports.columns import COLUMNS
from fsm.desk.reports.fold import Counting
from fsm.desk.reports.quarters import NOTHING, Quarters, Table

__all__ = ["EMPTY", "History", "fold"]


@attrs.frozen
class History:
    """What a stream of effects says of one agent, by quarter of an hour; a value, which can be pickled.

    Attributes:
        first, last: instants of its first and last effect, milliseconds; None when it has none. Texts are not looked at.
        counted: counts, and the times of what has ended.
        begun: the early edge: the effect that ended the first stage of each contact that was there before.
        open: the late edge: the last effect of each contact that is still on the desk.
        status_begun, status: the first and the last change of status; None when there was none.
    """

    first: int | None
    last: int | None
    counted: Quarters
    begun: Mapping[Hashable, Any]
    open: Mapping[Hashable, Any]
    status_begun: StatusChanged | None
    status: StatusChanged | None

    def then(self, later: History) -> History:
        """This history with the one that follows it.

        Raises:
            BadInput: the later one begins before this one ends, or speaks of what did not happen here.
        """
        counting = _begin(self)
        counting.follow(later)
        return _value(counting, self.counted + later.counted)

    def __reduce__(self) -> Any:
        edges = (dict(self.begun), dict(self.open))
        return _revive, (self.first, self.last, self.counted, *edges, self.status_begun, self.status)


EMPTY = History(None, None, NOTHING, MappingProxyType({}), MappingProxyType({}), None, None)
"""The history of nothing: put before or behind another, it changes nothing."""


def fold(effects: Iterable[object]) -> History:
    """Count the effects of one agent's desk, in the order in which they were emitted.

    Raises:
        BadInput: an object is no effect of a desk, lies before the one before it, or speaks of what did not happen:
            effects were lost or doubled, came out of order, or are those of several agents.
    """
    counting = _begin(EMPTY)
    counting.take(effects)
    return _value(counting, NOTHING)


def _begin(history: History) -> Counting:
    return Counting(
        history.first,
        history.last,
        Table(COLUMNS),
        dict(history.begun),
        dict(history.open),
        history.status_begun,
        history.status,
    )


def _value(counting: Counting, counted: Quarters) -> History:
    counted += counting.table.frozen()
    return _revive(
        counting.first, counting.last, counted, counting.begun, counting.open, counting.status_begun, counting.status
    )


def _revive(
    first: int | None, last: int | None, counted: Quarters, begun: dict[Hashable, Any], open: dict[Hashable, Any], status_begun: StatusChanged | None,
    status: StatusChanged | None,
) -> History:  # fmt: skip
    return History(first, last, counted, MappingProxyType(begun), MappingProxyType(open), status_begun, status)
