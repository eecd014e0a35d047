"""Wires and rules, compiled: given the parts and an event, the next parts.

A handler answers with what moved, or None where something stood in the way. It never explains:
that is `fsm.runtime.refusal`, which looks again, slowly, when somebody must be told.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import attrs

from fsm.errors import WiresOverlap
from fsm.language.domains import Opaque
from fsm.language.events import field_refs
from fsm.language.expressions import Const, Expr, Not
from fsm.language.leaves import FieldRef, Stamp
from fsm.language.machine import Machine
from fsm.language.parts import Each, Move, Sent
from fsm.language.rewriting import structure, substitute
from fsm.language.snapshot import Instance, initial_instance
from fsm.language.system import System, Wire
from fsm.runtime.compiled_expressions import Closure, compile_expression, instance_leaf, system_leaf
from fsm.runtime.compiled_transitions import Rows, compile_action
from fsm.semantics.simplification import with_values

__all__ = ["Change", "Handler", "Sender", "compile_put", "compile_sent", "compile_wires", "rules_for"]

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


Handler = Callable[[Parts, Any, int, Any], list[Change] | None]


def compile_wires(system: System, params: Mapping[str, Any], *, silent: bool = False) -> dict[type, Handler]:
    """For each event that callers send, a handler that applies rules, wires and moves; a silent one emits nothing."""
    handlers: dict[type, Handler] = {}
    for event in system.events:
        wires = [one for one in system.all_wires if one.event is event]
        handlers[event] = _guarded(rules_for(system, event, params), _choose(system, wires, params, silent=silent))
    return handlers


def compile_sent(system: System, params: Mapping[str, Any]) -> dict[tuple[int, type], Handler]:
    """For each event that time sends, by the sending part, a handler that moves the *other* parts."""
    handlers: dict[tuple[int, type], Handler] = {}
    for one in system.wires:
        if isinstance(one.event, Sent):
            place = (system.parts.index(one.event.part), one.event.event)
            wires = [
                other for other in system.wires if other.sender is one.sender and other.event_class is one.event_class
            ]
            handlers[place] = _choose(system, wires, params)
    return handlers


def rules_for(system: System, event: type, params: Mapping[str, Any]) -> list[Closure]:
    """The rules on an event that the profile does not make true anyway."""
    leaf = system_leaf(system)
    conditions = [with_values(rule.when, params) for rule in system.rules if event in rule.on]
    return [compile_expression(one, leaf) for one in conditions if not (isinstance(one, Const) and one.value)]


def _guarded(rules: list[Closure], handler: Handler) -> Handler:
    if not rules:
        return handler

    def guarded(parts: Parts, event: Any, at: int, key: Any) -> list[Change] | None:
        for rule in rules:
            if not rule(parts, event, at, key):
                return None
        return handler(parts, event, at, key)

    return guarded


def _choose(system: System, wires: list[Wire], params: Mapping[str, Any], *, silent: bool = False) -> Handler:
    """The one wire whose condition holds. Two at once are a fault of the declaration that its checks did not find."""
    leaf = system_leaf(system)
    conditions = [(None if one.when is None else with_values(one.when, params), one) for one in wires]
    possible = [(when, one) for when, one in conditions if not (isinstance(when, Const) and not when.value)]
    made = [
        (
            None if when is None or isinstance(when, Const) else compile_expression(when, leaf),
            _together(system, one, params, silent=silent),
        )
        for when, one in possible
    ]
    if len(made) == 1 and made[0][0] is None:
        return made[0][1]
    if len(made) == 2 and made[0][0] is not None and _opposite(possible[0][0], possible[1][0]):
        return _either(made[0][0], made[0][1], made[1][1])

    def choose(parts: Parts, event: Any, at: int, key: Any) -> list[Change] | None:
        apply = [handler for condition, handler in made if condition is None or condition(parts, event, at, key)]
        if len(apply) > 1:
            raise WiresOverlap(
                f"system {system.name}",
                f"{len(apply)} wires apply to {event!r} at once",
                "Make their conditions disjoint.",
            )
        return apply[0](parts, event, at, key) if apply else None

    return choose


def _opposite(one: Expr[Any] | None, other: Expr[Any] | None) -> bool:
    """Whether one condition is the other with a `~` before it: then one of them holds, and never both."""
    if one is None or other is None:
        return False
    return structure(Not(one)) == structure(other) or structure(one) == structure(Not(other))


def _either(condition: Closure, then: Handler, otherwise: Handler) -> Handler:
    return lambda parts, event, at, key: (then if condition(parts, event, at, key) else otherwise)(
        parts, event, at, key
    )


def _together(system: System, one: Wire, params: Mapping[str, Any], *, silent: bool) -> Handler:
    """All moves of a wire in one step, or none."""
    movers = [_mover(system, one, move, params, silent=silent) for move in one.moves]
    if len(movers) == 1:
        return _limited(system, one, movers[0], params)
    apart = len({id(move.part) for move in one.moves}) == len(one.moves)  # then none can name an instance twice
    if apart and len(movers) == 2:
        return _limited(system, one, _pair(*movers), params)

    def together(parts: Parts, event: Any, at: int, key: Any) -> list[Change] | None:
        changes: list[Change] = []
        for mover in movers:
            moved = mover(parts, event, at, key)
            if moved is None:
                return None
            changes += moved
        if apart:
            return changes
        named = {(place, which) for place, which, *_ in changes}
        return changes if len(named) == len(changes) else None

    return _limited(system, one, together, params)


def _pair(first: Mover, second: Mover) -> Handler:
    """Two moves of different parts, as most wires have."""

    def pair(parts: Parts, event: Any, at: int, key: Any) -> list[Change] | None:
        one = first(parts, event, at, key)
        if one is None:
            return None
        other = second(parts, event, at, key)
        return None if other is None else one + other

    return pair


def _limited(system: System, one: Wire, handler: Handler, params: Mapping[str, Any]) -> Handler:
    """The handler, refusing what would make more instances of a part than it may hold, or than there are keys for (`fsm.language.parts.each`)."""
    limits: list[tuple[int, int, str, bool]] = []
    for part in dict.fromkeys(move.part for move in one.moves if move.key is not None and _begins(move)):
        if isinstance(part, Each):
            for limit in (part.at_most, part.population):
                if limit is not None:
                    most = with_values(limit, params)
                    assert isinstance(most, Const)
                    limits.append(
                        (system.parts.index(part), most.value, part.machine.initial.name, limit is part.at_most)
                    )
    if not limits:
        return handler

    def limited(parts: Parts, event: Any, at: int, key: Any) -> list[Change] | None:
        changes = handler(parts, event, at, key)
        if changes is not None:
            for place, most, start, leaving_makes_room in limits:
                held = parts[place]
                if len(held) + len(changes) > most:
                    mine = [
                        (which in held, after.state != start) for where, which, _, after, _ in changes if where == place
                    ]
                    new = sum([there and not before for before, there in mine])
                    gone = sum([before and not there for before, there in mine]) if leaving_makes_room else 0
                    if new > gone and len(held) + new - gone > most:
                        return None
        return changes

    return limited


def _begins(move: Move) -> bool:
    """Whether the move can make an instance: its action is taken in the initial state."""
    machine = move.part.machine
    return any(one.event is move.action and machine.initial in one.sources for one in machine.transitions)


def _mover(system: System, one: Wire, move: Move, params: Mapping[str, Any], *, silent: bool) -> Mover:
    place = system.parts.index(move.part)
    refs = field_refs(move.action)
    fields = {refs[name]: _sent(value) if isinstance(one.event, Sent) else value for name, value in move.payload}
    rows = compile_action(move.part.machine, move.action, fields, params)
    if silent:
        rows = {state: tuple((guard, build, None) for guard, build, _ in taken) for state, taken in rows.items()}
    if not isinstance(move.part, Each):
        return _move_one(place, rows)
    if move.key is not None:
        return _move_keyed(place, rows, move.part, move.key)
    assert move.where is not None
    return _move_every(place, rows, move.part.machine, move.where, params)


def _sent(value: Expr[Any]) -> Expr[Any]:
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
