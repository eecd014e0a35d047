"""What can be wrong in a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsm.checks.names import check_names
from fsm.checks.ranges import check_range
from fsm.checks.reading import check_carried, check_reading
from fsm.errors import DefinitionError
from fsm.events import check_fields
from fsm.expressions import (
    Clock, Emitted, Expr, FieldRef, Happens, InState, Moment, Param, Stamp, Var, structure, walk,
)  # fmt: skip
from fsm.properties import Modality, Property

if TYPE_CHECKING:
    from fsm.machine import Machine, State, Transition

GUARD = {Var, FieldRef, Param, Clock}
UPDATE = {Var, FieldRef, Param, Stamp}
EFFECT = {Var, FieldRef, Param, Stamp, Clock}
CLAIM = {Var, Param, Clock, InState, Emitted}
STEP_CLAIM = CLAIM | {Moment, Happens}


def check_machine(machine: Machine) -> None:
    """Raise DefinitionError for the first thing that is wrong."""
    where = f"machine {machine.name}"
    check_names(where, "machine", [machine.name])
    check_names(where, "state", [state.name for state in machine.states])
    check_names(where, "variable", [variable.name for variable in machine.variables], reserved=True)
    check_names(where, "event", [event.__name__ for event in machine.events])
    if machine.initial not in machine.states:
        raise DefinitionError(where, f"its initial state {machine.initial.name!r} is not declared")
    for transition in machine.transitions:
        _check_transition(machine, transition)
    for state in machine.states:
        _check_order(machine, state)
    _check_senders(machine)
    for assumption in machine.assumptions:
        check_reading(f"{where}: assumption {assumption.name!r}", assumption.that, {Param})
    for claim in machine.properties:
        check_claim(f"{where}: property {claim.sentence!r}", claim, CLAIM, STEP_CLAIM)
        _check_own(f"{where}: property {claim.sentence!r}", machine, claim.formula)
        if claim.premise is not None:
            _check_own(f"{where}: property {claim.sentence!r}", machine, claim.premise)
    check_sentences(where, machine.properties)


def _check_transition(machine: Machine, transition: Transition) -> None:
    where = f"machine {machine.name}: {transition.where}"
    targets = () if transition.target is None else (transition.target,)
    for state in (*transition.sources, *targets):
        if state not in machine.states:
            raise DefinitionError(where, f"state {state.name!r} is not declared")
    if transition.guard is not None:
        check_reading(where, transition.guard, GUARD)
        check_carried(where, transition.guard)
        _check_reads(where, machine, transition, transition.guard)
    if transition.duration is not None:
        check_reading(where, transition.duration, {Param})
    for variable, value in transition.updates:
        _check_known(where, machine, variable)
        check_reading(where, value, UPDATE)
        _check_reads(where, machine, transition, value)
        check_fields(where, {variable.name: variable.domain}, {variable.name: value})
        check_range(where, variable, value, transition.guard)
    for emit in transition.effects:
        for _, value in emit.fields:
            check_reading(where, value, EFFECT)
            _check_reads(where, machine, transition, value)


def _check_reads(where: str, machine: Machine, transition: Transition, expr: Expr[Any]) -> None:
    for node in walk(expr):
        if isinstance(node, Var):
            _check_known(where, machine, node)
        if isinstance(node, FieldRef) and node.event is not transition.event:
            raise DefinitionError(where, f"{node.event.__name__}.{node.name} is a field of another event")


def _check_known(where: str, machine: Machine, variable: Var[Any]) -> None:
    if not any(variable is known for known in machine.variables):
        raise DefinitionError(where, f"variable {variable.name!r} is not declared", f"List it in the variables of {machine.name}.")


def _check_order(machine: Machine, state: State) -> None:
    """A transition after one of the same state and event that always goes first can never fire."""
    seen: dict[type, list[Any]] = {}
    for transition in machine.leaving(state):
        guard = structure(transition.guard)
        earlier = seen.setdefault(transition.event, [])
        timed = structure(transition.duration)
        if any(length == timed and other in (None, guard) for length, other in earlier):
            raise DefinitionError(
                f"machine {machine.name}: {transition.where}",
                f"can never fire in {state.name}: an earlier transition on {transition.event.__name__} has the same guard or none",
            )
        earlier.append((timed, guard))


def _check_senders(machine: Machine) -> None:
    for event in machine.timed_events:
        if any(transition.event is event and transition.duration is None for transition in machine.transitions):
            raise DefinitionError(
                f"machine {machine.name}", f"{event.__name__} is sent by time and by callers", "Use one event for each."
            )


def _check_own(where: str, machine: Machine, expr: Expr[Any]) -> None:
    """The states, variables, events and effects that a property names are the machine's own."""
    effects = {emit.effect for transition in machine.transitions for emit in transition.effects}
    for node in walk(expr):
        if isinstance(node, Var):
            _check_known(where, machine, node)
        if isinstance(node, InState):
            for state in node.states:
                if node.part is not None or state not in machine.states:
                    raise DefinitionError(where, f"state {state.name!r} is not one of {machine.name}")
        if isinstance(node, Happens):
            for event in node.events:
                if event not in machine.events:
                    raise DefinitionError(where, f"{event.__name__} is no event of {machine.name}")
        if isinstance(node, Emitted) and node.effect not in effects:
            raise DefinitionError(where, f"no transition emits {node.effect.__name__}")


def check_claim(where: str, claim: Property, readable: set[type], step_readable: set[type]) -> None:
    """Check what a property reads; `before`, `after` and `happens` belong to `each_step` alone."""
    allowed = step_readable if claim.modality is Modality.EACH_STEP else readable
    for expr in (claim.premise, claim.formula):
        if expr is not None:
            check_reading(where, expr, allowed)
            check_carried(where, expr)
    if claim.modality is Modality.EACH_STEP:
        _check_moments(where, claim.formula, inside=False)
    if claim.duration is not None:
        check_reading(where, claim.duration, {Param})
        low = getattr(claim.duration.domain, "low", None)
        if low is None or low <= 0:
            raise DefinitionError(where, "its duration is not positive")


def _check_moments(where: str, expr: Expr[Any], inside: bool) -> None:
    """Every state and variable in a step formula is read before or after, and not twice deep."""
    from fsm.expressions import Count, PartVar, children
    from fsm.words import phrase

    if isinstance(expr, Moment):
        if inside:
            raise DefinitionError(where, f"{phrase(expr)} stands inside another before() or after()")
        inside = True
    elif not inside and isinstance(expr, (Var, InState, PartVar, Clock, Count, Emitted)):
        raise DefinitionError(where, f"{phrase(expr)} is read neither before nor after the step", "Wrap it in before(...) or after(...).")
    for node in children(expr):
        _check_moments(where, node, inside)


def check_sentences(where: str, claims: tuple[Property, ...]) -> None:
    seen: set[str] = set()
    for claim in claims:
        if claim.sentence in seen:
            raise DefinitionError(where, f"two properties say {claim.sentence!r}")
        seen.add(claim.sentence)
