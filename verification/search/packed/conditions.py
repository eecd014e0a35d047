"""Conditions of which only how many keys are of each kind is still open.

Everything else (parameters, the fields of the event, the states and variables of parts made by
`one`) is known when tables are made. What is left are comparisons of sums of counts with zero, since the
language counts and multiplies with constants only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from fsm.language.domains import Booleans
from fsm.language.expressions import Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not
from fsm.semantics.evaluation import OPERATORS

__all__ = [
    "Cond",
    "Read",
    "Sum",
    "Test",
    "both",
    "compare",
    "condition",
    "either",
    "opposite",
    "tests_in",
    "truth",
    "worth",
]


@attrs.frozen
class Sum:
    """A whole number: a constant, and for each kind so many times the keys that are of it."""

    many: tuple[tuple[int, int], ...] = ()
    constant: int = 0

    @classmethod
    def of(cls, factors: Iterable[tuple[int, int]], constant: int = 0) -> Sum:
        """With the factors of each kind added up."""
        found: dict[int, int] = {}
        for kind, factor in factors:
            found[kind] = found.get(kind, 0) + factor
        return cls(tuple(sorted((kind, factor) for kind, factor in found.items() if factor)), constant)

    def plus(self, other: Sum, times: int = 1) -> Sum:
        """This and so many times the other."""
        return Sum.of(
            [*self.many, *((kind, times * factor) for kind, factor in other.many)],
            self.constant + times * other.constant,
        )


@attrs.frozen
class Test:
    """`sum op 0`."""

    sum: Sum
    op: str


@attrs.frozen
class All:
    parts: tuple[Cond, ...]


@attrs.frozen
class Some:
    parts: tuple[Cond, ...]


@attrs.frozen
class Opposite:
    part: Cond


Cond = bool | Test | All | Some | Opposite


@attrs.frozen
class ByCase:
    """A value that depends on conditions: each with the value it then has."""

    cases: tuple[tuple[Cond, Any], ...]


Read = Callable[[Expr[Any]], Any]
"""The value of a leaf: a plain value where it is known; a `Sum`, a condition or `ByCase` where it is not."""


def both(parts: Iterable[Cond]) -> Cond:
    """All of them."""
    return _joined(parts, All, True)


def either(parts: Iterable[Cond]) -> Cond:
    """Some of them."""
    return _joined(parts, Some, False)


def _joined(parts: Iterable[Cond], junction: type[All] | type[Some], neutral: bool) -> Cond:
    """A junction of what is left when what changes nothing is dropped; the opposite of that alone decides."""
    left: list[Cond] = []
    for part in parts:
        if part is (not neutral):
            return part
        if part is not neutral:
            left.append(part)
    return neutral if not left else left[0] if len(left) == 1 else junction(tuple(left))


def opposite(part: Cond) -> Cond:
    return not part if isinstance(part, bool) else Opposite(part)


def condition(expr: Expr[Any], read: Read) -> Cond:
    """A formula with everything known put in."""
    match expr:
        case Const(value=value):
            return bool(value)
        case Junction(op=op, parts=parts):
            return (both if op == "and" else either)(condition(part, read) for part in parts)
        case Not(part=part):
            return opposite(condition(part, read))
        case Implies(premise=premise, conclusion=conclusion):
            return either([opposite(condition(premise, read)), condition(conclusion, read)])
        case Choose(condition=asked, then=then, otherwise=otherwise):
            test = condition(asked, read)
            return either([both([test, condition(then, read)]), both([opposite(test), condition(otherwise, read)])])
        case Compare(op=op, left=left, right=right):
            pairs = (
                (here, there, one, other) for here, one in _cases(left, read) for there, other in _cases(right, read)
            )
            return either(both([here, there, compare(op, one, other)]) for here, there, one, other in pairs)
        case _:
            value = read(expr)
            return value if isinstance(value, Test | All | Some | Opposite) else bool(value)


def worth(expr: Expr[Any], read: Read) -> Any:
    """What an expression is worth, as a leaf of a larger one may be."""
    if isinstance(expr.domain, Booleans):
        return condition(expr, read)
    found = tuple((when, value) for when, value in _cases(expr, read) if when is not False)
    return found[0][1] if len(found) == 1 else ByCase(found)


def compare(op: str, left: Any, right: Any) -> Cond:
    """Two values, either of which may be a sum."""
    if not isinstance(left, Sum) and not isinstance(right, Sum):
        return bool(OPERATORS[op](left, right))
    difference = _sum(left).plus(_sum(right), -1)
    return Test(difference, op) if difference.many else bool(OPERATORS[op](difference.constant, 0))


def _sum(value: Any) -> Sum:
    return value if isinstance(value, Sum) else Sum((), value)


def _cases(expr: Expr[Any], read: Read) -> Iterator[tuple[Cond, Any]]:
    """The values that an expression may have, each with when it has it."""
    match expr:
        case Const(value=value):
            yield True, value
        case Arithmetic(op=op, left=left, right=right):
            for here, one in _cases(left, read):
                for there, other in _cases(right, read):
                    yield both([here, there]), _calculated(op, one, other)
        case Choose(condition=asked, then=then, otherwise=otherwise):
            test = condition(asked, read)
            yield from ((both([test, here]), value) for here, value in _cases(then, read))
            yield from ((both([opposite(test), here]), value) for here, value in _cases(otherwise, read))
        case Junction() | Not() | Implies() | Compare():
            yield from _truths(condition(expr, read))
        case _:
            value = read(expr)
            if isinstance(value, ByCase):
                yield from value.cases
            else:
                yield from _truths(value) if isinstance(value, Test | All | Some | Opposite) else [(True, value)]


def _truths(test: Cond) -> list[tuple[Cond, bool]]:
    return [(True, test)] if isinstance(test, bool) else [(test, True), (opposite(test), False)]


def _calculated(op: str, left: Any, right: Any) -> Any:
    if not isinstance(left, Sum) and not isinstance(right, Sum):
        return OPERATORS[op](left, right)
    if op == "*":
        known, open_ = (left, right) if isinstance(right, Sum) else (right, left)
        return Sum().plus(open_, known)
    return _sum(left).plus(_sum(right), 1 if op == "+" else -1)


def tests_in(found: Cond) -> Iterator[Test]:
    """Every comparison that a condition is made of."""
    match found:
        case Test():
            yield found
        case All(parts=parts) | Some(parts=parts):
            for part in parts:
                yield from tests_in(part)
        case Opposite(part=part):
            yield from tests_in(part)


def truth(found: Cond, known: Callable[[Test], bool]) -> bool:
    """The value of a condition, its comparisons being known."""
    match found:
        case Test():
            return known(found)
        case All(parts=parts):
            return all(truth(part, known) for part in parts)
        case Some(parts=parts):
            return any(truth(part, known) for part in parts)
        case Opposite(part=part):
            return not truth(part, known)
        case _:
            return found
