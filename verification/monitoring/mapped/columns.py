"""Reading a column of a record: by its path, as an instant, as a value of a declared type."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fsm.language.domains import Booleans, Domain, Enumeration, Integers, Opaque
from fsm.verification.monitoring.mapped.mapping import Column

__all__ = [
    "ABSENT", "Misread", "as_text", "converted", "getter", "instant", "instant_reader", "is_same", "name_in", "value_reader",
]  # fmt: skip

ABSENT = object()
"""The record has no such column, or nothing stands in it."""

SCALE = {"s": (1_000, 1), "ms": (1, 1), "us": (1, 1_000), "ns": (1, 1_000_000)}
"""A number of these, times the first and divided by the second, is milliseconds."""

NOTHING = ("", "null", "None")
"""Texts that say nothing, as exports write them."""

FARTHEST = 1 << 53
"""Milliseconds from 1970."""

MET = 64
"""Of so many texts it is remembered of which value they are."""

LONGEST = 400
"""More digits are no number that anybody means."""

Getter = Callable[[Any], Any]


class Misread(Exception):
    """Something in a record that cannot be read, in words."""


def getter(path: str) -> Getter:
    """What stands at a path of a record: ABSENT where nothing does."""
    if not path:
        return lambda record: record
    names = path.split(".")
    if len(names) == 1:

        def plain(record: Any) -> Any:
            try:
                found = record[path]
            except (KeyError, TypeError, IndexError):
                return ABSENT
            return ABSENT if found is None or (found.__class__ is str and found in NOTHING_TEXTS) else found

        return plain

    def deep(record: Any) -> Any:
        if isinstance(record, dict) and path in record:
            found = record[path]
        else:
            found = record
            for name in names:
                found = _below(found, name)
                if found is ABSENT:
                    return ABSENT
        return ABSENT if found is None or (isinstance(found, str) and found in NOTHING_TEXTS) else found

    return deep


NOTHING_TEXTS = frozenset(NOTHING)


def _below(found: Any, name: str) -> Any:
    if isinstance(found, dict):
        return found.get(name, ABSENT)
    if isinstance(found, list) and name.isascii() and name.isdigit() and len(name) < 10:
        place = int(name)
        return found[place] if place < len(found) else ABSENT
    return ABSENT


# Instants


def instant_reader(column: Column, clock: str | None) -> Callable[[Any], int | None]:
    """The instant in a column, milliseconds since 1970; None where nothing stands there."""
    get = getter(column.path)
    whole = clock in (None, "ms")

    def read(record: Any) -> int | None:
        found: Any = get(record)
        if whole and found.__class__ is int and -FARTHEST <= found <= FARTHEST:
            return int(found)
        return None if found is ABSENT else instant(found, clock)

    return read


def instant(found: Any, clock: str | None) -> int:
    """An instant as it is written: a text of ISO 8601, or a number; milliseconds unless the clock says otherwise.

    Raises:
        Misread: it is none.
    """
    if isinstance(found, datetime):
        return _milliseconds(found)
    if clock == "iso" or (clock is None and isinstance(found, str) and not _number(found)):
        return _iso(found)
    if isinstance(found, str):
        if not _number(found):
            raise Misread(f"{_short(found)} is no number")
        found = float(found) if "." in found or "e" in found.lower() else int(found)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Misread(f"{_short(found)} is no instant")
    times, over = SCALE[clock or "ms"]
    try:
        return within_reach(found * times // over if isinstance(found, int) else round(found * times / over))
    except (OverflowError, ValueError) as beyond:
        raise Misread(f"{_short(found)} is no instant") from beyond


def within_reach(milliseconds: int) -> int:
    """The instant, where it is one that anybody means.

    Raises:
        Misread: it lies a quarter of a million years away.
    """
    if abs(milliseconds) > FARTHEST:
        raise Misread(f"{milliseconds} milliseconds since 1970 are no instant that anybody means")
    return milliseconds


def _number(text: str) -> bool:
    return len(text) < LONGEST and re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", text) is not None


def _iso(found: Any) -> int:
    if not isinstance(found, str):
        raise Misread(f"{_short(found)} is no text of ISO 8601")
    try:
        return _milliseconds(datetime.fromisoformat(found))
    except ValueError as wrong:
        raise Misread(f"{_short(found)} is no instant of ISO 8601") from wrong


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _milliseconds(when: datetime) -> int:
    """Milliseconds since 1970; without a zone it is UTC."""
    aware = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    since = aware - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000 + since.microseconds // 1_000


# Values


def value_reader(column: Column, domain: Domain) -> Callable[[Any], Any]:
    """What stands in a column, as a value of a domain; ABSENT where nothing does.

    What is read may lie outside a range: that is for the monitor to say.
    """
    if column.path == "" and column.constant is not None:
        constant = converted(column.constant, domain)
        return lambda record: constant
    get = getter(column.path)
    known = {text: converted(value, domain) for text, value in column.values.items()}
    exact = domain.type if isinstance(domain, Opaque) else None
    finite = isinstance(domain, Booleans | Enumeration)
    met: dict[str, Any] = {}

    def read(record: Any) -> Any:
        found = get(record)
        if found is ABSENT or found.__class__ is exact:
            return found
        if finite and found.__class__ is str and found in met:
            return met[found]
        if known:
            text = as_text(found)
            if text in known:
                return known[text]
        value = converted(found, domain)
        if finite and found.__class__ is str and len(met) < MET:
            met[found] = value
        return value

    return read


def converted(found: Any, domain: Domain) -> Any:
    """A value as it is written, as one of the domain.

    Raises:
        Misread: it is none of its kind.
    """
    match domain:
        case Booleans():
            return _truth(found)
        case Enumeration(members=members):
            return _member(found, members)
        case Integers():
            return _integer(found)
        case Opaque(type=kind):
            return _opaque(found, kind)


def _truth(found: Any) -> bool:
    if isinstance(found, bool):
        return found
    said = str(found).strip().lower() if isinstance(found, str | int) else ""
    if said in ("true", "yes", "1"):
        return True
    if said in ("false", "no", "0"):
        return False
    raise Misread(f"{_short(found)} is neither true nor false")


def _member(found: Any, members: Any) -> Any:
    """The member that is written so: as its value or its name; else as its name, whatever is between its letters."""
    if found.__class__ is members:
        return found
    fitting = [one for one in members if found == one.name or is_same(found, one.value)]
    if not fitting and isinstance(found, str):
        fitting = [one for one in members if _plain(one.name) == _plain(found)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = " and of ".join(one.name.lower() for one in fitting)
        raise Misread(f"{_short(found)} may be read of {names}: say in the mapping's values which one is meant")
    raise Misread(f"{_short(found)} is none of {', '.join(member.name.lower() for member in members)}")


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text).lower()


def _integer(found: Any) -> int:
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    if isinstance(found, float) and found.is_integer():
        return int(found)
    if isinstance(found, str) and len(found) < LONGEST and re.fullmatch(r"[ \t]*[+-]?[0-9]+(\.0+)?[ \t]*", found):
        return int(found.partition(".")[0])
    raise Misread(f"{_short(found)} is no whole number")


def _opaque(found: Any, kind: Any) -> Any:
    """A key, or carried data: as its declared type, where that can be read from text; else as it stands.

    What is neither a text nor a whole number is its text in a tuple: equal to what is written alike, and to no text and no number.
    """
    while hasattr(kind, "__supertype__"):  # NewType
        kind = kind.__supertype__
    if kind is str:
        return name_in(found) if isinstance(found, str) else str(name_in(found))
    if kind is int:
        return _integer(found)
    if kind is UUID and isinstance(found, str):
        try:
            return UUID(found)
        except ValueError as wrong:
            raise Misread(f"{_short(found)} is no UUID") from wrong
    if isinstance(found, str | UUID) or type(found) is int:
        return found
    return (json.dumps(found, sort_keys=True, default=str),)


def name_in(found: Any) -> str | int:
    """Who or what a record speaks of: a text or a whole number.

    Raises:
        Misread: it is neither.
    """
    if isinstance(found, str) or type(found) is int:
        return found
    raise Misread(f"{_short(found)} is neither a text nor a whole number")


def as_text(found: Any) -> str | None:
    """What a mapping calls a value: a text by itself, a number or a truth value as JSON writes it; nothing else has a text."""
    if isinstance(found, str):
        return found
    return json.dumps(found) if isinstance(found, bool | int | float) else None


def is_same(one: Any, other: Any) -> bool:
    """Whether two values of records are equal; a truth value is no number."""
    return bool(isinstance(one, bool) is isinstance(other, bool) and one == other)


def _short(found: Any) -> str:
    text = repr(found)
    return text if len(text) <= 80 else text[:77] + "..."
