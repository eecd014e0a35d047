"""Parameters given their values and constants folded, so that the compiled step does not pay for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fsm.language.expressions import Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not, Param
from fsm.language.leaves import Moment
from fsm.language.rewriting import rewrite
from fsm.semantics.evaluation import interpret


def with_values(expr: Expr[Any], params: Mapping[str, Any]) -> Expr[Any]:
    """The expression for one profile: parameters replaced by constants, then simplified."""
    return rewrite(expr, lambda node: Const(params[node.name]) if isinstance(node, Param) else _folded(node))


def simplify(expr: Expr[Any]) -> Expr[Any]:
    """An expression of the same value everywhere, with constants folded."""
    return rewrite(expr, _folded)


def _folded(node: Expr[Any]) -> Expr[Any]:
    """A node over what is folded already."""
    match node:
        case Junction(op=op, parts=parts):
            return _junction(node, op, parts)
        case Not(part=Const(value=value)):
            return Const(not value)
        case Implies(premise=Const(value=value), conclusion=conclusion):
            return conclusion if value else Const(True)
        case Choose(condition=Const(value=value), then=then, otherwise=otherwise):
            return then if value else otherwise
        case Compare(left=Const(), right=Const()) | Arithmetic(left=Const(), right=Const()):
            return Const(interpret(node, params={}))
        case Moment(of=Const() as known):
            return known
        case _:
            return node


def _junction(whole: Expr[Any], op: str, parts: tuple[Expr[Any], ...]) -> Expr[Any]:
    decisive = op == "or"
    if any(isinstance(part, Const) and part.value == decisive for part in parts):
        return Const(decisive)
    left = tuple(part for part in parts if not isinstance(part, Const))
    if not left:
        return Const(not decisive)
    return left[0] if len(left) == 1 else whole if len(left) == len(parts) else Junction(op, left)
