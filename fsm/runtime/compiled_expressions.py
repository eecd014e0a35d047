"""Expressions compiled to closures: the fast reader of the same trees that `fsm.semantics.evaluation` walks.

Every closure takes `(subject, event, at, key)`. The subject is what the leaves speak of: an
instance in guards, updates and effects, the tuple of parts in rules and wires. Properties are not
compiled: `fsm.semantics.satisfaction` walks them.

You may make a closure faster. The agreement tests compare every operator with the interpreter
and with Z3.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from operator import add, attrgetter, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any

import attrs

from fsm.language.expressions import LARGE, Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not, Var
from fsm.language.leaves import AnyMachine, Applied, Clock, Count, FieldRef, InState, PartVar, Stamp
from fsm.language.snapshot import Instance, places
from fsm.language.system import System
from fsm.language.traversal import bottom_up, in_turn

__all__ = ["Closure", "compile_expression", "constant", "instance_leaf", "system_leaf"]

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


# Leaves of one instance: guards, updates, effects, selectors


def instance_leaf(machine: AnyMachine) -> Leaf:
    """Compiles what a machine says of itself; the subject is an instance."""
    stands = places(machine)

    def leaf(expr: Expr[Any]) -> Closure | None:
        match expr:
            case (
                Compare(op=op, left=Var() as variable, right=Const(value=value))
                | Arithmetic(op=op, left=Var() as variable, right=Const(value=value))
            ):
                place, apply = stands[variable], OPERATORS[op]
                return lambda subject, event, at, key: apply(subject[place], value)
            case Var():
                place = stands[expr]
                return lambda subject, event, at, key: subject[place]
            case InState(part=None, states=states):
                names = tuple(state.name for state in states)
                return lambda subject, event, at, key: subject[0] in names
            case Clock():
                return lambda subject, event, at, key: at - subject[1]
            case Stamp(what="since"):
                return lambda subject, event, at, key: subject[1]
            case _:
                return None

    return leaf


# Leaves of a system: rules, wires, properties


def system_leaf(system: System) -> Leaf:
    """Compiles what a system says of its parts; the subject is the tuple of parts."""

    def leaf(expr: Expr[Any]) -> Closure | None:
        match expr:
            case InState(part=part, states=states) if part is not None:
                place, names = system.parts.index(part), tuple(state.name for state in states)
                return lambda subject, event, at, key: subject[place][0] in names
            case PartVar(part=part, var=var):
                place, value = system.parts.index(part), places(part.machine)[var]
                return lambda subject, event, at, key: subject[place][value]
            case Compare(op=op, left=PartVar(part=part, var=var), right=Const(value=value)):
                place, slot, apply = system.parts.index(part), places(part.machine)[var], OPERATORS[op]
                return lambda subject, event, at, key: apply(subject[place][slot], value)
            case Clock(part=part) if part is not None:
                place = system.parts.index(part)
                return lambda subject, event, at, key: at - subject[place][1]
            case Compare(op="==", left=Count(part=part, where=where), right=Const(value=0)):
                place, select = system.parts.index(part), _select(where, part.machine)
                return lambda subject, event, at, key: not select(subject[place].values(), event, at, key)
            case Compare(op=op, left=Count(part=part, where=where), right=Const(value=value)):
                place, select, apply = system.parts.index(part), _select(where, part.machine), OPERATORS[op]
                return lambda subject, event, at, key: apply(
                    len(select(subject[place].values(), event, at, key)), value
                )
            case Junction(op="and", parts=parts):
                return _none_of(system, parts)
            case Count(part=part, where=where):
                place, select = system.parts.index(part), _select(where, part.machine)
                return lambda subject, event, at, key: len(select(subject[place].values(), event, at, key))
            case _:
                return None

    return leaf


def _none_of(system: System, parts: tuple[Expr[Any], ...]) -> Closure | None:
    """Several times none, of one part, in the same states, by the value of one variable: one look at the instances is enough."""
    counts = [_none(part) for part in parts]
    selectors = [None if count is None else _selector(count.where, count.part.machine) for count in counts]
    kinds = {
        None if count is None or one is None else (id(count.part), one.states, one.place)
        for count, one in zip(counts, selectors, strict=True)
    }
    count, first = counts[0], selectors[0]
    if len(kinds) > 1 or count is None or first is None or first.place is None:
        return None
    place, values = (
        system.place(count.part),
        tuple(value for one in selectors if one is not None for value in one.values),
    )
    select = attrs.evolve(first, values=values).closure()
    return lambda subject, event, at, key: not select(subject[place].values(), event, at, key)


def _none(expr: Expr[Any]) -> Count | None:
    """Of `part.none(...)` the count that is nought."""
    match expr:
        case Compare(op="==", left=Count() as count, right=Const(value=0)):
            return count
        case _:
            return None


Select = Callable[[Collection[Instance], Any, Any, Any], Collection[Instance]]


@attrs.frozen
class _Selector:
    """The common selectors, which need no call for each instance: by states, by values of a variable, by both.

    Attributes:
        states: names; None for every instance there is.
        place: where the variable stands; None where its value does not matter.
        values: those that it may have.
    """

    states: tuple[str, ...] | None
    place: int | None = None
    values: tuple[Any, ...] = ()

    def closure(self) -> Select:
        states, place, values = self.states, self.place, self.values
        if place is None:
            if states is None:
                return lambda instances, event, at, key: instances
            return lambda instances, event, at, key: [one for one in instances if one[0] in states]
        if states is None:
            return lambda instances, event, at, key: [one for one in instances if one[place] in values]
        return lambda instances, event, at, key: [one for one in instances if one[place] in values and one[0] in states]


def _selector(where: Expr[Any], machine: AnyMachine) -> _Selector | None:
    match where:
        case InState(states=states):
            return _Selector(None if len(states) == len(machine.states) - 1 else tuple(one.name for one in states))
        case Compare(op="==", left=Var() as variable, right=Const(value=value)):
            return _Selector(None, places(machine)[variable], (value,))
        case Junction(
            op="and", parts=(InState() as inside, Compare(op="==", left=Var() as variable, right=Const(value=value)))
        ):
            there = _selector(inside, machine)
            return None if there is None else attrs.evolve(there, place=places(machine)[variable], values=(value,))
        case _:
            return None


def _select(where: Expr[Any], machine: AnyMachine) -> Select:
    """Those of some instances that fit."""
    selector = _selector(where, machine)
    if selector is not None:
        return selector.closure()
    fits = compile_expression(where, instance_leaf(machine))
    return lambda instances, event, at, key: [one for one in instances if fits(one, event, at, key)]
