"""Between which values an expression lies: interval arithmetic, sharpened by what a guard says.

No evaluation under the guard leaves the interval. It may be wider than all values that there are: of how two
expressions hang together it knows what one comparison says of a sum, or several of which one holds, and forgets the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fsm.checks.sums import Sum, sum_of
from fsm.errors import NeverHolds
from fsm.language.domains import Integers
from fsm.language.expressions import (
    LARGE,
    Arithmetic,
    Choose,
    Compare,
    Const,
    Expr,
    Formula,
    Implies,
    Junction,
    Not,
)
from fsm.language.rewriting import structure
from fsm.language.traversal import bottom_up

Interval = tuple[int | None, int | None]
"""The least and the greatest value; None where there is no end."""
NO_BOUND: Interval = (None, None)
Bounds = dict[Any, Interval]
"""Intervals of expressions, by their structure; and of sums of several terms, by their factors."""
Seen = dict[tuple[int, int], tuple[Interval, Expr[Any], Bounds]]
"""What was found out of an expression under some bounds; both are kept, so that no other takes their identity."""

FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
NEGATED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def check_guard(where: str, guard: Formula) -> None:
    """Raise DefinitionError when some expression would have to lie in an empty range for the guard to hold."""
    for known in learn({}, guard).values():
        if _is_empty(known):
            raise NeverHolds(where, f"its condition {guard} can never hold", "Look at the ranges of what it compares.")


def learn(bounds: Bounds, formula: Formula, holds: bool = True, seen: Seen | None = None) -> Bounds:
    """The bounds, with what they become where a formula holds (or does not): `n < 5` bounds n by 4, `n >= m` bounds n - m by 0."""
    waiting, met, either = [(formula, holds)], set[tuple[int, bool]](), list[list[tuple[Formula, bool]]]()
    seen = {} if seen is None else seen
    while waiting:
        one, true = waiting.pop()
        if (id(one), true) in met:
            continue
        met.add((id(one), true))
        match one:
            case Junction(op=op, parts=parts) if (op == "and") == true:
                waiting += [(part, true) for part in reversed(parts)]
            case Junction(parts=parts) if one.size <= LARGE:
                either.append([(part, true) for part in parts])
            case Not(part=part):
                waiting.append((part, not true))
            case Implies(premise=premise, conclusion=conclusion) if not true:
                waiting += [(conclusion, False), (premise, True)]
            case Implies(premise=premise, conclusion=conclusion) if one.size <= LARGE:
                either.append([(premise, False), (conclusion, True)])
            case Compare(op=op, left=left, right=right) if isinstance(left.domain, Integers):
                bounds = _compared(bounds, op if true else NEGATED[op], left, right, seen)
            case _:
                pass
    for ways in either:  # last, so that each is read beside all that holds anyway
        bounds = _one_of(bounds, ways, seen)
    return bounds


def _one_of(bounds: Bounds, ways: list[tuple[Formula, bool]], seen: Seen) -> Bounds:
    """The bounds, where one of these holds (or does not): as wide as the widest of those that can be so."""
    learned = [learn(bounds, part, true, seen) for part, true in ways]
    possible = [one for one in learned if not any(_is_empty(known) for known in one.values())]
    if not possible:
        return bounds
    first, *others = possible
    shared = {key: known for key, known in first.items() if all(key in one for one in others)}
    return {**bounds, **{key: _around([known, *(one[key] for one in others)]) for key, known in shared.items()}}


def _is_empty(known: Interval) -> bool:
    low, high = known
    return low is not None and high is not None and low > high


def _around(every: list[Interval]) -> Interval:
    """The least interval that has all of these in it."""
    lows, highs = zip(*every, strict=True)
    return (None if None in lows else min(lows), None if None in highs else max(highs))


def _compared(bounds: Bounds, op: str, left: Expr[Any], right: Expr[Any], seen: Seen) -> Bounds:
    """The bounds, where `left op right` holds too: of both sides, and of what one is more than the other."""
    one, other = interval(left, bounds, seen), interval(right, bounds, seen)
    found: Bounds = {}
    if not isinstance(left, Const):
        found[structure(left)] = _narrowed(one, op, other)
    if not isinstance(right, Const):
        found[structure(right)] = _narrowed(other, FLIPPED[op], one)
    if left.size + right.size <= LARGE:
        more = sum_of([(left, 1), (right, -1)])
        if len(more.factors) > 1:
            between = _both(_plus(one, _times(other, -1)), _of_sum(more, bounds, seen))
            low, high = _narrowed(between, op, (0, 0))
            least = None if low is None else -((more.constant - low) // more.divisor)
            most = None if high is None else (high - more.constant) // more.divisor
            found[more.factors] = (least, most)
            found[frozenset((key, -many) for key, many in more.factors)] = _times((least, most), -1)
    return {**bounds, **found}


def _narrowed(subject: Interval, op: str, limit: Interval) -> Interval:
    """Where a value lies of which `subject op limit` holds."""
    (low, high), (least, most) = subject, limit
    if op in ("<", "<=", "==") and most is not None:
        high = _least(high, most - (op == "<"))
    if op in (">", ">=", "==") and least is not None:
        low = _greatest(low, least + (op == ">"))
    if op == "!=" and least is not None and least == most:
        low = least + 1 if low == least else low
        high = least - 1 if high == least else high
    return low, high


def interval(expr: Expr[Any], bounds: Bounds, seen: Seen | None = None) -> Interval:
    """Between which values an integer expression lies, given bounds of expressions in it.

    Of a large one it forgets what the conditions of its choices say.
    """
    seen = {} if seen is None else seen
    if (once := (id(expr), id(bounds))) not in seen:
        known = _both(_made(expr, bounds, seen), bounds.get(structure(expr), NO_BOUND) if bounds else NO_BOUND)
        seen[once] = (known, expr, bounds)
    return seen[once][0]


def _made(expr: Expr[Any], bounds: Bounds, seen: Seen) -> Interval:
    """What an expression is made of says of its value."""
    if expr.size > LARGE:
        return bottom_up(expr, _joined, lambda node: None if isinstance(node, Arithmetic | Choose) else _own(node))
    match expr:
        case Choose(condition=condition, then=then, otherwise=otherwise):
            branches = [
                interval(branch, learn(bounds, condition, holds, seen), seen)
                for branch, holds in ((then, True), (otherwise, False))
            ]
            return _joined(expr, (NO_BOUND, *branches))
        case Arithmetic():
            joined = _joined(expr, tuple(interval(one, bounds, seen) for one in expr.below()))
            return _both(joined, _of_sum(sum_of([(expr, 1)]), bounds, seen))
    return _own(expr)


def _of_sum(whole: Sum, bounds: Bounds, seen: Seen) -> Interval:
    """Where a sum lies: its terms say so one by one, or some of them by a comparison, and the rest one by one."""
    known = NO_BOUND
    for together in [frozenset[tuple[str, int]](), *_within(whole, bounds)]:
        total = bounds.get(together, (0, 0))
        for key, many in whole.factors - together:
            total = _plus(total, _times(interval(whole.terms[key], bounds, seen), many))
        known = _both(known, total)
    return _plus(_times(known, whole.divisor), (whole.constant, whole.constant))


def _within(whole: Sum, bounds: Bounds) -> Iterable[frozenset[tuple[str, int]]]:
    """The sums of several of its terms that bounds are known of."""
    return [key for key in bounds if isinstance(key, frozenset) and key <= whole.factors]


def _own(expr: Expr[Any]) -> Interval:
    """What the kind of a leaf says of its value."""
    domain = expr.domain
    return (domain.low, domain.high) if isinstance(domain, Integers) else NO_BOUND


def _joined(expr: Expr[Any], below: tuple[Interval, ...]) -> Interval:
    """What those of its operands say of an expression."""
    one, other = below[-2:]
    match expr:
        case Choose():
            (a, b), (c, d) = one, other
            return (None if a is None or c is None else min(a, c), None if b is None or d is None else max(b, d))
        case Arithmetic(op="*", left=Const(value=factor)):
            return _times(other, factor)
        case Arithmetic(op="*", right=Const(value=factor)):
            return _times(one, factor)
        case Arithmetic(op="-"):
            return _plus(one, _times(other, -1))
    return _plus(one, other)


def _plus(one: Interval, other: Interval) -> Interval:
    (a, b), (c, d) = one, other
    return (None if a is None or c is None else a + c, None if b is None or d is None else b + d)


def _times(one: Interval, factor: int) -> Interval:
    low, high = (None if end is None else end * factor for end in one)
    return (low, high) if factor >= 0 else (high, low)


def _both(one: Interval, other: Interval) -> Interval:
    return (_greatest(one[0], other[0]), _least(one[1], other[1]))


def _least(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else min(first, second)


def _greatest(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else max(first, second)
