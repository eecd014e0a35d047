"""Which events would be taken now, found by asking the compiled handlers with stand-ins for payloads."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from types import SimpleNamespace
from typing import Any, Protocol

import attrs

from fsm.language.domains import Integers, Opaque, is_finite
from fsm.language.events import field_refs
from fsm.language.expressions import Const, Expr
from fsm.language.leaves import NEEDED, FieldRef
from fsm.language.parts import Move
from fsm.language.printing import key_in_words, label
from fsm.language.snapshot import VALUES, Instance, Snapshot
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.semantics.situation import Configured

__all__ = ["Possible", "Runs", "key_fields", "lists_all", "numbers_now", "possible_events", "worth_trying"]


class Runs(Configured, Protocol):
    """What can be asked whether an event would be taken, as an `Engine` can."""

    def takes(self, snapshot: Snapshot, payload: object, event: type, at: int) -> bool: ...


@attrs.frozen
class Possible:
    """An event that would be taken, for some payload.

    Attributes:
        event: its class.
        keys: the instances that it would move, by field.
        fresh: the fields that may name any key that no instance has; follows from `keys`, so it is not compared.
    """

    event: type
    keys: tuple[tuple[str, Hashable], ...] = ()
    fresh: tuple[str, ...] = attrs.field(default=(), eq=False)

    def __str__(self) -> str:
        named = [key_in_words(key) for _, key in self.keys]
        if self.keys and len(self.keys) + len(self.fresh) > 1:
            named = [f"{field}={key_in_words(key)}" for field, key in self.keys] + [
                f"{field}=new" for field in self.fresh
            ]
        return f"{label(self.event)}({', '.join(named)})" if named else label(self.event)


@attrs.frozen(eq=False)
class _Fresh:
    """A key that no instance has; one for each field, so that two fields name two instances."""

    field: str


def possible_events(engine: Runs, snapshot: Snapshot, at: int) -> tuple[Possible, ...]:
    """Every event class, with every choice of keys, for which some payload is taken. No timer may be due."""
    found: list[Possible] = []
    numbers = numbers_now(engine, snapshot)
    for event in engine.system.events:
        keyed = key_fields(engine.system, event)
        known = [sorted({key for part in parts for key in snapshot[part]}, key=repr) for parts in keyed.values()]
        others = {name: ref for name, ref in field_refs(event).items() if name not in keyed}
        tried = [worth_trying(engine.system, event, ref, numbers) for ref in others.values()]
        for chosen in product(*([_Fresh(field), *keys] for field, keys in zip(keyed, known, strict=True))):
            keys = dict(zip(keyed, chosen, strict=True))
            stand_ins = (
                SimpleNamespace(**keys, **dict(zip(others, values, strict=True))) for values in product(*tried)
            )
            if any(engine.takes(snapshot, stand_in, event, at) for stand_in in stand_ins):
                given = tuple((name, key) for name, key in keys.items() if not isinstance(key, _Fresh))
                found.append(
                    Possible(event, given, tuple(name for name, key in keys.items() if isinstance(key, _Fresh)))
                )
    return tuple(found)


def numbers_now(engine: Configured, snapshot: Snapshot) -> frozenset[int]:
    """The integers that a field may be compared with: parameters and what instances remember."""
    instances = [one for part in snapshot.parts for one in ([part] if isinstance(part, Instance) else part.values())]
    values = [*engine.params.values(), *(value for one in instances for value in one[VALUES:])]
    return frozenset(value for value in values if type(value) is int)


@lru_cache(maxsize=1024)
def key_fields(system: System, event: type) -> Mapping[str, list[str]]:
    """The fields of an event that name instances, each with the parts whose instances it names."""
    found: dict[str, list[str]] = {}
    for one in system.all_wires:
        if one.event is event:
            for move in one.moves:
                if isinstance(move.key, FieldRef) and move.part.name not in found.setdefault(move.key.name, []):
                    found[move.key.name].append(move.part.name)
    return found


def worth_trying(system: System, event: type, ref: FieldRef[Any], numbers: frozenset[int] = frozenset()) -> list[Any]:
    """Values of a field among which one is taken, if any is: all of them, or those around the numbers it is compared with.

    Args:
        numbers: what it may be compared with beside the constants of the declaration.
    """
    domain = ref.domain
    if isinstance(domain, Opaque):
        return [None]
    if ref.default is not NEEDED and is_carried(system, event, ref):
        return [ref.default]
    if isinstance(domain, Integers) and is_carried(system, event, ref):
        return [next(value for value in (0, domain.low, domain.high) if value is not None and domain.contains(value))]
    if is_finite(domain) and not (isinstance(domain, Integers) and _many(domain)):
        return list(domain.values())
    assert isinstance(domain, Integers)
    compared = (
        {0, 1} | _constants(system, event) | numbers | {end for end in (domain.low, domain.high) if end is not None}
    )
    points = {point for number in compared for point in (number - 1, number, number + 1) if domain.contains(point)}
    return sorted(points, key=lambda point: (abs(point), point < 0))


@lru_cache(maxsize=1024)
def _constants(system: System, event: type) -> frozenset[int]:
    """The integers that conditions compare the fields of an event with."""
    nodes = (node for expr in _conditions(system, event) for node in walk(expr) if isinstance(node, Const))
    return frozenset(node.value for node in nodes if type(node.value) is int)


@lru_cache(maxsize=1024)
def is_carried(system: System, event: type, ref: FieldRef[Any]) -> bool:
    """Whether a field only rides along: no condition reads it, and no variable that a condition may read is made of it."""
    if isinstance(ref.domain, Opaque):
        return True
    wires = [one for one in system.all_wires if one.event is event]
    conditions = [rule.when for rule in system.rules if event in rule.on] + [
        one.when for one in wires if one.when is not None
    ]
    handed = [
        (move, name)
        for one in wires
        for move in one.moves
        for name, value in move.payload
        if _reads(value, event, ref.name)
    ]
    return not any(_reads(condition, event, ref.name) for condition in conditions) and not any(
        _reads(expr, move.action, name) for move, name in handed for expr in (*_guards(move), *_remembered(move))
    )


def _reads(expr: Expr[Any], event: type, name: str) -> bool:
    return any(isinstance(node, FieldRef) and node.event is event and node.name == name for node in walk(expr))


def _remembered(move: Move) -> Iterator[Expr[Any]]:
    """What an action writes to variables that conditions may read."""
    for transition in move.part.machine.transitions:
        if transition.event is move.action:
            yield from (value for variable, value in transition.updates if not isinstance(variable.domain, Opaque))


def lists_all(ref: FieldRef[Any]) -> bool:
    """Whether `worth_trying` gives every value that a condition or an update could tell apart."""
    domain = ref.domain
    return isinstance(domain, Opaque) or (is_finite(domain) and not (isinstance(domain, Integers) and _many(domain)))


def _many(domain: Integers) -> bool:
    """True when trying each value would take too long."""
    return domain.low is None or domain.high is None or domain.high - domain.low > 64


def _conditions(system: System, event: type) -> Iterator[Expr[Any]]:
    """Every condition that may read a field of the event."""
    for rule in system.rules:
        if event in rule.on:
            yield rule.when
    for one in system.all_wires:
        if one.event is event:
            if one.when is not None:
                yield one.when
            for move in one.moves:
                yield from (value for _, value in move.payload)
                yield from _guards(move)


def _guards(move: Move) -> Iterator[Expr[Any]]:
    for transition in move.part.machine.transitions:
        if transition.event is move.action and transition.guard is not None:
            yield transition.guard
