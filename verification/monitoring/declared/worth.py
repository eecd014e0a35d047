"""What an expression may be worth where only sets of values are known: abstract interpretation (Cousot and Cousot 1977).

A value is a set of values; a range of numbers, where there are many; or anything, as None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any, NamedTuple

from fsm.language.domains import Domain, Integers, Opaque
from fsm.language.expressions import LARGE, Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not
from fsm.language.leaves import FieldRef
from fsm.semantics.evaluation import OPERATORS

__all__ = ["BOTH", "Among", "Numbers", "Worth", "given", "may_be", "must_be", "of_domain", "union", "widened", "worth"]

FEW = 512
"""Of more pairs of values nothing is said."""

NO_END = 1 << 62


class Numbers(NamedTuple):
    """Whole numbers from the first to the last."""

    low: int
    high: int


Among = frozenset[Any]
Worth = Among | Numbers | None

BOTH: Among = frozenset((True, False))

LEAF = Callable[[Expr[Any]], Worth]


def may_be(value: Worth, wanted: bool) -> bool:
    """Whether a condition may be worth this."""
    return not isinstance(value, frozenset) or wanted in value


def must_be(value: Worth, wanted: bool) -> bool:
    """Whether a condition is worth this and nothing else."""
    return isinstance(value, frozenset) and value == {wanted}


def of_domain(domain: Domain) -> Worth:
    """Every value of a domain."""
    if isinstance(domain, Integers):
        low, high = domain.low, domain.high
        return Numbers(-NO_END if low is None else low, NO_END if high is None else high)
    return None if isinstance(domain, Opaque) else frozenset(domain.values())


def union(several: Iterable[Worth]) -> Worth:
    made: Among | Numbers = frozenset()
    for one in several:
        if one is None:
            return None
        if isinstance(made, frozenset) and isinstance(one, frozenset):
            made = made | one
            if len(made) > FEW:
                return None
        elif not made:
            made = one
        elif one:
            both = _range(made), _range(one)
            if both[0] is None or both[1] is None:
                return None
            made = Numbers(min(both[0].low, both[1].low), max(both[0].high, both[1].high))
    return made


def worth(expr: Expr[Any], leaf: LEAF) -> Worth:
    """What an expression may be worth; anything, where it is large or calls a function of the author's."""
    if expr.size > LARGE:
        return None
    match expr:
        case Const(value=value):
            return frozenset((value,))
        case Compare(op=op, left=left, right=right):
            return _compared(op, worth(left, leaf), worth(right, leaf))
        case Arithmetic(op=op, left=left, right=right):
            return _computed(op, worth(left, leaf), worth(right, leaf))
        case Junction(op=op, parts=parts):
            return _joined(op, [worth(part, leaf) for part in parts])
        case Not(part=part):
            return _denied(worth(part, leaf))
        case Implies(premise=premise, conclusion=conclusion):
            return _joined("or", [_denied(worth(premise, leaf)), worth(conclusion, leaf)])
        case Choose(condition=condition, then=then, otherwise=otherwise):
            said = worth(condition, leaf)
            ways = [then] * may_be(said, True) + [otherwise] * may_be(said, False)
            return union(worth(one, leaf) for one in ways)
        case _:
            return leaf(expr)


def _denied(value: Worth) -> Worth:
    return frozenset(not one for one in value) if isinstance(value, frozenset) else BOTH


def _joined(op: str, values: list[Worth]) -> Worth:
    settles = op == "or"
    if any(must_be(one, settles) for one in values):
        return frozenset((settles,))
    if all(must_be(one, not settles) for one in values):
        return frozenset((not settles,))
    return BOTH


def _range(value: Worth) -> Numbers | None:
    if isinstance(value, Numbers):
        return value
    if value and all(type(one) is int for one in value):
        return Numbers(min(value), max(value))
    return None


def _compared(op: str, left: Worth, right: Worth) -> Worth:
    if isinstance(left, frozenset) and isinstance(right, frozenset) and len(left) * len(right) <= FEW:
        return frozenset(bool(OPERATORS[op](one, other)) for one, other in product(left, right))
    one, other = _range(left), _range(right)
    if one is None or other is None:
        return BOTH
    match op:
        case "<" | ">=":
            certain, never = one.high < other.low, one.low >= other.high
        case "<=" | ">":
            certain, never = one.high <= other.low, one.low > other.high
        case _:
            certain, never = False, one.high < other.low or other.high < one.low
    if not certain and not never:
        return BOTH
    return frozenset((certain if op in ("<", "<=", "==") else never,))


def _computed(op: str, left: Worth, right: Worth) -> Worth:
    if isinstance(left, frozenset) and isinstance(right, frozenset) and len(left) * len(right) <= FEW:
        return frozenset(OPERATORS[op](one, other) for one, other in product(left, right))
    one, other = _range(left), _range(right)
    if one is None or other is None or op == "*":
        return None
    if op == "+":
        return _clamped(one.low + other.low, one.high + other.high)
    return _clamped(one.low - other.high, one.high - other.low)


def _clamped(low: int, high: int) -> Numbers:
    return Numbers(max(-NO_END, low), min(NO_END, high))


def widened(before: Worth, after: Worth) -> Worth:
    """A value that grew, as if it went on growing on that side: widening (Cousot and Cousot 1977)."""
    old, new = _range(before), _range(after)
    if old is None or new is None or before == after:
        return after
    return Numbers(old.low if new.low >= old.low else -NO_END, old.high if new.high <= old.high else NO_END)


def given(condition: Expr[Any], fields: Mapping[str, Worth], leaf: LEAF) -> Mapping[str, Worth]:
    """What fields of an event may be worth where a condition holds that compares them."""
    match condition:
        case Junction(op="and", parts=parts):
            for part in parts:
                fields = given(part, fields, leaf)
        case Compare(op=op, left=FieldRef(name=name), right=right):
            fields = {**fields, name: _compared_with(fields.get(name), op, worth(right, leaf))}
    return fields


def _compared_with(value: Worth, op: str, other: Worth) -> Worth:
    """What is left of a number that compares so with another."""
    mine, bound = _range(value), _range(other)
    if mine is None or bound is None:
        return value
    low, high = mine
    match op:
        case "<" | "<=":
            high = min(high, bound.high - (op == "<"))
        case ">" | ">=":
            low = max(low, bound.low + (op == ">"))
        case "==":
            low, high = max(low, bound.low), min(high, bound.high)
    return Numbers(low, high) if low <= high else value
