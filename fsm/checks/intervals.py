"""Values that could leave their range: interval arithmetic, sharpened by what the guard says.

Where this accepts a value, no evaluation under the guard leaves the range. It may refuse a value
that never does: intervals forget how two expressions hang together.
"""

from __future__ import annotations

from typing import Any

from fsm.errors import NeverHolds, OutOfRange
from fsm.language.domains import Domain, Integers
from fsm.language.expressions import LARGE, Arithmetic, Choose, Compare, Const, Expr, Formula, Implies, Junction, Not
from fsm.language.rewriting import structure
from fsm.language.traversal import bottom_up
from fsm.language.values.brief import brief

Interval = tuple[int | None, int | None]
"""The least and the greatest value; None where there is no end."""
NO_BOUND: Interval = (None, None)
Bounds = dict[Any, Interval]
"""Intervals of expressions, by their structure."""

FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
NEGATED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def check_range(where: str, name: str, wanted: Domain, value: Expr[Any], guard: Formula | None) -> None:
    """Raise DefinitionError when the value may leave the range of the integer `name` although the guard holds."""
    if not isinstance(wanted, Integers) or not isinstance(value.domain, Integers):
        return
    low, high = interval(value, {} if guard is None else learn({}, guard))
    too_low = wanted.low is not None and (low is None or low < wanted.low)
    too_high = wanted.high is not None and (high is None or high > wanted.high)
    if too_low or too_high:
        span = f"{'-∞' if low is None else brief(low)} to {'∞' if high is None else brief(high)}"
        raise OutOfRange(
            where,
            f"sets {name} to {value}, which may be {span}, but it is {wanted}",
            "Guard the transition, or widen the range.",
        )


def check_guard(where: str, guard: Formula) -> None:
    """Raise DefinitionError when some expression would have to lie in an empty range for the guard to hold."""
    for low, high in learn({}, guard).values():
        if low is not None and high is not None and low > high:
            raise NeverHolds(where, f"its condition {guard} can never hold", "Look at the ranges of what it compares.")


def learn(bounds: Bounds, formula: Formula, holds: bool = True) -> Bounds:
    """The bounds, with what they become where a formula holds (or does not): `n < 5` bounds n by 4."""
    waiting, seen = [(formula, holds)], set[tuple[int, bool]]()
    while waiting:
        one, true = waiting.pop()
        if (id(one), true) in seen:
            continue
        seen.add((id(one), true))
        match one:
            case Junction(op=op, parts=parts) if (op == "and") == true:
                waiting += [(part, true) for part in reversed(parts)]
            case Not(part=part):
                waiting.append((part, not true))
            case Implies(premise=premise, conclusion=conclusion) if not true:
                waiting += [(conclusion, False), (premise, True)]
            case Compare(op=op, left=left, right=right) if isinstance(left.domain, Integers):
                known = op if true else NEGATED[op]
                bounds = _bound(_bound(bounds, known, left, right), FLIPPED[known], right, left)
            case _:
                pass
    return bounds


def _bound(bounds: Bounds, op: str, subject: Expr[Any], limit: Expr[Any]) -> Bounds:
    """The bounds, where `subject op limit` holds too."""
    if isinstance(subject, Const):
        return bounds
    low, high = interval(subject, bounds)
    least, most = interval(limit, bounds)
    if op in ("<", "<=", "==") and most is not None:
        high = _least(high, most - (op == "<"))
    if op in (">", ">=", "==") and least is not None:
        low = _greatest(low, least + (op == ">"))
    if op == "!=" and least is not None and least == most:
        low = least + 1 if low == least else low
        high = least - 1 if high == least else high
    return {**bounds, structure(subject): (low, high)}


def interval(expr: Expr[Any], bounds: Bounds) -> Interval:
    """Between which values an integer expression lies, given bounds of expressions in it.

    Of a large one it forgets what the conditions of its choices say.
    """
    if expr.size > LARGE:
        return bottom_up(expr, _joined, lambda node: None if isinstance(node, Arithmetic | Choose) else _own(node))
    known = _own(expr)
    match expr:
        case Choose(condition=condition, then=then, otherwise=otherwise):
            branches = interval(then, learn(bounds, condition)), interval(otherwise, learn(bounds, condition, False))
            known = _joined(expr, (NO_BOUND, *branches))
        case Arithmetic():
            known = _joined(expr, tuple(interval(one, bounds) for one in expr.below()))
    least, most = bounds.get(structure(expr), NO_BOUND) if bounds else NO_BOUND
    return (_greatest(known[0], least), _least(known[1], most))


def _own(expr: Expr[Any]) -> Interval:
    """What the kind of a leaf says of its value."""
    domain = expr.domain
    return (domain.low, domain.high) if isinstance(domain, Integers) else NO_BOUND


def _joined(expr: Expr[Any], below: tuple[Interval, ...]) -> Interval:
    """What those of its operands say of an expression."""
    (a, b), (c, d) = below[-2:]
    match expr:
        case Choose():
            return (None if a is None or c is None else min(a, c), None if b is None or d is None else max(b, d))
        case Arithmetic(op="*", left=Const(value=factor)) | Arithmetic(op="*", right=Const(value=factor)):
            a, b = (c, d) if isinstance(expr.left, Const) else (a, b)
            low, high = None if a is None else a * factor, None if b is None else b * factor
            return (low, high) if factor >= 0 else (high, low)
        case Arithmetic(op="-"):
            c, d = (None if d is None else -d), (None if c is None else -c)
    return (None if a is None or c is None else a + c, None if b is None or d is None else b + d)


def _least(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else min(first, second)


def _greatest(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else max(first, second)
