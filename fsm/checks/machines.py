"""What can be wrong in a machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fsm.checks.assumptions import check_assumptions
from fsm.checks.intervals import check_guard, check_range
from fsm.checks.kinds import check_kind, check_tuple
from fsm.checks.names import check_name, check_names
from fsm.checks.profiles import check_expectations, check_profiles
from fsm.checks.properties import check_claims
from fsm.checks.scoping import EFFECT, GUARD, SETTING, UPDATE, Scope, check_reading, check_variable
from fsm.errors import DeclaredTwice, NotDeclared, Overlap, SentByTime
from fsm.language.events import check_fit, effect_fields
from fsm.language.expressions import Expr, Junction, Var
from fsm.language.machine import Machine, State, Transition, Trigger
from fsm.language.parameters import Assumption, NamedProfile
from fsm.language.printing import label
from fsm.language.properties import Property
from fsm.language.rewriting import structure
from fsm.language.source.origin import Faults


def check_machine(machine: Machine) -> None:
    """Raise DefinitionError for all that is wrong; what is of the wrong kind is told alone, since nothing can be read of it."""
    where = f"machine {machine.name}"
    _check_shapes(where, machine)
    faults = Faults()
    _check_words(where, machine, faults)
    states = frozenset(machine.states)
    leaving: dict[State, list[Transition]] = {state: [] for state in machine.states}
    for transition in machine.transitions:
        _check_transition(machine, transition, states, faults)
        for state in dict.fromkeys(transition.sources):
            leaving.setdefault(state, []).append(transition)
    for state, lines in leaving.items():
        _check_order(machine, state, lines, faults)
    with faults.of():
        _check_senders(machine)
    scope = Scope(machine.name, machine, events=machine.events, effects=machine.effects)
    for assumption in machine.assumptions:
        with faults.of(assumption):
            check_reading(f"{where}: assumption {assumption.name!r}", assumption.that, SETTING, scope)
    called = tuple(one for one in machine.events if one not in machine.timed_events)
    check_claims(where, machine.properties, scope, called, faults)
    with faults.of():
        check_profiles(where, machine.profiles, machine.parameters, others=True)
    check_expectations(where, machine.properties, machine.profiles, faults)
    faults.tell()
    check_assumptions(where, machine.assumptions, machine.parameters, machine.profiles)


def _check_words(where: str, machine: Machine, faults: Faults) -> None:
    """What things are called, and where it starts."""
    with faults.of():
        check_names(where, "state", [state.name for state in machine.states])
    with faults.of():
        check_names(where, "variable", [variable.name for variable in machine.variables], reserved=True)
    with faults.of():
        check_labels(where, "event", machine.events)
    with faults.of():
        check_labels(where, "effect", machine.effects)
    with faults.of():
        check_names(where, "parameter", [param.name for param in machine.parameters])
    with faults.of():
        if machine.initial not in machine.states:
            raise NotDeclared(
                where, f"its initial state {machine.initial.name!r} is not declared", "List it in states."
            )


def _check_shapes(where: str, machine: Machine) -> None:
    check_name("machine", machine.name)
    check_tuple(where, "states", machine.states, State)
    check_kind(f"{where}: initial", machine.initial, State, "a state")
    check_tuple(
        where,
        "transitions",
        machine.transitions,
        Transition,
        unfinished=(Trigger, "End it with .to(state) or .stay()."),
    )
    check_tuple(where, "variables", machine.variables, Var)
    check_tuple(where, "properties", machine.properties, Property)
    check_tuple(where, "profiles", machine.profiles, NamedProfile)
    check_tuple(where, "assumptions", machine.assumptions, Assumption)


def check_labels(where: str, what: str, classes: Iterable[type]) -> None:
    """Raise DefinitionError for two classes that messages could not tell apart."""
    seen: dict[str, type] = {}
    for cls in classes:
        if seen.setdefault(label(cls), cls) is not cls:
            raise DeclaredTwice(
                where, f"two {what}s are called {label(cls)!r}", "Give one of the classes another name."
            )


def _check_transition(machine: Machine, transition: Transition, states: frozenset[State], faults: Faults) -> None:
    where = f"machine {machine.name}: {transition.where}"
    targets = () if transition.target is None else (transition.target,)
    for state in (*transition.sources, *targets):
        if state not in states:
            with faults.of(transition):
                raise NotDeclared(where, f"state {state.name!r} is not declared", "List it in states.")
    scope = Scope(machine.name, machine, fields=(transition.event,))
    if transition.guard is not None:
        with faults.of(transition):
            check_reading(where, transition.guard, GUARD, scope)
            check_guard(where, transition.guard)
    if transition.duration is not None:
        with faults.of(transition):
            check_reading(where, transition.duration, SETTING, scope)
    for variable, value in transition.updates:
        with faults.of(transition):
            check_variable(where, machine, variable)
            check_reading(where, value, UPDATE, scope)
            check_fit(f"{where} sets {variable.name!r}", variable.domain, value)
            check_range(where, variable.name, variable.domain, value, transition.guard)
    for emit in transition.effects:
        for name, value in emit.fields:
            with faults.of(transition):
                check_reading(where, value, EFFECT, scope)
                check_range(where, name, effect_fields(emit.effect)[name], value, transition.guard)


def _check_order(machine: Machine, state: State, leaving: list[Transition], faults: Faults) -> None:
    """A transition can never fire when an earlier one of the same state and event goes whenever it could."""
    earlier: list[tuple[type, Any, frozenset[Any]]] = []
    for transition in leaving:
        event, timer, guard = transition.event, structure(transition.duration), _conjuncts(transition.guard)
        if any(event is other and timer == its and needs <= guard for other, its, needs in earlier):
            with faults.of(transition):
                raise Overlap(
                    f"machine {machine.name}: {transition.where}",
                    f"can never fire in {state.name}: an earlier transition on {event.__name__} has the same guard or none",
                    "Leave it out, or put it before the other.",
                )
        earlier.append((event, timer, guard))


def _conjuncts(guard: Expr[bool] | None) -> frozenset[Any]:
    """What must all hold for a guard to hold; nothing where there is none."""
    if guard is None:
        return frozenset()
    parts = guard.parts if isinstance(guard, Junction) and guard.op == "and" else (guard,)
    return frozenset(structure(part) for part in parts)


def _check_senders(machine: Machine) -> None:
    for event in machine.timed_events:
        if any(transition.event is event and transition.duration is None for transition in machine.transitions):
            raise SentByTime(
                f"machine {machine.name}", f"{event.__name__} is sent by time and by callers", "Use one event for each."
            )
