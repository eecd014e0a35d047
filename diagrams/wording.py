"""What a picture says: names without underscores, conditions, deadlines and changes as short texts.

Only texts, no markup. Pictures of machines and of systems and the Markdown tables lean on it,
so that all of them use the same words; the words of formulas are `fsm.language.printing`.
"""

from __future__ import annotations

from typing import Any

from fsm.language.expressions import Arithmetic, Const, Expr, Param
from fsm.language.leaves import FieldRef
from fsm.language.machine import Transition
from fsm.language.parts import One, Part
from fsm.language.printing import SIGNS, duration_in_words, label

__all__ = ["changes", "condition", "deadline", "event_name", "listed", "population", "spaced", "value"]


def spaced(name: str) -> str:
    """A name of the declaration as a person reads it: `after_work` is `after work`."""
    return name.replace("_", " ").strip() or name


def event_name(event: type) -> str:
    """`OfferChat` is `offer chat`."""
    return spaced(label(event))


def condition(expr: Expr[Any]) -> str:
    """A formula, with `=` and `≥` for the signs of Python."""
    return spaced(str(expr))


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
            return duration_in_words(milliseconds).replace(" ", "\N{NO-BREAK SPACE}")
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
        f"{spaced(var.name)} = {value(given)}"
        for var, given in transition.updates
        if not (isinstance(given, FieldRef) and given.name == var.name)
    ]
    emitted = [event_name(emit.effect) for emit in transition.effects]
    return (
        *([f"sets {listed(plain)}"] if plain else []),
        *others,
        *([f"emits {listed(emitted)}"] if emitted else []),
    )


def listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([*([", ".join(words[:-1])] if words[:-1] else []), *words[-1:]])


def population(part: Part) -> str:
    """How many instances a part has: nothing for `agent`, `one tile for each contact, at most 8` for tiles."""
    machine = spaced(part.machine.name)
    if isinstance(part, One):
        return "" if part.name == part.machine.name else f"one {machine}"
    most = "" if part.at_most is None else f", at most {condition(part.at_most)}"
    keys = "" if part.population is None else f" of {condition(part.population)}"
    return f"one {machine} for each {spaced(part.key)}{keys}{most}"
