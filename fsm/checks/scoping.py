"""Who may read what: a table of places, and the walk that holds an expression to it.

A place says which leaves an expression may have there, and which place begins below a count, a
`for_each` or a moment. A scope says what names mean: whose variables and states, which parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.checks import durations
from fsm.errors import CannotBeRead, Incomplete, NoInstance, NotDeclared
from fsm.language.expressions import Expr, Param, Var
from fsm.language.leaves import (
    AnyMachine,
    AnyPart,
    Clock,
    Count,
    Emitted,
    FieldRef,
    ForEach,
    Happens,
    InState,
    Moment,
    PartVar,
    Stamp,
)


@attrs.frozen(eq=False)
class Place:
    """A place in a declaration.

    Attributes:
        name: what stands there, in words.
        reads: the leaves it may have.
        below: the place that begins below a leaf with an expression of its own.
        instead: what to write for a leaf that it may not have.
        of_steps: what to write instead of an event or a moment of a step.
    """

    name: str
    reads: tuple[type, ...]
    below: Mapping[type, Place] = attrs.field(factory=dict)
    instead: str = ""
    of_steps: str = ""


SETTING = Place(durations.SETTING, (Param,))

GUARD = Place("a guard", (Var, FieldRef, Param, Clock))
UPDATE = Place("an update", (Var, FieldRef, Param, Stamp))
EFFECT = Place("an effect", (Var, FieldRef, Param, Stamp, Clock))

COUNTED = Place("a count of instances", (Var, InState, Param))
COUNTED_ON = Place("a count of instances", (*COUNTED.reads, FieldRef))
"""Where it is not known yet whether it stands in a condition on an event (`fsm.language.by_values`) or in a claim."""
SELECTED = Place("a selection of instances", (Var, InState))
CONDITION = Place("a rule or the condition of a wire", (FieldRef, Param, InState, PartVar, Count), {Count: COUNTED})
PAYLOAD = Place("the fields of an action", (FieldRef, Param, Stamp))

WRAP = "Wrap it in before(...) or after(...)."
OF_STEPS = "Steps are spoken of in each_step(...) and can_happen(...) alone, each moment by itself."
INSTANCE = Place(
    "a claim about every instance",
    (Var, Param, Clock, InState, PartVar, Count, Emitted),
    {Count: COUNTED},
    of_steps=OF_STEPS,
)
CLAIM = Place("a property", (*INSTANCE.reads, ForEach), {Count: COUNTED, ForEach: INSTANCE}, of_steps=OF_STEPS)
STEP_INSTANCE = Place("a step, neither before nor after it", (Param, Happens, Moment), {Moment: INSTANCE}, WRAP)
STEP = Place(STEP_INSTANCE.name, (*STEP_INSTANCE.reads, ForEach), {Moment: CLAIM, ForEach: STEP_INSTANCE}, WRAP)


@attrs.frozen(eq=False)
class Scope:
    """What names mean where an expression stands.

    Attributes:
        home: the machine or system that is declared, in words.
        owner: the machine whose states, variables and time in state may be named bare.
        parts: the parts that may be named.
        parameters: the parameters that may be named; None for any.
        fields: events whose fields may be read; None for any.
        events: events that a step may be taken on.
        effects: effects that are emitted.
    """

    home: str
    owner: AnyMachine | None = None
    parts: tuple[AnyPart, ...] = ()
    parameters: tuple[Param[Any], ...] | None = None
    fields: tuple[type, ...] | None = ()
    events: tuple[type, ...] = ()
    effects: tuple[type, ...] = ()


def check_reading(where: str, expr: Expr[Any], place: Place, scope: Scope) -> None:
    """Raise DefinitionError when the expression reads something that this place may not read, or that does not exist."""
    seen: set[tuple[int, int, int]] = set()
    waiting = [(expr, place, scope)]
    while waiting:
        node, here, names = waiting.pop()
        once = (id(node), id(here), id(names.owner))
        if once not in seen:
            seen.add(once)
            _check_node(where, node, here, names)
            inside = attrs.evolve(names, owner=node.part.machine) if isinstance(node, Count | ForEach) else names
            waiting += [(child, here.below.get(type(node), here), inside) for child in reversed(node.below())]


def _check_node(where: str, node: Expr[Any], place: Place, scope: Scope) -> None:
    if node.kind and type(node) not in place.reads:
        instead = place.of_steps if isinstance(node, Happens | Moment) else place.instead
        raise CannotBeRead(where, f"{node} cannot be read in {place.name}: it is {node.kind}", instead)
    _check_names(where, node, scope)
    if (
        isinstance(node, InState)
        and place in (COUNTED, COUNTED_ON, SELECTED)
        and scope.owner
        and scope.owner.initial in node.states
    ):
        raise NoInstance(where, f"an instance in {scope.owner.initial.name!r} does not exist and cannot be selected")


def _check_names(where: str, expr: Expr[Any], scope: Scope) -> None:
    match expr:
        case Var() | InState(part=None) | Clock(part=None):
            _check_own(where, expr, scope)
        case InState(part=part) | Clock(part=part) | PartVar(part=part) | Count(part=part) | ForEach(part=part):
            if not any(part is known for known in scope.parts):
                raise NotDeclared(where, f"{getattr(part, 'name', part)} is no part of {scope.home}")
        case Param(name=name):
            if scope.parameters is not None and not any(expr is known for known in scope.parameters):
                raise NotDeclared(
                    where, f"parameter {name!r} is not declared", f"List it in the parameters of {scope.home}."
                )
        case FieldRef(event=event, name=name):
            if scope.fields is not None and event not in scope.fields:
                raise CannotBeRead(where, f"{event.__name__}.{name} is a field of another event")
        case Happens(events=events):
            for event in events:
                if event not in scope.events:
                    raise NotDeclared(where, f"{event.__name__} is no event of {scope.home}")
        case Emitted(effect=effect):
            if effect not in scope.effects:
                raise NotDeclared(where, f"no transition emits {effect.__name__}")
        case _:
            pass


def _check_own(where: str, expr: Expr[Any], scope: Scope) -> None:
    """Bare names are those of one machine."""
    owner = scope.owner
    if owner is None:
        raise Incomplete(where, f"{expr} names no part", "Write part.inside(...), part[variable] or part.count(...).")
    if isinstance(expr, Var):
        check_variable(where, owner, expr)
    for state in expr.states if isinstance(expr, InState) else ():
        if state not in owner.states:
            raise NotDeclared(where, f"{owner.name} has no state {state.name!r}")


def check_variable(where: str, machine: AnyMachine, variable: Var[Any]) -> None:
    """Raise DefinitionError unless the variable is the machine's own."""
    if not any(variable is known for known in machine.variables):
        raise NotDeclared(
            where, f"variable {variable.name!r} is not declared", f"List it in the variables of {machine.name}."
        )
