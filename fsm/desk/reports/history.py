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

from fsm import BadInput
from fsm.desk.effects import Connected, Failed, NonResponseCounted, Rang, SlotFreed, StatusChanged, TextTimerReset
from fsm.desk.reports.columns import BASES, COLUMNS, COUNTERS, SOLE, STARTS, STATUS_COLUMNS, column_of
from fsm.desk.reports.quarters import NOTHING, QUARTER_HOUR, Quarters, Table, frozen
from fsm.desk.vocabulary import NEVER, Channel
from fsm.errors import BadHistory
from fsm.language.events import is_effect

TOLD_OF_A_STAY = ("contact", "channel", "since", "at")
"""What an effect says by which a contact leaves a stage: whose, since when it lasted, and when it ended."""


@attrs.frozen
class History:
    """What a stream of effects says of one agent, by quarter of an hour; a value, which can be pickled.

    Attributes:
        first, last: instants of its first and last effect, milliseconds; None when it has none. Texts are not looked at.
        begun: the early edge: the effect that ended the first stage of each contact that was there before.
        open: the late edge: the last effect of each contact that is still on the desk.
        status_begun, status: the first and the last change of status; None when there was none.
        counted: counts, and the times of what has ended.
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
        made = _Counting(self.first, self.last, dict(self.begun), dict(self.open), self.status_begun, self.status)
        made.follow(later)
        return made.history(self.counted + later.counted)

    def __reduce__(self) -> Any:
        told = attrs.astuple(self, recurse=False)
        return History, tuple(dict(one) if isinstance(one, MappingProxyType) else one for one in told)


def fold(effects: Iterable[object]) -> History:
    """Count the effects of one agent's desk, in the order in which they were emitted.

    Raises:
        BadInput: an object is no effect of a desk, lies before the one before it, or speaks of what did not happen:
            effects were lost or doubled, came out of order, or are those of several agents.
    """
    made = _Counting(None, None, {}, {}, None, None)
    made.take(effects)
    return made.history(NOTHING)


@attrs.define(eq=False)
class _Counting:
    """A history while it is being counted; lives for one call. The table holds what is counted anew."""

    first: int | None
    last: int | None
    begun: dict[Hashable, Any]
    open: dict[Hashable, Any]
    status_begun: StatusChanged | None
    status: StatusChanged | None
    table: Table = attrs.field(factory=lambda: Table(COLUMNS))

    def history(self, counted: Quarters) -> History:
        """As a value, with what was counted before."""
        edges = (self.first, self.last, self.begun, self.open, self.status_begun, self.status)
        return History(*edges, counted + self.table.frozen())

    def take(self, effects: Iterable[object]) -> None:
        """One loop without a call on its usual way: that is what a million effects a second asks for."""
        held, table = self.open, self.table
        last = edge = -inf
        start = 0
        row: list[int] = []
        one: Any
        for one in effects:
            kind = one.__class__
            counter = COUNTERS.get(kind)
            if counter is None:
                last = self._take_other(one, last)
                continue
            at, contact = one.at, one.contact
            if not last <= at < edge:
                self._check_order(one, last)
                start = at - at % QUARTER_HOUR
                edge = start + QUARTER_HOUR
                row = table.parts[start // QUARTER_HOUR]
            last = at
            base = BASES[one.channel._value_]  # documented, and several times faster than `.value`
            row[base + counter] += 1
            was = held.get(contact)
            if kind is NonResponseCounted:
                if was.__class__ is not Rang and (was is not None or one.offered_at > self.first):
                    raise _astray(one, was)
                continue
            if was is not None:
                column, since = column_of(was.__class__, kind), was.at
                if column is None or STARTS[kind](one) != since:
                    raise _astray(one, was)
                if was.__class__ is Connected and was.placed:
                    since = self._talked_since(was, one)
                if since >= start:
                    row[base + column] += at - since
                else:
                    table.spend(base + column, since, at)
            elif kind is not Rang and self._is_from_before(one) and kind in SOLE:
                table.spend(base + SOLE[kind], STARTS[kind](one), at)
            if kind is SlotFreed:
                held.pop(contact, None)
            else:
                held[contact] = one
            if kind is Connected and one.placed:
                row[base + counter] -= 1  # dialling: it is counted when it is known who answered
        if last != -inf:
            self.last = int(last)

    def _check_order(self, one: Any, last: float) -> None:
        if one.at < last:
            what = f"{one!r} comes after an effect at {last}"
            raise BadHistory("effects", what, "Give the effects of one agent in the order they were emitted.")
        if self.first is None:
            self.first = one.at

    def _take_other(self, one: Any, last: float) -> float:
        """An effect that is about no contact, or not one of the desk's own."""
        kind = type(one)
        if not is_effect(kind):
            raise BadHistory("effects", f"{one!r} is no effect of a desk", "Give what the steps of DESK emitted.")
        told = all(hasattr(one, name) for name in TOLD_OF_A_STAY) and isinstance(one.channel, Channel)
        if kind is TextTimerReset or not (told or kind is StatusChanged):
            return last
        self._check_order(one, last)
        if kind is StatusChanged:
            self.table.spend(STATUS_COLUMNS[one.before], one.since, one.at)
            self._take_status(one, one)
        else:
            self._take_from_outside(one)
            self.open[one.contact] = one
        return int(one.at)

    def _take_status(self, begun: StatusChanged, status: StatusChanged) -> None:
        """Changes of status, the first and the last of them."""
        assert self.first is not None
        was = self.status
        if begun.since > self.first if was is None else (was.after, was.at) != (begun.before, begun.since):
            raise _astray(begun, was)
        self.status_begun, self.status = self.status_begun or begun, status

    def _take_from_outside(self, one: Any) -> None:
        """The end of a stage, by an effect that was not counted in the loop here: a variant's, or one of a later history."""
        was = self.open.pop(one.contact, None)
        if was is None:
            self._is_from_before(one)
            return
        column = column_of(type(was), type(one))
        if column is None or _start(one) != was.at:
            raise _astray(one, was)
        since = self._talked_since(was, one) if type(was) is Connected and was.placed else was.at
        if type(one) not in SOLE:
            self.table.spend(BASES[one.channel.value] + column, since, one.at)

    def _talked_since(self, was: Connected, one: Any) -> int:
        """Since when there is talk in a call that the agent placed; its end, where nobody answered. One that was answered is handled (D16)."""
        answered = one.answered_at if type(one) is Failed else was.at
        if answered == NEVER:
            return int(one.at)
        self.table.parts[was.at // QUARTER_HOUR][BASES[was.channel.value] + COUNTERS[Connected]] += 1
        return min(max(answered, was.at), int(one.at))

    def _is_from_before(self, one: Any) -> bool:
        """Whether it ends a stage that began before the stream, and is kept; a call that the agent placed does not, where that can be told."""
        since = _start(one)
        assert self.first is not None
        if type(one) is Connected and (one.placed or since == one.at > self.first):
            return False
        if since > self.first or one.contact in self.begun:
            raise _astray(one, None)
        self.begun[one.contact] = one
        return True

    def follow(self, later: History) -> None:
        """What `take` would do at the edges with the effects of the later history; what that has counted is added by others."""
        if later.first is None:
            return
        if self.last is not None and later.first < self.last:
            what = f"begins at {later.first}, before this history ends at {self.last}"
            raise BadHistory("later", what, "Put histories together in the order of time.")
        self.first = later.first if self.first is None else self.first
        self.last = later.last
        for one in later.begun.values():
            self._take_from_outside(one)
        for contact, one in later.open.items():
            if contact in self.open:
                raise _astray(one, self.open[contact])
            self.open[contact] = one
        if later.status_begun is not None and later.status is not None:
            self._take_status(later.status_begun, later.status)


def _start(one: Any) -> int:
    """Since when the stage lasted that an effect ends."""
    told = STARTS.get(type(one))
    return int(one.since if told is None else told(one))


def _astray(one: object, was: object) -> BadInput:
    what = f"{one!r} does not fit what was told before it: {'nothing' if was is None else repr(was)}"
    return BadHistory("effects", what, "Effects were lost or doubled, or are those of several agents.")


EMPTY = fold(())
"""The history of nothing: put before or behind another, it changes nothing."""
