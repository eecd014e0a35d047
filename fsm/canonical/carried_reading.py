"""Data that rides along, and its types, read back: what the library knows by itself, what the caller hands in, and stand-ins for the rest.

Nothing is imported by a name that stands in a document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from types import GenericAlias, NoneType
from typing import Any, Literal, NewType, Union

import attrs

from fsm.canonical.cursor import Cursor
from fsm.canonical.standins import FrozenMapping, NamedType, NamedValue, StandInRecord, full_name

__all__ = ["CarriedReader"]

KNOWN: dict[str, Any] = {
    full_name(kind.__module__, kind.__qualname__): kind
    for kind in (object, bool, int, str, float, bytes, tuple, frozenset, NoneType, Any)
}
"""Types whose values no class of the author's could change."""

Class = type

CUTS: dict[str, type] = {"tuple": tuple, "list": list, "frozenset": frozenset, "set": set}


@attrs.define(eq=False)
class Ledger:
    """How much was named so far: each type and value with all that is in it, since Python walks it wherever it stands.

    Rows name each other, so that a few of them may say what would fill the memory if it were written out.
    """

    named: int = 0
    sizes: dict[str, list[int]] = attrs.field(init=False, factory=lambda: {"types": [], "values": []})

    def name(self, at: Cursor, table: str) -> int:
        """The place of a row that is named."""
        place = at.place(len(self.sizes[table]), table)
        self.count(at, self.sizes[table][place])
        return place

    def count(self, at: Cursor, size: int) -> None:
        """So much was named.

        Raises:
            BadDeclaration: it is too much.
        """
        self.named += size
        if self.named > at.sizes.nodes:
            raise at.fault(
                f"with this, more than {at.sizes.nodes:,} types and values are named, each with all that is in it"
            )

    def row(self, table: str, before: int) -> None:
        """A row was read, and so much had been named before it."""
        self.sizes[table].append(self.named - before + 1)


