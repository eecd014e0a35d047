"""Which events would be taken now, found by asking the compiled handlers with stand-ins for payloads."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import product
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import attrs

from fsm.domains import Integers, Opaque, is_finite
from fsm.events import field_refs, label
from fsm.expressions import Const, Expr, FieldRef, walk
from fsm.snapshot import Snapshot
from fsm.system import Move, System

if TYPE_CHECKING:
    from fsm.engine import Engine

__all__ = ["Possible", "possible_events"]


@attrs.frozen
class Possible:
    """An event that would be taken, for some payload.

    Attributes:
        event: its class.
        keys: the instances that it would move, by field; a field that could name any new key is left out.
    """

    event: type
    keys: tuple[tuple[str, Hashable], ...] = ()

    def __str__(self) -> str:
        return label(self.event) + (f"({', '.join(str(key) for _, key in self.keys)})" if self.keys else "")


class _Fresh:
    """A key that no instance has."""

    def __repr__(self) -> str:
        return "a new key"


FRESH = _Fresh()


def possible_events(engine: Engine, snapshot: Snapshot, at: int) -> tuple[Possible, ...]:
    """Every event class, with every choice of keys, for which some payload is taken. No timer may be due."""
    found: list[Possible] = []
    for event in engine.system.events:
        keyed = key_fields(engine.system, event)
        known = [sorted({key for part in parts for key in snapshot[part]}, key=repr) for parts in keyed.values()]
        for chosen in product(*([FRESH, *keys] for keys in known)):
            keys = dict(zip(keyed, chosen, strict=True))
            if any(engine.takes(snapshot, stand_in, event, at) for stand_in in _stand_ins(engine.system, event, keys)):
                found.append(Possible(event, tuple((name, key) for name, key in keys.items() if key is not FRESH)))
    return tuple(found)


def key_fields(system: System, event: type) -> dict[str, list[str]]:
    """The fields of an event that name instances, each with the parts whose instances it names."""
    found: dict[str, list[str]] = {}
    for one in system.all_wires:
        if one.event is event:
            for move in one.moves:
                if isinstance(move.key, FieldRef) and move.part.name not in found.setdefault(move.key.name, []):
                    found[move.key.name].append(move.part.name)
    return found


def _stand_ins(system: System, event: type, keys: dict[str, Any]) -> Iterator[SimpleNamespace]:
    """Objects with the event's fields: the keys given, and every value worth trying for what conditions read."""
    choices: dict[str, list[Any]] = {name: [value] for name, value in keys.items()}
    for name, ref in field_refs(event).items():
        if name not in choices:
            choices[name] = worth_trying(system, event, ref)
    for picked in product(*choices.values()):
        yield SimpleNamespace(**dict(zip(choices, picked, strict=True)))


def worth_trying(system: System, event: type, ref: FieldRef[Any]) -> list[Any]:
    domain = ref.domain
    if isinstance(domain, Opaque):
        return [None]
    if is_finite(domain):
        return list(domain.values())
    assert isinstance(domain, Integers)
    constants = {node.value for expr in _conditions(system, event) for node in walk(expr) if isinstance(node, Const) and type(node.value) is int}
    points = {0, 1} | {constant + step for constant in constants for step in (-1, 0, 1)}
    return sorted(point for point in points | {end for end in (domain.low, domain.high) if end is not None} if domain.contains(point))


def _conditions(system: System, event: type) -> Iterator[Expr[Any]]:
    """Every condition that may read a field of the event."""
    for rule in system.rules:
        if event in rule.on:
            yield rule.when
    for one in system.all_wires:
        if one.event is event:
            if one.when is not None:
                yield one.when
            yield from (guard for move in one.moves for guard in _guards(move))


def _guards(move: Move) -> Iterator[Expr[Any]]:
    for transition in move.part.machine.transitions:
        if transition.event is move.action and transition.guard is not None:
            yield transition.guard
