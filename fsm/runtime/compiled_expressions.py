"""Expressions compiled to closures: the fast reader of the same trees that `fsm.semantics.evaluation` walks.

Every closure takes `(subject, event, at, key)`. The subject is what the leaves speak of: an
instance in guards, updates and effects, the tuple of parts in rules and wires. Properties are not
compiled: `fsm.semantics.satisfaction` walks them.

You may make a closure faster. The agreement tests compare every operator with the interpreter
and with Z3.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import add, attrgetter, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

from fsm.language.expressions import LARGE, Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not
from fsm.language.leaves import Applied, FieldRef, Stamp
from fsm.language.traversal import bottom_up, in_turn

__all__ = ["Closure", "compile_expression", "constant"]

Closure = Callable[[Any, Any, Any, Any], Any]
Leaf = Callable[[Expr[Any]], Closure | None]

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": add, "-": sub, "*": mul, "<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne,
}  # fmt: skip
"""Not the table of `fsm.semantics.evaluation`: a wrong `<=` there must be seen here, and the other way round."""


def constant(value: Any) -> Closure:
    return lambda subject, event, at, key: value


def field(name: str) -> Closure:
    get = attrgetter(name)
    return lambda subject, event, at, key: get(event)


def compile_expression(expr: Expr[Any], leaf: Leaf) -> Closure:
    """A closure for the expression.

    `leaf` compiles what speaks of the subject, and the shapes for which it knows a shorter way than
    a closure for each operand; for all others it answers None.
    """
    own = leaf(expr)
    if own is not None:
        return own
    return _operator(expr, leaf) if expr.size <= LARGE else _large(expr, leaf)


def _large(expr: Expr[Any], leaf: Leaf) -> Closure:
    """A closure for a large expression: what is large in it is computed from the leaves upwards, once in a call, of a choice only the branch taken.

    The subject of the closures within is the pair of what is known in the call, by node, and the subject.
    """
    steps: dict[int, Closure] = {}
    tests: dict[int, Closure] = {}

    def small(node: Expr[Any]) -> Closure | None:
        own = compile_expression(node, leaf) if node.size <= LARGE else leaf(node)
        return None if own is None else lambda subject, event, at, key: own(subject[1], event, at, key)

    def large(node: Expr[Any], below: tuple[Closure, ...]) -> Closure:
        closures = {id(one): closure for one, closure in zip(node.below(), below, strict=True)}
        place, tests[id(node)] = id(node), below[0]
        steps[place] = _operator(node, lambda one: closures[id(one)])
        return lambda subject, event, at, key: subject[0][place]

    bottom_up(expr, large, small)

    def run(subject: Any, event: Any, at: Any, key: Any) -> Any:
        def needed(node: Expr[Any], known: dict[int, Any]) -> tuple[Expr[Any], ...]:
            below = node.below()
            if isinstance(node, Choose):
                settled = id(node.condition) not in steps or id(node.condition) in known
                chosen = settled and (
                    node.then if tests[id(node)]((known, subject), event, at, key) else node.otherwise
                )
                below = (node.condition, *([chosen] if isinstance(chosen, Expr) else []))
            return tuple(one for one in below if id(one) in steps)

        return in_turn(expr, needed, lambda node, known: steps[id(node)]((known, subject), event, at, key))[id(expr)]

    return run


def _operator(expr: Expr[Any], leaf: Leaf) -> Closure:
    """A closure for what stands at the top of an expression, over closures for what is below."""
    match expr:
        case Const(value=value):
            return constant(value)
        case FieldRef(name=name):
            return field(name)
        case Compare(op=op, left=FieldRef(name=name), right=Const(value=value)):
            return _field_against(op, name, value)
        case (
            Compare(op=op, left=left, right=Const(value=value)) | Arithmetic(op=op, left=left, right=Const(value=value))
        ):
            return _against(op, compile_expression(left, leaf), value)
        case Compare(op=op, left=left, right=right) | Arithmetic(op=op, left=left, right=right):
            return _binary(op, compile_expression(left, leaf), compile_expression(right, leaf))
        case Junction(op=op, parts=parts):
            return _junction(op, [compile_expression(part, leaf) for part in parts])
        case Not(part=part):
            inner = compile_expression(part, leaf)
            return lambda subject, event, at, key: not inner(subject, event, at, key)
        case Implies(premise=premise, conclusion=conclusion):
            given, then = compile_expression(premise, leaf), compile_expression(conclusion, leaf)
            return lambda subject, event, at, key: not given(subject, event, at, key) or then(subject, event, at, key)
        case Choose(condition=condition, then=first, otherwise=second):
            test, yes, no = (compile_expression(one, leaf) for one in (condition, first, second))
            return lambda subject, event, at, key: (yes if test(subject, event, at, key) else no)(
                subject, event, at, key
            )
        case Applied(function=function, arguments=arguments):
            values = [compile_expression(argument, leaf) for argument in arguments]
            return lambda subject, event, at, key: function(*[value(subject, event, at, key) for value in values])
        case Stamp(what="key"):
            return lambda subject, event, at, key: key
        case Stamp(what="now"):
            return lambda subject, event, at, key: at
        case _:
            raise AssertionError(expr)


def _binary(op: str, left: Closure, right: Closure) -> Closure:
    apply = OPERATORS[op]
    return lambda subject, event, at, key: apply(left(subject, event, at, key), right(subject, event, at, key))


def _against(op: str, left: Closure, value: Any) -> Closure:
    """A constant on the right, as most comparisons have: no call gives it."""
    apply = OPERATORS[op]
    return lambda subject, event, at, key: apply(left(subject, event, at, key), value)


def _field_against(op: str, name: str, value: Any) -> Closure:
    apply, get = OPERATORS[op], attrgetter(name)
    return lambda subject, event, at, key: apply(get(event), value)


def _junction(op: str, parts: list[Closure]) -> Closure:
    if len(parts) == 2:
        first, second = parts
        if op == "and":
            return lambda subject, event, at, key: first(subject, event, at, key) and second(subject, event, at, key)
        return lambda subject, event, at, key: first(subject, event, at, key) or second(subject, event, at, key)
    if len(parts) == 3:
        one, two, three = parts
        if op == "and":
            return lambda subject, event, at, key: (
                one(subject, event, at, key) and two(subject, event, at, key) and three(subject, event, at, key)
            )
        return lambda subject, event, at, key: (
            one(subject, event, at, key) or two(subject, event, at, key) or three(subject, event, at, key)
        )
    if op == "and":
        return lambda subject, event, at, key: all(part(subject, event, at, key) for part in parts)
    return lambda subject, event, at, key: any(part(subject, event, at, key) for part in parts)
