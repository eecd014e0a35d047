"""Values of a declared type read from JSON, strictly. Reading stops at the first thing that is wrong.

`reader_of` makes a reader for a kind once. A reader takes JSON as Python has it and gives the value, or raises `Misfit`.
Whoever hands in objects that are no JSON (of a derived class, with an `__eq__` of their own) is told so: only classes
are looked at.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any, Protocol

from fsm.language.domains import Integers
from fsm.language.values.annotations import STORABLE
from fsm.language.values.brief import brief, said_by, some
from fsm.language.values.limits import DEEPEST_VALUE, DIGITS, is_short
from fsm.language.values.remaking import alike
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
)
from fsm.storage.forms import (
    NULL,
    NUMBER,
    NUMBERS,
    TAG,
    TEXT,
    TRUTH,
    VALUE,
    choice_of,
    form_of,
    is_tagged,
    tag,
    tagged_kind,
)
from fsm.storage.misfit import Misfit, check_room, misfit
from fsm.storage.writing import literal_tree

__all__ = ["Reader", "read_integer", "read_record", "reader_of"]


class Reader(Protocol):
    """From JSON to a value; raises Misfit. `room` is how many values may still stand inside one another."""

    def __call__(self, tree: Any, room: int = ..., /) -> Any: ...


@cache
def reader_of(kind: Kind) -> Reader:
    """What reads values of a kind."""
    match kind:
        case Plain(type=plain):
            return _read_float if plain is float else read_integer if plain is int else _reads_plain(plain)
        case Range():
            return _reads_range(kind)
        case AsText():
            return _reads_text(kind)
        case Member(type=members):
            return _reads_member({member.name: member for member in members})
        case Flags(type=flags):
            return _reads_flags(flags)
        case Derived():
            return _reads_derived(kind)
        case Several(item=item):
            return _reads_several(kind, reader_of(item))
        case FixedTuple(items=items):
            return _reads_row(tuple(map(reader_of, items)))
        case Record():
            return _reads_record(kind)
        case Literals():
            return _reads_literals(kind)
        case Either():
            return _reads_either(kind)
        case Anything():
            return _read_anything
        case Other(is_json=True):
            return lambda tree, room=DEEPEST_VALUE: tree
        case Other() | Unstorable():
            return _reads_nothing(kind)


# Numbers, texts, members


def _reads_plain(plain: type) -> Reader:
    wanted = {bool: "true or false", str: "a string"}.get(plain, "null")

    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        if type(tree) is plain:
            return tree
        raise misfit(tree, wanted)

    return reader


def read_integer(tree: Any, room: int = DEEPEST_VALUE) -> Any:
    if type(tree) is not int:
        raise misfit(tree, "an integer")
    if not is_short(tree):
        raise Misfit(f"{brief(tree)} has more than {DIGITS:,} digits")
    return tree


def _read_float(tree: Any, room: int = DEEPEST_VALUE) -> Any:
    if type(tree) is float and math.isfinite(tree):
        return tree
    if type(tree) is int:
        return read_integer(tree)
    if is_tagged(tree) and tree[TAG] == "float" and type(tree[VALUE]) is str and tree[VALUE] in NUMBERS:
        return NUMBERS[tree[VALUE]]
    raise misfit(tree, "a number")


def _reads_range(kind: Range) -> Reader:
    wanted = str(Integers(kind.low, kind.high))

    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        if kind.contains(read_integer(tree)):
            return tree
        raise misfit(tree, wanted)

    return reader


def _reads_text(kind: AsText) -> Reader:
    wanted = f"the text of a {kind.type.__name__}"

    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        if type(tree) is str:
            try:
                value = kind.form.read(kind.type, tree)
            except (ArithmeticError, NotImplementedError, ValueError):  # what the standard library says of a wrong text
                pass
            else:
                if kind.contains(value) and kind.form.write(value) == tree:
                    return value
        raise misfit(tree, wanted)

    return reader


def _reads_member(members: Mapping[str, Enum]) -> Reader:
    wanted = f"one of {some(members)}"

    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        if type(tree) is str and tree in members:
            return members[tree]
        raise misfit(tree, wanted)

    return reader


def _reads_flags(flags: Any) -> Reader:
    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        if type(tree) is int and is_short(tree):
            try:
                value = flags(tree)
            except ValueError:  # a bit that is none of its flags
                value = None
            if type(value) is flags and value.value == tree:
                return value
        raise misfit(tree, f"the number of flags of {flags.__name__}")

    return reader


def _reads_literals(kind: Literals) -> Reader:
    wanted = f"one of {some(map(brief, kind.values))}"
    known = [(literal_tree(one), one) for one in kind.values]

    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        for form, value in known:
            if type(tree) is type(form) and tree == form:
                return value
        raise misfit(tree, wanted)

    return reader


# What is made of others


def _of_author(wanted: str, tree: Any, make: Callable[[], Any]) -> Any:
    """What a class of the author's own makes of what stands in the document; whatever it raises, the document does not fit it."""
    try:
        return make()
    except Exception as other:  # it is the author's code, and only here it is known where the value stands
        raise Misfit(f"{brief(tree)} is not {wanted}: {said_by(other)}") from other


def _reads_derived(kind: Derived) -> Reader:
    base, wanted = reader_of(kind.base), f"a {kind.type.__name__}"

    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        bare = base(tree)
        value = _of_author(wanted, tree, lambda: kind.type(bare))
        if type(value) is not kind.type or not alike(kind.bare(value), bare) or not kind.contains(value):
            raise Misfit(f"{brief(tree)} would be read as {brief(value)}")
        return value

    return reader


