"""Counting the effects of one agent's desk: the loop, and what is done at the edges of a stream.

Every effect about a contact ends the stage that the last one began, and begins another. Where
the last one lies before the stream, the effect is kept at the early edge; where the next one
lies behind it, at the late edge (`open`).

You may make `take` faster. What it counts must stay what the tests read off snapshots.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from math import inf
from typing import Any

import attrs

from fsm.desk.effects import Connected, Failed, NonResponseCounted, Rang, SlotFreed, StatusChanged, TextTimerReset
from fsm.desk.reports.columns import BASES, COLUMNS, COUNTERS, ENDS, SOLE, STARTS, STATUS_COLUMNS, STAYS
from fsm.desk.reports.quarters import QUARTER_HOUR, Table
from fsm.desk.vocabulary import NEVER
from fsm.errors import BadHistory, BadInput
from fsm.language.events import is_effect

__all__ = ["Edges", "HistoryBuilder", "stage_of"]

NOWHERE = -1
"""The column of a stage that the report does not know: one that an effect of a variant's begins without saying as which, `begins = Connected`."""

TOLD_OF_A_STAY = ("contact", "channel", "since", "at")
"""What an effect says by which a contact leaves a stage: whose, since when it lasted, and when it ended."""


@attrs.frozen
class Edges:
    """What a stream of effects leaves to those before and behind it.

    Attributes:
        first, last: instants of its first and last effect, milliseconds; None when it has none. Texts are not looked at.
        begun: the early edge: the effect that ended the first stage of each contact that was there before.
        open: the late edge: the last effect of each contact that is still on the desk.
        status_begun, status: the first and the last change of status; None when there was none.
    """

    first: int | None
    last: int | None
    begun: Mapping[Hashable, Any]
    open: Mapping[Hashable, Any]
    status_begun: StatusChanged | None
    status: StatusChanged | None


