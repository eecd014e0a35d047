"""Updates that could leave a variable's range: interval arithmetic, sharpened by the guard."""

from __future__ import annotations

from typing import Any

from fsm.domains import Integers
from fsm.errors import DefinitionError
from fsm.expressions import Arithmetic, Choose, Compare, Const, Expr, Formula, Junction, Var, structure
from fsm.words import phrase

Bounds = dict[Any, tuple[int | None, int | None]]


def check_range(where: str, variable: Var[Any], value: Expr[Any], guard: Formula | None) -> None:
    """Raise DefinitionError when an integer update may leave the variable's range."""
    wanted = variable.domain
    if not isinstance(wanted, Integers):
        return
    low, high = _interval(value, _bounds(guard))
    too_low = wanted.low is not None and (low is None or low < wanted.low)
    too_high = wanted.high is not None and (high is None or high > wanted.high)
    if too_low or too_high:
        span = f"{'-∞' if low is None else low} to {'∞' if high is None else high}"
        raise DefinitionError(
            where,
            f"sets {variable.name} to {phrase(value)}, which may be {span}, but it is {wanted}",
            "Guard the transition, or widen the variable.",
        )


def _bounds(guard: Formula | None) -> Bounds:
    """What the conjuncts of a guard say of single expressions: `n < 5` bounds n by 4."""
    bounds: Bounds = {}
    parts = guard.parts if isinstance(guard, Junction) and guard.op == "and" else (guard,)
    for part in parts:
        if isinstance(part, Compare):
            _bound(bounds, part.op, part.left, part.right)
            _bound(bounds, FLIPPED[part.op], part.right, part.left)
    return bounds


FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _bound(bounds: Bounds, op: str, subject: Expr[Any], limit: Expr[Any]) -> None:
    if isinstance(subject, Const) or not isinstance(subject.domain, Integers):
        return
    least, most = _interval(limit, {})
    low, high = bounds.get(structure(subject), (subject.domain.low, subject.domain.high))
    if op in ("<", "<=", "==") and most is not None:
        top = most - (op == "<")
        high = top if high is None else min(high, top)
    if op in (">", ">=", "==") and least is not None:
        bottom = least + (op == ">")
        low = bottom if low is None else max(low, bottom)
    bounds[structure(subject)] = (low, high)


def _interval(expr: Expr[Any], bounds: Bounds) -> tuple[int | None, int | None]:
    known = bounds.get(structure(expr))
    if known is not None:
        return known
    match expr:
        case Const(value=value):
            return (value, value)
        case Choose(then=then, otherwise=otherwise):
            (a, b), (c, d) = _interval(then, bounds), _interval(otherwise, bounds)
            return (None if a is None or c is None else min(a, c), None if b is None or d is None else max(b, d))
        case Arithmetic(op="*", left=left, right=right):
            factor, other = (left, right) if isinstance(left, Const) else (right, left)
            assert isinstance(factor, Const)
            ends = [None if end is None else end * factor.value for end in _interval(other, bounds)]
            return (ends[0], ends[1]) if factor.value >= 0 else (ends[1], ends[0])
        case Arithmetic(op=op, left=left, right=right):
            (a, b), (c, d) = _interval(left, bounds), _interval(right, bounds)
            if op == "-":
                c, d = (None if d is None else -d), (None if c is None else -c)
            return (None if a is None or c is None else a + c, None if b is None or d is None else b + d)
        case _:
            assert isinstance(expr.domain, Integers)
            return (expr.domain.low, expr.domain.high)
