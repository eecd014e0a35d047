"""The kinds of values that fields and carried variables may have. A kind knows which values are exactly of it.

`fsm.language.values.annotations` reads kinds off Python's annotations, `fsm.storage.codec` knows the JSON form of each.

*Exactly*: an object of a subclass is no value of the class, since it would not come back as one,
and nothing that an object says of itself (`__class__`, `__eq__`, `__hash__`) is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, Flag
from functools import cache
from typing import Any, ClassVar, get_origin

import attrs

from fsm.errors import OutOfRange, WrongKind
from fsm.language.values.brief import brief
from fsm.language.values.limits import DEEPEST_VALUE, is_short
from fsm.language.values.remaking import alike, made_again, runs_code
from fsm.language.values.standard_texts import TEXTS, TextForm, name_of_standard, standard_class

__all__ = [
    "Anything",
    "AsText",
    "Derived",
    "Either",
    "FixedTuple",
    "Flags",
    "Kind",
    "Literals",
    "Member",
    "Other",
    "Plain",
    "Range",
    "Record",
    "RecordField",
    "Several",
    "StandIn",
    "Unstorable",
    "check_bounds",
    "is_steady",
    "kind_of_standard",
    "kind_of_value",
]  # fmt: skip


@attrs.frozen
class Plain:
    """None, a truth value, a number or a string: what JSON has too. Where a float is wanted, an int will do."""

    type: type

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        kind = type(value)
        if kind is int:
            return self.type in (int, float) and is_short(value)  # type: ignore[arg-type]  # its class says so
        return kind is self.type


@attrs.frozen
class Range:
    """Bounds of an integer field, both included: `Field[Annotated[int, Range(0, 5)]]`."""

    low: int | None = None
    high: int | None = None

    def __attrs_post_init__(self) -> None:
        check_bounds(self.low, self.high)

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        return (
            type(value) is int
            and is_short(value)
            and (self.low is None or value >= self.low)
            and (self.high is None or value <= self.high)
        )


def check_bounds(low: object, high: object) -> None:
    """Raise DefinitionError unless some integer lies from `low` to `high`; None means without end."""
    for end in (low, high):
        if end is not None and type(end) is not int:
            raise WrongKind(f"range from {brief(low)} to {brief(high)}", f"{brief(end)} is not an integer")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        raise OutOfRange(f"range from {brief(low)} to {brief(high)}", "is empty", "Write the smaller bound first.")


@attrs.frozen
class AsText:
    """A value of the standard library that has one text: dates, UUIDs, decimals, paths, bytes.

    Attributes:
        type: the class of the values.
        form: how it is written; read back by `read`, which may take other texts too.
    """

    type: type
    form: TextForm

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        return type(value) is self.type and self.form.is_kept(value)


@attrs.frozen
class Member:
    """A member of an enumeration."""

    type: type[Enum]

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        return type(value) is self.type


@attrs.frozen
class Flags:
    """Some of the flags of an `enum.Flag`."""

    type: type[Flag]

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        return type(value) is self.type


@attrs.frozen
class Derived:
    """A class of the author's own that is a str, an int, a float or bytes, and nothing besides."""

    type: type
    base: Plain | AsText

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        return (
            type(value) is self.type
            and not getattr(value, "__dict__", None)
            and self.base.contains(self.bare(value))
            and (not runs_code(self.type) or self.is_kept(value))
        )

    def is_kept(self, value: object) -> bool:
        """Whether the author's class makes the same of what is stored of a value."""
        bare = self.bare(value)
        again = made_again(self.type, bare)
        return type(again) is self.type and alike(self.bare(again), bare)

    def bare(self, value: Any) -> Any:
        """The value as the class that it is derived from, whatever the author's class says of itself."""
        return BARE[self.base.type](value)


BARE: dict[type, Callable[[Any], Any]] = {str: str.__str__, int: int.__int__, float: float.__float__, bytes: bytes.__bytes__}  # fmt: skip


@attrs.frozen(cache_hash=True)
class Several:
    """Any number of values of one kind: a tuple or a frozenset."""

    type: type
    item: Kind

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        return (
            type(value) is self.type
            and room > 0
            and all(self.item.contains(one, room - 1) for one in value)  # type: ignore[attr-defined]  # its class says so
            and (self.type is tuple or is_steady(value, self))
        )


@attrs.frozen(cache_hash=True)
class FixedTuple:
    """A tuple of a fixed length, each place with a kind of its own."""

    items: tuple[Kind, ...]
    type: ClassVar[type] = tuple

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        return (
            type(value) is tuple
            and len(value) == len(self.items)
            and room > 0
            and all(kind.contains(one, room - 1) for kind, one in zip(self.items, value, strict=True))
        )


