"""An observation read by an explanation: time comes to its instant, its event is taken, what it shows of the state is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import attrs

from fsm.verification.monitoring.declared.declaration import UNKNOWN
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.intervals import Interval
from fsm.verification.monitoring.explaining.explanation import Explanation
from fsm.verification.monitoring.explaining.matching import Looked, matched
from fsm.verification.monitoring.explaining.passing import Expected, expected, until
from fsm.verification.monitoring.explaining.run import Permit, Run
from fsm.verification.monitoring.explaining.stepping import payloads, taken

__all__ = ["Item", "numbers_of", "read", "reopened", "told_early"]

NEAR = 8
"""So many numbers of the latest observations are looked at for what nobody saw."""


NOTHING: Mapping[str, Any] = MappingProxyType({})


class Item(NamedTuple):
    """An observation, by the places of the declaration.

    Attributes:
        at: its instant.
        permit: what may have happened unseen before it.
        footprint: of its event; None where none was seen.
        fields: what was seen of the event's fields.
        sent: the event, where it is one that time sends.
        looked: what was seen of the state.
        parameters: places and values; UNKNOWN for one that may have been told unseen.
        glimpse: it shows what was there some time before the record, and since when nobody saw it.
        repeated: it may be a record that was read before.
    """

    at: Interval
    permit: Permit
    footprint: Footprint | None = None
    fields: Mapping[str, Any] = NOTHING
    sent: Expected | None = None
    looked: Looked | None = None
    parameters: tuple[tuple[int, Any], ...] = ()
    glimpse: bool = False
    repeated: bool = False


def numbers_of(items: Sequence[Item]) -> frozenset[int]:
    """Numbers that observations show, of the latest first, and what they come to."""
    found = dict[int, None]()
    for item in reversed(items):
        looks = () if item.looked is None else item.looked.looks
        seen = [*item.fields.values(), *(value for look in looks for _, values in look.values for value in values)]
        found.update((value, None) for value in seen if type(value) is int)
    numbers = [*found][:NEAR]
    return frozenset((*numbers, sum(numbers)))


def read(run: Run, one: Explanation, item: Item) -> list[Explanation]:
    """The explanations after the observation; none where this one does not show it.

    A value that it tells of a parameter holds from then on, or from some time before; where any record may be lost, for this one alone.
    """
    found = _read(run, one, item)
    early = told_early(run, one, item)
    if early is not None:
        found = [*found, *_read(run, early, item)]
    if item.repeated:
        found = [*found, one]
    return found


def told_early(run: Run, one: Explanation, item: Item) -> Explanation | None:
    """With the values that an observation tells, which may have been so for a while; None where that makes no difference."""
    early: dict[int, tuple[Any, ...]] = {}
    for place, values in _parameters(run, item):
        early[place] = tuple(dict.fromkeys((*early.get(place, ()), *values)))
    known = all(set(values) <= set(one.box[place]) for place, values in early.items())
    return None if known else _told(one, early.items())


def _parameters(run: Run, item: Item) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Of parameters the values that the observation leaves."""
    for place, value in item.parameters:
        yield place, run.declaration.any_box[place] if value is UNKNOWN else (value,)


def _told(one: Explanation, parameters: Iterable[tuple[int, tuple[Any, ...]]]) -> Explanation:
    box = list(one.box)
    for place, values in parameters:
        box[place] = values
    return attrs.evolve(one, box=tuple(box))


def reopened(one: Explanation, item: Item) -> Explanation:
    """Where records were lost others may have come since."""
    if not (item.permit.gap and one.open) or item.at[1] <= one.opened:
        return one
    return attrs.evolve(one, opened=item.at[1])


def _read(run: Run, one: Explanation, item: Item) -> list[Explanation]:
    one = reopened(one, item)
    if item.sent is not None:
        current = expected(run, one, attrs.evolve(item.sent, at=item.at), item.permit)
    else:
        current = until(run, one, item.at, item.permit, glance=item.footprint is None)
    if item.parameters:
        current = [_told(each, _parameters(run, item)) for each in current]
    if item.footprint is not None:
        footprint = item.footprint
        current = [
            made
            for each in current
            for payload in payloads(run, each, footprint, item.fields)
            for made in taken(run, each, footprint, payload)
        ]
    if item.looked is not None:
        looked = item.looked
        shown = [made for each in current for made in matched(run, each, looked)]
        current = [made for each in shown for made in run.claims.seen(run, each)]
    if item.parameters and not run.declaration.promised:
        since = [(place, run.declaration.any_box[place]) for place, _ in item.parameters]
        current = [_told(each, since) for each in current]
    return current
