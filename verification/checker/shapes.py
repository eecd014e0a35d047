"""Text of a stranger, held against a shape before anybody looks into it.

Standard library only. A shape is a type, a list of one shape, a dictionary of shapes, a tuple of shapes, or a
function that looks at the value; whatever is not as the shape says is `Malformed` with its path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Any

__all__ = [
    "Look",
    "Malformed",
    "Shape",
    "anything",
    "either",
    "match",
    "must",
    "one_of",
    "optional",
    "row",
    "strict_json",
]

Shape = Any
Look = Callable[[Any, str], None]
"""Looks at a value that stands at a path."""
LARGEST = 50_000_000
DEEPEST = 60


class Malformed(ValueError):
    """A text is not what it should be; says where."""


def must(holds: bool, path: str, otherwise: str) -> None:
    """Raises:
    Malformed: it does not hold of what stands at this path.
    """
    if not holds:
        raise Malformed(f"{path}: {otherwise}")


def strict_json(text: str, file: str) -> Any:
    """The value of a JSON text without repeated keys, fractions or deep nesting.

    Args:
        file: in which it stands.

    Raises:
        Malformed: it is none.
    """
    must(len(text) <= LARGEST, file, f"is longer than {LARGEST:,} characters")
    must(_depth(text) <= DEEPEST, file, f"is nested deeper than {DEEPEST}")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
    except ValueError as error:
        what = str(error).partition(";")[0]  # behind it Python says how more digits are allowed, which nobody shall
        raise Malformed(f"{file}: is no JSON of whole numbers: {what[:200]}") from None


def _depth(text: str) -> int:
    """How deep brackets are nested; those in strings may make it too much, never too little."""
    brackets = re.findall(r"[][{}]", text)
    return max(accumulate(1 if one in "[{" else -1 for one in brackets), default=0)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise Malformed("a key stands twice")
    return made


def _no_number(text: str) -> Any:
    raise Malformed(f"{text[:30]} is no whole number")


def match(value: Any, shape: Shape, path: str) -> None:
    """Whether a value is of a shape.

    Raises:
        Malformed: it is not; with the path.
    """
    inner: Iterable[tuple[object, Any, Shape]] = ()
    if isinstance(shape, type):
        must(type(value) is shape, path, f"is not {shape.__name__}")
    elif isinstance(shape, list):
        match(value, list, path)
        inner = ((place, item, shape[0]) for place, item in enumerate(value))
    elif isinstance(shape, tuple):
        match(value, list, path)
        must(len(value) == len(shape), path, f"has not {len(shape)} items")
        inner = zip(range(len(shape)), value, shape, strict=True)
    elif isinstance(shape, dict):
        match(value, dict, path)
        must(value.keys() == shape.keys(), path, f"has not exactly {', '.join(shape)}")
        inner = ((key, value[key], within) for key, within in shape.items())
    else:
        shape(value, path)
    for key, item, within in inner:
        match(item, within, f"{path}[{key}]" if type(value) is list else f"{path}.{key}")


def anything(value: Any, path: str) -> None:
    """Carried data and words: nobody reads them, or whoever does looks first."""


def optional(shape: Shape, instead: Any = None) -> Look:
    """Null (or what may stand instead), or this."""
    return lambda value, path: None if value == instead else match(value, shape, path)


def one_of(*words: str) -> Look:
    """One of these words."""
    return lambda value, path: must(value in words, path, f"is none of {', '.join(words)}")


def row(length: int) -> Look:
    """The number of a row of a table that is so long."""
    return lambda value, path: must(type(value) is int and 0 <= value < length, path, f"names none of {length} rows")


def either(cases: dict[str, Shape]) -> Look:
    """An object with one of these keys and what it holds."""

    def look(value: Any, path: str) -> None:
        match(value, dict, path)
        must(len(value) == 1 and value.keys() <= cases.keys(), path, f"is not one of {', '.join(cases)}")
        match(value, {key: cases[key] for key in value}, path)

    return look
