"""What can be wrong in a machine; and what it says besides, of lines whose values would not plainly stay in their ranges.

A line whose values stay in their ranges by what intervals say of its guard is as it is written. Of any other its guard says
so too, so that nobody who runs a machine can store a value out of range; that this keeps no run from what was meant is a
check of the definition. Where no condition and no other line could see to it, the line is wrong, and is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import attrs

from fsm.checks.assumptions import check_assumptions
from fsm.checks.intervals import check_guard
from fsm.checks.kinds import check_kind, check_tuple
from fsm.checks.names import check_name, check_names
from fsm.checks.profiles import check_expectations, check_profiles
from fsm.checks.properties import check_claims
from fsm.checks.ranges import check_range, leaves, room
from fsm.checks.scoping import EFFECT, GUARD, SETTING, UPDATE, Scope, check_reading, check_variable
from fsm.errors import DeclaredTwice, NotDeclared, Overlap, SentByTime
from fsm.language.events import check_fit, effect_fields
from fsm.language.expressions import Expr, Formula, Var, junction
from fsm.language.machine import Machine, State, Transition, Trigger
from fsm.language.parameters import Assumption, NamedProfile
from fsm.language.printing import label
from fsm.language.properties import Property
from fsm.language.rewriting import conjuncts, structure
from fsm.language.source.origin import Faults


def check_machine(machine: Machine) -> None:
    """Raise DefinitionError for all that is wrong with a machine whose shape is right."""
    where = f"machine {machine.name}"
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


def check_shapes(machine: Machine) -> None:
    """Raise DefinitionError for what is of the wrong kind: it is told alone, since nothing can be read of it."""
    where = f"machine {machine.name}"
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
        event, timer, guard = transition.event, structure(transition.duration), _conjuncts(transition.as_meant.guard)
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
    return frozenset() if guard is None else frozenset(map(structure, conjuncts(guard)))


def _check_senders(machine: Machine) -> None:
    for event in machine.timed_events:
        if any(transition.event is event and transition.duration is None for transition in machine.transitions):
            raise SentByTime(
                f"machine {machine.name}", f"{event.__name__} is sent by time and by callers", "Use one event for each."
            )


# What is left to the proofs


def kept_in_range(machine: Machine) -> tuple[Transition, ...]:
    """The lines, each with a guard under which what it writes stays in its range, wherever something may see to that; as given where that need not be said."""
    lines = _Lines(machine)
    kept = tuple(map(lines.kept, machine.transitions))
    return (
        kept if any(one is not old for one, old in zip(kept, machine.transitions, strict=True)) else machine.transitions
    )


@attrs.define(eq=False)
class _Lines:
    """The lines of a machine, and what they know of each other."""

    machine: Machine

    def kept(self, line: Transition) -> Transition:
        """The line with its guard; itself where that need say no more."""
        more = {structure(one): one for one in self._conditions(line)}
        if not more:
            return line
        first, *others = [*([] if line.guard is None else [line.guard]), *more.values()]
        guard = junction("and", first, *others) if others else first
        return attrs.evolve(line, guard=guard, meant=line.meant if line.narrowed else line.guard, narrowed=True)

    def _conditions(self, line: Transition) -> Iterator[Formula]:
        """That what is written stays in its range, where that is neither plain nor out of the question."""
        for wanted, value in line.written_values():
            wanting = room(wanted, value, line.guard)
            if wanting and self._may_be_seen_to(line, value):
                yield from wanting

    def _may_be_seen_to(self, line: Transition, value: Expr[Any]) -> bool:
        """Whether something that is written, here or elsewhere, could keep the value in its range."""
        read = leaves([value])
        if not any(isinstance(node, Var) for node in read):
            return not read.isdisjoint({*leaves([line.guard]), *leaves(self.assumed)})
        return line.guard is not None or not self._repeats(line) or not read.isdisjoint(self.limited | self._set_anew)

    @cached_property
    def assumed(self) -> list[Formula]:
        return [one.that for one in self.machine.assumptions]

    @cached_property
    def limited(self) -> frozenset[Expr[Any]]:
        """What some condition or claim reads."""
        claims = self.machine.properties
        guards = [one.guard for one in self.machine.transitions]
        return frozenset(leaves([*guards, *self.assumed, *(one.formula for one in claims)]))

    @cached_property
    def _set_anew(self) -> frozenset[Expr[Any]]:
        """The variables that some line sets to what does not depend on them."""
        return frozenset(
            variable
            for one in self.machine.transitions
            for variable, value in one.updates
            if variable not in leaves([value])
        )

    def _repeats(self, line: Transition) -> bool:
        """Whether the line can be followed by itself, as far as states tell."""
        if line.target is None:
            return True
        met, waiting = {line.target}, [line.target]
        while waiting:
            for state in self._following.get(waiting.pop(), ()):
                if state not in met:
                    met.add(state)
                    waiting.append(state)
        return not met.isdisjoint(line.sources)

    @cached_property
    def _following(self) -> dict[State, list[State]]:
        found: dict[State, list[State]] = {}
        for one in self.machine.transitions:
            if one.target is not None:
                for source in one.sources:
                    found.setdefault(source, []).append(one.target)
        return found
