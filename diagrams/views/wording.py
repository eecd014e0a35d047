"""What a picture says: names without underscores, conditions, deadlines and changes as short texts.

Only texts, no markup. Pictures, tables and Mermaid lean on it, so that all of them use the same
words; the words of formulas are `fsm.language.printing`. Names and comparisons are kept together by
blanks at which no line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from fsm.language.expressions import Arithmetic, Const, Expr, Param
from fsm.language.leaves import FieldRef
from fsm.language.machine import Transition
from fsm.language.parts import Move, One, Part
from fsm.language.printing import AMOUNTS, SIGNS, duration_in_words, label, phrase

__all__ = [
    "KEPT",
    "changes",
    "condition",
    "deadline",
    "event_name",
    "listed",
    "meaning",
    "move_in_words",
    "plain",
    "population",
    "spaced",
    "value",
]

KEPT = "\N{NO-BREAK SPACE}"
OPERAND = r"(?:time in state(?: of \S+)?|\d+ (?:ms|s|min|h)\b|'[^']*'|[^\s']\S*)"
COMPARISON = re.compile(rf"{OPERAND}(?: [{re.escape(''.join(SIGNS.values()))}] {OPERAND})+")
AMOUNT = re.compile(
    rf"\b(?:{'|'.join(AMOUNTS.values())}) \S+ \S+|\b(?:no|some|all|not) \S+|\S+ is (?:not |neither )?\S+"
)


def spaced(name: str) -> str:
    """A name of the declaration as a person reads it, kept together: `after_work` is `after work`."""
    return name.replace("_", " ").strip().replace(" ", KEPT) or name


def plain(text: str) -> str:
    """The same text with nothing but plain blanks."""
    return text.replace(KEPT, " ")


def event_name(event: type) -> str:
    """`OfferChat` is `offer chat`."""
    return spaced(label(event))


def condition(expr: Expr[Any]) -> str:
    """A formula, with `=` and `≥` for the signs of Python; what has a name is told by it."""
    return _kept(phrase(expr, by_name=True))


def meaning(expr: Expr[Any]) -> str:
    """What a condition with a name stands for."""
    return _kept(phrase(expr))


def _kept(text: str) -> str:
    """The text with its comparisons and names kept together."""
    for pattern in (COMPARISON, AMOUNT):
        text = pattern.sub(lambda match: match[0].replace(" ", KEPT), text)
    return text.replace("_", KEPT)


def value(expr: Expr[Any]) -> str:
    """A value as it is written into a variable; text keeps its underscores."""
    return str(expr) if isinstance(expr, Const) and isinstance(expr.value, str) else condition(expr)


def deadline(duration: Expr[int]) -> str:
    """`after 20 s`; for a parameter `after 20 s (accept window)`: its default, and its name."""
    if isinstance(duration, Param):
        return f"after {_length(duration)} ({spaced(duration.name)})"
    return f"after {_length(duration)}"


def _length(duration: Expr[int]) -> str:
    """A duration that is not cut between its number and its unit."""
    match duration:
        case Const(value=milliseconds) | Param(default=milliseconds):
            return duration_in_words(milliseconds).replace(" ", KEPT)
        case Arithmetic(op="+" | "-" as op, left=left, right=right):
            return f"{_operand(left)} {SIGNS[op]} {_operand(right)}"
        case _:
            return f"{condition(duration)} ms"


def _operand(part: Expr[int]) -> str:
    return spaced(part.name) if isinstance(part, Param) else _length(part)


def changes(transition: Transition) -> tuple[str, ...]:
    """What a transition does beside moving: `sets name`, `counted = true`, `emits rang`."""
    plain = [
        spaced(var.name) for var, given in transition.updates if isinstance(given, FieldRef) and given.name == var.name
    ]
    others = [
        f"{spaced(var.name)}{KEPT}={KEPT}{value(given)}"
        for var, given in transition.updates
        if not (isinstance(given, FieldRef) and given.name == var.name)
    ]
    emitted = [event_name(emit.effect) for emit in transition.effects]
    return (
        *([f"sets {listed(plain)}"] if plain else []),
        *others,
        *([f"emits {listed(emitted)}"] if emitted else []),
    )


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    many = list(words)
    return " and ".join([*([", ".join(many[:-1])] if many[:-1] else []), *many[-1:]])


def population(part: Part) -> str:
    """How many instances a part has: nothing for `agent`, `one tile for each contact, at most 8` for tiles."""
    machine = spaced(part.machine.name)
    if isinstance(part, One):
        return "" if part.name == part.machine.name else f"one {machine}"
    most = "" if part.at_most is None else f", at most {condition(part.at_most)}"
    keys = "" if part.population is None else f" of {condition(part.population)}"
    return f"one {machine} for each {spaced(part.key)}{keys}{most}"


def move_in_words(move: Move) -> str:
    """Who moves and by what: `tiles [contact]: offer (channel = chat, name)`."""
    given = ", ".join(
        spaced(name)
        if isinstance(field, FieldRef) and field.name == name
        else f"{spaced(name)}{KEPT}={KEPT}{value(field)}"
        for name, field in move.told
    )
    return f"{_who(move)}: {event_name(move.action)}{f' ({given})' if given else ''}"


def _who(move: Move) -> str:
    if move.where is not None:
        return f"all {spaced(move.part.name)} {condition(move.where)}"
    return spaced(move.part.name) if move.key is None else f"{spaced(move.part.name)}{KEPT}[{condition(move.key)}]"
