"""One value of a declared type as JSON and back, strictly: nothing is converted, filled in or left out.

What types there are is said in `fsm.language.values.types`. In JSON they are

| declared | in JSON |
|---|---|
| None, bool, int, float, str | as they are; a float that JSON has not with a tag |
| an enumeration, flags | the member's name; the number |
| dates, UUIDs, decimals, paths, bytes | their text, in one spelling |
| tuples, frozensets | lists |
| attrs classes, dataclasses, NamedTuples | objects by field name |
| one of several types, any object | as they are where that looks like nothing else, else with a tag |

`reading` and `writing` have a function for each, `forms` the tags.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from fsm.language.domains import Domain, Integers, type_of
from fsm.language.values.annotations import kind_of
from fsm.language.values.types import Kind, Range
from fsm.storage.misfit import Misfit, told
from fsm.storage.reading import reader_of
from fsm.storage.writing import writer_of
from fsm.strict_json import DOCUMENT, below

__all__ = ["difference", "kind_of_domain", "read", "written"]


def kind_of_domain(domain: Domain) -> Kind:
    """The kind of the values of a variable, a field or a parameter, with its range."""
    return Range(domain.low, domain.high) if isinstance(domain, Integers) else kind_of(type_of(domain))


def written(value: Any, kind: Any, path: str = DOCUMENT) -> Any:
    """A value as JSON has it.

    Args:
        kind: its declared type, or a kind.

    Raises:
        BadSnapshot: it would not be read back as it is.
    """
    try:
        return writer_of(kind if isinstance(kind, Kind) else kind_of(kind))(value)
    except Misfit as wrong:
        raise told(wrong, path) from None


def read(tree: Any, kind: Any, path: str = DOCUMENT) -> Any:
    """The value that this JSON is.

    Args:
        kind: its declared type, or a kind.

    Raises:
        BadSnapshot: it is none, or the type has no JSON form; with the path, below `path`, of what is wrong.
    """
    try:
        return reader_of(kind if isinstance(kind, Kind) else kind_of(kind))(tree)
    except Misfit as wrong:
        raise told(wrong, path) from None


def difference(given: Any, other: Any, path: str) -> tuple[str, Any, Any] | None:
    """Where two documents first differ, with what stands there in each; True is not 1, nor is 1.0."""
    waiting = deque([(path, given, other)])
    while waiting:
        path, given, other = waiting.popleft()
        if type(given) is not type(other):
            return path, given, other
        if isinstance(given, dict) and all(type(name) is str for name in given) and given.keys() == other.keys():
            inside = [(below(path, name), given[name], other[name]) for name in given]
        elif isinstance(given, list) and len(given) == len(other):
            inside = [(below(path, place), one, two) for place, (one, two) in enumerate(zip(given, other, strict=True))]
        elif isinstance(given, dict | list) or given != other:
            return path, given, other
        else:
            inside = []
        waiting.extendleft(reversed(inside))
    return None