@attrs.frozen
class CarriedReader:
    """Reads enumerations, types and values, in this order; each list holds what was read.

    Attributes:
        handed: classes of the author's, by full name.
        known: enumerations of the author's, by name and members.
    """

    handed: Mapping[str, Any]
    known: Mapping[tuple[str, ...], type[Enum]]
    enumerations: list[type[Enum]] = attrs.field(init=False, factory=list)
    types: list[Any] = attrs.field(init=False, factory=list)
    values: list[Any] = attrs.field(init=False, factory=list)
    _classes: dict[tuple[NamedType, Class], Class] = attrs.field(init=False, factory=dict)
    _ledger: Ledger = attrs.field(init=False, factory=Ledger)

    def enumeration(self, at: Cursor) -> type[Enum]:
        """An enumeration: the author's own, or one whose members have their names as values."""
        name, members = at.fields("name", "members")
        names = [one.text() for one in members.items(least=1)]
        for one, named in zip(members.items(), names, strict=True):
            if not named or (named.startswith("_") and named.endswith("_")):
                raise one.fault("is no name of a member")
        if (name.text(), *names) in self.known:
            return self.known[(name.text(), *names)]
        try:
            made: Any = Enum(name.text(), [(one, one) for one in names], module=__name__)  # type: ignore[misc]  # known at run time only
        except (TypeError, ValueError) as refused:
            raise at.fault(f"is no enumeration: {refused}") from refused
        enumeration: type[Enum] = made
        return enumeration

    def member(self, at: Cursor) -> Enum:
        """A member of one of the enumerations."""
        which, place = at.items(exactly=2)
        members = tuple(self.enumerations[which.place(len(self.enumerations), "enumerations")])
        return members[place.place(len(members), "members")]

    # Types

    def type_at(self, at: Cursor) -> Any:
        """One of the types read so far."""
        return self.types[self._ledger.name(at, "types")]

    def type(self, at: Cursor) -> Any:
        """A type, made of those before it."""
        before = self._ledger.named
        made = self._type(at)
        self._ledger.row("types", before)
        return made

    def _type(self, at: Cursor) -> Any:
        tag, said = at.tagged()
        try:
            match tag:
                case "class":
                    return self._class(said)
                case "union":
                    return Union[tuple(self.type_at(one) for one in said.items(least=1))]  # noqa: UP007  # its members are known at run time only
                case "literal":
                    return Literal[tuple(self.plain(one) for one in said.items(least=1))]
                case "generic":
                    origin, inside = said.items(exactly=2)
                    given = [... if one.value == "..." else self.type_at(one) for one in inside.items()]
                    return GenericAlias(self.type_at(origin), tuple(given))
                case "new":
                    return self._new(*said.items(exactly=3))
                case "other":
                    return NamedType(None, said.text())
        except TypeError as refused:
            raise at.fault(f"is no type: {refused}") from refused
        raise said.fault("is no kind of type")

    def _class(self, at: Cursor) -> Any:
        module, name = (one.text() for one in at.items(exactly=2))
        known = full_name(module, name)
        return self.handed.get(known, KNOWN.get(known, NamedType(module, name)))

    def _new(self, module: Cursor, name: Cursor, extended: Cursor) -> Any:
        known = self.handed.get(full_name(module.text(), name.text()))
        if known is not None:
            return known
        newtype: Callable[[str, Any], Any] = NewType
        made = newtype(name.text(), self.type_at(extended))
        made.__module__ = module.text()
        return made

    # Values

    def plain(self, at: Cursor) -> Any:
        """A value as it stands where it is used."""
        self._ledger.count(at, 1)
        if at.value is None or isinstance(at.value, bool | str):
            return at.value
        if isinstance(at.value, int) or (isinstance(at.value, dict) and "integer" in at.value):
            return at.whole_number()
        tag, said = at.tagged()
        match tag:
            case "member":
                return self.member(said)
            case "value":
                return self.values[self._ledger.name(said, "values")]
            case "float" | "bytes":
                return self._digits(tag, said)
        raise said.fault("is no kind of value")

    def _digits(self, tag: str, at: Cursor) -> float | bytes:
        try:
            return float.fromhex(at.text()) if tag == "float" else bytes.fromhex(at.text())
        except (OverflowError, ValueError) as refused:
            raise at.fault(f"is no {tag} in hexadecimal digits") from refused

    def value(self, at: Cursor) -> Any:
        """A value with values inside it, all of them before it."""
        before = self._ledger.named
        made = self._value(at)
        self._ledger.row("values", before)
        return made

    def _value(self, at: Cursor) -> Any:
        tag, said = at.tagged()
        try:
            match tag:
                case "mapping":
                    pairs = [pair.items(exactly=2) for pair in said.nodes()]
                    return FrozenMapping({self.plain(key): self.plain(value) for key, value in pairs})
                case "record":
                    return self._record(*said.items(exactly=2))
                case "instance":
                    return self._instance(*said.items(exactly=2))
                case "other":
                    kind, words = said.items(exactly=2)
                    return NamedValue(self.type_at(kind), words.text())
                case _ if tag in CUTS:
                    return CUTS[tag](self.plain(one) for one in said.nodes())
        except (TypeError, ValueError) as refused:
            raise at.fault(f"is no value: {refused}") from refused
        raise said.fault("is no kind of value")

    def _record(self, kind: Cursor, fields: Cursor) -> Any:
        of = self.type_at(kind)
        pairs = [pair.items(exactly=2) for pair in fields.items()]
        held = {name.text(): self.plain(value) for name, value in pairs}
        if not isinstance(of, type):
            return StandInRecord(of, tuple(held.items()))
        aliases = {field.name: field.alias for field in attrs.fields(of)} if attrs.has(of) else {}
        return of(**{aliases.get(name, name): value for name, value in held.items()})

    def _instance(self, kind: Cursor, held: Cursor) -> Any:
        of, value = self.type_at(kind), self.plain(held)
        if isinstance(of, NamedType):
            return self._extended(of, type(value))(value)
        make: Callable[[Any], Any] = getattr(of, "_make", of)  # as NamedTuples have it
        return make(value)

    def _extended(self, named: NamedType, base: Class) -> Callable[[Any], Any]:
        """A class of this name that extends one that Python has, so that its values may stand where those of the base may."""
        if base not in (str, int, float, bytes, tuple):
            raise TypeError(f"{named.name} extends {base.__name__}")
        known = (named, base)
        if known not in self._classes:
            body = {"__slots__": (), "__module__": named.module, "__qualname__": named.name}
            self._classes[known] = type(named.__name__, (base,), body)
        return self._classes[known]
