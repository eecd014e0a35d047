"""Moves, compiled: who moves by an action, one instance, the one that an event names, or every one that fits; and what that makes of the parts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import attrs

from fsm.language.domains import Opaque
from fsm.language.events import field_refs
from fsm.language.expressions import Expr
from fsm.language.leaves import FieldRef, Stamp
from fsm.language.machine import Machine
from fsm.language.parts import Each, Move, Sent
from fsm.language.rewriting import substitute
from fsm.language.snapshot import Instance, initial_instance
from fsm.language.system import System, Wire
from fsm.runtime.compiled_expressions import compile_expression
from fsm.runtime.compiled_leaves import instance_leaf
from fsm.runtime.compiled_transitions import Rows, compile_action
from fsm.semantics.simplification import with_values

__all__ = ["Change", "Mover", "Parts", "Sender", "compile_move", "compile_put"]

Parts = tuple[Any, ...]
Effects = tuple[object, ...]
Change = tuple[int, Hashable, Instance, Instance, Effects]
"""Which part, which key (None for `one`), the instance before and after, and what it emitted."""

Mover = Callable[[Parts, Any, int, Any], list[Change] | None]
Put = Callable[[Parts, list[Change]], tuple[Parts, Effects]]
"""Gives the parts with what moved in place, and what was emitted."""


@attrs.frozen
class Sender:
    """Whom time moves, in the place of an event for the wires on what it sends."""

    key: Hashable


def compile_move(system: System, one: Wire, move: Move, params: Mapping[str, Any], *, silent: bool) -> Mover:
    place = system.parts.index(move.part)
    refs = field_refs(move.action)
    fields = {refs[name]: _of_sender(value) if isinstance(one.event, Sent) else value for name, value in move.payload}
    rows = compile_action(move.part.machine, move.action, fields, params)
    if silent:
        rows = {state: tuple((guard, build, None) for guard, build, _ in taken) for state, taken in rows.items()}
    if not isinstance(move.part, Each):
        return _move_one(place, rows)
    if move.key is not None:
        return _move_keyed(place, rows, move.part, move.key)
    assert move.where is not None
    return _move_every(place, rows, move.part.machine, move.where, params)


def _of_sender(value: Expr[Any]) -> Expr[Any]:
    """In a wire on what time sends, KEY is the sender's."""
    return substitute(
        value,
        lambda node: FieldRef(Sender, "key", Opaque()) if isinstance(node, Stamp) and node.what == "key" else None,
    )


def _move_one(place: int, rows: Rows) -> Mover:
    def mover(parts: Parts, event: Any, at: int, key: Any) -> list[Change] | None:
        before = parts[place]
        for guard, build, effects in rows[before[0]]:
            if guard is None or guard(before, event, at, None):
                emitted = () if effects is None else effects(before, event, at, None)
                return [(place, None, before, build(before, event, at, None), emitted)]
        return None

    return mover


def _move_keyed(place: int, rows: Rows, part: Each, named: Expr[Any]) -> Mover:
    absent = initial_instance(part.machine, 0)
    named_by = attrgetter(named.name) if isinstance(named, FieldRef) else None

    def mover(parts: Parts, event: Any, at: int, key: Any) -> list[Change] | None:
        which = key if named_by is None else named_by(event)
        before = parts[place].get(which, absent)
        for guard, build, effects in rows[before[0]]:
            if guard is None or guard(before, event, at, which):
                emitted = () if effects is None else effects(before, event, at, which)
                return [(place, which, before, build(before, event, at, which), emitted)]
        return None

    return mover


def _move_every(place: int, rows: Rows, machine: Machine, where: Expr[Any], params: Mapping[str, Any]) -> Mover:
    fits = compile_expression(with_values(where, params), instance_leaf(machine))

    def mover(parts: Parts, event: Any, at: int, key: Any) -> list[Change] | None:
        changes: list[Change] = []
        for which, before in sorted(parts[place].items(), key=lambda item: repr(item[0])):
            if fits(before, event, at, which):
                for guard, build, effects in rows[before[0]]:
                    if guard is None or guard(before, event, at, which):
                        emitted = () if effects is None else effects(before, event, at, which)
                        changes.append((place, which, before, build(before, event, at, which), emitted))
                        break
                else:
                    return None
        return changes

    return mover


def compile_put(system: System) -> Put:
    """What puts changes into the parts; an instance back in its initial state is forgotten."""
    initial = tuple(part.machine.initial.name if isinstance(part, Each) else None for part in system.parts)
    if initial == (None,):
        return _put_alone

    def put(parts: Parts, changes: list[Change]) -> tuple[Parts, Effects]:
        made = list(parts)
        effects: Effects = ()
        for place, key, _, after, emitted in changes:
            start = initial[place]
            if start is None:
                made[place] = after
            else:
                instances = made[place].copy()  # of the mapping inside: a fifth of what dict() costs
                if after[0] == start:
                    instances.pop(key, None)
                else:
                    instances[key] = after
                made[place] = MappingProxyType(instances)
            if emitted:
                effects += emitted
        return tuple(made), effects

    return put


def _put_alone(parts: Parts, changes: list[Change]) -> tuple[Parts, Effects]:
    """In a system of one machine a single change is all there can be."""
    _, _, _, after, emitted = changes[0]
    return (after,), emitted
