"""Names, values and durations in words, for messages, reports and pictures; and the words of an expression, put together from what its nodes say."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

import attrs

from fsm.language.traversal import bottom_up, walk
from fsm.language.values.brief import brief
from fsm.language.values.standard_texts import name_of_standard

__all__ = [
    "AMOUNTS",
    "SIGNS",
    "Words",
    "duration_in_words",
    "instance_in_words",
    "key_in_words",
    "label",
    "phrase",
    "shortened",
    "value_in_words",
]

LONGEST = 2_000
"""So many characters the words of an expression have at most."""

SIGNS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "+": "+", "-": "−", "*": "×"}
AMOUNTS = {"==": "exactly", "!=": "not exactly", "<": "fewer than", "<=": "at most", ">": "more than", ">=": "at least"}


def label(cls: type) -> str:
    """The name of an event or effect in messages: OfferChat becomes offer_chat."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


def value_in_words(value: object) -> str:
    """A value as a report writes it: enumeration members by their lower-case name."""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, bool):
        return "true" if value else "false"
    return brief(value)


def key_in_words(key: object) -> str:
    """The key of an instance: bare where that is clear (`c-1`), else as a value."""
    if type(key) is str and key and len(key) <= 60 and key.isprintable() and " " not in key:
        return key
    return str(key) if name_of_standard(type(key)) not in (None, "builtins.bytes") else value_in_words(key)


def instance_in_words(part: str, key: object) -> str:
    """An instance of a part: `tiles[c-1]`; of a part made by `one`, its name."""
    return part if key is None else f"{part}[{key_in_words(key)}]"


def duration_in_words(milliseconds: int) -> str:
    """A duration in the largest unit that divides it: 20000 is `20 s`."""
    for size, unit in ((3_600_000, "h"), (60_000, "min"), (1_000, "s")):
        if milliseconds and milliseconds % size == 0:
            return f"{brief(milliseconds // size)} {unit}"
    return f"{brief(milliseconds)} ms"


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters: of a longer one the beginning and the end."""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-(most // 2 - 3) :]}"


@attrs.frozen
class Words:
    """What the nodes below say, for a node that says itself.

    How tightly a text binds: 0 for each, 1 if-then, 2 or, 3 and, 4 not, 5 comparison, 6 sum, 7 product, 8 moment, 9 a word.

    Attributes:
        said: by the identity of a node, its text and how tightly it binds.
        unclear: names of fields that must be written with their event.
    """

    said: dict[int, tuple[str, int]]
    unclear: frozenset[str]

    def __call__(self, expr: object, binding: int = 0) -> str:
        """The text of an expression that stands where the context binds as tightly as this."""
        text, own = self.said[id(expr)]
        return f"({text})" if own < binding else text


def phrase(expr: Any, *, by_name: bool = False) -> str:
    """An expression as a person would write it, with no brackets that it can do without.

    Two formulas of one declaration read the same only where they mean the same, provided that no name in it means two
    things and that they are not cut, as very long ones are; a field that shares its name with a variable is told apart.

    Args:
        by_name: a condition that `named` gave a name is told by that name.
    """
    heads = [node.head() for node in walk(expr)]
    taken = {head[1] for head in heads if head[0] in ("var", "param")}
    said: dict[int, tuple[str, int]] = {}
    write = Words(said, frozenset(head[2] for head in heads if head[0] == "field" and head[2] in taken))

    def combine(node: Any, _: tuple[None, ...]) -> None:
        text, binding = (node.called, 9) if by_name and node.called else node.in_words(write)
        said[id(node)] = (shortened(text, LONGEST), binding)

    bottom_up(expr, combine)
    return write(expr)
