"""Parameters given their values and constants folded, so that the compiled step does not pay for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fsm.language.expressions import Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not, Param
from fsm.language.leaves import Applied, Count, ForEach, Moment
from fsm.language.rewriting import children, substitute
from fsm.semantics.evaluation import interpret


def with_values(expr: Expr[Any], params: Mapping[str, Any]) -> Expr[Any]:
    """The expression for one profile: parameters replaced by constants, then simplified."""
    return simplify(substitute(expr, lambda node: Const(params[node.name]) if isinstance(node, Param) else None))


def simplify(expr: Expr[Any]) -> Expr[Any]:
    """An expression of the same value everywhere, with constants folded."""
    below = tuple(simplify(child) for child in children(expr))
    match expr:
        case Junction(op=op):
            return _junction(op, below)
        case Not():
            return Const(not below[0].value) if isinstance(below[0], Const) else Not(below[0])
        case Implies():
            premise, conclusion = below
            if isinstance(premise, Const):
                return conclusion if premise.value else Const(True)
            return Implies(premise, conclusion)
        case Choose():
            condition, then, otherwise = below
            if isinstance(condition, Const):
                return then if condition.value else otherwise
            return Choose(condition, then, otherwise)
        case Compare(op=op) | Arithmetic(op=op):
            made = type(expr)(op, *below)
            return Const(interpret(made, params={})) if all(isinstance(one, Const) for one in below) else made
        case Applied(function=function, of=of):
            return Applied(function, below, of)
        case Count(part=part):
            return Count(part, below[0])
        case ForEach(part=part):
            return ForEach(part, below[0])
        case Moment(when=when):
            return below[0] if isinstance(below[0], Const) else Moment(when, below[0])
        case _:
            return expr


def _junction(op: str, parts: tuple[Expr[Any], ...]) -> Expr[Any]:
    decisive = op == "or"
    if any(isinstance(part, Const) and part.value == decisive for part in parts):
        return Const(decisive)
    left = tuple(part for part in parts if not isinstance(part, Const))
    if not left:
        return Const(not decisive)
    return left[0] if len(left) == 1 else Junction(op, left)
