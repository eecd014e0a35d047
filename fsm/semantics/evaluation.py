"""What an expression means, by walking the tree: slow, plain, and independent of the closures.

`fsm.live`, explanations of refusals and the checks of declarations read values this way; the
agreement tests compare it with the compiled closures and with Z3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

from fsm.language.expressions import LARGE, Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not, Param
from fsm.language.leaves import Applied
from fsm.language.traversal import in_turn

__all__ = ["fold", "interpret", "noted"]

NOTHING: dict[int, Any] = {}

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge, "+": add, "-": sub, "*": mul,
}  # fmt: skip


def fold(expr: Expr[Any], read: Callable[[Expr[Any]], Any]) -> Any:
    """The value of an expression whose leaves (everything but constants and operators) `read` knows."""
    return _value(expr, read, NOTHING) if expr.size <= LARGE else _large(expr, read)[id(expr)]


def _value(expr: Expr[Any], read: Callable[[Expr[Any]], Any], known: dict[int, Any]) -> Any:
    """The value, given those of some expressions below, by identity."""
    if id(expr) in known:
        return known[id(expr)]
    match expr:
        case Const(value=value):
            return value
        case Compare(op=op, left=left, right=right) | Arithmetic(op=op, left=left, right=right):
            return OPERATORS[op](_value(left, read, known), _value(right, read, known))
        case Junction(op="and", parts=parts):
            return all(_value(part, read, known) for part in parts)
        case Junction(parts=parts):
            return any(_value(part, read, known) for part in parts)
        case Not(part=part):
            return not _value(part, read, known)
        case Implies(premise=premise, conclusion=conclusion):
            return not _value(premise, read, known) or _value(conclusion, read, known)
        case Applied(function=function, arguments=arguments):
            return function(*[_value(argument, read, known) for argument in arguments])
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return _value(then if _value(condition, read, known) else otherwise, read, known)
        case _:
            return read(expr)


def _large(expr: Expr[Any], read: Callable[[Expr[Any]], Any]) -> dict[int, Any]:
    """The values of all that is large in a large expression, from the leaves upwards; of a choice only the branch that is taken."""

    def needed(node: Expr[Any], known: dict[int, Any]) -> tuple[Expr[Any], ...]:
        below: tuple[Expr[Any], ...] = () if node.size <= LARGE else node.below()
        if isinstance(node, Choose):
            settled = node.condition.size <= LARGE or id(node.condition) in known
            chosen = settled and (node.then if _value(node.condition, read, known) else node.otherwise)
            below = (node.condition, *([chosen] if isinstance(chosen, Expr) else []))
        return tuple(one for one in below if one.size > LARGE)

    return in_turn(expr, needed, lambda node, known: _value(node, read, known))


def noted(expr: Expr[Any], read: Callable[[Expr[Any]], Any], where: str) -> Any:
    """The value; what a function of the author raises says where it stands."""
    try:
        return fold(expr, read)
    except Exception as raised:
        raised.add_note(where)
        raise


def interpret(expr: Expr[Any], *, params: Mapping[str, Any]) -> Any:
    """The value of an expression over parameters alone."""

    def read(node: Expr[Any]) -> Any:
        assert isinstance(node, Param), node
        return params[node.name]

    return fold(expr, read)
