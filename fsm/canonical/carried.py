"""Data that rides along, and its types: written by name and by what is inside, never looked at by a condition.

A class of the author's is its module and its name. A value is taken apart as far as its class shows
what is in it (tuples, sets, mappings, attrs and data classes, NamedTuples); of any other the words remain.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from enum import Enum, Flag
from hashlib import sha256
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import attrs

from fsm.canonical.standins import NamedType, NamedValue, StandInRecord
from fsm.canonical.tables import Row, Rows, compact, each_once

__all__ = ["EXACT", "CarriedWriter", "whole_number"]

EXACT = 2**53 - 1
"""The greatest whole number that every reader of JSON keeps exactly; a greater one is written in hexadecimal digits."""

LONG = 1_000
"""A value says no more than so many characters to those in which it stands, which quote it, and what they quote again: else its digest."""

BASES = (str, int, float, bytes, tuple)
SEQUENCES: dict[type, str] = {tuple: "tuple", list: "list"}
SETS: dict[type, str] = {frozenset: "frozenset", set: "set"}


def whole_number(number: int) -> Row:
    """An integer, exact wherever it is read."""
    return int(number) if -EXACT <= number <= EXACT else {"integer": hex(number)}


@attrs.frozen
class CarriedShape:
    """What a value is: its tag, its class and words, and the values in it, in an order that does not depend on hashes."""

    tag: str
    kind: Any
    words: Any
    inside: tuple[Any, ...] = ()


@attrs.frozen
class CarriedWriter:
    """Writes values and types.

    Attributes:
        modules: say in which module a class is declared.
        enumerations, types, values: the tables that are filled on the way.
    """

    modules: bool = True
    enumerations: Rows = attrs.field(factory=Rows)
    types: Rows = attrs.field(factory=Rows)
    values: Rows = attrs.field(factory=Rows)
    _types: dict[Hashable, tuple[Any, int]] = attrs.field(init=False, factory=dict)
    _values: dict[Hashable, tuple[Any, Row]] = attrs.field(init=False, factory=dict)
    _texts: dict[Hashable, tuple[Any, str]] = attrs.field(init=False, factory=dict)

    def enumeration(self, members: type[Enum]) -> int:
        """The place of an enumeration."""
        return self.enumerations.place(
            members, lambda: {"name": members.__name__, "members": [member.name for member in members]}
        )

    # Types

    def type(self, kind: Any) -> int:
        """The place of a type."""
        return each_once(kind, _types_in, self._type, self._types)

    def _type(self, kind: Any, inside: tuple[int, ...]) -> int:
        if hasattr(kind, "__value__"):  # type Name = ..., of Python 3.12
            return inside[0]
        return self.types.place_of(self._type_row(kind, inside))

    def _type_row(self, kind: Any, inside: tuple[int, ...]) -> Row:
        origin = get_origin(kind)
        if origin is Literal:
            return {"literal": [self.value(one) for one in get_args(kind)]}
        if origin in (Union, UnionType):
            return {"union": list(inside)}
        if inside and origin is not None:
            left = iter(inside[1:])
            return {"generic": [inside[0], ["..." if one is ... else next(left) for one in get_args(kind)]]}
        module, name = _declared(kind)
        if module is None:
            return {"other": name}
        known = [module if self.modules else "", name]
        return {"new": [*known, inside[0]]} if hasattr(kind, "__supertype__") else {"class": known}

    # Values

    def value(self, value: Any) -> Row:
        """A value as it stands where it is used: plain ones as themselves, others by place."""
        return each_once(value, lambda one: self._shape(one).inside, self._value, self._values)

    def _value(self, value: Any, inside: tuple[Row, ...]) -> Row:
        shape = self._shape(value)
        match shape.tag:
            case "plain":
                return shape.words
            case "integer":
                return whole_number(value)
            case "float" | "bytes":
                return {shape.tag: shape.words}
            case "member":
                return {"member": [self.enumeration(shape.kind), list(shape.kind).index(value)]}
            case "record":
                row: Row = [self.type(shape.kind), [list(pair) for pair in zip(shape.words, inside, strict=True)]]
            case "instance":
                row = [self.type(shape.kind), inside[0]]
            case "other":
                row = [self.type(shape.kind), shape.words]
            case "mapping":
                row = [list(pair) for pair in zip(inside[::2], inside[1::2], strict=True)]
            case _:
                row = list(inside)
        return {"value": self.values.place_of({shape.tag: row})}

    def _shape(self, value: Any) -> CarriedShape:
        kind = type(value)
        if value is None or kind in (bool, str):
            return CarriedShape("plain", kind, value)
        if kind is int:
            return CarriedShape("integer", kind, hex(value))
        if kind in (float, bytes):
            return CarriedShape(kind.__name__, kind, value.hex())
        if isinstance(value, Enum) and not isinstance(value, Flag):
            return CarriedShape("member", kind, value.name)
        if kind in SEQUENCES:
            return CarriedShape(SEQUENCES[kind], kind, None, tuple(value))
        if kind in SETS:
            return CarriedShape(SETS[kind], kind, None, tuple(sorted(value, key=self._text)))
        if isinstance(value, Mapping):
            items = sorted(value.items(), key=lambda item: self._text(item[0]))
            return CarriedShape("mapping", kind, None, tuple(side for item in items for side in item))
        return self._object(value, kind)

    def _object(self, value: Any, kind: Any) -> CarriedShape:
        if isinstance(value, StandInRecord):
            return CarriedShape("record", value.type, *_columns(value.fields))
        if isinstance(value, NamedValue):
            return CarriedShape("other", value.type, value.words)
        base = next((one for one in BASES if isinstance(value, one) and not isinstance(value, Enum)), None)
        if base is not None:
            return CarriedShape("instance", kind, None, (_AS_BASE[base](value),))
        names = (
            [field.name for field in attrs.fields(kind)]
            if attrs.has(kind)
            else [field.name for field in dataclass_fields(kind)]
            if is_dataclass(kind)
            else None
        )
        if names is not None:
            return CarriedShape("record", kind, *_columns([(name, getattr(value, name)) for name in names]))
        words = value.name if isinstance(value, Enum) else repr(value)
        return CarriedShape("other", kind, "" if words == object.__repr__(value) else str(words))

    def _text(self, value: Any) -> str:
        """What a value says, by itself: to put the items of sets in order."""

        def made(one: Any, inside: tuple[str, ...]) -> str:
            shape = self._shape(one)
            if shape.tag == "member":  # wherever its enumeration is declared, and whatever it is called
                return compact([shape.tag, shape.kind.__name__, list(shape.kind).index(one)])
            said = compact([shape.tag, _declared(shape.kind), shape.words, *inside])
            return said if len(said) <= LONG else sha256(said.encode("ascii")).hexdigest()

        return each_once(value, lambda one: self._shape(one).inside, made, self._texts)


_AS_BASE: dict[type, Callable[[Any], Any]] = {
    str: lambda value: str.__getitem__(value, slice(None)),
    int: int.__int__,
    float: float.__float__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    tuple: lambda value: tuple.__getitem__(value, slice(None)),
}
"""A value of a class that extends one of these, as the base alone would hold it."""


def _columns(fields: Any) -> tuple[list[str], tuple[Any, ...]]:
    return [name for name, _ in fields], tuple(value for _, value in fields)


def _declared(kind: Any) -> tuple[str | None, str]:
    """The module and the name of a type; where it has no name, None and what it is in words."""
    kind = NoneType if kind is None else kind
    if isinstance(kind, NamedType):
        return kind.module, kind.name
    named = isinstance(kind, type) or hasattr(kind, "__supertype__")
    return (kind.__module__, kind.__qualname__) if named else (None, str(kind))


def _types_in(kind: Any) -> tuple[Any, ...]:
    """The types that a type is made of."""
    if hasattr(kind, "__value__"):
        return (kind.__value__,)
    if hasattr(kind, "__supertype__"):
        return (kind.__supertype__,)
    origin: Any = get_origin(kind)
    inside = get_args(kind)
    if origin in (Union, UnionType):
        return inside
    if not isinstance(origin, (type, NamedType)) or origin is Annotated:
        return ()
    return () if any(isinstance(one, list) for one in inside) else (origin, *(one for one in inside if one is not ...))
