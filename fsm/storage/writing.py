"""Values of a declared type written as JSON: in one way only, and only what would be read back as it is.

`writer_of` makes a writer for a kind once. A writer gives JSON as Python has it, or raises `Misfit`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

from fsm.language.values.annotations import STORABLE
from fsm.language.values.brief import brief
from fsm.language.values.limits import DEEPEST_VALUE, DIGITS, is_short
from fsm.language.values.remaking import runs_code
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
    Several,
    Unstorable,
    is_steady,
    kind_of_value,
)
from fsm.storage.forms import choice_of, tag, tagged
from fsm.storage.misfit import Misfit, check_room, misfit

__all__ = ["MISSING", "Writer", "literal_tree", "writer_of"]


class Writer(Protocol):
    """From a value to JSON; raises Misfit. `room` is how many values may still stand inside one another."""

    def __call__(self, value: Any, room: int = ..., /) -> Any: ...


@cache
def writer_of(kind: Kind) -> Writer:
    """What writes values of a kind."""
    match kind:
        case Plain(type=plain):
            return _write_float if plain is float else _writes_checked(kind, lambda value: value)
        case Range():
            return _writes_checked(kind, lambda value: value)
        case AsText(form=form):
            return _writes_checked(kind, form.write)
        case Member():
            return _writes_checked(kind, lambda value: value.name)
        case Flags():
            return _writes_checked(kind, lambda value: value.value)
        case Derived(base=base):
            bare = writer_of(base)
            return _writes_checked(kind, lambda value: bare(kind.bare(value)))
        case Literals():
            return _writes_checked(kind, literal_tree)
        case Several(item=item):
            return _writes_several(kind, writer_of(item))
        case FixedTuple(items=items):
            return _writes_row(kind, tuple(map(writer_of, items)))
        case Record():
            return _writes_record(kind)
        case Either():
            return _writes_either(kind)
        case Anything():
            return _write_anything
        case Other(is_json=True):
            return lambda value, room=DEEPEST_VALUE: value
        case Other() | Unstorable():
            return _writes_nothing(kind)


def _writes_checked(kind: Kind, write: Callable[[Any], Any]) -> Writer:
    def writer(value: Any, room: int = DEEPEST_VALUE) -> Any:
        if kind.contains(value):
            return write(value)
        raise _no_value(kind, value)

    return writer


def _no_value(kind: Kind, value: Any) -> Misfit:
    if type(value) is int and not is_short(value):
        return Misfit(f"{brief(value)} has more than {DIGITS:,} digits")
    return misfit(value, f"a value of type {tag(kind)}")


def literal_tree(value: Any) -> Any:
    """A value of a `Literal` in JSON."""
    kind = kind_of_value(value, enumerations=True)
    assert kind is not None, value
    return writer_of(kind)(value)


def _write_float(value: Any, room: int = DEEPEST_VALUE) -> Any:
    if not Plain(float).contains(value):
        raise _no_value(Plain(float), value)
    return value if type(value) is int or math.isfinite(value) else tagged("float", str(value))


def _writes_several(kind: Several, item: Writer) -> Writer:
    wanted: Any = kind.type

    def writer(value: Any, room: int = DEEPEST_VALUE) -> Any:
        if type(value) is not wanted:
            raise _no_value(kind, value)
        check_room(room)
        items: list[Any] = []
        try:
            for one in value:
                items.append(item(one, room - 1))  # how far it came is where the misfit is
        except Misfit as wrong:
            raise wrong.inside(len(items)) from None
        if kind.type is frozenset and not is_steady(value, kind):
            raise _no_value(kind, value)
        return items if kind.type is tuple else sorted(items, key=json.dumps)

    return writer


def _writes_row(kind: FixedTuple, items: tuple[Writer, ...]) -> Writer:
    def writer(value: Any, room: int = DEEPEST_VALUE) -> Any:
        if type(value) is not tuple or len(value) != len(items):
            raise misfit(value, f"a tuple of {len(items)}")
        check_room(room)
        trees: list[Any] = []
        try:
            for item, one in zip(items, value, strict=True):
                trees.append(item(one, room - 1))
        except Misfit as wrong:
            raise wrong.inside(len(trees)) from None
        return trees

    return writer


def _writes_record(kind: Record) -> Writer:
    """Its fields are looked up when something is first written: a class may contain itself."""
    fields: dict[str, Writer] = {}

    def writer(value: Any, room: int = DEEPEST_VALUE) -> Any:
        if type(value) is not kind.type:
            raise _no_value(kind, value)
        if not fields:
            fields.update((one.name, writer_of(one.kind)) for one in kind.fields if one.argument is not None)
        check_room(room)
        tree: dict[str, Any] = {}
        for name, write in fields.items():
            try:
                tree[name] = write(getattr(value, name, MISSING), room - 1)
            except Misfit as wrong:
                raise wrong.inside(name) from None
        if runs_code(kind.type) and not kind.is_kept(value):
            raise Misfit(
                f"{brief(value)} would be read as another {tag(kind)}: its constructor makes something else of its fields"
            )
        return tree

    return writer


class _Missing:
    """What a half-made object has for a field that was never set."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()


def _writes_either(kind: Either) -> Writer:
    choice = choice_of(kind)

    def writer(value: Any, room: int = DEEPEST_VALUE) -> Any:
        for one in kind.kinds:
            if one.contains(value, room):
                tree = writer_of(one)(value, room)
                return tagged(choice.tags[one], tree) if one in choice.tags else tree
        meant = [one for one in kind.kinds if getattr(one, "type", None) is type(value)]
        if len(meant) == 1:
            writer_of(meant[0])(value, room)  # which says what is wrong inside
        raise misfit(value, f"a value of type {' | '.join(map(tag, kind.kinds))}")

    return writer


def _write_anything(value: Any, room: int = DEEPEST_VALUE) -> Any:
    kind = kind_of_value(value)
    if kind is None:
        raise Misfit(f"{brief(value)} is not a value of type object that could be stored", STORABLE)
    tree = writer_of(kind)(value, room)
    return tree if isinstance(kind, Plain) else tagged(tag(kind), tree)


def _writes_nothing(kind: Other | Unstorable) -> Writer:
    def writer(value: Any, room: int = DEEPEST_VALUE) -> Any:
        raise Misfit(f"{brief(value)} cannot be written: a {kind.name} {kind.why}", STORABLE)

    return writer
