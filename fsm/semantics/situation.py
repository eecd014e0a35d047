"""What leaves of formulas say of concrete parts, for the interpreter: the slow twin of `fsm.runtime.compiled_expressions`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from fsm.language.expressions import Expr, Param, Var
from fsm.language.leaves import Clock, Count, FieldRef, InState, PartVar, Stamp
from fsm.language.parts import Each, Move
from fsm.language.snapshot import Instance, initial_instance
from fsm.language.system import System, Wire
from fsm.semantics.evaluation import fold

__all__ = ["Read", "applied_wire", "matching", "named_instances", "read_instance", "read_system"]

Read = Callable[[Expr[Any]], Any]


def read_instance(
    instance: Instance,
    *,
    event: object,
    at: int,
    key: Hashable,
    params: Mapping[str, Any],
    fields: Mapping[str, Any] | None = None,
) -> Read:
    """Leaves that a machine's own expressions may have, read off one instance.

    Args:
        fields: the action's fields by name, where a wire gives them; else they are read off `event`.
    """
    variables = instance.variables

    def read(node: Expr[Any]) -> Any:
        match node:
            case Var(name=name):
                return variables[name]
            case InState(states=states):
                return instance.state in {state.name for state in states}
            case Clock():
                return at - instance.since
            case Param(name=name):
                return params[name]
            case FieldRef(name=name):
                return getattr(event, name) if fields is None else fields[name]
            case Stamp(what=what):
                return {"key": key, "now": at, "since": instance.since}[what]
            case _:
                raise AssertionError(node)

    return read


def read_system(
    system: System, parts: tuple[Any, ...], *, event: object, at: int, key: Hashable, params: Mapping[str, Any]
) -> Read:
    """Leaves that conditions of a system may have, read off its parts."""

    def read(node: Expr[Any]) -> Any:
        match node:
            case InState(part=part, states=states) if part is not None:
                return parts[system.parts.index(part)].state in {state.name for state in states}
            case PartVar(part=part, var=var):
                return parts[system.parts.index(part)].variables[var.name]
            case Clock(part=part) if part is not None:
                return at - parts[system.parts.index(part)].since
            case Count():
                return len(matching(system, parts, node, at=at, params=params))
            case Param(name=name):
                return params[name]
            case FieldRef(name=name):
                return getattr(event, name)
            case Stamp(what=what):
                return {"key": key, "now": at}[what]
            case _:
                raise AssertionError(node)

    return read


def matching(
    system: System, parts: tuple[Any, ...], count: Count, *, at: int, params: Mapping[str, Any]
) -> dict[Hashable, Instance]:
    """The instances that a count counts, by key, in the order of their keys."""
    instances = parts[system.parts.index(count.part)]
    return {
        key: one
        for key, one in sorted(instances.items(), key=lambda item: repr(item[0]))
        if fold(count.where, read_instance(one, event=None, at=at, key=key, params=params))
    }


def applied_wire(
    system: System,
    parts: tuple[Any, ...],
    wires: list[Wire],
    *,
    event: object,
    at: int,
    key: Hashable,
    params: Mapping[str, Any],
) -> Wire | None:
    """The wire, of those of one event, whose condition holds; None when none does."""
    read = read_system(system, parts, event=event, at=at, key=key, params=params)
    return next((one for one in wires if one.when is None or fold(one.when, read)), None)


def named_instances(
    system: System,
    parts: tuple[Any, ...],
    move: Move,
    *,
    event: object,
    at: int,
    key: Hashable,
    params: Mapping[str, Any],
) -> list[tuple[Hashable, Instance]]:
    """The instances that a move names, with their keys; one that does not exist yet is in its initial state."""
    part = parts[system.parts.index(move.part)]
    if not isinstance(move.part, Each):
        return [(None, part)]
    if move.where is not None:
        return list(matching(system, parts, Count(move.part, move.where), at=at, params=params).items())
    which = getattr(event, move.key.name) if isinstance(move.key, FieldRef) else key
    return [(which, part.get(which, initial_instance(move.part.machine, at)))]
