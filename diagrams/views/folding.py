"""Conditions where some values are known: what always holds and what never does is found, as far as constants and ranges tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from fsm.checks.intervals import interval
from fsm.language.domains import Integers
from fsm.language.expressions import Compare, Const, Expr, Formula, T
from fsm.language.rewriting import substitute
from fsm.semantics.simplification import simplify

__all__ = ["folded", "holds", "never_holds", "valued"]


def folded(condition: Formula | None, known: Callable[[Expr[Any]], Any]) -> Formula | None:
    """What is left of a condition; None where it always holds.

    Args:
        known: the value of a leaf, as a constant; None where it is open.
    """
    if condition is None:
        return None
    left = simplify(substitute(valued(condition, known), _decided))
    if holds(left):
        return None
    return attrs.evolve(left, called=condition.called) if condition.called and not never_holds(left) else left


def valued(expr: Expr[T], known: Callable[[Expr[Any]], Any]) -> Expr[T]:
    """An expression with the values that are known; the same one where none is."""
    return simplify(substitute(expr, known))


def holds(condition: Formula) -> bool:
    """Whether it is plain that a condition always holds."""
    return isinstance(condition, Const) and condition.value is True


def never_holds(condition: Formula | None) -> bool:
    """Whether it is plain that a condition never holds."""
    return isinstance(condition, Const) and condition.value is False


def _decided(node: Expr[Any]) -> Expr[Any] | None:
    """A comparison that the ranges of its sides decide: no count is below nought."""
    if not isinstance(node, Compare) or not isinstance(node.left.domain, Integers):
        return None
    (low, high), (least, most) = interval(node.left, {}), interval(node.right, {})
    below = high is not None and least is not None and high < least
    at_most = high is not None and least is not None and high <= least
    above = low is not None and most is not None and low > most
    at_least = low is not None and most is not None and low >= most
    match node.op:
        case "<" if below or at_least:
            return Const(below)
        case "<=" if at_most or above:
            return Const(at_most)
        case ">" if above or at_most:
            return Const(above)
        case ">=" if at_least or below:
            return Const(at_least)
        case "==" | "!=" if below or above:
            return Const(node.op == "!=")
        case _:
            return None
