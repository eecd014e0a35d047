"""Expressions as Z3 terms: truth values as Bool, integers as Int, enumerations as Int by position.

What it can never say: anything about opaque data, which no expression it is given may read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import z3

from fsm.language.domains import Booleans, Domain, Enumeration, Integers
from fsm.language.expressions import LARGE, Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not
from fsm.language.traversal import bottom_up, depth
from fsm.verification.encoding import terms as build
from fsm.verification.encoding.terms import Unencodable

__all__ = ["Leaf", "constant", "of_value", "translate", "value_in", "value_of", "within"]

Leaf = Callable[[Expr[Any]], z3.ExprRef]


def of_value(value: object) -> z3.ExprRef:
    """A value of a readable domain as a Z3 constant."""
    term = build.of_value(value)
    if term is None:
        raise Unencodable(f"the value {value!r}")
    return term


def within(term: z3.ExprRef, domain: Domain) -> list[z3.BoolRef]:
    """The bounds that a domain puts on a term."""
    if isinstance(domain, Enumeration):
        return [term >= 0, term < len(domain.members)]
    if isinstance(domain, Integers):
        ends = [] if domain.low is None else [build.less(build.number(domain.low), term, strictly=False)]
        return ends if domain.high is None else [*ends, build.less(term, build.number(domain.high), strictly=False)]
    return []


def constant(term: z3.ExprRef) -> bool | int | None:
    """The value of a term that is a constant after simplification; None for any other."""
    known = build.value_of(term)
    if known is not None:
        return known
    simple = z3.simplify(term)
    if z3.is_true(simple) or z3.is_false(simple):
        return bool(z3.is_true(simple))
    return _whole(simple) if z3.is_int_value(simple) else None


def _whole(term: Any) -> int:
    try:
        return int(term.as_string())
    except ValueError as beyond:
        raise Unencodable("a number of the solver's that has more digits than Python reads") from beyond


def value_in(model: Any, term: Any) -> bool | int:
    """The value that a model gives to a term.

    Raises:
        Unencodable: it is neither a truth value nor a number that can be read.
    """
    value = constant(model.eval(term, model_completion=True))
    if value is None:
        raise Unencodable("a value of the solver's that is no number")
    return value


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": build.equal,
    "!=": lambda left, right: build.negated(build.equal(left, right)),
    "<": build.less,
    "<=": lambda left, right: build.less(left, right, strictly=False),
    ">": lambda left, right: build.less(right, left),
    ">=": lambda left, right: build.less(right, left, strictly=False),
    "+": lambda left, right: build.plus((left, right)),
    "-": lambda left, right: build.plus((left, build.times(build.number(-1), right))),
    "*": build.times,
}


Operator = (Compare, Arithmetic, Junction, Not, Implies, Choose)
DEEPEST = 1_000
"""So many operators may stand in each other."""


def translate(expr: Expr[Any], leaf: Leaf) -> Any:
    """The term of an expression, each node once; `leaf` translates what is neither a constant nor an operator.

    Raises:
        Unencodable: when a leaf cannot be said, or more operators stand in each other than Z3 is safe with.
    """
    if expr.size > LARGE and (deep := depth(expr)) > DEEPEST:
        raise Unencodable(f"an expression {deep:,} operators deep")
    return bottom_up(expr, _combined, lambda node: None if isinstance(node, Operator) else _leaf(node, leaf))


def _leaf(node: Expr[Any], leaf: Leaf) -> Any:
    return of_value(node.value) if isinstance(node, Const) else leaf(node)


def _combined(node: Expr[Any], below: tuple[Any, ...]) -> Any:
    match node:
        case Compare(op=op) | Arithmetic(op=op):
            return OPERATORS[op](*below)
        case Junction(op=op):
            return (build.conj if op == "and" else build.disj)(below)
        case Not():
            return build.negated(*below)
        case Implies():
            return build.implies(*below)
        case _:
            return build.chosen(*below)


def value_of(domain: Domain, constant: bool | int) -> Any:
    """What a constant stands for, of the values of a domain."""
    if isinstance(domain, Enumeration):
        return list(domain.members)[constant]
    return bool(constant) if isinstance(domain, Booleans) else constant
