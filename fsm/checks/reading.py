"""Who may read what: which leaves an expression may have in each place of a declaration."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Any

from fsm.domains import Opaque
from fsm.errors import DefinitionError
from fsm.expressions import (
    Clock, Const, Count, Emitted, Expr, FieldRef, ForEach, Happens, InState, Moment, Param, PartVar, Stamp, Var, children,
)  # fmt: skip
from fsm.words import phrase

if TYPE_CHECKING:
    from fsm.machine import Machine

LEAVES = (Const, Var, FieldRef, Param, Clock, Stamp, InState, PartVar, Count, Emitted, Happens, Moment, ForEach)

KINDS = {
    Var: "a variable of one machine",
    FieldRef: "a field of an event",
    Param: "a parameter",
    Clock: "the time in state",
    Stamp: "an instant or a key",
    InState: "a state",
    PartVar: "a variable of a part",
    Count: "a count of instances",
    Emitted: "a count of effects",
    Happens: "the event of a step",
    Moment: "before or after a step",
    ForEach: "every instance",
}


def check_reading(where: str, expr: Expr[Any], allowed: Container[type]) -> None:
    """Raise DefinitionError when the expression reads something that this place may not read."""
    kind = type(expr)
    if kind in KINDS and kind not in allowed:
        raise DefinitionError(where, f"{phrase(expr)} cannot be read here: it is {KINDS[kind]}")
    for child in children(expr):
        check_reading(where, child, allowed)


def check_carried(where: str, expr: Expr[Any]) -> None:
    """Raise DefinitionError when a condition reads opaque data."""
    if isinstance(expr.domain, Opaque):
        raise DefinitionError(where, f"{phrase(expr)} is carried data, which no condition may read")
    for child in children(expr):
        check_carried(where, child)


def expressions_of(machine: Machine) -> Iterator[tuple[str, Expr[Any]]]:
    """Every expression of a machine with the place where it stands."""
    for transition in machine.transitions:
        where = f"{machine.name}: {transition.where}"
        for expr in (transition.guard, transition.duration):
            if expr is not None:
                yield where, expr
        for _, value in transition.updates:
            yield where, value
        for emit in transition.effects:
            for _, value in emit.fields:
                yield where, value
    for claim in machine.properties:
        for expr in (claim.premise, claim.formula, claim.duration):
            if expr is not None:
                yield f"{machine.name}: property {claim.sentence!r}", expr
    for assumption in machine.assumptions:
        yield f"{machine.name}: assumption {assumption.name!r}", assumption.that