def _reads_several(kind: Several, item: Reader) -> Reader:
    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        if type(tree) is not list:
            raise misfit(tree, "a list")
        check_room(room)
        values: list[Any] = []
        try:
            for one in tree:
                values.append(item(one, room - 1))  # how far it came is where the misfit is
        except Misfit as wrong:
            raise wrong.inside(len(values)) from None
        return tuple(values) if kind.type is tuple else _set_of(values, tree, kind)

    return reader


def _set_of(values: list[Any], tree: list[Any], kind: Several) -> frozenset[Any]:
    """The values of a set, which stand in the one order in which they are written."""
    texts = list(map(json.dumps, tree))
    for place, (before, after) in enumerate(pairwise(texts), 1):
        if before >= after:
            what = "stands twice in a set" if before == after else "stands in another order than a set is written in"
            raise Misfit(f"{brief(values[place])} {what}").inside(place)
    made = frozenset(values)
    if len(made) != len(values):
        raise misfit(tree, "a set: two of its values are equal")
    if not is_steady(made, kind):
        raise misfit(tree, "a set: no set that holds NaN is written or taken in a step, since NaN equals nothing")
    return made


def _reads_row(items: tuple[Reader, ...]) -> Reader:
    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        if type(tree) is not list:
            raise misfit(tree, "a list")
        if len(tree) != len(items):
            raise misfit(tree, f"a list of {len(items)}")
        check_room(room)
        values: list[Any] = []
        try:
            for item, one in zip(items, tree, strict=True):
                values.append(item(one, room - 1))
        except Misfit as wrong:
            raise wrong.inside(len(values)) from None
        return tuple(values)

    return reader


def read_record(tree: Any, fields: Mapping[str, Reader], room: int = DEEPEST_VALUE) -> list[Any]:
    """The values of an object that has exactly these fields, in their order."""
    if type(tree) is not dict:
        raise misfit(tree, "an object")
    if len(tree) != len(fields) or not all(type(name) is str for name in tree):
        _check_names(tree, fields)
    values: list[Any] = []
    for name, reader in fields.items():
        if name not in tree:
            raise Misfit("is missing").inside(name)
        try:
            values.append(reader(tree[name], room))
        except Misfit as wrong:
            raise wrong.inside(name) from None
    return values


def _check_names(tree: dict[Any, Any], fields: Mapping[str, Reader]) -> None:
    """Raise for the first name that is none; looks at no more names than there are fields."""
    for name in tree:
        if type(name) is not str:
            raise misfit(name, "the name of a field")
        if name not in fields:
            raise Misfit("is no field of this document").inside(name)


def _reads_record(kind: Record) -> Reader:
    """Its fields are looked up when something is first read: a class may contain itself."""
    made, wanted = kind.type, f"a {kind.type.__name__}"
    names: list[tuple[str, str]] = []
    fields: dict[str, Reader] = {}

    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        if not names:
            taken = [(one.name, one.argument, one.kind) for one in kind.fields if one.argument is not None]
            fields.update((name, reader_of(inner)) for name, _, inner in taken)
            names.extend((name, argument) for name, argument, _ in taken)
        check_room(room)
        values = read_record(tree, fields, room - 1)
        arguments = {argument: value for (_, argument), value in zip(names, values, strict=True)}
        value = _of_author(wanted, tree, lambda: made(**arguments))
        for (name, _), given in zip(names, values, strict=True):
            kept = getattr(value, name, None)
            if not alike(kept, given):
                raise Misfit(f"{brief(given)} would be read as {brief(kept)}").inside(name)
        if type(value) is not made:
            raise Misfit(f"{brief(tree)} would be read as {brief(value)}")
        return value

    return reader


# One of several, and any object


def _reads_either(kind: Either) -> Reader:
    choice = choice_of(kind)
    by_tag = {name: reader_of(one) for name, one in choice.by_tag.items()}
    plain = {form: reader_of(one) for form, one in choice.plain.items()}
    wanted = f"a value of type {' | '.join(map(tag, kind.kinds))}"

    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        if is_tagged(tree) and tree[TAG] in by_tag:
            return _read_tagged(by_tag[tree[TAG]], tree, room)
        if is_tagged(tree) and choice.own_tags is not None:
            return reader_of(choice.own_tags)(tree, room)
        one = plain.get(form_of(tree))
        if one is None:
            raise misfit(tree, wanted)
        return one(tree, room)

    return reader


def _read_tagged(reader: Reader, tree: dict[str, Any], room: int) -> Any:
    try:
        return reader(tree[VALUE], room)
    except Misfit as wrong:
        raise wrong.inside(VALUE) from None


def _read_anything(tree: Any, room: int = DEEPEST_VALUE) -> Any:
    if form_of(tree) in (NULL, TRUTH, TEXT):
        return tree
    if form_of(tree) == NUMBER or (is_tagged(tree) and tree[TAG] == "float"):
        return _read_float(tree)
    kind = tagged_kind(tree[TAG]) if is_tagged(tree) else None
    if kind is None:
        raise misfit(tree, "a string, a number, true, false, null or a value with a tag")
    return _read_tagged(reader_of(kind), tree, room)


def _reads_nothing(kind: Other | Unstorable) -> Reader:
    def reader(tree: Any, room: int = DEEPEST_VALUE) -> Any:
        raise Misfit(f"{brief(tree)} cannot be read: a {kind.name} {kind.why}", STORABLE)

    return reader
