"""Walking and substituting in a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from fsm.language.expressions import Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not, Param, Var
from fsm.language.leaves import (
    Applied,
    Clock,
    Count,
    Emitted,
    FieldRef,
    ForEach,
    Happens,
    InState,
    Moment,
    PartVar,
    Stamp,
)

__all__ = ["children", "structure", "substitute", "walk"]


def children(expr: Expr[Any]) -> tuple[Expr[Any], ...]:
    """The expressions directly below, in the order they were written."""
    match expr:
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Junction(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case Implies(premise=premise, conclusion=conclusion):
            return (premise, conclusion)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Moment(of=of):
            return (of,)
        case Applied(arguments=arguments):
            return arguments
        case ForEach(formula=inner) | Count(where=inner):
            return (inner,)
        case _:
            return ()


def walk(expr: Expr[Any]) -> Iterator[Expr[Any]]:
    """The expression and everything below it, each once per place it stands."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def substitute(expr: Expr[Any], swap: Callable[[Expr[Any]], Expr[Any] | None]) -> Expr[Any]:
    """The same tree with every node for which `swap` answers replaced by the answer."""
    swapped = swap(expr)
    if swapped is not None:
        return swapped
    match expr:
        case Compare(op, left, right):
            return Compare(op, substitute(left, swap), substitute(right, swap))
        case Arithmetic(op, left, right):
            return Arithmetic(op, substitute(left, swap), substitute(right, swap))
        case Junction(op, parts):
            return Junction(op, tuple(substitute(part, swap) for part in parts))
        case Not(part):
            return Not(substitute(part, swap))
        case Implies(premise, conclusion):
            return Implies(substitute(premise, swap), substitute(conclusion, swap))
        case Choose(condition, then, otherwise):
            return Choose(substitute(condition, swap), substitute(then, swap), substitute(otherwise, swap))
        case Moment(when, of):
            return Moment(when, substitute(of, swap))
        case Applied(function, arguments, of):
            return Applied(function, tuple(substitute(argument, swap) for argument in arguments), of)
        case ForEach(part, inner):
            return ForEach(part, substitute(inner, swap))
        case Count(part, where):
            return Count(part, substitute(where, swap))
        case _:
            return expr


def structure(expr: Expr[Any] | None) -> Any:
    """The tree as nested tuples of plain values: equal exactly for equal trees."""
    if expr is None:
        return None
    below = tuple(structure(child) for child in children(expr))
    match expr:
        case Const(value=value):
            return ("const", type(value).__name__, value.name if isinstance(value, Enum) else repr(value))
        case Var(name=name) | Param(name=name):
            return (type(expr).__name__.lower(), name)
        case FieldRef(event=event, name=name):
            return ("field", event.__name__, name)
        case Clock(part=part):
            return ("elapsed", part.name if part else "")
        case Stamp(what=what):
            return ("stamp", what)
        case InState(part=part, states=states):
            return ("in", part.name if part else "", tuple(sorted(state.name for state in states)))
        case PartVar(part=part, var=var):
            return ("var of", part.name, var.name)
        case Count(part=part):
            return ("count", part.name, *below)
        case ForEach(part=part):
            return ("for each", part.name, *below)
        case Emitted(effect=effect):
            return ("emitted", effect.__name__)
        case Happens(events=events):
            return ("happens", tuple(sorted(event.__name__ for event in events)))
        case Compare(op=op) | Junction(op=op) | Arithmetic(op=op):
            return (op, *below)
        case Moment(when=when):
            return (when, *below)
        case Applied(function=function):
            return ("applied", function.__module__, function.__qualname__, *below)
        case _:
            return (type(expr).__name__.lower(), *below)
