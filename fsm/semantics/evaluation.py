"""What an expression means, by walking the tree: slow, plain, and independent of the closures.

`fsm.live`, explanations of refusals and the checks of declarations read values this way; the
agreement tests compare it with the compiled closures and with Z3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

from fsm.language.expressions import Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not, Param
from fsm.language.leaves import Applied

__all__ = ["fold", "interpret"]

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge, "+": add, "-": sub, "*": mul,
}  # fmt: skip


def fold(expr: Expr[Any], read: Callable[[Expr[Any]], Any]) -> Any:
    """The value of an expression whose leaves (everything but constants and operators) `read` knows."""
    match expr:
        case Const(value=value):
            return value
        case Compare(op=op, left=left, right=right) | Arithmetic(op=op, left=left, right=right):
            return OPERATORS[op](fold(left, read), fold(right, read))
        case Junction(op="and", parts=parts):
            return all(fold(part, read) for part in parts)
        case Junction(parts=parts):
            return any(fold(part, read) for part in parts)
        case Not(part=part):
            return not fold(part, read)
        case Implies(premise=premise, conclusion=conclusion):
            return not fold(premise, read) or fold(conclusion, read)
        case Applied(function=function, arguments=arguments):
            return function(*[fold(argument, read) for argument in arguments])
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return fold(then if fold(condition, read) else otherwise, read)
        case _:
            return read(expr)


def interpret(expr: Expr[Any], *, params: Mapping[str, Any]) -> Any:
    """The value of an expression over parameters alone."""

    def read(node: Expr[Any]) -> Any:
        assert isinstance(node, Param), node
        return params[node.name]

    return fold(expr, read)