@attrs.define(eq=False)
class HistoryBuilder:
    """A history while it is being counted; lives for one call.

    Its fields are those of `Edges`; the table holds what is counted anew.
    """

    first: int | None
    last: int | None
    begun: dict[Hashable, Any]
    open: dict[Hashable, Any]
    status_begun: StatusChanged | None
    status: StatusChanged | None
    table: Table = attrs.field(factory=lambda: Table(COLUMNS))

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
            at = one.at
            if not last <= at < edge:
                self._check_order(one, last)
                start = at - at % QUARTER_HOUR
                edge = start + QUARTER_HOUR
                row = table.row(start // QUARTER_HOUR)
            last = at
            base = BASES[one.channel._value_]  # documented, and several times faster than `.value`
            row[base + counter] += 1
            contact = one.contact
            was = held.get(contact)
            if kind is NonResponseCounted:
                if was.__class__ is not Rang and (was is not None or one.offered_at > self.first):
                    raise _astray(one, was)
            elif was is not None:
                ends = ENDS.get(was.__class__) or ENDS.get(stage_of(was))
                column = SOLE.get(kind, NOWHERE) if ends is None else ends.get(kind)
                since = was.at
                if column is None or STARTS[kind](one) != since:
                    raise _astray(one, was)
                if was.__class__ is Connected and was.placed:
                    since = self._talked_since(was, one)
                if column == NOWHERE:
                    pass
                elif since >= start:
                    row[base + column] += at - since
                else:
                    table.spend(base + column, since, at)
                if kind is SlotFreed:
                    del held[contact]
                else:
                    held[contact] = one
            elif kind is Rang or self._take_from_before(one):
                held[contact] = one
            if kind is Connected and one.placed:
                row[base + counter] -= 1  # dialling: it is counted when it is known who answered
        if last != -inf:
            self.last = int(last)

    def _check_order(self, one: Any, last: float) -> None:
        if one.at < last:
            raise BadHistory(
                "effects",
                f"{one!r} comes after an effect at {last}",
                "Give the effects of one agent in the order they were emitted.",
            )
        if self.first is None:
            self.first = one.at

    def _take_other(self, one: object, last: float) -> float:
        """An effect that is about no contact, or not counted."""
        match one:
            case TextTimerReset():
                return last
            case StatusChanged(before, _, since, at):
                self._check_order(one, last)
                self._check_status(self.status, one)
                self.table.spend(STATUS_COLUMNS[before], since, at)
                self.status_begun = self.status_begun or one
                self.status = one
                return at
            case _ if not is_effect(type(one)):
                raise BadHistory("effects", f"{one!r} is no effect of a desk", "Give what the steps of DESK emitted.")
            case _ if all(hasattr(one, name) for name in TOLD_OF_A_STAY):
                return self._take_unlisted(one, last)
            case _:
                return last

    def _take_unlisted(self, one: Any, last: float) -> int:
        """An effect of a variant's, by which a contact leaves a stage for another."""
        self._check_order(one, last)
        was = self.open.get(one.contact)
        if was is None:
            self._keep_begun(one)
        else:
            self._end(was, one)
        self.open[one.contact] = one
        return int(one.at)

    def _end(self, was: Any, one: Any) -> None:
        """The end of a stage, by an effect that did not tell of it in the loop."""
        kind = type(one)
        ends = ENDS.get(stage_of(was))
        if kind in COUNTERS:
            column = SOLE.get(kind, NOWHERE) if ends is None else ends.get(kind)
        else:
            column = STAYS.get(stage_of(was), NOWHERE)
        if column is None or _start(one) != was.at:
            raise _astray(one, was)
        since = self._talked_since(was, one) if type(was) is Connected and was.placed else was.at
        if kind not in SOLE and column != NOWHERE:
            self.table.spend(BASES[one.channel.value] + column, since, one.at)

    def _check_status(self, was: StatusChanged | None, one: StatusChanged) -> None:
        assert self.first is not None
        if was is None:
            if one.since > self.first:
                raise _astray(one, None)
        elif (was.after, was.at) != (one.before, one.since):
            raise _astray(one, was)

    def _talked_since(self, was: Connected, one: Any) -> int:
        """Since when there is talk in a call that the agent placed; its end, where nobody answered. One that was answered is handled (D16)."""
        answered = one.answered_at if type(one) is Failed else was.at
        if answered == NEVER:
            return int(one.at)
        self.table.row(was.at // QUARTER_HOUR)[BASES[was.channel.value] + COUNTERS[Connected]] += 1
        return min(max(answered, was.at), int(one.at))

    # The early edge

    def _take_from_before(self, one: Any) -> bool:
        """The end of a stage that began before the stream, or a call that the agent placed; whether the contact is there after it."""
        if self._keep_begun(one) and type(one) in SOLE:
            self.table.spend(BASES[one.channel.value] + SOLE[type(one)], STARTS[type(one)](one), one.at)
        return type(one) is not SlotFreed

    def _keep_begun(self, one: Any) -> bool:
        """Whether it belongs to the early edge; a call that the agent placed does not, where that can be told."""
        since = _start(one)
        assert self.first is not None
        if type(one) is Connected and (one.placed or since == one.at > self.first):
            return False
        if since > self.first or one.contact in self.begun:
            raise _astray(one, None)
        self.begun[one.contact] = one
        return True

    def follow(self, later: Edges) -> None:
        """What `take` would do at the edges with the effects of the later history; what that has counted is added by others."""
        if later.first is None:
            return
        if self.last is not None and later.first < self.last:
            raise BadHistory(
                "later",
                f"begins at {later.first}, before this history ends at {self.last}",
                "Put histories together in the order of time.",
            )
        self.first = later.first if self.first is None else self.first
        self.last = later.last
        for contact, one in later.begun.items():
            was = self.open.pop(contact, None)
            if was is None:
                self._keep_begun(one)
                continue
            self._end(was, one)
        for contact, one in later.open.items():
            if contact in self.open:
                raise _astray(one, self.open[contact])
            self.open[contact] = one
        if later.status_begun is not None:
            self._check_status(self.status, later.status_begun)
            self.status_begun = self.status_begun or later.status_begun
            self.status = later.status


def stage_of(one: Any) -> Any:
    """The effect of the desk's that begins the stage which this one began; None for one that no column counts."""
    return type(one) if type(one) in STAYS else getattr(type(one), "begins", None)


def _start(one: Any) -> int:
    """Since when the stage lasted that an effect ends."""
    told = STARTS.get(type(one))
    return int(one.since if told is None else told(one))


def _astray(one: object, was: object) -> BadInput:
    before = "nothing" if was is None else repr(was)
    return BadHistory(
        "effects",
        f"{one!r} does not fit what was told before it: {before}",
        "Effects were lost or doubled, or are those of several agents.",
    )
