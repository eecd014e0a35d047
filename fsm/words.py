"""Formulas and values in words, for messages, reports and pictures."""

from __future__ import annotations

from enum import Enum
from typing import Any

from fsm.events import label
from fsm.expressions import (
    Arithmetic, Choose, Clock, Compare, Const, Count, Emitted, Expr, FieldRef, ForEach, Happens, Implies, InState,
    Junction, Moment, Not, Param, PartVar, Stamp, Var,
)  # fmt: skip

__all__ = ["duration_in_words", "phrase", "value_in_words"]

SIGNS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "+": "+", "-": "−", "*": "×"}


def value_in_words(value: object) -> str:
    """A value as a page would write it: enumeration members by their lower-case name."""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else repr(value)


def duration_in_words(milliseconds: int) -> str:
    """A duration in the largest unit that divides it: 20000 is `20 s`."""
    for size, unit in ((3_600_000, "h"), (60_000, "min"), (1_000, "s")):
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size} {unit}"
    return f"{milliseconds} ms"


def phrase(expr: Expr[Any]) -> str:
    """An expression as a person would write it, with no brackets that it can do without."""
    return _phrase(expr, 0)


def _phrase(expr: Expr[Any], binding: int) -> str:
    """`binding` says how tightly the context binds: 0 nothing, 1 if-then, 2 or, 3 and, 4 not, 5 comparison, 6 sum."""
    text, own = _said(expr)
    return f"({text})" if own < binding else text


def _said(expr: Expr[Any]) -> tuple[str, int]:
    match expr:
        case Compare(op="==", left=Count(part=part, where=where), right=Const(value=0)):
            if isinstance(where, Not):
                return f"all {part.name} {_selector(where.part)}".rstrip(), 5
            return f"no {part.name} {_selector(where)}".rstrip(), 5
        case Compare(op=">", left=Count(part=part, where=where), right=Const(value=0)):
            return f"some {part.name} {_selector(where)}".rstrip(), 5
        case Compare(op=op, left=left, right=right):
            return f"{_phrase(left, 6)} {SIGNS[op]} {_phrase(right, 6)}", 5
        case Arithmetic(op=op, left=left, right=right):
            own = 7 if op == "*" else 6
            return f"{_phrase(left, own)} {SIGNS[op]} {_phrase(right, own + 1)}", own
        case Junction(op=op, parts=parts):
            own = 3 if op == "and" else 2
            return f" {op} ".join(_phrase(part, own + 1) for part in parts), own
        case Not(part=InState(part=part, states=states)):
            return f"{part.name + ' ' if part else ''}not {_names(states)}", 5
        case Not(part=part):
            return f"not {_phrase(part, 5)}", 4
        case Implies(premise=premise, conclusion=conclusion):
            return f"if {_phrase(premise, 2)} then {_phrase(conclusion, 1)}", 1
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return f"{_phrase(then, 6)} if {_phrase(condition, 2)} else {_phrase(otherwise, 6)}", 1
        case Moment(when=when, of=of):
            return f"{_phrase(of, 6)} {when}", 5
        case ForEach(part=part, formula=inner):
            return f"for each of {part.name}: {_phrase(inner, 0)}", 0
        case _:
            return _leaf(expr), 9


def _leaf(expr: Expr[Any]) -> str:
    match expr:
        case Const(value=value):
            return value_in_words(value)
        case Var(name=name) | Param(name=name) | FieldRef(name=name):
            return name
        case Clock(part=part):
            return f"time in state of {part.name}" if part else "time in state"
        case Stamp(what=what):
            return what
        case InState(part=part, states=states):
            return f"{part.name} {_names(states)}" if part else _names(states)
        case PartVar(part=part, var=var):
            return f"{part.name}.{var.name}"
        case Count(part=part, where=where):
            return f"number of {part.name} {_selector(where)}".rstrip()
        case Emitted(effect=effect):
            return f"number of {label(effect)} ever"
        case Happens(events=events):
            return f"on {' or '.join(label(event) for event in events)}"
        case _:
            raise AssertionError(type(expr))


def _selector(where: Expr[Any]) -> str:
    """What comes after the name of the part: nothing for every instance, states bare, the rest with `with`."""
    if isinstance(where, InState):
        return "" if len(where.states) > 4 else _names(where.states)
    if isinstance(where, Junction) and where.op == "and" and isinstance(where.parts[0], InState):
        rest = " and ".join(_phrase(part, 4) for part in where.parts[1:])
        return f"{_selector(where.parts[0])} with {rest}".strip()
    return f"with {_phrase(where, 0)}"


def _names(states: tuple[Any, ...]) -> str:
    return " or ".join(state.name for state in states)
