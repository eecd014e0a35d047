"""The transitions of one machine, compiled: given an instance and an action, the next instance.

Moves are tried in the order of the declaration. Actions that a system wires with other fields than the
machine's own are compiled for that wire: the wire's expressions take the place of the fields, so
no action object is ever built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

import attrs

from fsm.language.events import Emit
from fsm.language.expressions import Const, Expr, Var
from fsm.language.leaves import Applied, FieldRef, Stamp
from fsm.language.machine import Machine, State, Transition
from fsm.language.rewriting import substitute
from fsm.language.snapshot import VALUES, Instance, instance_class, layout_of, new, places
from fsm.language.traversal import walk
from fsm.runtime.compiled_expressions import Closure, compile_expression
from fsm.runtime.compiled_leaves import instance_leaf
from fsm.semantics.simplification import with_values

__all__ = ["Build", "Row", "Rows", "Timer", "compile_action", "timers_of"]

Build = Callable[[Instance, Any, int, Any], Instance]
Effects = Callable[[Instance, Any, int, Any], tuple[object, ...]]
Row = tuple[Closure | None, Build, Effects | None]
Rows = dict[str, tuple[Row, ...]]
"""For each state, the transitions of one action in order: guard, builder of the next instance, effects."""

Fields = Mapping[FieldRef[Any], Expr[Any]]


def compile_action(machine: Machine, action: type, fields: Fields, params: Mapping[str, Any]) -> Rows:
    """The rows of an action for every state; `fields` says what the wire gives for the action's fields."""
    rows: Rows = {}
    for state in machine.states:
        taken = [one for one in machine.leaving(state) if one.event is action]
        rows[state.name] = tuple(
            row for one in taken if (row := compile_transition(machine, state, one, fields, params)) is not None
        )
    return rows


def compile_transition(
    machine: Machine, state: State, one: Transition, fields: Fields, params: Mapping[str, Any]
) -> Row | None:
    """One transition from one state; None when the profile makes its guard false."""
    leaf = instance_leaf(machine)

    def wired(expr: Expr[Any]) -> Expr[Any]:
        return with_values(
            substitute(expr, lambda node: fields.get(node) if isinstance(node, FieldRef) else None), params
        )

    def value(expr: Expr[Any], where: str) -> tuple[Expr[Any], Closure]:
        simple = wired(expr)
        closure = compile_expression(simple, leaf)
        applies = any(isinstance(node, Applied) for node in walk(simple))
        return simple, _noted(closure, f"in {machine.name}, {where}") if applies else closure

    guard = None if one.guard is None else with_values(one.guard, params)
    if isinstance(guard, Const):
        if not guard.value:
            return None
        guard = None
    return (
        None if guard is None else compile_expression(wired(guard), leaf),
        _builder(machine, state, one, [(variable, *value(to, one.sets(variable))) for variable, to in one.updates]),
        _effects(
            [
                (emit, [value(given, one.emitting(emit.effect, name))[1] for name, given in emit.fields])
                for emit in one.effects
            ]
        ),
    )


def _noted(closure: Closure, where: str) -> Closure:
    """The closure, of which whatever a function of the author raises says where it stands."""

    def run(subject: Any, event: Any, at: Any, key: Any) -> Any:
        try:
            return closure(subject, event, at, key)
        except Exception as raised:
            raised.add_note(where)
            raise

    return run


def _builder(
    machine: Machine, state: State, one: Transition, written: list[tuple[Var[Any], Expr[Any], Closure]]
) -> Build:
    """A closure for the next instance, in which variables are written, each with a value that speaks of the instance before."""
    cls, stands = instance_class(layout_of(machine)), places(machine)
    updates = [(stands[variable], value) for variable, _, value in written]
    if one.target is None:
        bit = _bit(machine, state, one)

        def stay(instance: Instance, event: Any, at: int, key: Any) -> Instance:
            values = list(instance)
            values[2] |= bit
            for place, value in updates:
                values[place] = value(instance, event, at, key)
            return new(cls, values)

        return stay
    target = one.target.name
    if not machine.variables:
        return lambda instance, event, at, key: new(cls, (target, at, 0))
    if len(machine.variables) == 1 and updates:
        _, only = updates[0]
        return lambda instance, event, at, key: new(cls, (target, at, 0, only(instance, event, at, key)))
    if len(machine.variables) == 1:
        return lambda instance, event, at, key: new(cls, (target, at, 0, instance[VALUES]))
    if not updates:
        return lambda instance, event, at, key: new(cls, (target, at, 0) + instance[VALUES:])  # noqa: RUF005  # a third faster than unpacking

    fixed = [(stands[variable], value.value) for variable, value, _ in written if isinstance(value, Const)]
    copied = [
        (stands[variable], attrgetter(value.name)) for variable, value, _ in written if isinstance(value, FieldRef)
    ]
    worked_out = [(place, value) for place, value in updates if place not in dict(fixed) and place not in dict(copied)]

    def move(instance: Instance, event: Any, at: int, key: Any) -> Instance:
        values = [target, at, 0, *instance[VALUES:]]
        for place, constant in fixed:
            values[place] = constant
        for place, field in copied:
            values[place] = field(event)
        for place, value in worked_out:
            values[place] = value(instance, event, at, key)
        return new(cls, values)

    return move


def _effects(emits: list[tuple[Emit, list[Closure]]]) -> Effects | None:
    if not emits:
        return None
    made = [(emit.effect, values) for emit, values in emits]
    match made, [value for _, value in emits[0][0].fields]:
        case [(effect, (_, second, third, _))], [Stamp(what="key"), _, _, Stamp(what="now")]:  # of whom, and when
            return lambda instance, event, at, key: (
                effect(key, second(instance, event, at, key), third(instance, event, at, key), at),
            )
        case [(effect, (one, two, three, four))], _:  # as most have; a list of values would cost as much again
            return lambda instance, event, at, key: (
                effect(
                    one(instance, event, at, key),
                    two(instance, event, at, key),
                    three(instance, event, at, key),
                    four(instance, event, at, key),
                ),
            )
    if len(made) == 1:
        effect, values = made[0]
        return lambda instance, event, at, key: (effect(*[value(instance, event, at, key) for value in values]),)
    return lambda instance, event, at, key: tuple(
        [effect(*[value(instance, event, at, key) for value in values]) for effect, values in made]
    )


# Timers


@attrs.frozen
class Timer:
    """A timed transition of a state for one profile.

    Attributes:
        offset: milliseconds in state when it falls due.
        bit: what it sets in `spent` when it has fired.
        event: what time sends.
        row: its transition; None when the profile makes its guard false, so that it lapses.
    """

    offset: int
    bit: int
    event: type
    row: Row | None


def _bit(machine: Machine, state: State, one: Transition) -> int:
    """The bit of `spent` that a timed transition sets when it fires; 0 for one that callers send."""
    timers = machine.timers(state)
    return 1 << timers.index(one) if one.duration is not None else 0


def timers_of(machine: Machine, params: Mapping[str, Any]) -> dict[str, tuple[Timer, ...]]:
    """For each state that has timers, these in the order they fall due; those of one instant as declared."""
    found: dict[str, tuple[Timer, ...]] = {}
    for state in machine.states:
        timers = []
        for one in machine.timers(state):
            assert one.duration is not None
            length = with_values(one.duration, params)
            assert isinstance(length, Const)
            row = compile_transition(machine, state, one, {}, params)
            timers.append(Timer(length.value, _bit(machine, state, one), one.event, row))
        if timers:
            found[state.name] = tuple(sorted(timers, key=lambda timer: timer.offset))
    return found
