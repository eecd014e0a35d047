"""The form in which snapshots travel: frozen document classes made from a declaration, read and written by cattrs.

Every value has its declared type: enumerations go by member name, tuples and frozen classes by
what they hold. Reading is strict: nothing is converted, filled in or left out. What is read is
written again and must come out the same, so a fault of a reader is an error and no repair.

What the values mean together is not judged here but in `fsm.travel`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from enum import Enum
from functools import lru_cache
from reprlib import Repr
from typing import Any, Generic, TypeVar, Union, get_origin

import attrs
from cattrs.errors import (
    AttributeValidationNote, ClassValidationError, ForbiddenExtraKeysError, IterableValidationError, StructureHandlerNotFoundError,
)  # fmt: skip
from cattrs.preconf.json import JsonConverter, make_converter

from fsm.domains import Booleans, Domain, Enumeration, Integers
from fsm.errors import BadSnapshot, DefinitionError
from fsm.expressions import FieldRef, Stamp
from fsm.json_text import DOCUMENT, below
from fsm.system import Each, Part, Sent, System

__all__ = ["VERSION", "InstanceDocument", "KeyedDocument", "SnapshotDocument", "document_type", "key_type", "kind_of", "read", "shown", "written"]

VERSION = 1
"""Of the form. A reader of one version refuses every other."""

K = TypeVar("K")
V = TypeVar("V")
P = TypeVar("P")


@attrs.frozen
class InstanceDocument(Generic[V]):
    """The instance of a part made by `one`. `spent` names the timers of this stay that have fired."""

    state: str
    since: int
    spent: tuple[str, ...]
    variables: V


@attrs.frozen
class KeyedDocument(Generic[K, V]):
    """One instance of a part made by `each`."""

    key: K
    state: str
    since: int
    spent: tuple[str, ...]
    variables: V


@attrs.frozen
class SnapshotDocument(Generic[P]):
    """A whole snapshot; `parts` has a field for each part, with an instance or a list of them."""

    version: int
    system: str
    fingerprint: str
    now: int
    parts: P


@lru_cache(maxsize=64)
def document_type(system: System) -> Any:
    """The class of the documents of a system's snapshots."""
    keyed: Any = KeyedDocument
    alone: Any = InstanceDocument
    several: Any = tuple
    parts: dict[str, Any] = {}
    for part in system.parts:
        variables = _record(part.machine.name, {variable.name: kind_of(variable.domain) for variable in part.machine.variables})
        parts[part.name] = several[keyed[key_type(system, part), variables], ...] if isinstance(part, Each) else alone[variables]
    whole: Any = SnapshotDocument
    return whole[_record(system.name, parts)]


def _record(name: str, kinds: dict[str, Any]) -> Any:
    return attrs.make_class(name, {field: attrs.field(type=kind, alias=field) for field, kind in kinds.items()}, frozen=True)


def kind_of(domain: Domain) -> Any:
    """The type of the values of a domain."""
    match domain:
        case Booleans():
            return bool
        case Integers():
            return int
        case Enumeration(members=members):
            return members
        case _:
            return domain.type


def key_type(system: System, part: Part) -> Any:
    """The type of a part's keys: that of the event fields by which wires name its instances."""
    kinds: dict[Any, None] = {}
    asked: list[Part] = [part]
    for one in asked:
        moves = [(wire, move) for wire in system.wires for move in wire.moves if move.part is one]
        for wire, move in moves:
            if isinstance(move.key, FieldRef):
                kinds[kind_of(move.key.domain)] = None
            elif isinstance(move.key, Stamp) and isinstance(wire.event, Sent) and wire.event.part not in asked:
                asked.append(wire.event.part)
    return Union[tuple(kinds)] if kinds and object not in kinds else object  # noqa: UP007  # its members are known at run time only


# Reading and writing


class _Misfit(TypeError):
    """A value of another type than the declared one."""


def written(value: Any, kind: Any, path: str = DOCUMENT) -> Any:
    """A value as JSON has it, by its declared type.

    Raises:
        BadSnapshot: it would not be read back as it is.
        DefinitionError: no value of this type has a JSON form.
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
        BadSnapshot: it is none, with the path below `path` of what is wrong.
        DefinitionError: no value of this type has a JSON form.
    """
    try:
        (value,) = _converter().structure([tree], list[kind])
    except (IterableValidationError, StructureHandlerNotFoundError) as wrong:
        raise _first(wrong, tree, kind, path) from wrong
    again = _converter().unstructure(value, unstructure_as=kind)
    other = _difference(tree, again, path)
    if other is not None:
        raise other
    return value


@lru_cache(maxsize=1)
def _converter() -> JsonConverter:
    made = make_converter(forbid_extra_keys=True, detailed_validation=True, unstruct_collection_overrides={Set: _in_order})
    for kind in (bool, int, str, float):
        made.register_structure_hook(kind, _exactly)
    made.register_structure_hook_func(lambda given: given is object or given is Any, _plain)
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
        return value
    raise _Misfit


def _plain(value: Any, _: Any) -> Any:
    """What is declared as any object travels only where JSON itself keeps it."""
    if value is None or value.__class__ in (bool, int, str, float):
        return value
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
_SHORT.maxstring = _SHORT.maxother = 60


def shown(value: object) -> str:
    """A value in a message, cut where it is long."""
    return _SHORT.repr(value)


def _first(wrong: BaseException, tree: Any, kind: Any, path: str) -> BadSnapshot | DefinitionError:
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
        return DefinitionError(path, f"{_wanted(kind)} has no JSON form", "Carry str, int, enumerations, tuples, or frozen attrs classes of these.")
    if isinstance(wrong, ForbiddenExtraKeysError):
        return BadSnapshot(below(path, min(wrong.extra_fields)), "is no field of this document")
    wanted = _wanted(kind)
    said = isinstance(wrong, _Misfit) or (wanted == "an object" and not isinstance(tree, dict)) or (wanted == "a list" and not isinstance(tree, list))
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


def _difference(given: Any, again: Any, path: str) -> BadSnapshot | None:
    """Where a document and what was understood of it differ."""
    if given.__class__ is not again.__class__:
        return BadSnapshot(path, f"{shown(given)} would be read as {shown(again)}")
    if isinstance(given, dict) and given.keys() == again.keys():
        inside: list[tuple[Any, Any, Any]] = [(name, given[name], again[name]) for name in given]
    elif isinstance(given, list) and len(given) == len(again):
        inside = [(place, one, other) for place, (one, other) in enumerate(zip(given, again, strict=True))]
    else:
        return None if given == again else BadSnapshot(path, f"{shown(given)} would be read as {shown(again)}")
    return next((found for step, one, other in inside if (found := _difference(one, other, below(path, step))) is not None), None)
