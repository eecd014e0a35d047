"""What can be wrong in a system."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from fsm.checks.disjoint import overlap
from fsm.checks.machines import check_claim, check_sentences
from fsm.checks.names import check_names
from fsm.checks.reading import check_carried, check_reading, expressions_of
from fsm.domains import Opaque
from fsm.errors import DefinitionError
from fsm.events import label
from fsm.expressions import (
    Clock, Const, Count, Emitted, Expr, FieldRef, ForEach, Happens, InState, Moment, Param, PartVar, Stamp, Var, walk,
)  # fmt: skip
from fsm.system import Each, Move, One, Rule, Sent, System, Wire
from fsm.words import phrase

if TYPE_CHECKING:
    from fsm.properties import Property

CONDITION = {FieldRef, Param, InState, PartVar, Count}
WHERE = {Var, InState}
PAYLOAD = {FieldRef, Param, Stamp}
CLAIM = {Param, InState, PartVar, Count, Emitted, ForEach, Clock, Var}
STEP_CLAIM = CLAIM | {Moment, Happens}


def check_system(system: System) -> None:
    """Raise DefinitionError for the first thing that is wrong."""
    where = f"system {system.name}"
    check_names(where, "system", [system.name])
    check_names(where, "part", [part.name for part in system.parts])
    check_names(where, "parameter", [param.name for param in system.parameters])
    for part in system.parts:
        _check_part(where, system, part)
    for assumption in system.assumptions:
        _check_condition(f"{where}: assumption {assumption.name!r}", system, assumption.that, {Param})
    for written in system.wires:
        _check_wire(where, system, written)
    check_names(where, "event", [event.__name__ for event in system.events])
    _check_disjoint(where, system)
    for rule in system.rules:
        _check_rule(where, system, rule)
    for claim in system.properties:
        _check_property(f"{where}: property {claim.sentence!r}", system, claim)
    check_sentences(where, system.properties)


def _check_part(where: str, system: System, part: One | Each) -> None:
    for place, expr in expressions_of(part.machine):
        _check_parameters(place, system, expr)
    if isinstance(part, One):
        return
    if part.machine.timers(part.machine.initial):
        raise DefinitionError(
            f"{where}: part {part.name}",
            f"a timer starts in {part.machine.initial.name!r}, the initial state of an each() machine, where no instance exists yet",
        )
    for expr in (part.at_most, part.population):
        if expr is not None:
            _check_condition(f"{where}: part {part.name}", system, expr, {Param})


def _check_wire(where: str, system: System, written: Wire) -> None:
    name = label(written.event_class)
    place = f"{where}: wire on {name}"
    if isinstance(written.event, Sent):
        _check_belongs(place, system, written.event.part)
        if written.event.event not in written.event.part.machine.timed_events:
            raise DefinitionError(place, f"time never sends {name} to {written.event.part.name}")
    elif any(written.event in part.machine.timed_events for part in system.parts):
        raise DefinitionError(place, f"{name} is sent by time", f"Write wire(part.sends({written.event_class.__name__}), ...).")
    if written.when is not None:
        _check_condition(place, system, written.when, CONDITION)
        _check_fields(place, written.when, (written.event_class,))
    for move in written.moves:
        _check_move(place, system, written, move)
    _check_apart(place, written)


def _check_move(place: str, system: System, written: Wire, move: Move) -> None:
    _check_belongs(place, system, move.part)
    action = move.action.__name__
    if move.action not in move.part.machine.events:
        raise DefinitionError(place, f"{action} is no event of {move.part.machine.name}")
    if move.action in move.part.machine.timed_events:
        raise DefinitionError(place, f"{action} is sent to {move.part.name} by time and cannot be wired")
    if move.key is not None:
        sent_key = isinstance(move.key, Stamp) and isinstance(written.event, Sent)
        if not sent_key and not (isinstance(move.key, FieldRef) and isinstance(move.key.domain, Opaque)):
            raise DefinitionError(
                place, f"{phrase(move.key)} is no key", "A key is an opaque field of the wire's event, or the .key of what time sends."
            )
        _check_fields(place, move.key, (written.event_class,))
    if move.where is not None:
        check_reading(place, move.where, WHERE)
        check_carried(place, move.where)
    for _, value in move.payload:
        check_reading(place, value, PAYLOAD)
        _check_parameters(place, system, value)
        _check_fields(place, value, (written.event_class,))


def _check_apart(place: str, written: Wire) -> None:
    """No instance may be named twice in one step, so `every` stands alone on its part."""
    for first, second in combinations(written.moves, 2):
        if first.part is second.part and (first.key is None or second.key is None):
            raise DefinitionError(place, f"moves {first.part.name} twice", "Only instances named by different keys may move together.")


def _check_disjoint(where: str, system: System) -> None:
    for first, second in combinations(system.all_wires, 2):
        same = first.event_class is second.event_class and _sender(first) is _sender(second)
        if same and overlap(_condition(first), _condition(second)):
            name = label(first.event_class)
            raise DefinitionError(
                f"{where}: wires on {name}",
                f"the conditions {phrase(_condition(first))!r} and {phrase(_condition(second))!r} overlap",
                "At most one wire may apply to an event.",
            )


def _sender(written: Wire) -> object:
    return written.event.part if isinstance(written.event, Sent) else None


def _condition(written: Wire) -> Expr[bool]:
    return Const(True) if written.when is None else written.when


def _check_rule(where: str, system: System, rule: Rule) -> None:
    place = f"{where}: rule {rule.name!r}"
    for event in rule.on:
        if any(event in part.machine.timed_events for part in system.parts):
            raise DefinitionError(place, f"{label(event)} is sent by time, which no rule can forbid")
        if event not in system.events:
            raise DefinitionError(place, f"no wire knows {label(event)}")
    _check_condition(place, system, rule.when, CONDITION)
    for event in rule.on:
        _check_fields(place, rule.when, (event,))


def _check_condition(place: str, system: System, expr: Expr[Any], allowed: set[type]) -> None:
    _check_parts(place, system, expr, allowed)
    check_carried(place, expr)
    _check_parameters(place, system, expr)


def _check_parts(place: str, system: System, expr: Expr[Any], allowed: set[type]) -> None:
    """Parts belong to the system; below a count or a for_each stand the instance's own names."""
    from fsm.expressions import children

    if isinstance(expr, (Count, ForEach)):
        _check_belongs(place, system, expr.part)
        if type(expr) not in allowed:
            check_reading(place, expr, allowed)
        inner = WHERE | {Param} if isinstance(expr, Count) else allowed | WHERE | {Clock}
        _check_instance(place, expr.part, children(expr)[0])
        _check_parts(place, system, children(expr)[0], inner)
        return
    if isinstance(expr, (InState, PartVar, Clock)) and expr.part is not None:
        _check_belongs(place, system, expr.part)
    if isinstance(expr, (InState, Clock)) and expr.part is None and Var not in allowed:
        raise DefinitionError(place, f"{phrase(expr)} names no part", "Write part.inside(...).")
    check_reading(place, _shallow(expr), allowed | {Const})
    for child in children(expr):
        _check_parts(place, system, child, allowed)


