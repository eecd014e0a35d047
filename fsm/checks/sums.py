"""Integer expressions as sums: `coins >= price`, `~(coins < price)` and `price - coins <= 0` all bound `coins - price`."""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd
from typing import Any

import attrs

from fsm.language.expressions import Arithmetic, Const, Expr
from fsm.language.rewriting import structure

__all__ = ["Sum", "sum_of"]


@attrs.frozen
class Sum:
    """`divisor * (the sum of each term times its factor) + constant`; the factors have no divisor in common.

    Attributes:
        terms: what is no sum itself, by its structure.
        factors: of each term; a term that cancels out is not among them.
    """

    terms: dict[str, Expr[Any]]
    factors: frozenset[tuple[str, int]]
    divisor: int
    constant: int


def sum_of(signed: Iterable[tuple[Expr[Any], int]]) -> Sum:
    """The sum of integer expressions, each so many times."""
    waiting, constant = list(signed), 0
    terms: dict[str, Expr[Any]] = {}
    factors: dict[str, int] = {}
    while waiting:
        expr, times = waiting.pop()
        match expr:
            case Const(value=value):
                constant += times * value
            case (
                Arithmetic(op="*", left=Const(value=value), right=other)
                | Arithmetic(op="*", left=other, right=Const(value=value))
            ):
                waiting.append((other, times * value))
            case Arithmetic(op=op, left=left, right=right):
                waiting += [(left, times), (right, -times if op == "-" else times)]
            case _:
                key = structure(expr)
                terms[key], factors[key] = expr, factors.get(key, 0) + times
    divisor = gcd(*factors.values()) or 1
    return Sum(terms, frozenset((key, many // divisor) for key, many in factors.items() if many), divisor, constant)
