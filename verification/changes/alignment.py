"""Two systems brought into one order, so that a state, a variable or a parameter of one is the same symbol in the other.

What only one of them has the other gets too: a state in which it never is, a parameter that it never reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from fsm.errors import DefinitionError
from fsm.language.composition import with_machine
from fsm.language.domains import Integers
from fsm.language.machine import Machine
from fsm.language.parts import Each
from fsm.language.system import System

__all__ = ["Unlike", "aligned"]


class Unlike(Exception):
    """They are made of different things; its text tells of which."""


def aligned(old: System, new: System) -> tuple[System, System]:
    """Both with the same parameters, and with parts of the same states and variables, each in one order.

    Raises:
        Unlike: a part or a variable is in one of them alone, or begins otherwise.
    """
    if [(part.name, isinstance(part, Each)) for part in old.parts] != [
        (part.name, isinstance(part, Each)) for part in new.parts
    ]:
        raise Unlike("other parts")
    old, new = _with_parameters(old, new)
    for place, part in enumerate(old.parts):
        other = new.parts[place]
        if part.machine is not other.machine:
            first, second = _machines(part.name, part.machine, other.machine)
            old, new = _with(old, part.machine, first), _with(new, other.machine, second)
    return old, new


def _with(system: System, machine: Machine, other: Machine) -> System:
    if other is machine:
        return system
    try:
        return with_machine(system, machine, other)
    except DefinitionError as refused:
        raise Unlike(str(refused)) from refused


def _with_parameters(old: System, new: System) -> tuple[System, System]:
    """Each parameter once; one that both have must be of one kind, and what is proved for the range of the older is proved for what both allow."""
    domains: dict[str, Any] = {}
    for param in (*old.parameters, *new.parameters):
        if not _alike(domains.setdefault(param.name, param.domain), param.domain):
            raise Unlike(f"another kind of the parameter {param.name}")
    order = list(domains)
    made = []
    for system, other in ((old, new), (new, old)):
        own = {param.name: param for param in system.parameters}
        more = {param.name: param for param in other.parameters}
        wanted = tuple(own[name] if name in own else more[name] for name in order)
        made.append(system if _same(wanted, system.parameters) else attrs.evolve(system, parameters=wanted))
    return made[0], made[1]


def _same(one: Sequence[object], other: Sequence[object]) -> bool:
    """The same objects: what is part of a formula has no truth value."""
    return len(one) == len(other) and all(mine is theirs for mine, theirs in zip(one, other, strict=True))


def _alike(one: Any, other: Any) -> bool:
    return bool(one == other) or (isinstance(one, Integers) and isinstance(other, Integers))


def _machines(part: str, old: Machine, new: Machine) -> tuple[Machine, Machine]:
    if old.initial.name != new.initial.name:
        raise Unlike(f"another first state of {part}")
    variables = [{one.name: (one.domain, one.initial) for one in machine.variables} for machine in (old, new)]
    if variables[0] != variables[1]:
        raise Unlike(f"other variables of {part}")
    order = list(dict.fromkeys(state.name for machine in (old, new) for state in machine.states))
    names = [one.name for one in old.variables]
    first, second = (_ordered(one, other, order, names) for one, other in ((old, new), (new, old)))
    return first, second


def _ordered(machine: Machine, other: Machine, states: Iterable[str], variables: list[str]) -> Machine:
    """The machine with its states in an order, those of the other one among them."""
    own = {state.name: state for state in machine.states}
    more = {state.name: state for state in other.states}
    wanted = tuple(own[name] if name in own else more[name] for name in states)
    kept = tuple(sorted(machine.variables, key=lambda one: variables.index(one.name)))
    if _same(wanted, machine.states) and _same(kept, machine.variables):
        return machine
    return attrs.evolve(machine, states=wanted, variables=kept)
