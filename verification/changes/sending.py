"""What can be sent to two declarations at once, and how an answer of one is held against that of the other.

Values that no condition reads are told apart by being equal alone: each event that is sent carries new ones, so that a value
in one place of one declaration is that in another place of the other exactly where every value would be.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from enum import Enum
from functools import cached_property
from itertools import count, product
from types import SimpleNamespace
from typing import Any, NamedTuple

import attrs

from fsm.language.domains import Booleans, Domain, Enumeration, Integers, Opaque
from fsm.language.events import effect_fields, field_refs
from fsm.language.expressions import Const
from fsm.language.leaves import Applied, Clock, Stamp
from fsm.language.machine import Transition
from fsm.language.snapshot import VALUES, Instance, Snapshot
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.runtime.enabled import key_fields, lists_all, numbers_now, worth_trying
from fsm.runtime.engine import Engine
from fsm.verification.search.samples import NoMore, numbered

__all__ = ["Doubled", "Pair", "Sent", "alike", "identity", "stored_and_emitted"]


class Pair(NamedTuple):
    """Where both are."""

    old: Snapshot
    new: Snapshot


@attrs.frozen(eq=False)
class Sent:
    """An event as each of both gets it.

    Attributes:
        old, new: its class there with an object that has its fields; None where the declaration has no such event, or not with these values.
    """

    name: str
    old: tuple[type, Any] | None
    new: tuple[type, Any] | None


def identity(value: Any) -> Hashable:
    """Equal for what is the same value; of an enumeration what its member is called."""
    if isinstance(value, Enum):
        return type(value).__name__, value.name
    try:
        hash(value)
    except TypeError:
        return type(value).__name__, repr(value)
    return type(value).__name__, value


def alike(old: tuple[object, ...], new: tuple[object, ...]) -> bool:
    """Whether the same was emitted, in the same order."""
    return len(old) == len(new) and all(_record(one) == _record(two) for one, two in zip(old, new, strict=True))


def _record(effect: object) -> Hashable:
    names = effect_fields(type(effect))
    return type(effect).__name__, tuple((name, identity(getattr(effect, name))) for name in names)


class Doubled:
    """The events of two compiled systems.

    Attributes:
        gap: why not all there is to send is sent; empty where it is.
    """

    def __init__(self, old: Engine, new: Engine) -> None:
        self.old, self.new = old, new
        sides = [{event.__name__: event for event in engine.system.events} for engine in (old, new)]
        self._names = list(dict.fromkeys([*sides[0], *sides[1]]))
        self._classes = {name: (sides[0].get(name), sides[1].get(name)) for name in self._names}
        self._keyed = [
            {event.__name__: key_fields(engine.system, event) for event in engine.system.events}
            for engine in (old, new)
        ]
        self._constant = frozenset(_constants(old.system) | _constants(new.system))
        self._made_before: dict[Hashable, list[Sent]] = {}
        self.gap = next((gap for engine in (old, new) for gap in _gaps(engine.system)), "")

    @cached_property
    def carries(self) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
        """For each declaration and part where the values stand in an instance that no condition reads."""
        first, second = (
            tuple(
                tuple(
                    place
                    for place, variable in enumerate(part.machine.variables, VALUES)
                    if isinstance(variable.domain, Opaque)
                )
                for part in engine.system.parts
            )
            for engine in (self.old, self.new)
        )
        return first, second

    def keys(self, pair: Pair) -> list[Hashable]:
        """The keys of all instances of both, in one order."""
        found: dict[Hashable, None] = {}
        for snapshot in pair:
            for part in snapshot.parts:
                if not isinstance(part, Instance):
                    found.update(dict.fromkeys(part))
        return sorted(found, key=repr)

    def carried(self, pair: Pair) -> Iterator[Any]:
        """The values that ride along in both."""
        for snapshot, places in zip(pair, self.carries, strict=True):
            for part, slots in zip(snapshot.parts, places, strict=True):
                for instance in (part,) if isinstance(part, Instance) else part.values():
                    yield from (instance[slot] for slot in slots)

    def is_constant(self, value: Hashable) -> bool:
        """Whether a declaration names this value."""
        return value in self._constant

    def sendings(self, pair: Pair) -> list[Sent]:
        """Every event worth sending."""
        keys = self.keys(pair)
        used = frozenset(identity(one) for one in (*keys, *self.carried(pair)))
        numbers = numbers_now(self.old, pair.old) | numbers_now(self.new, pair.new)
        known = (tuple(keys), used, numbers)
        if known not in self._made_before:
            self._made_before[known] = [
                one for name in self._names for one in self._sendings(name, keys, used, numbers)
            ]
        return self._made_before[known]

    def _sendings(
        self, name: str, keys: list[Hashable], used: frozenset[Hashable], numbers: frozenset[int]
    ) -> Iterator[Sent]:
        classes = self._classes[name]
        fields = [None if one is None else {key: ref.domain for key, ref in field_refs(one).items()} for one in classes]
        both = fields[0] is not None and fields[1] is not None
        if both and not _same_fields(fields[0] or {}, fields[1] or {}):
            for side in (0, 1):  # two events that are called alike
                yield from self._made(name, fields[side] or {}, keys, used, numbers, (side == 0, side == 1))
        else:
            yield from self._made(
                name, fields[0] or fields[1] or {}, keys, used, numbers, (fields[0] is not None, fields[1] is not None)
            )

    def _made(
        self,
        name: str,
        fields: dict[str, Domain],
        keys: list[Hashable],
        used: frozenset[Hashable],
        numbers: frozenset[int],
        sides: tuple[bool, bool],
    ) -> Iterator[Sent]:
        taken, named = set(used), list(keys)  # a new key for each field of keys, and each may stand in any of them
        choices = [self._values(name, field, domain, named, taken, numbers, sides) for field, domain in fields.items()]
        for picked in product(*choices):
            given = dict(zip(fields, picked, strict=True))
            old, new = (
                self._given(side, name, given) if there else None for side, there in zip((0, 1), sides, strict=True)
            )
            if old is not None or new is not None:
                yield Sent(name, old, new)

    def _values(
        self,
        name: str,
        field: str,
        domain: Domain,
        keys: list[Hashable],
        taken: set[Hashable],
        numbers: frozenset[int],
        sides: tuple[bool, bool],
    ) -> list[Any]:
        """What a field may be, as far as it can make a difference."""
        hint = next((parts[0] for known in self._keyed if (parts := known.get(name, {}).get(field))), None)
        if isinstance(domain, Opaque):
            new = self._new(domain, field if hint is None else self._key_name(hint), taken)
            if hint is None:
                return [new]
            keys.append(new)
            return keys
        found: dict[Hashable, Any] = {}
        for side, (engine, there) in enumerate(zip((self.old, self.new), sides, strict=True)):
            cls = self._classes[name][side]
            if there and cls is not None:
                ref = field_refs(cls)[field]
                if not lists_all(ref):
                    self.gap = self.gap or f"{name}.{field} has many values"
                values = (
                    ref.domain.values()  # type: ignore[union-attr]  # what lists all is finite
                    if lists_all(ref)
                    else worth_trying(engine.system, cls, ref, numbers)
                )
                found.update((identity(value), value) for value in values)
        return list(found.values())

    def _key_name(self, part: str) -> str:
        parts = [one for engine in (self.old, self.new) for one in engine.system.parts if one.name == part]
        return str(getattr(parts[0], "key", part))[0]

    def _new(self, domain: Opaque, name: str, taken: set[Hashable]) -> Any:
        """A value that nothing has; some value, where there is no such."""
        for number in count(1):
            try:
                value = numbered(domain, number, name)
            except NoMore:
                self.gap = self.gap or f"{name} has few values"
                try:
                    return numbered(domain, 0, name)
                except NoMore:
                    return None
            known = identity(value)
            if known not in taken and known not in self._constant:
                taken.add(known)
                return value
        raise AssertionError

    def _given(self, side: int, name: str, given: dict[str, Any]) -> tuple[type, Any] | None:
        """The event as a declaration takes it; None where a value is none of its fields."""
        cls = self._classes[name][side]
        if cls is None:
            return None
        fields: dict[str, Any] = {}
        for field, ref in field_refs(cls).items():
            value = given[field]
            if isinstance(ref.domain, Enumeration):
                value = next((one for one in ref.domain.members if identity(one) == identity(value)), None)
            if isinstance(ref.domain, Enumeration | Integers | Booleans) and not ref.domain.contains(value):
                return None
            fields[field] = value
        return cls, SimpleNamespace(**fields)


def _same_fields(old: dict[str, Domain], new: dict[str, Domain]) -> bool:
    """Whether two events of one name have the same fields, whatever the ranges of their values."""
    return old.keys() == new.keys() and all(_kind(old[name]) == _kind(new[name]) for name in old)


def _kind(domain: Domain) -> Hashable:
    match domain:
        case Enumeration(members=members):
            return members.__name__
        case Opaque(type=kind):
            return "opaque", str(kind)
        case _:
            return type(domain).__name__


def _transitions(system: System) -> Iterator[Transition]:
    for part in system.parts:
        yield from part.machine.transitions


def stored_and_emitted(system: System) -> Iterator[Any]:
    """What is stored, emitted and handed on."""
    for transition in _transitions(system):
        yield from (value for _, value in transition.updates)
        yield from (value for emit in transition.effects for _, value in emit.fields)
    for wire in system.all_wires:
        yield from (value for move in wire.moves for _, value in move.payload)


def _constants(system: System) -> set[Hashable]:
    """The values that a declaration names of what rides along."""
    found = {
        identity(variable.initial)
        for part in system.parts
        for variable in part.machine.variables
        if isinstance(variable.domain, Opaque)
    }
    return found | {
        identity(node.value) for expr in stored_and_emitted(system) for node in walk(expr) if isinstance(node, Const)
    }


def _gaps(system: System) -> Iterator[str]:
    """What a walk cannot follow exactly."""
    if len({event.__name__ for event in system.events}) < len(system.events):
        yield "two events are called alike"
    for node in (node for expr in stored_and_emitted(system) for node in walk(expr)):
        match node:
            case Applied():
                yield "a function of the author's is applied"
            case Clock():
                yield "a time in state is stored or emitted"
            case Stamp(what="now" | "since"):
                yield "an instant is stored or emitted"
