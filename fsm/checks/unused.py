"""What a declaration has and nothing uses: a variable, a parameter, an event that reaches no machine, a rule that forbids nothing. It is told, and is no
fault: a service may read a variable in the snapshot, and a machine may be a part of other systems too.

Carried data is there to be read by others, and is not spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fsm.language.domains import Opaque
from fsm.language.expressions import Const, Expr, Param, Var
from fsm.language.leaves import PartVar
from fsm.language.machine import Machine
from fsm.language.parts import Each
from fsm.language.printing import label
from fsm.language.properties import Property
from fsm.language.system import System
from fsm.language.traversal import walk

__all__ = ["unused"]


def unused(system: System) -> tuple[str, ...]:
    """In words, in the order of the declaration; of a machine alone as the only part of a system.

    A variable that is read only to give itself its next value counts as not read.
    """
    machines = list(dict.fromkeys(part.machine for part in system.parts))
    read = [node for expr in _read(system, machines) for node in walk(expr)]
    known = {id(node.var if isinstance(node, PartVar) else node) for node in read}
    owned = [(machine, variable) for machine in machines for variable in machine.variables]
    variables = [
        f"variable {variable.name}{_of(machine, machines)}: nothing reads it"
        for machine, variable in owned
        if not isinstance(variable.domain, Opaque) and id(variable) not in known
    ]
    parameters = [f"parameter {one.name}: nothing reads it" for one in system.parameters if id(one) not in known]
    sent = {(move.part.machine, move.action) for wire in system.all_wires for move in wire.moves}
    events = [
        f"event {label(event)}{_of(machine, machines)}: no wire sends it"
        for machine in machines
        for event in dict.fromkeys(line.event for line in machine.transitions if line.duration is None)
        if (machine, event) not in sent
    ]
    rules = [
        f"rule {one.name!r}: it forbids nothing"
        for one in system.rules
        if isinstance(one.when, Const) and one.when.value
    ]
    return (*variables, *parameters, *events, *rules)


def _of(machine: Machine, machines: list[Machine]) -> str:
    return "" if len(machines) == 1 else f" of {machine.name}"


def _read(system: System, machines: list[Machine]) -> Iterator[Expr[Any]]:
    """Every expression that decides something, is shown to somebody, or is claimed."""
    for machine in machines:
        for line in machine.transitions:
            yield from _given(line.guard, line.duration)
            yield from (value for variable, value in line.updates if not _only_itself(value, variable))
            yield from (value for effect in line.effects for _, value in effect.fields)
        yield from _claimed(machine.properties)
    for wire in system.wires:
        yield from _given(wire.when)
        for move in wire.moves:
            yield from _given(move.key, move.where)
            yield from (value for _, value in move.payload)
    for part in system.parts:
        yield from _given(part.at_most, part.population) if isinstance(part, Each) else ()
    yield from (rule.when for rule in system.rules)
    yield from (one.that for one in system.all_assumptions)
    yield from _claimed(system.properties)


def _claimed(properties: tuple[Property, ...]) -> Iterator[Expr[Any]]:
    for claim in properties:
        yield from _given(claim.formula, claim.premise, claim.duration)


def _given(*some: Expr[Any] | None) -> Iterator[Expr[Any]]:
    yield from (one for one in some if one is not None)


def _only_itself(value: Expr[Any], variable: Var[Any]) -> bool:
    """Whether an update reads the variable alone, parameters aside that it reads too."""
    read = [node for node in walk(value) if isinstance(node, Var | Param)]
    return bool(read) and all(node is variable for node in read)
