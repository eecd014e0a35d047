"""Expressions made of others: parts of them exchanged; and what makes two of them the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import Any

import attrs

from fsm.language.expressions import Expr, Formula, Junction, Not
from fsm.language.traversal import bottom_up

__all__ = ["conjuncts", "opposite", "rewrite", "structure", "structures", "substitute"]


def substitute(expr: Expr[Any], swap: Callable[[Expr[Any]], Expr[Any] | None]) -> Expr[Any]:
    """The same tree with every node for which `swap` answers replaced by the answer; what is below that is not looked at."""
    return bottom_up(expr, _over, swap)


def rewrite(expr: Expr[Any], rule: Callable[[Expr[Any]], Expr[Any]]) -> Expr[Any]:
    """The tree with every node replaced by what the rule makes of it, from the leaves upwards."""
    return bottom_up(expr, lambda node, below: rule(_over(node, below)))


def _over(node: Expr[Any], below: tuple[Expr[Any], ...]) -> Expr[Any]:
    """The node over other children; itself where they are the same, so that what was shared stays shared."""
    if all(new is old for new, old in zip(below, node.below(), strict=True)):
        return node
    made = node.with_below(*below)
    return attrs.evolve(made, called=node.called) if node.called else made


def conjuncts(expr: Expr[Any]) -> Iterator[Expr[Any]]:
    """What must all hold for a formula to hold, in the order it was written: each node once."""
    seen: set[int] = set()
    waiting = [expr]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Junction) and one.op == "and":
            waiting += reversed(one.parts)
        else:
            yield one


def structure(expr: Expr[Any] | None, named: Callable[[type], object] = id) -> str:
    """A short text, equal exactly for equal trees; empty where there is none.

    Args:
        named: what tells one class of events or effects from another; by default the class itself, in this process.
    """
    return "" if expr is None else structures([expr], named)[id(expr)]


def opposite(one: Formula, other: Formula) -> bool:
    """Whether one condition is the other with a `~` before it: then one of them holds, and never both."""
    return structure(Not(one)) == structure(other) or structure(one) == structure(Not(other))


def structures(exprs: Iterable[Expr[Any]], named: Callable[[type], object] = id) -> dict[int, str]:
    """The structure of every node of some expressions, by its identity."""
    found: dict[int, str] = {}

    def combine(node: Expr[Any], below: tuple[str, ...]) -> str:
        head = [_plain(one, named) for one in node.head()]
        said = repr((head, below)).encode("utf-8", "surrogatepass")
        return found.setdefault(id(node), blake2b(said, digest_size=16).hexdigest())

    for expr in exprs:
        bottom_up(expr, combine, lambda node: found.get(id(node)))
    return found


def _plain(said: object, named: Callable[[type], object]) -> object:
    if isinstance(said, type):
        return named(said)
    return sorted(map(repr, (_plain(one, named) for one in said))) if isinstance(said, tuple) else said
