"""Which kinds of keys a system tells apart, and where each stands in the packed number.

Keys that some event names in several parts at once belong together: such a key is of one kind, which
says what it is in each of these parts. The others are told apart part by part. Kind 0 of a group of
parts is that of a key that nothing is known of, which no part holds; a world has so many keys.

A tally is one whole number: a field of `width` bits for each kind, how many keys are of it, and above
these the number of the `one` parts' states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

import attrs

from fsm.language.domains import Opaque, is_finite
from fsm.language.events import field_refs
from fsm.language.expressions import Expr, Param
from fsm.language.leaves import FieldRef
from fsm.language.parts import Each, Move, One
from fsm.language.snapshot import Snapshot
from fsm.language.system import System, Wire
from fsm.language.traversal import depth, walk
from fsm.semantics.evaluation import fold
from fsm.verification.search.packed.instances import Being, initial, land, readable
from fsm.verification.search.packed.refused import Unpackable
from fsm.verification.search.successors import linked_parts

__all__ = ["Group", "Ones", "Shape", "payloads"]

MOST = 1 << 14
"""More kinds, payloads of one event, or things one instance can be than this are refused: their tables would outgrow the snapshots."""
PLENTY = 1 << 15
LARGEST, DEEPEST = 5_000, 100
"""Of so many places an expression may be, and so many nodes may stand below each other in it: it is unfolded case by case."""
"""How many keys there are in a world where nobody says so: more than any budget lets come to be."""

Ones = tuple[Being, ...]
"""What each `one` part is, in the order of the parts."""
Kind = tuple[Being, ...]
"""What a key is in each part of its group."""


@attrs.frozen(eq=False)
class Group:
    """Parts whose keys belong together.

    Attributes:
        parts: in order.
        first: the number of its kind 0; those of its other kinds follow.
        kinds: what a key can be.
        keys: how many there are in the world.
    """

    parts: tuple[Each, ...]
    first: int
    kinds: tuple[Kind, ...]
    keys: int

    @cached_property
    def number(self) -> dict[Kind, int]:
        return {kind: self.first + place for place, kind in enumerate(self.kinds)}

    @property
    def numbers(self) -> range:
        return range(self.first, self.first + len(self.kinds))


class Shape:
    """How the snapshots of a system are packed under one profile.

    Args:
        params: the value of every parameter.
        keys: how many keys there are in the world; None for as many as are ever needed.

    Raises:
        Unpackable: timers, time in state that a guard reads, data without end, too much to list.
    """

    def __init__(self, system: System, params: Mapping[str, Any], keys: int | None = None) -> None:
        self.system = system
        self.params = params
        timed = [part.machine.name for part in system.parts if part.machine.timed_events]
        if timed:
            raise Unpackable(f"{timed[0]} has timers, and time is not packed")
        large = max(system.expressions(), key=lambda expr: expr.size, default=None)
        if large is not None and (large.size > LARGEST or depth(large) > DEEPEST):
            raise Unpackable(f"{large!r} is too large")
        self.ones = tuple(part for part in system.parts if isinstance(part, One))
        self.beings: dict[One | Each, tuple[Being, ...]] = {
            part: _beings(system, part, params) for part in system.parts
        }
        self.groups = self._groups(keys)
        self.kinds: tuple[tuple[Group, Kind], ...] = tuple(
            (group, kind) for group in self.groups for kind in group.kinds
        )
        self.width = max([2, *((group.keys - 1).bit_length() + 1 for group in self.groups)])
        self.above = self.width * len(self.kinds)

    def _groups(self, keys: int | None) -> tuple[Group, ...]:
        first, found = 0, []
        for parts in linked_parts(self.system):
            choices = [self.beings[part] for part in parts]
            many = prod(len(one) for one in choices)
            if many > MOST:
                raise Unpackable(f"a key can be one of {many} kinds in {' and '.join(part.name for part in parts)}")
            group = Group(parts, first, tuple(product(*choices)), self._world(parts, keys))
            first += many
            found.append(group)
        return tuple(found)

    def _world(self, parts: Iterable[Each], keys: int | None) -> int:
        """How many keys there are: as many as is said; or as many as can have an instance, and as are named at once beside them."""
        if keys is not None:
            return keys
        known = [part.population for part in parts if part.population is not None]
        if len(known) < len(list(parts)):
            return PLENTY
        return sum(max(0, int(fold(most, self._param))) for most in known) + self.at_once

    @cached_property
    def at_once(self) -> int:
        """How many keys an event names, at most; one at least, that a snapshot may have a key that nothing is known of."""
        wires = self.system.all_wires
        return max(
            [1, *(len({move.key.name for move in one.moves if isinstance(move.key, FieldRef)}) for one in wires)]
        )

    def _param(self, expr: Expr[Any]) -> Any:
        assert isinstance(expr, Param)
        return self.params[expr.name]

    def component(self, part: Each, kind: Kind) -> Being:
        """What a key of a kind is in one of the parts."""
        group = next(one for one in self.groups if part in one.parts)
        return kind[group.parts.index(part)]

    # Tallies

    def one(self, number: int) -> Ones:
        """What the `one` parts are, by their number: what stands above the counts in a tally."""
        found = []
        for part in self.ones:
            number, place = divmod(number, len(self.beings[part]))
            found.append(self.beings[part][place])
        return tuple(found)

    def number(self, ones: Ones) -> int:
        """The number of what the `one` parts are."""
        found = 0
        for part, being in zip(reversed(self.ones), reversed(ones), strict=True):
            found = found * len(self.beings[part]) + self._place[part][being]
        return found

    @cached_property
    def _place(self) -> dict[One | Each, dict[Being, int]]:
        return {part: {being: place for place, being in enumerate(beings)} for part, beings in self.beings.items()}

    def unit(self, kind: int) -> int:
        """What one key of this kind adds to a tally."""
        return 1 << (self.width * kind)

    def many(self, tally: int, kind: int) -> int:
        """How many keys are of a kind."""
        return (tally >> (self.width * kind)) & ((1 << self.width) - 1)

    @cached_property
    def start(self) -> int:
        """The tally of the first snapshot."""
        return sum(group.keys * self.unit(group.first) for group in self.groups) | (
            self.number(tuple(initial(part.machine) for part in self.ones)) << self.above
        )

    def tally(self, snapshot: Snapshot) -> int:
        """The tally of a snapshot of the runtime."""
        found = self.start & ((1 << self.above) - 1)
        for group in self.groups:
            for kind in self.held(group, snapshot).values():
                found += self.unit(kind) - self.unit(group.first)
        return found | (self.number(tuple(self._being(part, snapshot[part.name]) for part in self.ones)) << self.above)

    def held(self, group: Group, snapshot: Snapshot) -> dict[Any, int]:
        """The kind of each key that some part of a group holds."""
        keys = sorted({key for part in group.parts for key in snapshot[part.name]}, key=repr)
        return {
            key: group.number[tuple(self._in(part, snapshot[part.name].get(key)) for part in group.parts)]
            for key in keys
        }

    def _in(self, part: Each, instance: Any) -> Being:
        return initial(part.machine) if instance is None else self._being(part, instance)

    def _being(self, part: One | Each, instance: Any) -> Being:
        state = next(one for one in part.machine.states if one.name == instance.state)
        variables = instance.variables
        return Being(state, tuple(variables[variable.name] for variable in readable(part.machine)))


# What events bring along


def payloads(system: System, event: type) -> Iterator[dict[str, Any]]:
    """Every choice of values for the fields of an event that something reads."""
    refs = field_refs(event)
    read = {name: refs[name] for name in refs if name in _read_fields(system, event)}
    choices: list[tuple[object, ...]] = []
    for name, ref in read.items():
        if isinstance(ref.domain, Opaque) or not is_finite(ref.domain):
            raise Unpackable(f"{event.__name__}.{name} has no end")
        choices.append(ref.domain.values())
    many = prod(len(values) for values in choices)
    if many > MOST:
        raise Unpackable(f"the fields of {event.__name__} have {many} values together")
    yield from (dict(zip(read, picked, strict=True)) for picked in product(*choices))


def _read_fields(system: System, event: type) -> set[str]:
    """The fields that a rule, a condition of a wire, a guard or what a condition may read is made of."""
    wires = [one for one in system.all_wires if one.event is event]
    read = [rule.when for rule in system.rules if event in rule.on] + [
        one.when for one in wires if one.when is not None
    ]
    for one in wires:
        for move in one.moves:
            wanted = _names(_read_by(move), move.action)
            read += [value for name, value in move.payload if name in wanted]
    return _names(read, event)


def _read_by(move: Move) -> Iterator[Expr[Any]]:
    kept = set(readable(move.part.machine))
    for one in move.part.machine.transitions:
        if one.event is move.action:
            yield from [] if one.guard is None else [one.guard]
            yield from (value for variable, value in one.updates if variable in kept)


def _names(exprs: Iterable[Expr[Any]], event: type) -> set[str]:
    return {node.name for expr in exprs for node in walk(expr) if isinstance(node, FieldRef) and node.event is event}


def action_fields(move: Move, payload: Mapping[str, Any], params: Mapping[str, Any]) -> Callable[[str], Any]:
    """The values of an action's fields, as a wire makes them of an event's."""
    given = dict(move.payload)

    def read(expr: Expr[Any]) -> Any:
        match expr:
            case FieldRef(name=name):
                return payload[name]
            case Param(name=name):
                return params[name]
            case _:
                raise Unpackable(
                    f"{move.action.__name__} of {move.part.name} is given an instant that a condition reads"
                )

    return lambda name: fold(given[name], read)


def _beings(system: System, part: One | Each, params: Mapping[str, Any]) -> tuple[Being, ...]:
    """What the instances of a part can be, whatever rules, wires and other parts say."""
    wired: list[tuple[Wire, Move]] = [
        (one, move) for one in system.all_wires for move in one.moves if move.part is part
    ]
    given = [
        (move.action, action_fields(move, payload, params))
        for one, move in wired
        for payload in payloads(system, one.event_class)
    ]
    found = {initial(part.machine): None}
    queue = list(found)
    for being in queue:
        for action, fields in given:
            after = land(part.machine, being, action, fields, params, forgets=isinstance(part, Each))
            if after is not None and after not in found:
                found[after] = None
                queue.append(after)
                if len(found) > MOST:
                    raise Unpackable(f"an instance of {part.name} can be one of more than {MOST} things")
    return tuple(found)