@attrs.frozen
class Record:
    """A frozen class with typed fields: attrs, a dataclass, a NamedTuple.

    Attributes:
        type: the class.
        arguments: what a generic class was given, by its type variables.
        look_up: finds the fields.
    """

    type: type
    arguments: tuple[tuple[Any, Any], ...]
    look_up: Callable[[Record], tuple[RecordField, ...]] = attrs.field(eq=False, repr=False)

    @property
    def fields(self) -> tuple[RecordField, ...]:
        """Its fields; looked up late, since a class may contain itself."""
        return self.look_up(self)

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        if type(value) is not self.type or room <= 0:
            return False
        try:
            fits = all(one.kind.contains(getattr(value, one.name), room - 1) for one in self.fields)
        except AttributeError:  # half made: an object without its fields
            return False
        return fits and (not runs_code(self.type) or self.is_kept(value))

    def is_kept(self, value: object) -> bool:
        """Whether the author's class makes the same of what is stored of a value."""
        given = {one.argument: getattr(value, one.name) for one in self.fields if one.argument is not None}
        again = made_again(self.type, **given)
        return type(again) is self.type and all(
            alike(getattr(again, one.name, None), getattr(value, one.name)) for one in self.fields
        )


@attrs.frozen
class RecordField:
    """A field of a record; `argument` is what its constructor calls it, None where that sets it by itself."""

    name: str
    argument: str | None
    kind: Kind


@attrs.frozen
class Literals:
    """One of a few values."""

    values: tuple[Any, ...]

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        return any(
            value is one or (type(value) is type(one) and value == one and not isinstance(one, Enum))
            for one in self.values
        )


@attrs.frozen(cache_hash=True)
class Either:
    """A value of one of several kinds."""

    kinds: tuple[Kind, ...]

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        return any(kind.contains(value, room) for kind in self.kinds)


@attrs.frozen
class Anything:
    """Declared as any object: what Python itself has that cannot change, and tuples and frozensets of these."""

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        kind = kind_of_value(value)
        return kind is not None and kind.contains(value, room)


@attrs.frozen
class Other:
    """A type that is not understood: of effects alone, which are handed over and never read back.

    Attributes:
        why: what keeps it from being stored, in words.
    """

    type: Any
    why: str
    changes: bool = False
    is_json: bool = False

    @property
    def name(self) -> str:
        """What its values are called in a message."""
        return str(getattr(self.type, "__name__", self.type))

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        checked = get_origin(self.type) or self.type
        if self.is_json or not isinstance(checked, type) or getattr(checked, "_is_protocol", False):
            return True
        try:
            return isinstance(value, checked)
        except TypeError:  # a TypedDict, which no object is an instance of
            return True


class StandIn:
    """What stands for a type of which a declaration that was read back knows the name alone."""


@attrs.frozen
class Unstorable:
    """A type that a stand-in stands for: any value that cannot change may be of it, and none can be stored."""

    type: Any
    why: ClassVar[str] = "is known by its name alone"

    @property
    def name(self) -> str:
        """What its values are called in a message."""
        return str(getattr(self.type, "__name__", self.type))

    def contains(self, value: object, room: int = DEEPEST_VALUE) -> bool:
        try:
            hash(value)
        except TypeError:
            return False
        return True


Kind = (
    Plain | Range | AsText | Member | Flags | Derived | Several | FixedTuple | Record | Literals | Either | Anything | Unstorable | Other
)  # fmt: skip


@cache
def kind_of_standard(name: str) -> AsText:
    """The kind of a class of the standard library, by its name in TEXTS."""
    return AsText(standard_class(name), TEXTS[name])


AS_IN_JSON = frozenset({type(None), bool, int, float, str})


def kind_of_value(value: object, *, enumerations: bool = False) -> Kind | None:
    """The kind of a value that Python itself has and that cannot change; None for any other."""
    kind = type(value)
    if kind in AS_IN_JSON:
        return Plain(kind)
    if kind is tuple or kind is frozenset:
        return Several(kind, Anything())
    if enumerations and issubclass(kind, Enum):
        return Flags(kind) if issubclass(kind, Flag) else Member(kind)
    name = name_of_standard(kind)
    return None if name is None else kind_of_standard(name)


def is_steady(value: Any, kind: Kind) -> bool:
    """Whether a value of a kind equals what would be read back of it: whether no part of it is NaN, which equals nothing."""
    match kind:
        case Plain() | AsText() | Derived():
            return bool(value == value)  # that is what NaN is not
        case Several(item=item):
            return all(is_steady(one, item) for one in value)
        case FixedTuple(items=items):
            return all(map(is_steady, value, items))
        case Record():
            return all(is_steady(getattr(value, one.name), one.kind) for one in kind.fields)
        case Either(kinds=kinds):
            return all(is_steady(value, one) for one in kinds if one.contains(value))
        case Anything():
            known = kind_of_value(value)
            return known is not None and is_steady(value, known)
        case _:
            return True
