"""How values look in JSON where their type alone does not say it: one of several types, any object, numbers that JSON has not.

What looks like nothing else stands there plainly, everything else with a tag:

    {"as": "UUID", "value": "5f0c..."}

A tag is looked up among the few that the declared type allows; it never names anything that would have to be found.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from typing import Any

import attrs

from fsm.language.values.standard_texts import TEXTS
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
    Plain,
    Range,
    Record,
    Several,
    kind_of_standard,
    kind_of_value,
)

__all__ = ["NUMBERS", "Choice", "choice_of", "form_of", "is_tagged", "tag", "tagged", "tagged_kind"]

TAG, VALUE = "as", "value"
NUMBERS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
"""The floats that JSON has not, by their texts."""

NULL, TRUTH, NUMBER, TEXT, LIST, OBJECT = "null", "truth", "number", "text", "list", "object"
FORMS: dict[type, str] = {
    type(None): NULL, bool: TRUTH, int: NUMBER, float: NUMBER, str: TEXT, list: LIST, dict: OBJECT,
}  # fmt: skip


def form_of(tree: object) -> str:
    """What a piece of JSON looks like; nothing that JSON has not looks like anything."""
    return FORMS.get(type(tree), "")


def tagged(name: str, tree: Any) -> dict[str, Any]:
    return {TAG: name, VALUE: tree}


def is_tagged(tree: object) -> bool:
    if type(tree) is not dict or len(tree) != 2 or not all(type(name) is str for name in tree):
        return False
    return TAG in tree and VALUE in tree and type(tree[TAG]) is str


def tag(kind: Kind) -> str:
    """What values of a kind are tagged with, where they must be."""
    match kind:
        case FixedTuple():
            return "tuple"
        case Range():
            return "int"
        case Literals():
            return "literal"
        case Anything():
            return "object"
        case Plain(type=plain) if plain is type(None):
            return "None"
        case Plain() | AsText() | Member() | Flags() | Derived() | Several() | Record():
            return kind.type.__name__
        case _:
            return "value"


def _forms(kind: Kind) -> frozenset[str]:
    """What values of a kind may look like."""
    match kind:
        case Plain(type=plain):
            return frozenset({FORMS[plain]})
        case Range() | Flags():
            return frozenset({NUMBER})
        case AsText() | Member():
            return frozenset({TEXT})
        case Derived(base=base):
            return _forms(base)
        case Several() | FixedTuple():
            return frozenset({LIST})
        case Literals(values=values):
            return frozenset().union(
                *(_forms(known) for one in values if (known := kind_of_value(one, enumerations=True)))
            )
        case Anything():
            return frozenset({NULL, TRUTH, NUMBER, TEXT})
        case _:
            return frozenset({OBJECT})


@attrs.frozen
class Choice:
    """How values of one of several kinds are told apart.

    Attributes:
        plain: by what they look like, those that look like no others.
        by_tag: the others.
        tags: what each of the others is tagged with.
        own_tags: the one of the plain kinds that has tags of its own, for what JSON has not.
    """

    plain: dict[str, Kind]
    by_tag: dict[str, Kind]
    tags: dict[Kind, str]
    own_tags: Kind | None


@cache
def choice_of(either: Either) -> Choice:
    """The plan of a union."""
    forms = {kind: _forms(kind) for kind in either.kinds}
    looks = Counter(form for mine in forms.values() for form in mine)
    apart = {kind for kind, mine in forms.items() if all(looks[form] == 1 for form in mine) and not _looks_tagged(kind)}
    by_tag: dict[str, Kind] = {}
    for kind in either.kinds:
        if kind not in apart:
            by_tag[_unused(tag(kind), by_tag)] = kind
    plain = {form: kind for kind in apart for form in forms[kind]}
    own = next((kind for kind in either.kinds if kind in apart and kind in (Plain(float), Anything())), None)
    return Choice(plain, by_tag, {kind: name for name, kind in by_tag.items()}, own)


def _looks_tagged(kind: Kind) -> bool:
    return isinstance(kind, Record) and {one.name for one in kind.fields} == {TAG, VALUE}


def _unused(name: str, taken: dict[str, Kind]) -> str:
    """A tag that is not given yet; `float` is kept for the numbers that JSON has not."""
    count, wanted = 1, name
    while name in taken or name == "float":
        count += 1
        name = f"{wanted}#{count}"
    return name


# Any object


@cache
def _standard() -> dict[str, str]:
    return {name.rpartition(".")[2]: name for name in TEXTS}


def tagged_kind(name: str) -> Kind | None:
    """The kind that a tag names where any object is declared."""
    if name == "tuple":
        return Several(tuple, Anything())
    if name == "frozenset":
        return Several(frozenset, Anything())
    return kind_of_standard(_standard()[name]) if name in _standard() else None
