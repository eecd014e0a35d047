"""For how long a formula measures the time in state: after that no comparison with it changes any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.language.domains import Integers
from fsm.language.expressions import Arithmetic, Choose, Compare, Const, Expr, Formula
from fsm.language.leaves import Clock
from fsm.language.traversal import bottom_up, walk
from fsm.semantics.simplification import with_values

__all__ = ["longest_measured"]


def longest_measured(formula: Formula, params: Mapping[str, Any]) -> int | None:
    """A time in state after which no comparison with it changes any more, milliseconds; None where there may be no such."""
    compared = [node for node in walk(with_values(formula, params)) if isinstance(node, Compare) and _reads_clock(node)]
    bounds = [bottom_up(side, _greatest).bound for node in compared for side in (node.left, node.right)]
    return None if None in bounds else sum(bound for bound in bounds if bound is not None)


@attrs.frozen
class _Size:
    """How large everything but the time in state can be in an expression, whatever its sign; None where there is no end."""

    bound: int | None
    clocked: bool = False


def _greatest(expr: Expr[Any], below: tuple[_Size, ...]) -> _Size:
    clocked = any(one.clocked for one in below)
    match expr:
        case Clock():
            return _Size(0, True)
        case Const(value=value):
            return _Size(abs(int(value)) if isinstance(value, int) else None)
        case Arithmetic(op=op):
            one, other = below
            factor = isinstance(expr.left, Const) or isinstance(expr.right, Const)
            if one.bound is None or other.bound is None or (op == "*" and clocked and not factor):
                return _Size(None, clocked)
            return _Size(one.bound * other.bound if op == "*" else one.bound + other.bound, clocked)
        case Choose():
            _, one, other = below
            endless = one.bound is None or other.bound is None
            return _Size(None if endless else (one.bound or 0) + (other.bound or 0), clocked)
        case Expr(domain=Integers(low=int() as low, high=int() as high)):
            return _Size(max(abs(low), abs(high)), clocked)
        case _:
            return _Size(None, clocked)


def _reads_clock(expr: Expr[Any]) -> bool:
    return any(isinstance(node, Clock) for node in walk(expr))
