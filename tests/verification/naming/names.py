"""Names that a stranger would choose to be taken for something else: `adversarial(seed)`, out of every word of our own sources.

A name is one of those words, or two joined by a separator, or one with the numbers of a symbol behind it, in one
of three cases. Things of different kinds get equal names, and so do things of one kind in different places,
wherever the language tells them apart by anything else.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from random import Random

import fsm.verification
from fsm.canonical import Name
from fsm.checks.names import RESERVED
from fsm.verification.encoding.symbols import SymbolKind

__all__ = ["adversarial", "our_words"]

ROOM = Path(fsm.verification.__file__).parent
SOLVERS = (
    "true", "false", "and", "or", "not", "xor", "ite", "let", "forall", "exists", "distinct", "div", "mod", "abs", "Int", "Bool", "par",
    "assert", "declare-fun", "declare-const", "define-fun", "check-sat", "set-logic", "set-option", "exit", "echo", "push", "pop", "as", "sat", "unsat", "unknown",
)  # fmt: skip
"""What scripts say that our sources may not spell."""
LETTERS = tuple(kind.value for kind in SymbolKind)
NUMBERS = ("0", "1", "2", "0_1", "1_0", "3_1_0_1")
JOINTS = ("_", "__", "", "\u00b7", "\u02b9")
"""What joins two words of an identifier."""
SEPARATORS = (
    ": ",
    ":",
    ".",
    " ",
    "/",
    "|",
    ",",
    ";",
    "@",
    "+",
    "#",
    "-",
    "=",
    "\\",
    '"',
    "'",
    "(",
    ")",
    "_",
    " and ",
    " (",
    "\u2192",
    "\t",
    "\n",
    "",
)
"""What joins two words of a text."""
CASES: tuple[Callable[[str], str], ...] = (str, str.lower, str.upper)
CLASSES = frozenset({"event", "effect"})
TEXTS = frozenset({"rule", "condition", "assumption", "sentence"})
"""Kinds of name that need be no identifier."""


@cache
def our_words() -> tuple[str, ...]:
    """Every word that the sources of verification write, in names and in texts, and the words of solvers."""
    words = dict.fromkeys((*SOLVERS, *LETTERS))
    for file in sorted(ROOM.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            words |= dict.fromkeys(word for text in _texts(node) for word in re.findall(r"[^\W\d]\w*", text))
    return tuple(words)


def _texts(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=text) | ast.Attribute(attr=text) | ast.arg(arg=text) | ast.keyword(arg=str(text)):
            yield text
        case ast.Constant(value=str(text)) | ast.FunctionDef(name=text) | ast.ClassDef(name=text):
            yield text


def adversarial(seed: int) -> Callable[[Name], str]:
    """A new name for each thing of a declaration; the same for the same seed.

    The first thing of every place is called alike, and so are the second, the third.
    """
    draw = Random(seed)
    words, texts = _different(_identifiers(draw)), _different(_texts_with(draw))
    slugs = _different(filter(None, map(_slug, _texts_with(draw))))
    called: list[tuple[str, str, str]] = []
    places: dict[tuple[str | int, ...], Iterator[int]] = {}

    def name(thing: Name) -> str:
        number = next(places.setdefault(_scope(thing), count()))
        while number >= len(called):
            called.append((next(words), next(texts), next(slugs)))
        word, text, slug = called[number]
        if thing.kind == "doc":
            return " ".join(text.split())
        if thing.kind == "profile":
            return slug
        if thing.kind == "condition":  # on one line
            text = text.translate({ord("\n"): "|", ord("\t"): "|"})
        if thing.kind in CLASSES:
            return word
        if thing.kind == "key":  # an event's field of the same name would be a wire
            return f"{word}_key"
        word = _twin(called[number - 1][0]) if number % 2 else word
        return text if thing.kind in TEXTS and number % 3 else word

    return name


def _twin(word: str) -> str:
    """The same in the other case, or as near as can be."""
    other = word.swapcase()
    return other if other != word and _allowed(other) else f"{word}_"


def _slug(text: str) -> str:
    return "-".join(re.findall("[a-z0-9]+", text.lower()))


def _scope(thing: Name) -> tuple[str | int, ...]:
    """Where no other thing may be called the same: the list that it stands in; the whole declaration for conditions."""
    if thing.kind == "condition":
        return ("condition",)
    numbers = [place for place, step in enumerate(thing.path) if isinstance(step, int)]
    return (thing.kind, *thing.path[: numbers[-1]]) if numbers else (thing.kind,)


def _different(names: Iterator[str]) -> Iterator[str]:
    """Those that differ by more than their case and underscores, by which classes are not told apart."""
    seen: set[str] = set()
    for name in names:
        if (key := name.casefold().replace("_", "")) not in seen:
            seen.add(key)
            yield name


def _identifiers(draw: Random) -> Iterator[str]:
    allowed = [word for word in our_words() if _allowed(word)]
    while True:
        first, second = draw.choice(allowed), draw.choice((*allowed, *NUMBERS))
        word = draw.choice(
            (first, f"{first}{draw.choice(JOINTS)}{second}", f"{draw.choice(LETTERS)}{draw.choice(NUMBERS)}")
        )
        if _allowed(word := draw.choice(CASES)(word)):
            yield word


def _allowed(word: str) -> bool:
    known = keyword.iskeyword(word) or word in RESERVED or word in ("self", "mro", "name", "value")
    return word.isidentifier() and not word.startswith("_") and not known


def _texts_with(draw: Random) -> Iterator[str]:
    words: Sequence[str] = our_words()
    while True:
        text = draw.choice(words)
        for _ in range(draw.randint(1, 3)):
            text += draw.choice(SEPARATORS) + draw.choice((draw.choice(words), draw.choice(NUMBERS)))
        yield draw.choice(CASES)(text)
