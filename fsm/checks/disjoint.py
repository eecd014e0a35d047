"""Wires of one event whose conditions overlap: two of them could then apply at once.

Conditions compare finite values and counts. Trying every finite value, and of every integer the
numbers around each constant it is compared with, decides conditions in which expressions are
compared with constants. For the rest this finds what it finds, the proofs ask Z3, and the runtime
refuses to choose.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from fsm.domains import Integers
from fsm.expressions import Arithmetic, Compare, Const, Count, Expr, FieldRef, InState, Param, PartVar, structure, walk
from fsm.interpret import fold

LIMIT = 200_000


def overlap(first: Expr[Any], second: Expr[Any]) -> bool:
    """True when some assignment found makes both conditions hold."""
    leaves: dict[Any, Expr[Any]] = {}
    for node in (*walk(first), *walk(second)):
        if isinstance(node, (FieldRef, Param, PartVar, Count, InState)):
            leaves.setdefault(structure(node), node)
    points = sorted({point for node in (*walk(first), *walk(second)) if isinstance(node, Compare | Arithmetic) for point in _points(node)})
    choices = [_candidates(leaf, points) for leaf in leaves.values()]
    return any(_both(first, second, dict(zip(leaves, picked, strict=True))) for picked in islice(product(*choices), LIMIT))


def _points(node: Compare | Arithmetic) -> Iterator[int]:
    for side in (node.left, node.right):
        if isinstance(side, Const) and isinstance(side.value, int):
            yield from (side.value - 1, side.value, side.value + 1)


def _candidates(leaf: Expr[Any], points: list[int]) -> list[Any]:
    domain = leaf.domain
    if isinstance(domain, Integers):
        wanted = {0, 1, *points} | {end for end in (domain.low, domain.high) if end is not None}
        return sorted(point for point in wanted if domain.contains(point))
    return list(domain.values())  # type: ignore[union-attr]  # conditions read no opaque data: checked before


def _both(first: Expr[Any], second: Expr[Any], values: dict[Any, Any]) -> bool:
    def read(node: Expr[Any]) -> Any:
        return values[structure(node)]

    return bool(fold(first, read)) and bool(fold(second, read))
