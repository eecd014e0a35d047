"""The historical report: a history read by interval, channel by channel and status by status (S19).

    report(history, start, end, every=HALF_HOUR)

What is still open counts up to the instant at which the report is made; the history keeps it
open, so that reports of the same history agree whenever they are made.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from types import MappingProxyType

import attrs

from fsm.desk import Channel, Connected, Status
from fsm.desk.reports.columns import (
    BASES,
    COLUMNS,
    NAMES,
    QUARTER_HOUR,
    SOLE,
    STATUS_COLUMNS,
    Quarters,
    Table,
    Totals,
    column_of,
    plus,
    start_of,
)
from fsm.desk.reports.history import History
from fsm.errors import BadInstant
from fsm.runtime.inputs import check_instant

__all__ = ["DAY", "HALF_HOUR", "HOUR", "QUARTER_HOUR", "Interval", "Totals", "report"]

HALF_HOUR = 2 * QUARTER_HOUR
"""Milliseconds."""
HOUR = 4 * QUARTER_HOUR
"""Milliseconds."""
DAY = 24 * HOUR
"""Milliseconds. A day on which clocks are changed has an hour more or less: report it alone, `every` as long as it is."""


@attrs.frozen
class Interval:
    """One line of the historical report (S19).

    Attributes:
        start: its first instant, milliseconds.
        end: the first instant after it.
        channels: what happened on each channel.
        status_time: how long each status lasted in it, milliseconds (S01). What no change of status tells of is in none.
    """

    start: int
    end: int
    channels: Mapping[Channel, Totals]
    status_time: Mapping[Status, int]

    @property
    def total(self) -> Totals:
        """What happened on all channels together."""
        return reduce(add, self.channels.values())


def report(
    history: History, start: int, end: int, *, every: int = HALF_HOUR, at: int | None = None
) -> tuple[Interval, ...]:
    """The intervals from `start` up to `end`, in order, those where nothing happened included.

    Args:
        history: of one agent.
        start, end: milliseconds, at full quarters of an hour; midnight is the caller's own.
        every: the length of an interval, milliseconds: `QUARTER_HOUR`, `HALF_HOUR`, `HOUR`, `DAY`, or other full quarters.
        at: when the report is made, milliseconds: what is open counts up to then. None for the history's last effect.

    Raises:
        BadInput: instants or lengths that are no full quarters, `end` not after `start` by full intervals,
            `at` before the history's last effect.
    """
    _check_intervals(start, end, every)
    quarters = _with_open(history, at).read(start // QUARTER_HOUR, end // QUARTER_HOUR, COLUMNS)
    many = every // QUARTER_HOUR
    return tuple(
        _interval(edge, edge + every, quarters[place * many : place * many + many])
        for place, edge in enumerate(range(start, end, every))
    )


def _check_intervals(start: int, end: int, every: int) -> None:
    for where, given in (("start", start), ("end", end), ("every", every)):
        check_instant(where, given)
        if given % QUARTER_HOUR:
            raise BadInstant(
                where, f"{given} is no full quarter of an hour", f"Give a multiple of {QUARTER_HOUR} milliseconds."
            )
    if every <= 0:
        raise BadInstant("every", f"{every} is no length", "Give QUARTER_HOUR, HALF_HOUR, HOUR or DAY.")
    if end <= start:
        raise BadInstant("end", f"{end} does not lie after the start, {start}")
    if (end - start) % every:
        raise BadInstant("end", f"{end - start} milliseconds after the start are no full intervals of {every}")


def _with_open(history: History, at: int | None) -> Quarters:
    """What was counted, with what is open as if it ended at the instant of the report, and what was open before the stream."""
    at = history.last if at is None else at
    if at is None:
        return history.counted
    check_instant("at", at)
    if history.last is not None and at < history.last:
        raise BadInstant(
            "at", f"{at} lies before the history's last effect at {history.last}", "Fold only the effects up to then."
        )
    table = Table(COLUMNS)
    for one in history.begun.values():
        if type(one) in SOLE:
            table.spend(BASES[one.channel.value] + SOLE[type(one)], start_of(one), one.at)
    for one in history.open.values():
        column = column_of(one.__class__, None)
        if column is not None and not (isinstance(one, Connected) and one.placed):
            table.spend(BASES[one.channel.value] + column, one.at, at)
    if history.status is not None:
        table.spend(STATUS_COLUMNS[history.status.after], history.status.at, at)
    return history.counted + table.frozen()


def _interval(start: int, end: int, quarters: list[Sequence[int]]) -> Interval:
    cells = reduce(plus, quarters)
    totals = (Totals(*cells[base : base + len(NAMES)]) for base in BASES.values())
    times = {status: cells[column] for status, column in STATUS_COLUMNS.items()}
    return Interval(start, end, MappingProxyType(dict(zip(Channel, totals, strict=True))), MappingProxyType(times))
