"""What makes two declarations the same: a fingerprint of everything that decides how a system behaves.

A stored snapshot names the fingerprint of the system that wrote it, so that another system does
not read it by accident. It is the SHA-256 of a canonical description, equal in every process.

In it: parts, states, variables, transitions, wires, rules, parameters, assumptions. Left out is
what no step can show: docs, kinds, the happy path, names of rules and assumptions, citations,
properties, and the defaults of parameters (a profile says what they are).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from enum import Enum
from hashlib import sha256
from typing import Any

import attrs

from fsm.language.domains import Booleans, Domain, Enumeration, Integers, Opaque
from fsm.language.events import effect_fields, field_refs
from fsm.language.expressions import Const, Expr, Var
from fsm.language.machine import Machine, Transition
from fsm.language.parts import Each, Move, Part, Sent
from fsm.language.rewriting import structure, substitute
from fsm.language.system import System, Wire

__all__ = ["fingerprint"]


def fingerprint(system: System) -> str:
    """The SHA-256 of what decides how a system behaves, as 64 hexadecimal digits."""
    written = json.dumps(_system(system), separators=(",", ":"), ensure_ascii=True)
    return sha256(written.encode("ascii")).hexdigest()


def _system(system: System) -> list[Any]:
    return [
        "verified-fsm declaration 1",
        system.name,
        [_part(part) for part in system.parts],
        [_wire(wire) for wire in system.all_wires],
        [[[event.__name__ for event in rule.on], _tree(rule.when)] for rule in system.rules],
        [[param.name, _domain(param.domain)] for param in system.parameters],
        [_tree(assumption.that) for assumption in system.all_assumptions],
    ]


def _part(part: Part) -> list[Any]:
    machine = _machine(part.machine)
    if isinstance(part, Each):
        return ["each", part.name, machine, part.key, _tree(part.at_most), _tree(part.population)]
    return ["one", part.name, machine]


def _machine(machine: Machine) -> list[Any]:
    return [
        [state.name for state in machine.states],
        machine.initial.name,
        [_variable(variable) for variable in machine.variables],
        [_transition(transition) for transition in machine.transitions],
    ]


def _variable(variable: Var[Any]) -> list[Any]:
    return [variable.name, _domain(variable.domain), _value(variable.initial)]


def _transition(transition: Transition) -> list[Any]:
    return [
        [state.name for state in transition.sources],
        _event(transition.event),
        _tree(transition.guard),
        _tree(transition.duration),
        None if transition.target is None else transition.target.name,
        [[variable.name, _expr(value)] for variable, value in transition.updates],
        [[_effect(emit.effect), _fields(emit.fields)] for emit in transition.effects],
    ]


def _wire(wire: Wire) -> list[Any]:
    sender = wire.event.part.name if isinstance(wire.event, Sent) else None
    return [_event(wire.event_class), sender, _tree(wire.when), [_move(move) for move in wire.moves]]


def _move(move: Move) -> list[Any]:
    return [move.part.name, _tree(move.key), _tree(move.where), move.action.__name__, _fields(move.payload)]


def _event(event: type) -> list[Any]:
    return [event.__name__, [[name, _domain(ref.domain)] for name, ref in field_refs(event).items()]]


def _effect(effect: type) -> list[Any]:
    return [effect.__name__, [[name, _domain(domain)] for name, domain in effect_fields(effect).items()]]


def _fields(fields: tuple[tuple[str, Expr[Any]], ...]) -> list[Any]:
    return [[name, _expr(value)] for name, value in sorted(fields, key=lambda field: field[0])]


def _expr(expr: Expr[Any]) -> Any:
    """The structure of an expression, with constants of carried data put in canonical words."""

    def spell(node: Expr[Any]) -> Expr[Any] | None:
        return (
            Const(json.dumps(_value(node.value)))
            if isinstance(node, Const) and isinstance(node.domain, Opaque)
            else None
        )

    return _tree(substitute(expr, spell))


def _tree(expr: Expr[Any] | None) -> str:
    return structure(expr, named=lambda cls: cls.__name__)


def _value(value: Any) -> list[Any]:
    """A constant or an initial value; one whose class says nothing of it counts by its class alone."""
    kind = type(value)
    match value:
        case Enum():
            said: Any = value.name
        case None | bool() | int() | str():
            said = value
        case tuple() | list():
            said = [_value(item) for item in value]
        case set() | frozenset():
            said = sorted(json.dumps(_value(item)) for item in value)
        case Mapping():
            said = sorted(json.dumps([_value(name), _value(item)]) for name, item in value.items())
        case _ if attrs.has(kind):
            said = [[field.name, _value(getattr(value, field.name))] for field in attrs.fields(kind)]
        case _ if is_dataclass(kind):
            said = [[field.name, _value(getattr(value, field.name))] for field in dataclass_fields(kind)]
        case _:
            said = "" if repr(value) == object.__repr__(value) else repr(value)
    return [kind.__qualname__, said]


def _domain(domain: Domain) -> list[Any]:
    match domain:
        case Booleans():
            return ["boolean"]
        case Enumeration(members=members):
            return ["choice", members.__name__, [member.name for member in members]]
        case Integers(low=low, high=high):
            return ["integer", low, high]
    kind = domain.type
    return ["opaque", kind.__qualname__ if isinstance(kind, type) else str(kind)]
