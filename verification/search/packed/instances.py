"""What one instance of a machine can be, and where an action takes it. Time and what is carried are left out.

What it can never say: a variable without end, or a guard that reads the time in state; both are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from fsm.language.domains import Opaque
from fsm.language.expressions import Expr, Param, Var
from fsm.language.leaves import AnyMachine, Clock, FieldRef, InState
from fsm.language.machine import Machine, State
from fsm.semantics.evaluation import fold
from fsm.verification.search.packed.refused import Unpackable

__all__ = ["Being", "Fields", "initial", "land", "own_leaf"]

Fields = Callable[[str], Any]
"""The value of a field of the action, by name."""


@attrs.frozen
class Being:
    """A state with a value for each variable that a condition may read."""

    state: State
    values: tuple[object, ...]


def readable(machine: AnyMachine) -> tuple[Var[Any], ...]:
    return tuple(variable for variable in machine.variables if not isinstance(variable.domain, Opaque))


def initial(machine: Machine) -> Being:
    """What an instance starts as; of a part made by `each`, one that does not exist."""
    return Being(machine.initial, tuple(variable.initial for variable in readable(machine)))


def land(
    machine: Machine, being: Being, action: type, fields: Fields, params: Mapping[str, Any], *, forgets: bool
) -> Being | None:
    """What an action makes of an instance; None where no transition takes it.

    Args:
        forgets: an instance that enters the initial state is as new, as those of an `each` part are.
    """
    own = own_leaf(machine, being)

    def read(expr: Expr[Any]) -> Any:
        match expr:
            case Param(name=name):
                return params[name]
            case FieldRef(name=name):
                return fields(name)
            case _:
                return own(expr)

    for one in machine.leaving(being.state):
        if one.event is action and (one.guard is None or fold(one.guard, read)):
            target = being.state if one.target is None else one.target
            if forgets and target == machine.initial:
                return initial(machine)
            updates = dict(one.updates)
            values = (
                fold(updates[variable], read) if variable in updates else own(variable)
                for variable in readable(machine)
            )
            return Being(target, tuple(values))
    return None


def own_leaf(machine: AnyMachine, being: Being) -> Callable[[Expr[Any]], Any]:
    """What a machine says of itself, read off an instance."""
    values = dict(zip(readable(machine), being.values, strict=True))

    def read(expr: Expr[Any]) -> Any:
        match expr:
            case Var():
                return values[expr]
            case InState(part=None, states=states):
                return being.state in states
            case Clock():
                raise Unpackable(f"{machine.name} reads its time in state")
            case _:
                raise AssertionError(expr)

    return read
