"""What a machine says, said of a part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.checks.kinds import check_kind
from fsm.language.expressions import Expr, Formula, Implies, Not, Var
from fsm.language.leaves import Clock, Count, Emitted, ForEach, InState, Moment, PartVar
from fsm.language.machine import Machine
from fsm.language.parts import Each, Move, One, Part, Sent, one
from fsm.language.properties import Modality, Property
from fsm.language.rewriting import substitute
from fsm.language.system import Rule, System, Wire
from fsm.language.traversal import walk

__all__ = ["as_system", "inherited", "inherited_places", "localize", "localized"]


def as_system(target: Machine | System) -> System:
    """A system as it is; a machine as the system of which it is the only part."""
    if isinstance(target, System):
        return target
    check_kind("as_system()", target, Machine, "a machine or a system")
    part = one(target.name, target)
    claims = tuple(localized(claim, part) for claim in target.properties)
    params = target.parameters
    profiles = tuple(one.within(params) for one in target.profiles)
    return System(target.name, (part,), (), (), params, target.assumptions, claims, profiles, target.doc)


def localized(claim: Property, part: One) -> Property:
    """A claim of a machine, said of a part made by `one`."""
    premise = None if claim.premise is None else localize(claim.premise, part)
    return attrs.evolve(claim, formula=localize(claim.formula, part), premise=premise)


def localize(expr: Expr[Any], part: One) -> Expr[Any]:
    """What a machine says of itself, said of a part made by `one`."""

    def swap(node: Expr[Any]) -> Expr[Any] | None:
        match node:
            case InState(part=None, states=states):
                return InState(part, states)
            case Var() as variable:
                return PartVar(part, variable)
            case Clock():
                return Clock(part)
            case _:
                return None

    return substitute(expr, swap)


def inherited(part: Part) -> tuple[Property, ...]:
    """The safety properties of a part's machine, said of the part: wires and rules only restrict a machine.

    Not among them is one that counts effects, since those of all parts and instances are counted
    together. One that reads a variable after the step says nothing of a step by which an instance
    is forgotten: its variables are then as at the start, where those of the machine alone are kept.
    """
    return tuple(claim for _, claim in inherited_places(part))


def inherited_places(part: Part) -> tuple[tuple[int, Property], ...]:
    """The same, each with the place of what is claimed among the properties of the part's machine."""
    kept = []
    for place, claim in enumerate(part.machine.properties):
        counts = any(isinstance(node, Emitted) for node in walk(claim.formula))
        if claim.modality in (Modality.ALWAYS, Modality.EACH_STEP) and not counts and not claim.retracted:
            said = (
                localize(claim.formula, part)
                if isinstance(part, One)
                else ForEach(part, _unless_forgotten(part, claim.formula))
            )
            kept.append((place, attrs.evolve(claim, formula=said)))
    return tuple(kept)


def _unless_forgotten(part: Each, claim: Formula) -> Formula:
    later = [node for node in walk(claim) if isinstance(node, Moment) and node.when == "after"]
    if not any(isinstance(below, Var) for node in later for below in walk(node)):
        return claim
    return Implies(Moment("after", Not(InState(None, (part.machine.initial,)))), claim)


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

    known: Mapping[Any, Part] = parts

    def moved(part: Part) -> Part:
        return known.get(part, part)

    def swap(node: Expr[Any]) -> Expr[Any] | None:
        match node:
            case InState() | Clock() | PartVar() | Count() | ForEach() if node.part in known:
                there = attrs.evolve(node, part=known[node.part])
                return there.with_below(*(substitute(one, swap) for one in node.below()))
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
