"""What expressions read, compiled: the leaves of one instance and of the parts of a system, and selectors of instances.

The subject of a closure is an instance in guards, updates and effects, the tuple of parts in rules and wires.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import attrs

from fsm.language.expressions import Arithmetic, Compare, Const, Expr, Junction, Var
from fsm.language.leaves import AnyMachine, Clock, Count, InState, PartVar, Stamp
from fsm.language.snapshot import Instance, places
from fsm.language.system import System
from fsm.runtime.compiled_expressions import OPERATORS, Closure, Leaf, compile_expression

__all__ = ["instance_leaf", "system_leaf"]


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