def _shallow(expr: Expr[Any]) -> Expr[Any]:
    from fsm.expressions import children

    return Const(True) if children(expr) and not isinstance(expr, (Moment, Count, ForEach)) else Const(True) if isinstance(expr, Moment) else expr


def _check_instance(place: str, part: One | Each, expr: Expr[Any]) -> None:
    """Variables and states below a count or a for_each are those of the part's machine."""
    for node in walk(expr):
        if isinstance(node, Var) and not any(node is known for known in part.machine.variables):
            raise DefinitionError(place, f"{part.machine.name} has no variable {node.name!r}")
        if isinstance(node, InState) and node.part is None:
            for state in node.states:
                if state not in part.machine.states:
                    raise DefinitionError(place, f"{part.machine.name} has no state {state.name!r}")


def _check_property(place: str, system: System, claim: Property) -> None:
    from fsm.properties import Modality

    step = claim.modality is Modality.EACH_STEP
    for expr in (claim.premise, claim.formula):
        if expr is not None:
            _check_parts(place, system, expr, (STEP_CLAIM if step else CLAIM) - {Var})
            _check_parameters(place, system, expr)
            _check_named(place, system, expr)
    check_claim(place, claim, CLAIM, STEP_CLAIM)


def _check_named(place: str, system: System, expr: Expr[Any]) -> None:
    sent = {event for part in system.parts for event in part.machine.events} | set(system.events)
    effects = {emit.effect for part in system.parts for transition in part.machine.transitions for emit in transition.effects}
    for node in walk(expr):
        if isinstance(node, Happens):
            for event in node.events:
                if event not in sent:
                    raise DefinitionError(place, f"{event.__name__} is no event of {system.name} or its parts")
        if isinstance(node, Emitted) and node.effect not in effects:
            raise DefinitionError(place, f"no transition emits {getattr(node.effect, '__name__', node.effect)}")


def _check_belongs(place: str, system: System, part: One | Each) -> None:
    if not any(part is known for known in system.parts):
        raise DefinitionError(place, f"{part.name} is no part of {system.name}")


def _check_parameters(place: str, system: System, expr: Expr[Any]) -> None:
    for node in walk(expr):
        if isinstance(node, Param) and not any(node is known for known in system.parameters):
            raise DefinitionError(place, f"parameter {node.name!r} is not declared", f"List it in the parameters of {system.name}.")


def _check_fields(place: str, expr: Expr[Any], events: tuple[type, ...]) -> None:
    for node in walk(expr):
        if isinstance(node, FieldRef) and node.event not in events:
            raise DefinitionError(place, f"{node.event.__name__}.{node.name} is a field of another event")
