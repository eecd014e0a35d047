"""A system with another machine in the place of one of its own.

Parts are told apart by identity, so the system is built anew around the machine: every expression,
wire and property that names the old part names the new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.language.expressions import Expr
from fsm.language.leaves import Clock, Count, ForEach, InState, PartVar
from fsm.language.machine import Machine
from fsm.language.parts import Move, Part, Sent
from fsm.language.properties import Property
from fsm.language.rewriting import substitute
from fsm.language.system import Rule, System, Wire

__all__ = ["with_machine", "with_parts"]


def with_machine(system: System, old: Machine, new: Machine) -> System:
    """The system with one machine put in the place of another.

    Raises:
        DefinitionError: the machine cannot stand there.
    """
    return with_parts(system, {part: attrs.evolve(part, machine=new) for part in system.parts if part.machine is old})


def with_parts(system: System, parts: Mapping[Part, Part]) -> System:
    """The system with other parts in the place of its own.

    Raises:
        DefinitionError: they cannot stand there.
    """

    def moved(part: Part) -> Part:
        return parts.get(part, part)

    def swap(node: Expr[Any]) -> Expr[Any] | None:
        match node:
            case InState(part=part) if part is not None and part in parts:
                return InState(parts[part], node.states)
            case Clock(part=part) if part is not None and part in parts:
                return Clock(parts[part])
            case PartVar(part=part) if part in parts:
                return PartVar(parts[part], node.var)
            case Count(part=part) if part in parts:
                return Count(parts[part], substitute(node.where, swap))
            case ForEach(part=part) if part in parts:
                return ForEach(parts[part], substitute(node.formula, swap))
            case _:
                return None

    def said(expr: Any) -> Any:
        return None if expr is None else substitute(expr, swap)

    def move(one: Move) -> Move:
        payload = tuple((name, said(value)) for name, value in one.payload)
        return attrs.evolve(one, part=moved(one.part), where=said(one.where), payload=payload)

    def rewired(one: Wire) -> Wire:
        event = attrs.evolve(one.event, part=moved(one.event.part)) if isinstance(one.event, Sent) else one.event
        return Wire(event, tuple(move(each) for each in one.moves), said(one.when))

    def rule(one: Rule) -> Rule:
        return attrs.evolve(one, when=said(one.when))

    def claim(one: Property) -> Property:
        return attrs.evolve(one, formula=said(one.formula), premise=said(one.premise))

    return attrs.evolve(
        system,
        parts=tuple(map(moved, system.parts)),
        wires=tuple(map(rewired, system.wires)),
        rules=tuple(map(rule, system.rules)),
        properties=tuple(map(claim, system.properties)),
    )
