"""What the historical report is made of: a fold over the effects of one agent's desk, whose parts can be merged (S19).

    week = fold(monday).then(fold(tuesday))          # the same as fold(monday + tuesday)

A stream may be cut anywhere, also in the middle of an offer, a conversation or a status. Effects carry the instants they speak of, so
no clock is read and no snapshot is needed: every effect about a contact ends the stage that the last one began, and begins another.
Where the last one lies before the stream, the effect is kept at the early edge (`begun`); where the next one lies behind it, at the
late edge (`open`): that is settled when parts are put together.

The report is made in `fsm.desk.reports.historical`. You may make `take` faster. What it counts must stay what the tests read off
snapshots.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from math import inf
from types import MappingProxyType
from typing import Any

import attrs

from fsm.desk.reports.columns import (
    BASES,
    COLUMNS,
    COUNTERS,
    NOTHING,
    QUARTER_HOUR,
    SINCE,
    STARTS,
    STATUS_COLUMNS,
    Quarters,
    Table,
    column_of,
    frozen,
    start_of,
)
from fsm.desk.vocabulary import NEVER, Channel, Connected, Failed, NonResponseCounted, Rang, SlotFreed, StatusChanged
from fsm.errors import BadHistory
from fsm.language.events import is_effect


@attrs.frozen
class History:
    """What a stream of effects says of one agent, by quarter of an hour; a value, which can be pickled.

    Attributes:
        first, last: instants of its first and last effect, milliseconds; None when it has none. Texts are not looked at.
        begun: the early edge: the effect that ended the first stage of each contact that was there before.
        open: the late edge: the last effect of each contact that is still on the desk.
        status_begun, status: the first and the last change of status; None when there was none.
        counted: counts, and the times of what has begun and ended.
    """

    first: int | None
    last: int | None
    begun: Mapping[Hashable, Any] = attrs.field(converter=frozen)
    open: Mapping[Hashable, Any] = attrs.field(converter=frozen)
    status_begun: StatusChanged | None
    status: StatusChanged | None
    counted: Quarters

    def then(self, later: History) -> History:
        """This history with the one that follows it.

        Raises:
            BadInput: the later one begins before this one ends, or speaks of what did not happen here.
        """
        made = _Counting(self)
        made.follow(later)
        return made.history(self.counted + later.counted)

    def __reduce__(self) -> Any:
        return History, tuple(
            dict(one) if isinstance(one, MappingProxyType) else one for one in attrs.astuple(self, recurse=False)
        )


EMPTY = History(None, None, {}, {}, None, None, NOTHING)
"""The history of nothing: put before or behind another, it changes nothing."""


def fold(effects: Iterable[object]) -> History:
    """Count the effects of one agent's desk, in the order in which they were emitted.

    Raises:
        BadInput: an object is no effect of a desk, lies before the one before it, or speaks of what did not happen:
            effects were lost or doubled, came out of order, or are those of several agents.
    """
    made = _Counting(EMPTY)
    made.take(effects)
    return made.history(NOTHING)


class _Counting:
    """A history while it is being counted; lives for one call. The table holds what is counted anew."""

    def __init__(self, history: History) -> None:
        self.first: Any = history.first
        self.last: Any = history.last
        self.begun, self.open = dict(history.begun), dict(history.open)
        self.status_begun, self.status = history.status_begun, history.status
        self.table = Table(COLUMNS)

    def history(self, counted: Quarters) -> History:
        """As a value, with what was counted before."""
        return History(
            self.first, self.last, self.begun, self.open, self.status_begun, self.status, counted + self.table.frozen()
        )

    def take(self, effects: Iterable[object]) -> None:
        """Every effect ends something, begins something and is counted, but for those that say nothing to a report.

        What ends within its quarter of an hour is added up here, without a call: that is what a million effects a second asks for.
        """
        held, rows, last = self.open, self.table.parts, self.last
        start, edge, row = 0, -inf, [0]
        one: Any
        for one in effects:
            kind = one.__class__
            counter = COUNTERS.get(kind)
            if counter is None and not _is_told(one):
                continue
            at = one.at
            if last is None:
                self.first = last = at
            if not last <= at < edge:
                if at < last:
                    raise BadHistory(
                        "effects",
                        f"{one!r} comes after an effect at {last}",
                        "Give the effects of one agent in the order they were emitted.",
                    )
                start = at - at % QUARTER_HOUR
                edge, row = start + QUARTER_HOUR, rows[start // QUARTER_HOUR]
            last = at
            if kind is StatusChanged:
                self.table.spend(STATUS_COLUMNS[one.before], one.since, at)
                self._change_status(one, one)
                continue
            # `_value_` is documented, and several times faster than `.value`
            contact, base = one.contact, BASES[one.channel._value_]
            was = held.get(contact)
            if kind is NonResponseCounted:
                if was.__class__ is not Rang and (was is not None or one.offered_at > self.first):
                    raise _astray(one, was)
            elif was is not None:
                column, since = column_of(was.__class__, kind), was.at
                if column is None or STARTS.get(kind, SINCE)(one) != since:
                    raise _astray(one, was)
                if was.__class__ is Connected and was.placed:
                    since = self._talked_since(was, one)
                if since >= start:
                    row[base + column] += at - since
                else:
                    self.table.spend(base + column, since, at)
            elif kind is not Rang:
                self._keep(one)
            if kind is SlotFreed:
                held.pop(contact, None)
            elif kind is not NonResponseCounted:
                held[contact] = one
            if counter is not None and not (kind is Connected and one.placed):
                row[base + counter] += 1
        self.last = last

    def _end(self, one: Any) -> None:
        """What `take` does with an effect that ends a stage, or with what was before the stream."""
        was = self.open.pop(one.contact, None)
        if was is None:
            return self._keep(one)
        column = column_of(was.__class__, one.__class__)
        if column is None or start_of(one) != was.at:
            raise _astray(one, was)
        since = self._talked_since(was, one) if type(was) is Connected and was.placed else was.at
        return self.table.spend(BASES[one.channel.value] + column, since, one.at)

    def _keep(self, one: Any) -> None:
        """What ends no stage that was seen; an offer, or a call that the agent placed, ends none, where that can be told."""
        kind = type(one)
        if kind is Rang or (kind is Connected and (one.placed or start_of(one) == one.at > self.first)):
            return
        if start_of(one) > self.first or one.contact in self.begun:
            raise _astray(one, None)
        self.begun[one.contact] = one

    def _talked_since(self, was: Connected, one: Any) -> int:
        """Since when there is talk in a call that the agent placed; its end, where nobody answered. One that was answered is handled (D16)."""
        answered = one.answered_at if type(one) is Failed else was.at
        if answered == NEVER:
            return int(one.at)
        self.table.parts[was.at // QUARTER_HOUR][BASES[was.channel.value] + COUNTERS[Connected]] += 1
        return min(max(answered, was.at), int(one.at))

    def _change_status(self, begun: StatusChanged, status: StatusChanged | None) -> None:
        """Changes of status, the first and the last of them."""
        was = self.status
        if begun.since > self.first if was is None else (was.after, was.at) != (begun.before, begun.since):
            raise _astray(begun, was)
        self.status_begun, self.status = self.status_begun or begun, status

    def follow(self, later: History) -> None:
        """What `take` would do at the edges with the effects of the later history; what that has counted is added by others."""
        if later.first is None:
            return
        if self.last is not None and later.first < self.last:
            raise BadHistory(
                "later",
                f"begins at {later.first}, before this history ends at {self.last}",
                "Put histories together in the order of time.",
            )
        self.first, self.last = later.first if self.first is None else self.first, later.last
        for one in later.begun.values():
            self._end(one)
        for contact in later.open.keys() & self.open.keys():
            raise _astray(later.open[contact], self.open[contact])
        self.open.update(later.open)
        if later.status_begun is not None:
            self._change_status(later.status_begun, later.status)


def _is_told(one: object) -> bool:
    """Whether an effect that is not one of those counted says something of a status, or of a stage: whose, since when it lasted, when it ended."""
    if not is_effect(type(one)):
        raise BadHistory("effects", f"{one!r} is no effect of a desk", "Give what the steps of DESK emitted.")
    told = all(hasattr(one, name) for name in ("contact", "channel", "since", "at")) and isinstance(
        getattr(one, "channel", None), Channel
    )
    return told or type(one) is StatusChanged


def _astray(one: object, was: object) -> BadHistory:
    return BadHistory(
        "effects",
        f"{one!r} does not fit what was told before it: {'nothing' if was is None else repr(was)}",
        "Effects were lost or doubled, or are those of several agents.",
    )
