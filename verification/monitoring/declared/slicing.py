"""A declaration sliced to what can show (Weiser 1981).

Effects are left out, and what is written to carried data and to variables that nothing reads: these keep their first values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import attrs

from fsm.errors import BadObservation
from fsm.language.composition import with_parts
from fsm.language.domains import Opaque
from fsm.language.expressions import Const, Expr, Var
from fsm.language.leaves import FieldRef, PartVar
from fsm.language.machine import Machine
from fsm.language.properties import Property
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.verification.monitoring.declared.footprint import said_of_wires
from fsm.verification.monitoring.declared.watchable import watchable

__all__ = ["numbers_in", "sliced", "variables_in"]


def numbers_in(system: System) -> frozenset[int]:
    """The constants that conditions and claims compare with."""
    nodes = (node for expr in _everything(system) for node in walk(expr))
    return frozenset(node.value for node in nodes if isinstance(node, Const) and type(node.value) is int)


def _everything(system: System) -> Iterator[Expr[Any]]:
    """Everything that decides what happens or is claimed."""
    yield from (rule.when for rule in system.rules)
    yield from said_of_wires(system.all_wires, _fields_read(system))
    for machine in dict.fromkeys(part.machine for part in system.parts):
        for one in machine.transitions:
            yield from (expr for expr in (one.guard, one.duration) if expr is not None)
            yield from (value for _, value in one.updates)
        yield from _claimed(machine.properties)
    yield from _claimed(system.properties)


def _fields_read(system: System) -> frozenset[tuple[type, str]]:
    """The fields of actions that anything depends on."""
    said = [
        expr
        for part in system.parts
        for one in part.machine.transitions
        for expr in ((one.guard, *(value for _, value in one.updates)))
    ]
    nodes = [node for expr in said if expr is not None for node in walk(expr)]
    return frozenset(
        (node.event, node.name) for node in nodes if isinstance(node, FieldRef) and not isinstance(node.domain, Opaque)
    )


def _claimed(claims: Sequence[Property]) -> Iterator[Expr[Any]]:
    for claim in claims:
        if watchable(claim):
            yield from (expr for expr in (claim.formula, claim.premise, claim.duration) if expr is not None)


def sliced(system: System, shown: Mapping[str, Collection[str]]) -> System:
    """The declaration without what cannot show.

    Args:
        shown: variables that sources show, by the name of their part.

    Raises:
        BadObservation: a part has no such variable.
    """
    wanted = _wanted(system, shown)
    machines = {
        machine: _sliced_machine(machine, wanted) for machine in dict.fromkeys(part.machine for part in system.parts)
    }
    whole = attrs.evolve(system, properties=tuple(claim for claim in system.properties if watchable(claim)))
    return with_parts(whole, {part: attrs.evolve(part, machine=machines[part.machine]) for part in system.parts})


def _sliced_machine(machine: Machine, wanted: frozenset[Var[Any]]) -> Machine:
    lines = tuple(
        attrs.evolve(
            one, updates=tuple((variable, value) for variable, value in one.updates if variable in wanted), effects=()
        )
        for one in machine.transitions
    )
    return attrs.evolve(
        machine, transitions=lines, properties=tuple(claim for claim in machine.properties if watchable(claim))
    )


def _wanted(system: System, shown: Mapping[str, Collection[str]]) -> frozenset[Var[Any]]:
    """The variables on which something can depend that shows."""
    machines = tuple(dict.fromkeys(part.machine for part in system.parts))
    said = [
        *(rule.when for rule in system.rules),
        *said_of_wires(system.all_wires, _fields_read(system)),
        *_claimed(system.properties),
    ]
    for machine in machines:
        said += [one.guard for one in machine.transitions if one.guard is not None]
        said += _claimed(machine.properties)
    found = {variable for expr in said for variable in variables_in(expr)}
    for part in system.parts:
        names = {variable.name: variable for variable in part.machine.variables}
        for name in shown.get(part.name, ()):
            if name not in names:
                raise BadObservation(
                    f"part {part.name}", f"has no variable {name!r}", f"It has {', '.join(names) or 'none'}."
                )
            found.add(names[name])
    before = -1
    while before != len(found):
        before = len(found)
        updates = [
            value
            for machine in machines
            for one in machine.transitions
            for variable, value in one.updates
            if variable in found
        ]
        found |= {variable for value in updates for variable in variables_in(value)}
    return frozenset(one for one in found if not isinstance(one.domain, Opaque))


def variables_in(expr: Expr[Any]) -> Iterator[Var[Any]]:
    """The variables that an expression reads, of whichever part."""
    for node in walk(expr):
        if isinstance(node, Var):
            yield node
        elif isinstance(node, PartVar):
            yield node.var
