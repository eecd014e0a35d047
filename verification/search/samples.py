"""Values of declared types, numbered: the keys that a search makes up, and what stands in fields that no condition reads.

Conditions know nothing of such values but whether two keys are equal, so that any will do; but each is of the type that was declared,
since runs are taken by the runtime, stored and read again.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from fsm.language.domains import Opaque
from fsm.language.leaves import NEEDED, FieldRef
from fsm.language.values.types import (
    Anything,
    AsText,
    Derived,
    Either,
    FixedTuple,
    Flags,
    Kind,
    Literals,
    Member,
    Plain,
    Record,
    Several,
)
from fsm.storage.codec import kind_of_domain

__all__ = ["NoMore", "first_values", "new_keys", "numbered", "sample", "sample_of"]

SECONDS_OF_A_DAY = 86_400
FIRST_DAY = date(2000, 1, 1)
SPECIAL: dict[str, Callable[[int], Any]] = {
    "UUID": lambda number: {"int": number},
    "date": lambda number: FIRST_DAY + timedelta(days=number),
    "datetime": lambda number: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
    "time": lambda number: time(number // 3_600, number // 60 % 60, number % 60),
    "timedelta": lambda number: timedelta(seconds=number),
    "bytes": lambda number: str(number).encode("ascii"),
}
"""Classes of the standard library that take something else than a number: the value, or what the class is called with."""


class NoMore(Exception):
    """A type has no value of this number."""


def sample(domain: Opaque, name: str) -> Any:
    """Some value for a field that no condition reads; None where none can be made up."""
    try:
        return _value(kind_of_domain(domain), 0, name)
    except NoMore:
        return None


def sample_of(ref: FieldRef[Any]) -> Any:
    """Some value for a field that no condition reads: its default, where it may be left out."""
    assert isinstance(ref.domain, Opaque)
    return sample(ref.domain, ref.name) if ref.default is NEEDED else ref.default


def numbered(domain: Opaque, number: int, name: str) -> Any:
    """The value of this number, from 0; of an infinite type any two numbers have two values.

    Raises:
        NoMore: there are not so many, or nobody knows how to make one.
    """
    return _value(kind_of_domain(domain), number, name)


def first_values(domain: Opaque, many: int) -> list[Any]:
    """So many values of a type, or as many as it has."""
    found: list[Any] = []
    with suppress(NoMore):
        for number in range(many):
            found.append(numbered(domain, number, "text"))
    return found


def new_keys(name: str, domain: Any, used: Container[Hashable], many: int) -> list[Hashable]:
    """Keys that no instance has: `c-3` for a third contact. Fewer, where the type has no more."""
    found: list[Hashable] = []
    for key in _keys(name[0], domain):
        if len(found) == many:
            break
        if key not in used:
            found.append(key)
    return found


def _keys(name: str, domain: Any) -> Iterator[Hashable]:
    """From 1, so that a person counts along; the first value of all comes last, where there are few."""
    kind = kind_of_domain(domain) if isinstance(domain, Opaque) else Anything()
    with suppress(NoMore):
        for number in count(1):
            yield _value(kind, number, name)
    with suppress(NoMore):
        yield _value(kind, 0, name)


def _value(kind: Kind, number: int, name: str, within: frozenset[Kind] = frozenset()) -> Any:
    """The value of this number; of an infinite type any two numbers have two values.

    Args:
        within: the records that it will be part of. One in itself has the numbers after its own, so that there is an end.

    Raises:
        NoMore: there are not so many, or nobody knows how to make one.
    """
    match kind:
        case Plain(type=plain):
            return _plain(plain, number, name)
        case Anything():
            return f"{name}-{number}" if number else None
        case AsText(type=standard):
            return _standard(standard, number, name)
        case Derived(type=made, base=base):
            return made(_value(base, number, name, within))
        case Member(type=members):
            return _of(tuple(members), number)
        case Flags(type=flags):
            return _of((flags(0), *flags), number)
        case Literals(values=values):
            return _of(values, number)
        case Several(type=several, item=item):
            return several((_value(item, number - 1, name, within),)) if number else several()
        case FixedTuple(items=items):
            return tuple(_row(items, number, name, within))
        case Record(type=record, fields=fields):
            if kind in within and number == 0:
                raise NoMore
            given = [one for one in fields if one.argument is not None]
            row = _row(tuple(one.kind for one in given), number - (kind in within), name, within | {kind})
            return record(**{str(one.argument): value for one, value in zip(given, row, strict=True)})
        case Either(kinds=kinds):
            return _of_any(kinds, number, name, within)
        case _:
            raise NoMore


def _plain(plain: type, number: int, name: str) -> Any:
    if plain is str:
        return f"{name}-{number}" if number else name
    if plain is int or plain is float:
        return plain(number)
    return _of((False, True) if plain is bool else (None,), number)


def _standard(standard: type, number: int, name: str) -> Any:
    special = SPECIAL.get(standard.__name__)
    if standard is time and number >= SECONDS_OF_A_DAY:
        raise NoMore
    if special is not None:
        made = special(number)
        return standard(**made) if isinstance(made, dict) else made
    return standard(f"{name}-{number}" if standard.__module__.startswith("pathlib") else number)


def _of(values: tuple[Any, ...], number: int) -> Any:
    if number >= len(values):
        raise NoMore
    return values[number]


def _row(kinds: tuple[Kind, ...], number: int, name: str, within: frozenset[Kind]) -> list[Any]:
    """One place counts, the others stand still."""
    still = [_value(kind, 0, name, within) for kind in kinds]
    if number == 0:
        return still
    for place, kind in enumerate(kinds):
        try:
            still[place] = _value(kind, number, name, within)
        except NoMore:
            continue
        return still
    raise NoMore


def _of_any(kinds: tuple[Kind, ...], number: int, name: str, within: frozenset[Kind]) -> Any:
    for kind in kinds:
        try:
            return _value(kind, number, name, within)
        except NoMore:
            continue
    raise NoMore
