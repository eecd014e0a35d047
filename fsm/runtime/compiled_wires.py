"""Wires and rules, compiled: given the parts and an event, the next parts.

A handler answers with what moved, or None where something stood in the way. It never explains:
that is `fsm.runtime.explanation`, which looks again, slowly, when somebody must be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fsm.errors import WiresOverlap
from fsm.language.expressions import Const
from fsm.language.parts import Each, Move, Sent
from fsm.language.rewriting import opposite
from fsm.language.system import System, Wire
from fsm.language.values.brief import brief
from fsm.runtime.compiled_expressions import Closure, compile_expression
from fsm.runtime.compiled_leaves import system_leaf
from fsm.runtime.compiled_moves import Change, Mover, Parts, compile_move
from fsm.semantics.simplification import with_values

__all__ = ["Handler", "compile_sent", "compile_wires", "rules_for"]

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
    if len(made) == 2 and made[0][0] is not None:
        first, second = possible[0][0], possible[1][0]
        if first is not None and second is not None and opposite(first, second):
            return _either(made[0][0], made[0][1], made[1][1])

    def choose(parts: Parts, event: Any, at: int, key: Any) -> list[Change] | None:
        apply = [handler for condition, handler in made if condition is None or condition(parts, event, at, key)]
        if len(apply) > 1:
            raise WiresOverlap(
                f"system {system.name}",
                f"{len(apply)} wires apply to {brief(event)} at once",
                "Make their conditions disjoint.",
            )
        return apply[0](parts, event, at, key) if apply else None

    return choose


def _either(condition: Closure, then: Handler, otherwise: Handler) -> Handler:
    return lambda parts, event, at, key: (then if condition(parts, event, at, key) else otherwise)(
        parts, event, at, key
    )


def _together(system: System, one: Wire, params: Mapping[str, Any], *, silent: bool) -> Handler:
    """All moves of a wire in one step, or none."""
    movers = [compile_move(system, one, move, params, silent=silent) for move in one.moves]
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
            for limit, leaving_makes_room in ((part.at_most, True), (part.population, False)):
                if limit is not None:
                    most = with_values(limit, params)
                    assert isinstance(most, Const)
                    limits.append((system.parts.index(part), most.value, part.machine.initial.name, leaving_makes_room))
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
