"""What was said so far, as a stored state has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from operator import itemgetter
from typing import Any

from fsm.storage.misfit import Misfit
from fsm.storage.reading import Reader, read_integer, read_record
from fsm.verification.monitoring.report import KeyCount, Report
from fsm.verification.monitoring.stored.values import (
    ANY_VALUE,
    among,
    count,
    distinct,
    optional,
    read_text,
    several,
    written_in,
)
from fsm.verification.monitoring.verdicts import Because, Inconclusive, Kind, Violates, Where

__all__ = ["counts", "read_counts"]

MANY = 100_000
"""So many lines, facts and reasons are read."""

KINDS = {kind.value: kind for kind in Kind}


def counts(report: Report) -> dict[str, Any]:
    return {
        "keys": [
            [written_in("keys", ANY_VALUE.write, key), one.conforms, one.violates, one.inconclusive]
            for key, one in report.keys.items()
        ],
        "broken": [[_because(one), many] for one, many in report.broken.items()],
        "why": [[why, many] for why, many in report.why.items()],
        "told": [_told(one) for one in report.told],
        "unread": report.unread,
        "doubled": report.doubled,
        "late": report.late,
    }


def _because(one: Because) -> dict[str, Any]:
    return {"kind": one.kind.value, "name": one.name, "cites": list(one.cites)}


def _told(one: Violates | Inconclusive) -> dict[str, Any]:
    where = {
        "source": one.where.source,
        "key": ANY_VALUE.write(one.where.key),
        "at": one.where.at,
        "position": one.where.position,
        "what": one.what,
    }
    if isinstance(one, Inconclusive):
        return {**where, "why": one.why}
    because = [_because(each) for each in one.because]
    return {**where, "because": because, "refusal": one.refusal, "nearest": list(one.nearest), "left": list(one.left)}


def read_counts(tree: Any, machines: int, report: Report) -> None:
    """What was counted, put into a report that counts on.

    Args:
        machines: how many there are at most.
    """
    fields: dict[str, Reader] = {
        "keys": distinct(_read_key, machines, itemgetter(0)),
        "broken": distinct(_read_broken, MANY, itemgetter(0)),
        "why": distinct(_read_why, MANY, itemgetter(0)),
        "told": several(_read_told, report.keep),
        "unread": count,
        "doubled": count,
        "late": count,
    }
    keys, broken, why, told, report.unread, report.doubled, report.late = read_record(tree, fields)
    report.keys = dict(keys)
    report.broken, report.why, report.told = Counter(dict(broken)), Counter(dict(why)), told


def _read_key(tree: Any, room: int = 0) -> tuple[Hashable, KeyCount]:
    key, *numbers = _row(tree, 4)
    known = written_in(0, ANY_VALUE.read, key)
    return known, KeyCount(*(written_in(place, count, one) for place, one in enumerate(numbers, 1)))


def _row(tree: Any, length: int) -> list[Any]:
    if type(tree) is not list or len(tree) != length:
        raise Misfit(f"is not a list of {length}")
    return tree


def _read_broken(tree: Any, room: int = 0) -> tuple[Because, int]:
    because, many = _row(tree, 2)
    return written_in(0, _read_because, because), written_in(1, count, many)


def _read_why(tree: Any, room: int = 0) -> tuple[str, int]:
    why, many = _row(tree, 2)
    return written_in(0, read_text, why), written_in(1, count, many)


TEXTS = several(read_text, MANY)

BECAUSE: dict[str, Reader] = {
    "kind": among(KINDS, f"one of {', '.join(KINDS)}"),
    "name": read_text,
    "cites": TEXTS,
}


def _read_because(tree: Any, room: int = 0) -> Because:
    kind, name, cites = read_record(tree, BECAUSE)
    return Because(kind, name, tuple(cites))


WHERE: dict[str, Reader] = {
    "source": read_text,
    "key": ANY_VALUE.read,
    "at": optional(read_integer),
    "position": read_text,
    "what": read_text,
}
UNKNOWN: dict[str, Reader] = {**WHERE, "why": read_text}
BROKEN: dict[str, Reader] = {
    **WHERE,
    "because": several(_read_because, MANY),
    "refusal": read_text,
    "nearest": TEXTS,
    "left": TEXTS,
}


def _read_told(tree: Any, room: int = 0) -> Violates | Inconclusive:
    if type(tree) is dict and "why" in tree:
        source, key, at, position, what, why = read_record(tree, UNKNOWN)
        return Inconclusive(Where(source, key, at, position), what, why)
    source, key, at, position, what, because, refusal, nearest, left = read_record(tree, BROKEN)
    return Violates(Where(source, key, at, position), what, tuple(because), refusal, tuple(nearest), tuple(left))
