"""What can be sent from a snapshot, and which snapshots are one: what an enumeration through the public step goes by.

Up to renaming, of keys of one kind so many are named as the event has fields for keys, and as many new
ones. Two snapshots are one when no event and no property can tell them apart by anything but names.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cache, partial
from itertools import count, islice, product
from typing import Any

import attrs

from fsm.language.domains import Opaque, is_finite
from fsm.language.events import field_refs
from fsm.language.expressions import Formula
from fsm.language.leaves import FieldRef
from fsm.language.parts import Each
from fsm.language.snapshot import Instance, Snapshot, readable_places
from fsm.runtime.enabled import is_carried, key_fields, worth_trying
from fsm.runtime.engine import Engine
from fsm.verification.search.samples import sample_of
from fsm.verification.search.successors import ages_of, linked_parts

__all__ = ["Sendings"]


MANY = 1 << 12
"""Fields with more values than this are not tried with each."""


class _Kinds(dict[Any, int]):
    """A number for each kind of instance of a part: instances that differ only in instants and in what is carried are of one."""

    def __init__(self, slots: tuple[int, ...]) -> None:
        super().__init__()
        self.slots = slots
        self.numbers: dict[Hashable, int] = {}

    def __missing__(self, instance: Instance) -> int:
        self[instance] = found = self.of(instance, None)
        return found

    def of(self, instance: Instance, age: int | None) -> int:
        """The number of an instance that has been in its state for so long, where that matters."""
        kind = (instance.state, instance.spent, age, *[instance[slot] for slot in self.slots])
        return self.numbers.setdefault(kind, len(self.numbers))


@attrs.frozen(eq=False)
class _Payload:
    """An event class with everything but its keys.

    Attributes:
        keyed: the fields that name keys.
        fields: every choice of the others.
        made: the events made so far.
    """

    event: type
    keyed: tuple[str, ...]
    fields: tuple[dict[str, Any], ...]
    made: dict[tuple[Hashable, ...], tuple[object, ...]] = attrs.field(factory=dict)

    def naming(self, keys: tuple[Hashable, ...]) -> tuple[object, ...]:
        """The events that name these keys."""
        if keys not in self.made:
            named = dict(zip(self.keyed, keys, strict=True))
            self.made[keys] = tuple(self.event(**named, **fields) for fields in self.fields)
        return self.made[keys]


class Sendings:
    """The moves and names of a compiled system's snapshots.

    Args:
        keys: how many names of keys there are in the world; None for as many as are ever needed.
        named: names tell snapshots apart.
        read: formulas that may read the time in state.

    Attributes:
        timed: time matters, and passes by milliseconds.
        untried: a field of which not every value is tried, in words; empty when there is none.
    """

    def __init__(self, engine: Engine, keys: int | None, *, named: bool, read: Iterable[Formula] = ()) -> None:
        self.engine = engine
        self.keys = keys
        self.named = named
        parts = engine.system.parts
        self.ages = tuple(ages_of(part, engine.params, list(read)) for part in parts)
        self.timed = any(one.states for one in self.ages)
        self.kinds = tuple(_Kinds(readable_places(part.machine)) for part in parts)
        self.ones = tuple(place for place, part in enumerate(parts) if not isinstance(part, Each))
        self.groups = tuple(tuple(parts.index(part) for part in group) for group in linked_parts(engine.system))
        self._plain = not self.timed and not named and all(len(group) == 1 for group in self.groups)
        self._one_kinds = tuple((place, self.kinds[place]) for place in self.ones)
        self._group_kinds = tuple((group[0], self.kinds[group[0]].__getitem__) for group in self.groups)
        self.untried = (
            "a time in state is compared with what has no end" if any(one.endless for one in self.ages) else ""
        )
        self._group_of = {part.name: place for place, group in enumerate(linked_parts(engine.system)) for part in group}
        made = [(self._payload(event), self._groups_named(event)) for event in engine.system.events]
        self._of_none = tuple(event for one, groups in made if not groups for event in one.naming(()))
        self._of_one = {
            place: [one for one, groups in made if groups == (place,)]
            for _, groups_ in made
            if len(groups_) == 1
            for place in groups_
        }
        self._of_several = [(one, groups) for one, groups in made if len(groups) > 1]
        self._by_name: dict[int, dict[Hashable, tuple[object, ...]]] = {place: {} for place in self._of_one}
        self._domains = self._key_domains()
        self._names: dict[int, list[Hashable]] = {place: [] for place in range(len(self.groups))}

    def _payload(self, event: type) -> _Payload:
        keyed = key_fields(self.engine.system, event)
        choices: dict[str, list[Any]] = {}
        numbers = frozenset(value for value in self.engine.params.values() if type(value) is int)
        for name, ref in field_refs(event).items():
            if name not in keyed:
                choices[name] = self._values(event, name, ref, numbers)
        return _Payload(
            event, tuple(keyed), tuple(dict(zip(choices, picked, strict=True)) for picked in product(*choices.values()))
        )

    def _values(self, event: type, name: str, ref: FieldRef[Any], numbers: frozenset[int]) -> list[Any]:
        """Values of a field: every one that something can tell apart, as far as they can be listed."""
        system, domain = self.engine.system, ref.domain
        if isinstance(domain, Opaque):
            return [sample_of(ref)]
        if not is_carried(system, event, ref):
            if is_finite(domain) and len(domain.values()) <= MANY:
                return list(domain.values())
            self.untried = f"not every value of {event.__name__}.{name} can be tried"
        return worth_trying(system, event, ref, numbers)

    def _groups_named(self, event: type) -> tuple[int, ...]:
        """For each field of an event that names a key, the group of the parts it names it in."""
        return tuple(self._group_of[parts[0]] for parts in key_fields(self.engine.system, event).values())

    def _key_domains(self) -> dict[int, Any]:
        """For each group the type of its keys."""
        found: dict[int, Any] = {}
        for event in self.engine.system.events:
            for name, parts in key_fields(self.engine.system, event).items():
                found.setdefault(self._group_of[parts[0]], getattr(field_refs(event)[name].domain, "type", str))
        return found

    def names(self, group: int, many: int) -> list[Hashable]:
        """The first names of keys in the world, at most so many."""
        known = self._names[group]
        if len(known) < many:
            kind = self._domains.get(group, str)
            known[:] = [f"k-{number}" if kind in (str, object) else kind(number) for number in islice(count(1), many)]
        return known[:many]

    # Which snapshots are one

    def name(self, snapshot: Snapshot) -> Hashable:
        """The same for snapshots that are one."""
        parts: tuple[Any, ...] = snapshot.parts
        if self._plain:
            own = tuple([kinds[parts[place]] for place, kinds in self._one_kinds])
            return (
                own,
                *[_packed(sorted(map(kind_of, parts[place].values()))) for place, kind_of in self._group_kinds],
            )
        ones = tuple([self._kind(place, parts[place], snapshot.now) for place in self.ones])
        return (ones, *[self._held(place, group, snapshot) for place, group in enumerate(self.groups)])

    def _held(self, place: int, group: tuple[int, ...], snapshot: Snapshot) -> Hashable:
        if self.named:
            by_key = self._by_key(group, snapshot)
            return tuple([by_key.get(key) for key in self.names(place, self.keys or 0)])
        return tuple(sorted(self._by_key(group, snapshot).values()))

    def _by_key(self, group: tuple[int, ...], snapshot: Snapshot) -> dict[Hashable, tuple[int, ...]]:
        """For each key of a group what it is in each part, -1 where it is nothing."""
        keys = dict.fromkeys(key for place in group for key in snapshot.parts[place])
        return {key: self._of_key(group, snapshot, key) for key in keys}

    def _of_key(self, group: tuple[int, ...], snapshot: Snapshot, key: Hashable) -> tuple[int, ...]:
        held: list[tuple[int, Any]] = [(place, snapshot.parts[place]) for place in group]
        return tuple([self._kind(place, part[key], snapshot.now) if key in part else -1 for place, part in held])

    def kind_of(self, snapshot: Snapshot, part: str, key: Hashable) -> Hashable:
        """The same for keys that nothing but their names tells apart."""
        place = snapshot.layout.position(part)
        group = next(one for one in self.groups if place in one)
        return self._of_key(group, snapshot, key)

    def _kind(self, place: int, instance: Instance, now: int) -> int:
        if not self.timed:
            return self.kinds[place][instance]
        ages = self.ages[place]
        return self.kinds[place].of(
            instance, min(now - instance.since, ages.cap) if instance.state in ages.states else None
        )

    # What can be sent

    def events(self, snapshot: Snapshot) -> list[object]:
        """Every event that may make a difference, whether it is taken or not: those that name no key first, then by key."""
        found = list(self._of_none)
        keys_of = cache(partial(self._keys, snapshot))
        for place, made in self._of_one.items():
            known = self._by_name[place]
            for key in keys_of(place, 1):
                if key not in known:
                    known[key] = tuple(event for one in made for event in one.naming((key,)))
                found += known[key]
        for made_, groups in self._of_several:
            for keys in product(*[keys_of(place, len(groups)) for place in groups]):
                found += made_.naming(keys)
        return found

    def _keys(self, snapshot: Snapshot, place: int, many: int) -> list[Hashable]:
        """The keys of a group that are worth naming by an event that names so many."""
        if self.named:
            return self.names(place, self.keys or 0)
        group = self.groups[place]
        if many == 1 and self._plain:
            held: Any = snapshot.parts[group[0]]
            chosen = list(dict(zip(map(self.kinds[group[0]].__getitem__, held.values()), held, strict=True)).values())
            return [*chosen, *self._new(place, held, 1)]
        found: dict[Hashable, list[Hashable]] = {}
        by_key = self._by_key(group, snapshot)
        for key, kind in by_key.items():
            found.setdefault(kind, []).append(key)
        return [*(key for keys in found.values() for key in keys[:many]), *self._new(place, by_key, many)]

    def _new(self, place: int, held: Any, many: int) -> list[Hashable]:
        """Names that no instance has."""
        world = len(held) + many if self.keys is None else self.keys
        return list(islice((name for name in self.names(place, world) if name not in held), many))


def _packed(kinds: list[int]) -> bytes | tuple[int, ...]:
    """The kinds as bytes where they fit: a tuple is four times as large, and hashed anew each time."""
    return bytes(kinds) if not kinds or kinds[-1] < 256 else tuple(kinds)
