"""The form is total: whatever the language gains must be written, or these tests say that it is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from fsm import Assumption, Kind, Machine, Modality, NamedProfile, Property, Rule, State, System
from fsm.language.events import Emit
from fsm.language.expressions import Expr, Param, Var
from fsm.language.machine import Transition
from fsm.language.parts import Each, Move, One, Sent
from fsm.language.system import Wire
from fsm.language.traversal import walk

from .subjects import NAMES, subject

FIELDS: dict[type, set[str]] = {
    State: {"name", "doc", "kind"},
    Var: {"called", "size", "name", "of", "initial", "doc"},
    Param: {"called", "size", "name", "of", "default", "doc", "cites"},
    Emit: {"effect", "fields"},
    Transition: {"sources", "event", "guard", "target", "updates", "effects", "happy", "duration", "meant"},
    Machine: {"name", "states", "initial", "transitions", "variables", "properties", "assumptions", "profiles", "doc"},
    Assumption: {"name", "that", "cites"},
    NamedProfile: {"name", "values", "since", "doc"},
    Property: {"sentence", "modality", "formula", "cites", "premise", "duration", "refuted_in", "fair", "retracted"},
    One: {"name", "machine"},
    Each: {"name", "machine", "key", "at_most", "population"},
    Sent: {"part", "event"},
    Move: {"part", "key", "where", "action", "payload"},
    Wire: {"event", "moves", "when"},
    Rule: {"name", "on", "when", "cites"},
    System: {"name", "parts", "wires", "rules", "parameters", "assumptions", "properties", "profiles", "doc"},
}
"""What the form says of each thing that is declared; an expression's own size and the classes of events and effects aside."""
MEANINGLESS = {"written", "derived", "narrowed"}
"""Where a line stands in somebody's file; how a declaration was made from another; that a line has `meant`, which then stands there."""


def test_every_field_of_what_is_declared_is_known_to_the_form() -> None:
    """Whoever adds one writes it, reads it, gives it a place in the schema, and a line in this table."""
    assert FIELDS == {kind: {field.name for field in attrs.fields(kind)} - MEANINGLESS for kind in FIELDS}


def test_every_node_of_an_expression_and_every_kind_of_claim_and_state_is_in_some_declaration_that_is_read_back() -> (
    None
):
    """Each class of nodes that the language has, each modality, each kind of state."""
    formulas = [expr for name in NAMES for expr in expressions(subject(name))]
    written = {type(node).__name__ for expr in formulas for node in walk(expr)}
    machines = [one for name in NAMES for one in machines_of(subject(name))]
    claims = [claim for name in NAMES for claim in subject(name).properties]

    assert set(nodes(Expr)) - ABSTRACT == written
    assert set(Modality) == {claim.modality for claim in claims}
    assert set(Kind) == {state.kind for machine in machines for state in machine.states}


def nodes(kind: type) -> Iterator[str]:
    """The name of every class of nodes below one."""
    for below in kind.__subclasses__():
        if below.__module__.startswith("fsm.language"):
            yield below.__name__
            yield from nodes(below)


ABSTRACT = {"Truth", "Binary", "Left"}
"""What no expression is by itself, and the state that is left, for which a machine has the value itself."""


def machines_of(declaration: Machine | System) -> tuple[Machine, ...]:
    return (declaration,) if isinstance(declaration, Machine) else tuple(part.machine for part in declaration.parts)


def expressions(declaration: Machine | System) -> Iterator[Expr[Any]]:
    """Every formula of a declaration."""
    for machine in machines_of(declaration):
        yield from (expr for _, expr in machine.expressions())
    if isinstance(declaration, System):
        limits = (
            limit for part in declaration.parts if isinstance(part, Each) for limit in (part.at_most, part.population)
        )
        moves = [move for wire in declaration.wires for move in wire.moves]
        keys = (expr for move in moves for expr in (move.key, move.where, *(value for _, value in move.payload)))
        claims = (expr for claim in declaration.properties for expr in (claim.premise, claim.formula, claim.duration))
        rules = (rule.when for rule in declaration.rules)
        conditions = (wire.when for wire in declaration.wires)
        yield from (expr for expr in (*limits, *keys, *claims, *rules, *conditions) if expr is not None)
