"""A declaration called otherwise: every name another one, and nothing else changed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from fsm import as_system
from fsm.canonical import Name, document, fingerprint, read_document, renamed
from fsm.canonical.renaming import KINDS

from .subjects import NAMES, subject
from .workshop import SYSTEM

WORDS = (
    "elapsed", "delay", "forall", "select", "x0", "t", "a_b", "a", "b", "\u03bb", "let", "emitted", "true", "False_",
)  # fmt: skip


def adversarial() -> Callable[[Name], str]:
    """Names that meet: the same for things of different kinds, and such as solvers and encodings use themselves."""
    used: dict[str, Any] = {}

    def name(thing: Name) -> str:
        number = next(used.setdefault(thing.kind, count()))
        word = WORDS[number % len(WORDS)] + "_" * (number // len(WORDS))
        return {"profile": f"a-{number}", "sentence": f"{word}: {number}", "doc": thing.text}.get(thing.kind, word)

    return name


@pytest.mark.parametrize("name", NAMES)
def test_a_declaration_called_otherwise_is_the_same_but_for_its_names(name: str) -> None:
    """It is read, and called as before it is the one that it was."""
    tree = document(subject(name))
    names: dict[Any, str] = {}

    def remembered(thing: Name) -> str:
        names[thing.path] = thing.text
        return thing.text

    assert tree == renamed(tree, remembered)
    other = renamed(tree, adversarial())
    declared = read_document(other, stand_ins=True)
    assert other == document(declared)
    assert tree == renamed(other, lambda thing: names[thing.path])
    assert fingerprint(as_system(subject(name))) != fingerprint(as_system(declared))


def test_every_kind_of_name_is_there() -> None:
    """In one declaration that has them all."""
    kinds: dict[str, None] = {}

    renamed(document(SYSTEM), lambda thing: kinds.setdefault(thing.kind) or thing.text)

    assert set(KINDS) == set(kinds)


def test_no_name_of_the_author_is_left() -> None:
    """But the names of functions and of types of carried data, which no reader takes for its own."""
    tree = renamed(document(SYSTEM), lambda thing: "\u2603")
    kept = (tree.pop("functions"), tree.pop("types"), tree.pop("values"))

    left = str(tree)

    assert kept
    assert [] == [
        word
        for word in ("workshop", "shelf", "urgency", "Bring", "lax", "heavy", "light", "nobody", "long enough")
        if word in left
    ]
