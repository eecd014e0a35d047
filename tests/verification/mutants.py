"""Declarations with one thing changed: a rule, a guard, a target, a timer, an assumption, the rest as it was.

Parts are told apart by identity, so a system with a changed machine is built anew around it: every
expression, wire and property that names the old part names the new one.
"""

from __future__ import annotations

from typing import Any

import attrs

from fsm.expressions import Count, Expr, ForEach, InState, Moment, PartVar, substitute
from fsm.machine import Machine, State, Transition
from fsm.properties import Property
from fsm.system import Move, Part, Rule, Sent, System, Wire

__all__ = ["with_changed", "with_claims", "with_machine", "with_transition", "without", "without_assumptions", "without_rules"]


def without_rules(system: System, *names: str) -> System:
    """The system with these rules dropped, each of which it has."""
    kept = tuple(rule for rule in system.rules if rule.name not in names)
    assert len(system.rules) - len(names) == len(kept), names
    return attrs.evolve(system, rules=kept)


def without_assumptions(declared: Any) -> Any:
    """A machine or system that takes nothing for granted."""
    return attrs.evolve(declared, assumptions=())


def with_claims(machine: Machine, *sentences: str) -> Machine:
    """The machine with these properties alone: others may name an event that a change leaves out."""
    return attrs.evolve(machine, properties=tuple(one for one in machine.properties if one.sentence in sentences))


def with_transition(machine: Machine, *added: Transition) -> Machine:
    """One transition more, tried last."""
    return attrs.evolve(machine, transitions=(*machine.transitions, *added))


def without(machine: Machine, source: State, event: type) -> Machine:
    """What leaves a state on an event is dropped."""
    return _split(machine, source, event, lambda one: ())


def with_changed(machine: Machine, source: State, event: type, **changes: Any) -> Machine:
    """What leaves a state on an event is changed: `target=`, `guard=`, `updates=`, `effects=`, `duration=`."""
    return _split(machine, source, event, lambda one: (attrs.evolve(one, **changes),))


def _split(machine: Machine, source: State, event: type, change: Any) -> Machine:
    made: list[Transition] = []
    for one in machine.transitions:
        if source in one.sources and one.event is event:
            made += change(attrs.evolve(one, sources=(source,)))
            others = tuple(state for state in one.sources if state != source)
            made += [attrs.evolve(one, sources=others)] if others else []
        else:
            made.append(one)
    assert made != list(machine.transitions)
    return attrs.evolve(machine, transitions=tuple(made))


def with_machine(system: System, old: Machine, new: Machine) -> System:
    """The system with one machine put in the place of another."""
    parts = {part: attrs.evolve(part, machine=new) for part in system.parts if part.machine is old}

    def moved(part: Part) -> Part:
        return parts.get(part, part)

    def swap(node: Expr[Any]) -> Expr[Any] | None:
        match node:
            case InState(part=part) if part in parts:
                return InState(parts[part], node.states)
            case PartVar(part=part) if part in parts:
                return PartVar(parts[part], node.var)
            case Count(part=part) if part in parts:
                return Count(parts[part], substitute(node.where, swap))
            case ForEach(part=part) if part in parts:
                return ForEach(parts[part], substitute(node.formula, swap))
            case Moment():
                return Moment(node.when, substitute(node.of, swap))
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
