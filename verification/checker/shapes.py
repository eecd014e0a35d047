"""Text of a stranger, held against a shape before anybody looks into it.

Standard library only. A shape is a type, a list of one shape, a dictionary of shapes, a tuple of shapes, or a
function that looks at the value; whatever is not as the shape says is `Malformed` with its path.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

__all__ = ["Malformed", "Shape", "either", "match", "one_of", "optional", "row", "strict_json"]

Shape = Any
LARGEST = 50_000_000
DEEPEST = 60


class Malformed(ValueError):
    """A text is not what it should be; says where."""


def strict_json(text: str) -> Any:
    """The value of a JSON text without repeated keys, fractions or deep nesting.

    Raises:
        Malformed: it is none.
    """
    if len(text) > LARGEST:
        raise Malformed(f"is longer than {LARGEST:,} characters")
    if _depth(text) > DEEPEST:
        raise Malformed(f"is nested deeper than {DEEPEST}")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
    except ValueError as error:
        raise Malformed(f"is no JSON of whole numbers: {str(error)[:200]}") from None


def _depth(text: str) -> int:
    """How deep brackets are nested; those in strings may make it too much, never too little."""
    depth = most = 0
    for character in text:
        if character in "[{":
            depth += 1
            most = max(most, depth)
        elif character in "]}":
            depth -= 1
    return most


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
    if isinstance(shape, type):
        if type(value) is not shape:
            raise Malformed(f"{path}: is not {shape.__name__}")
    elif isinstance(shape, list):
        match(value, list, path)
        for place, item in enumerate(value):
            match(item, shape[0], f"{path}[{place}]")
    elif isinstance(shape, tuple):
        match(value, list, path)
        if len(value) != len(shape):
            raise Malformed(f"{path}: has not {len(shape)} items")
        for place, (item, inner) in enumerate(zip(value, shape, strict=True)):
            match(item, inner, f"{path}[{place}]")
    elif isinstance(shape, dict):
        match(value, dict, path)
        if value.keys() != shape.keys():
            raise Malformed(f"{path}: has not exactly {', '.join(shape)}")
        for key, inner in shape.items():
            match(value[key], inner, f"{path}.{key}")
    else:
        shape(value, path)


def optional(shape: Shape) -> Callable[[Any, str], None]:
    """Null, or this."""
    return lambda value, path: None if value is None else match(value, shape, path)


def one_of(*words: str) -> Callable[[Any, str], None]:
    """One of these words."""

    def look(value: Any, path: str) -> None:
        if type(value) is not str or value not in words:
            raise Malformed(f"{path}: is none of {', '.join(words)}")

    return look


def row(length: int) -> Callable[[Any, str], None]:
    """The number of a row of a table that is so long."""

    def look(value: Any, path: str) -> None:
        if type(value) is not int or not 0 <= value < length:
            raise Malformed(f"{path}: names none of {length} rows")

    return look


def either(cases: dict[str, Shape]) -> Callable[[Any, str], None]:
    """An object with one of these keys and what it holds."""

    def look(value: Any, path: str) -> None:
        if type(value) is not dict or len(value) != 1 or next(iter(value)) not in cases:
            raise Malformed(f"{path}: is not one of {', '.join(cases)}")
        [(key, inner)] = value.items()
        match(inner, cases[key], f"{path}.{key}")

    return look
