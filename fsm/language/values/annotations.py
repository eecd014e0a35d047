"""What Python's annotations mean as kinds of values, and which of them may be declared.

A type whose values can change, are compared by identity or could not be read back is refused on the line
where it is declared, so that whatever a running system keeps can also be stored.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Mapping
from enum import Enum, Flag
from functools import cache, lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from fsm.errors import BadData, Incomplete
from fsm.language.values.limits import DEEPEST_VALUE
from fsm.language.values.remaking import is_changeable
from fsm.language.values.standard_texts import name_of_standard
from fsm.language.values.types import (
    Anything,
    AsText,
    Derived,
    Either,
    FixedTuple,
    Flags,
    Kind,
    Literals,
    Member,
    Other,
    Plain,
    Range,
    Record,
    RecordField,
    Several,
    StandIn,
    Unstorable,
    kind_of_standard,
    kind_of_value,
)

__all__ = ["OTHER_NAMES", "STORABLE", "Raw", "called_as_written", "check_storable", "check_unchanging", "kind_of"]

_RAW = "JSON as it is"
Raw = Annotated[Any, _RAW]
"""In the classes of documents: whatever stands there, to be read later."""


@lru_cache(maxsize=4096)
def kind_of_hashable(annotation: Any) -> Kind:
    return _kind(annotation, {}, 0)


def kind_of(annotation: Any) -> Kind:
    """The kind that an annotation means; `Other` for one that is not understood."""
    try:
        return kind_of_hashable(annotation)
    except TypeError:  # notes of an Annotated may be anything
        return _kind(annotation, {}, 0)


def _kind(annotation: Any, given: Mapping[Any, Any], depth: int) -> Kind:
    """The kind of an annotation in which type variables have been given."""
    if depth > DEEPEST_VALUE:
        return Other(annotation, "is nested too deeply, or means itself")

    def inner(one: Any) -> Kind:
        return _kind(one, given, depth + 1)

    if isinstance(annotation, StandIn):
        return Unstorable(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__supertype__"):  # NewType
        return inner(annotation.__supertype__)
    if hasattr(origin, "__value__"):  # type Name[T] = ..., of Python 3.12
        known = dict(zip(origin.__type_params__, (_filled(one, given) for one in arguments), strict=False))
        return _kind(origin.__value__, known, depth + 1)
    if hasattr(annotation, "__value__"):
        return inner(annotation.__value__)
    if isinstance(annotation, TypeVar):
        return inner(given.get(annotation, annotation.__bound__ or object))
    if origin is Annotated:
        return _annotated(arguments, inner)
    if origin in (Union, UnionType):
        return _either(tuple(map(inner, arguments)))
    if origin is Literal:
        return _literals(arguments)
    if annotation is Any or annotation is object:
        return Anything()
    if (origin or annotation) is tuple:
        return _tuple(annotation, arguments, inner)
    if (origin or annotation) is frozenset:
        return Several(frozenset, inner(arguments[0]) if arguments else Anything())
    return _of_class(origin or annotation, annotation, tuple(_filled(one, given) for one in arguments))


def _filled(annotation: Any, given: Mapping[Any, Any]) -> Any:
    return given.get(annotation, annotation) if isinstance(annotation, TypeVar) else annotation


def _annotated(arguments: tuple[Any, ...], inner: Callable[[Any], Kind]) -> Kind:
    base, *notes = arguments
    if base is Any and _RAW in notes:
        return Other(_RAW, "is JSON as it is", is_json=True)
    bounds = next((note for note in notes if isinstance(note, Range)), None)
    return bounds if base is int and bounds is not None else inner(base)


def _tuple(annotation: Any, arguments: tuple[Any, ...], inner: Callable[[Any], Kind]) -> Kind:
    if not hasattr(annotation, "__args__"):  # any tuple; of `tuple[()]` there is one
        return Several(tuple, Anything())
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return Several(tuple, inner(arguments[0]))
    return FixedTuple(tuple(map(inner, arguments)))


def _either(kinds: tuple[Kind, ...]) -> Kind:
    """A union without what another of its members says already."""
    flat = dict.fromkeys(one for kind in kinds for one in (kind.kinds if isinstance(kind, Either) else (kind,)))
    left = tuple(one for one in flat if not any(_covers(other, one) for other in flat if other is not one))
    return left[0] if len(left) == 1 else Either(left)


def _covers(wide: Kind, narrow: Kind) -> bool:
    """Whether every value of one kind is one of the other too: an int is a float where a float is wanted."""
    match narrow:
        case Plain(type=plain) if plain is int:
            return wide == Plain(float)
        case Range():
            return wide in (Plain(float), Plain(int))
        case Literals(values=values):
            return isinstance(wide, Plain) and all(map(wide.contains, values))
        case _:
            return False


def _literals(values: tuple[Any, ...]) -> Kind:
    nested = next((one for one in values if kind_of_value(one, enumerations=True) is None), None)
    return Literals(values) if nested is None else Other(Literal, f"has a value of type {type(nested).__name__}")


def _of_class(kind: Any, annotation: Any, arguments: tuple[Any, ...]) -> Kind:
    if kind is None or kind is type(None):
        return Plain(type(None))
    if not isinstance(kind, type):
        return Other(annotation, "is no class")
    if kind in (bool, int, float, str):
        return Plain(kind)
    if kind in CHANGING or issubclass(kind, CHANGING):
        return Other(annotation, "can be changed by anyone who holds it", changes=True)
    name = name_of_standard(kind)
    if name is not None:
        return kind_of_standard(name)
    if issubclass(kind, Flag):
        return Flags(kind)
    if issubclass(kind, Enum):
        return Member(kind) if called_as_written(kind) else Other(annotation, OTHER_NAMES)
    return _of_own_class(kind, annotation, arguments)


CHANGING = (list, dict, set, bytearray)
OTHER_NAMES = "calls its members otherwise than they are written, by which they are stored"


def called_as_written(members: type[Enum]) -> bool:
    """Whether the `name` of each member is the one under which it is written: two that are called alike would be read back as one."""
    written: dict[int, str] = {}
    for name, member in members.__members__.items():
        written.setdefault(id(member), name)  # what follows are others of its names
    return all(member.name == written[id(member)] for member in members)


def _of_own_class(kind: type, annotation: Any, arguments: tuple[Any, ...]) -> Kind:
    if attrs.has(kind) or dataclasses.is_dataclass(kind) or (issubclass(kind, tuple) and hasattr(kind, "_fields")):
        given = tuple(zip(getattr(kind, "__parameters__", ()), arguments, strict=False))
        why, changes = _unfit(kind)
        return Other(annotation, why, changes) if why else Record(kind, given, _fields_of)
    base = next((one for one in (str, int, float, bytes) if issubclass(kind, one)), None)
    if base is not None:
        held = _of_class(base, base, ())
        assert isinstance(held, (Plain, AsText))
        return Derived(kind, held)
    return Other(annotation, "has no form in which it could be stored")


def _unfit(kind: Any) -> tuple[str, bool]:
    """Why objects of a class with fields could not be kept or would not come back, and whether that is because they can change."""
    if kind.__hash__ is None or is_changeable(kind, [name for name, _, _ in _named(kind)]):
        return "can be changed by anyone who holds it", True
    if kind.__eq__ is object.__eq__:
        return "compares objects by identity, so what is read back would be another one", False
    names = {one for _, one, _ in _named(kind) if one is not None}
    parameters = inspect.signature(kind).parameters.values()
    wanted = {
        one.name
        for one in parameters
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    }
    if not names <= {one.name for one in parameters} or not wanted <= names:
        return "has a constructor that wants something else than its fields", False
    return "", False


def _named(kind: type) -> tuple[tuple[str, str | None, Any], ...]:
    """The fields of a class: their names, what the constructor calls them, and their types where they are no text."""
    if attrs.has(kind):
        return tuple((one.name, one.alias if one.init else None, one.type) for one in attrs.fields(kind))
    if dataclasses.is_dataclass(kind):
        return tuple((one.name, one.name if one.init else None, one.type) for one in dataclasses.fields(kind))
    return tuple((name, name, None) for name in kind._fields)  # type: ignore[attr-defined]  # a NamedTuple


@cache
def _fields_of(record: Record) -> tuple[RecordField, ...]:
    kind = record.type
    try:
        hints = get_type_hints(kind, include_extras=True)
    except (NameError, TypeError) as unknown:
        raise Incomplete(
            kind.__name__, f"the type of a field cannot be found: {unknown}", "Declare types at the top of a module."
        ) from unknown
    given = _type_arguments(kind, dict(record.arguments))
    return tuple(
        RecordField(
            name,
            argument,
            _kind(hints.get(name, object if declared is None or isinstance(declared, str) else declared), given, 0),
        )
        for name, argument, declared in _named(kind)
    )


def _type_arguments(kind: type, given: dict[Any, Any]) -> dict[Any, Any]:
    """What the type variables of a class and of the generic classes that it derives from stand for."""
    known = dict(given)
    for base in getattr(kind, "__orig_bases__", ()):
        origin = get_origin(base)
        if isinstance(origin, type):
            inherited = zip(getattr(origin, "__parameters__", ()), get_args(base), strict=False)
            known |= _type_arguments(origin, {variable: _filled(one, known) for variable, one in inherited})
    return known


# What is asked of a declaration


def below(kind: Kind) -> tuple[Kind, ...]:
    """The kinds directly inside a kind."""
    match kind:
        case Several(item=item):
            return (item,)
        case FixedTuple(items=items):
            return items
        case Either(kinds=kinds):
            return kinds
        case Record():
            return tuple(one.kind for one in kind.fields)
        case _:
            return ()


def _all_below(kind: Kind) -> Iterator[Kind]:
    waiting, seen = [kind], {kind}
    while waiting:
        one = waiting.pop()
        yield one
        waiting += [inner for inner in reversed(below(one)) if inner not in seen]
        seen |= set(below(one))


def check_unchanging(where: str, annotation: Any) -> None:
    """Raise DefinitionError for a type whose values can change under a snapshot's feet, wherever in it they stand."""
    for kind in _all_below(kind_of(annotation)):
        if isinstance(kind, Other) and kind.changes:
            raise BadData(where, f"a {kind.name} {kind.why}", "Use a tuple, a frozenset or a frozen class.")


STORABLE = (
    "Declare str, int, float, bytes, dates, UUIDs, decimals, enumerations, tuples, frozensets, or frozen attrs classes, "
    "dataclasses and NamedTuples of these."
)


def check_storable(where: str, annotation: Any) -> None:
    """Raise DefinitionError for a type whose values could not be stored and read back as they are."""
    check_unchanging(where, annotation)
    for kind in _all_below(kind_of(annotation)):
        if isinstance(kind, Other):
            raise BadData(where, f"a {kind.name} {kind.why}", STORABLE)
