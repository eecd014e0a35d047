"""One value of a declared type as JSON, by cattrs, read strictly: nothing is converted, filled in or left out.

What is read is written again and must come out the same, so a fault of a reader is an error and
no repair. An error names the path of what is wrong.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Set
from enum import Enum
from functools import lru_cache
from reprlib import Repr
from typing import Any, get_origin

import attrs
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    StructureHandlerNotFoundError,
)  # fmt: skip
from cattrs.preconf.json import JsonConverter, make_converter

from fsm.errors import BadSnapshot
from fsm.storage.strict_json import DOCUMENT, below

__all__ = ["difference", "read", "shown", "written"]


class _Misfit(TypeError):
    """A value of another type than the declared one."""


def written(value: Any, kind: Any, path: str = DOCUMENT) -> Any:
    """A value as JSON has it, by its declared type.

    Raises:
        BadSnapshot: it would not be read back as it is.
    """
    try:
        tree = _converter().unstructure(value, unstructure_as=kind)
    except (AttributeError, LookupError, TypeError, ValueError) as other:
        raise BadSnapshot(path, f"{shown(value)} is not {_wanted(kind)}: {other}") from other
    if read(tree, kind, path) != value:
        raise BadSnapshot(path, f"{shown(value)} would not be read back as it is", "Declare its exact type.")
    return tree


def read(tree: Any, kind: Any, path: str = DOCUMENT) -> Any:
    """The value of a declared type that this JSON is.

    Raises:
        BadSnapshot: it is none, or the type has no JSON form; with the path, below `path`, of what is wrong.
    """
    try:
        (value,) = _converter().structure([tree], list[kind])
    except (IterableValidationError, StructureHandlerNotFoundError) as wrong:
        raise _first(wrong, tree, kind, path) from wrong
    again = _converter().unstructure(value, unstructure_as=kind)
    differs = difference(tree, again, path)
    if differs is not None:
        where, one, other = differs
        raise BadSnapshot(where, f"{shown(one)} would be read as {shown(other)}")
    return value


@lru_cache(maxsize=1)
def _converter() -> JsonConverter:
    made = make_converter(
        forbid_extra_keys=True, detailed_validation=True, unstruct_collection_overrides={Set: _in_order}
    )
    for kind in (bool, int, str, float):
        made.register_structure_hook(kind, _exactly)
        made.register_unstructure_hook(kind, lambda value: value.name if isinstance(value, Enum) else value)
    made.register_structure_hook_func(lambda given: given is object, _plain)
    made.register_structure_hook_func(_is_choice, _member)
    made.register_unstructure_hook_func(_is_choice, lambda value: value.name)
    return made


def _in_order(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=json.dumps)


def _exactly(value: Any, kind: Any) -> Any:
    """A number, a string or a truth value as it is; cattrs asks here too for enumerations made of these."""
    if _is_choice(kind):
        return _member(value, kind)
    if value.__class__ is kind or (kind is float and value.__class__ is int):
        return _finite(value)
    raise _Misfit


def _finite(value: Any) -> Any:
    if value.__class__ is float and not math.isfinite(value):
        raise ValueError("JSON has no such number")
    return value


def _plain(value: Any, _: Any) -> Any:
    """What is declared as any object travels only where JSON itself keeps it."""
    if value is None or value.__class__ in (bool, int, str, float):
        return _finite(value)
    raise _Misfit


def _is_choice(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _member(value: Any, kind: type[Enum]) -> Enum:
    for member in kind:
        if member.name == value:
            return member
    raise _Misfit


# What is wrong, and where

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 80  # a fingerprint fits


def shown(value: object) -> str:
    """A value in a message, cut where it is long."""
    return _SHORT.repr(value)


def _first(wrong: BaseException, tree: Any, kind: Any, path: str) -> BadSnapshot:
    """The first thing that is wrong, found by following cattrs' notes into the document."""
    if isinstance(wrong, IterableValidationError):
        wrong = wrong.exceptions[0]
    while isinstance(wrong, IterableValidationError | ClassValidationError):
        if not isinstance(tree, list if isinstance(wrong, IterableValidationError) else dict):
            return BadSnapshot(path, f"{shown(tree)} is not {_wanted(kind)}")
        noted, others = wrong.group_exceptions()
        if not noted:
            wrong = others[0]
            break
        wrong, note = noted[0]
        step: Any = note.name if isinstance(note, AttributeValidationNote) else note.index
        if isinstance(tree, dict) and step not in tree:
            return BadSnapshot(below(path, step), "is missing")
        path, kind, tree = below(path, step), note.type, tree[step]
    if isinstance(wrong, StructureHandlerNotFoundError):
        known = "Declare str, int, float, enumerations, tuples, or frozen attrs classes of these."
        return BadSnapshot(path, f"{shown(tree)} cannot be read, since {wrong.type_!r} has no JSON form", known)
    if isinstance(wrong, ForbiddenExtraKeysError):
        return BadSnapshot(below(path, min(wrong.extra_fields)), "is no field of this document")
    wanted = _wanted(kind)
    said = (
        isinstance(wrong, _Misfit)
        or (wanted == "an object" and not isinstance(tree, dict))
        or (wanted == "a list" and not isinstance(tree, list))
    )
    return BadSnapshot(path, f"{shown(tree)} is not {wanted}" + ("" if said else f": {wrong}"))


def _wanted(kind: Any) -> str:
    """A declared type, as somebody would say it who looks at the document."""
    origin = get_origin(kind) or kind
    if _is_choice(kind):
        return f"one of {', '.join(member.name for member in kind)}"
    if origin in (bool, int, str):
        return {bool: "true or false", int: "an integer", str: "a string"}[origin]
    if isinstance(origin, type) and attrs.has(origin):
        return "an object"
    if origin in (tuple, frozenset):
        return "a list"
    return f"a value of type {getattr(kind, '__name__', kind)}"


def difference(given: Any, other: Any, path: str) -> tuple[str, Any, Any] | None:
    """Where two documents first differ, with what stands there in each; True is not 1, nor is 1.0."""
    if given.__class__ is other.__class__:
        if isinstance(given, dict) and given.keys() == other.keys():
            inside: list[tuple[Any, Any, Any]] = [(name, given[name], other[name]) for name in given]
            return _first_difference(inside, path)
        if isinstance(given, list) and len(given) == len(other):
            return _first_difference(
                [(place, one, two) for place, (one, two) in enumerate(zip(given, other, strict=True))], path
            )
        if given == other:
            return None
    return path, given, other


def _first_difference(inside: list[tuple[Any, Any, Any]], path: str) -> tuple[str, Any, Any] | None:
    return next(
        (found for step, one, two in inside if (found := difference(one, two, below(path, step))) is not None), None
    )
