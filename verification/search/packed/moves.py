"""What each event can do where the `one` parts are known: the twin, in whole numbers, of wires and rules.

A move says which kinds of keys the event names, where these and all others go, and on which
condition over how many keys are of each kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import attrs

from fsm.language.expressions import Expr, Param
from fsm.language.leaves import FieldRef
from fsm.language.parts import Each, Move, One
from fsm.language.system import System, Wire
from fsm.semantics.evaluation import fold
from fsm.verification.search.packed.conditions import Cond, Sum, both, compare, either
from fsm.verification.search.packed.instances import Being, land, own_leaf
from fsm.verification.search.packed.reading import PackedSituation, held
from fsm.verification.search.packed.shape import Group, Kind, Ones, Shape, action_fields, payloads

__all__ = ["NamedKey", "Packed", "Swept", "moves_at", "overlaps_at"]

Actions = Mapping[Each, type]
"""What is done to a key, by part."""


@attrs.frozen(eq=False)
class NamedKey:
    """A key that an event names: its kinds before and after, and the action it takes in each part that moves."""

    before: int
    after: int
    actions: Actions


@attrs.frozen(eq=False)
class Swept:
    """What becomes of every key of a kind that the event does not name."""

    after: int
    actions: Actions


@attrs.frozen(eq=False)
class Packed:
    """One way an event can go.

    Attributes:
        ones: what the `one` parts are afterwards.
        actions: those that they take.
        named: the keys that the event names, each another one.
        swept: for the kinds that are moved all at once, where to.
        condition: when it goes this way.
    """

    event: type
    ones: Ones
    actions: tuple[tuple[One, type], ...]
    named: tuple[NamedKey, ...]
    swept: Mapping[int, Swept]
    condition: Cond

    def lands(self, kind: int) -> int:
        """Of which kind a key is afterwards that the event does not name."""
        return self.swept[kind].after if kind in self.swept else kind

    def counts(self, kind: int) -> Sum:
        """How many keys are of a kind afterwards."""
        others = [(one, 1) for one in {kind, *self.swept} if self.lands(one) == kind]
        moved = sum((one.after == kind) - (self.lands(one.before) == kind) for one in self.named)
        return Sum.of(others, moved)


def moves_at(shape: Shape, ones: Ones) -> Iterator[Packed]:
    """Every way that some event can go, in the order of the declaration."""
    for event in shape.system.events:
        for payload in payloads(shape.system, event):
            here = PackedSituation(shape, ones, payload=payload)
            allowed = both(here.holds(rule.when) for rule in shape.system.rules if event in rule.on)
            for one in shape.system.all_wires if allowed is not False else ():
                if one.event is event:
                    when = shape.system.applies(one)
                    applies = True if when is None else here.holds(when)
                    yield from _of_wire(shape, ones, one, payload, both([allowed, applies]))


def overlaps_at(shape: Shape, ones: Ones) -> Iterator[tuple[type, Cond]]:
    """The events to which two wires may apply at once, each with when they do: nothing moves then."""
    for event in shape.system.events:
        beside = [(one, other) for one in shape.system.wires_on(event) for other in shape.system.beside(one)]
        for payload in payloads(shape.system, event) if beside else ():
            here = PackedSituation(shape, ones, payload=payload)
            allowed = [here.holds(rule.when) for rule in shape.system.rules if event in rule.on]
            for pair in beside:
                both_apply = both([*allowed, *(here.holds(one.when) for one in pair if one.when is not None)])
                if both_apply is not False:
                    yield event, both_apply


def _of_wire(shape: Shape, ones: Ones, one: Wire, payload: Mapping[str, Any], allowed: Cond) -> Iterator[Packed]:
    """Every way that the moves of a wire can be made together."""
    moved = _ones_after(shape, ones, one, payload)
    if allowed is False or moved is None:
        return
    sweep = _Sweep(shape, [move for move in one.moves if move.where is not None], payload)
    actions = tuple((move.part, move.action) for move in one.moves if isinstance(move.part, One))
    for blocks in _blocks(shape.system, one):
        choices = [list(_named(shape, block, sweep, payload)) for block in blocks]
        for named in product(*choices):
            enough = [
                compare(">=", Sum(((kind, 1),)), sum(other.before == kind for other in named))
                for kind in {key.before for key in named}
            ]
            room = _room(shape, one, named, sweep)
            found = both([allowed, *enough, sweep.condition, room])
            if found is not False:
                yield Packed(one.event_class, moved, actions, named, sweep.kinds, found)


def _ones_after(shape: Shape, ones: Ones, one: Wire, payload: Mapping[str, Any]) -> Ones | None:
    """The `one` parts after the moves of a wire; None when one of them cannot move, or is moved twice."""
    after = list(ones)
    moves = [move for move in one.moves if isinstance(move.part, One)]
    if len({id(move.part) for move in moves}) < len(moves):
        return None
    for move in moves:
        place = shape.ones.index(move.part)
        being = land(
            move.part.machine,
            ones[place],
            move.action,
            action_fields(move, payload, shape.params),
            shape.params,
            forgets=False,
        )
        if being is None:
            return None
        after[place] = being
    return tuple(after)


# Keys that an event names


def _blocks(system: System, one: Wire) -> Iterator[list[list[Move]]]:
    """The moves by key, by the keys they share: fields may name different keys, or one key in different parts."""
    fields: dict[str, list[Move]] = {}
    for move in one.moves:
        if isinstance(move.key, FieldRef):
            fields.setdefault(move.key.name, []).append(move)
    for shared in _partitions(list(fields.values())):
        merged = [[move for moves in block for move in moves] for block in shared]
        if all(len({id(move.part) for move in block}) == len(block) for block in merged):
            yield merged


def _partitions(items: list[list[Move]]) -> Iterator[list[list[list[Move]]]]:
    """Every way to put items into blocks."""
    if not items:
        yield []
        return
    for rest in _partitions(items[1:]):
        yield [[items[0]], *rest]
        for place, block in enumerate(rest):
            yield [*rest[:place], [items[0], *block], *rest[place + 1 :]]


def _named(shape: Shape, block: list[Move], sweep: _Sweep, payload: Mapping[str, Any]) -> Iterator[NamedKey]:
    """For a key that these moves name, every kind that it can be of so that all of them can be made."""
    groups = {id(group): group for group in shape.groups for move in block if move.part in group.parts}
    if len(groups) > 1:
        return  # one key in groups that no field names together: told apart by no condition, and followed in each group by itself
    (group,) = groups.values()
    for kind in group.kinds:
        number = group.number[kind]
        swept = sweep.kinds.get(number)
        before = kind if swept is None else shape.kinds[swept.after][1]
        moved = _moved(shape, group, kind, block, payload, before, {} if swept is None else swept.actions)
        if moved is not None:
            yield NamedKey(number, *moved)


def _moved(
    shape: Shape,
    group: Group,
    kind: Kind,
    moves: list[Move],
    payload: Mapping[str, Any],
    before: Kind,
    actions: Actions,
) -> tuple[int, Actions] | None:
    """What a key of some kind becomes by these moves, by number, with what was done to it; None where one of them cannot be made, or moves it twice."""
    after, done = list(before), dict(actions)
    for move in moves:
        place = group.parts.index(move.part)
        fields = action_fields(move, payload, shape.params)
        being = land(move.part.machine, kind[place], move.action, fields, shape.params, forgets=True)
        if being is None or move.part in done:
            return None
        done[move.part] = move.action  # type: ignore[index]  # as above
        after[place] = being
    return group.number[tuple(after)], done


# Keys that are moved all at once


class _Sweep:
    """The moves of every instance that fits.

    Attributes:
        kinds: those with an instance that fits, and where they go.
        condition: no instance fits that cannot move, or that is moved twice.
    """

    def __init__(self, shape: Shape, moves: list[Move], payload: Mapping[str, Any]) -> None:
        self.shape = shape
        self.moves = moves
        self.kinds: dict[int, Swept] = {}
        stuck: list[Cond] = []
        for number, (group, kind) in enumerate(shape.kinds if moves else ()):
            fitting = [move for move in moves if move.part in group.parts and self._fits(move, number)]
            moved = _moved(shape, group, kind, fitting, payload, kind, {})
            if moved is None:
                stuck.append(compare("==", Sum(((number, 1),)), 0))
            elif fitting:
                self.kinds[number] = Swept(*moved)
        self.condition = both(stuck)

    def _fits(self, move: Move, number: int) -> bool:
        assert move.where is not None
        there = dict(held(self.shape, move.part))  # type: ignore[arg-type]  # as above
        return number in there and bool(fold(move.where, self._own(move, there[number])))

    def _own(self, move: Move, being: Being) -> Any:
        own = own_leaf(move.part.machine, being)
        return lambda expr: self.shape.params[expr.name] if isinstance(expr, Param) else own(expr)


# How many there may be


def _room(shape: Shape, one: Wire, named: tuple[NamedKey, ...], sweep: _Sweep) -> Cond:
    """No part that moves by key gets more instances than it may hold, or than there are keys in the world."""
    said: list[Cond] = []
    for part in dict.fromkeys(move.part for move in one.moves if isinstance(move.part, Each) and move.key is not None):
        there = [
            (_exists(shape, part, key.before), _exists(shape, part, key.after)) for key in named if part in key.actions
        ]
        new = sum(after and not before for before, after in there)
        left = Sum((), sum(before and not after for before, after in there))
        for kind, swept in sweep.kinds.items():
            if part in swept.actions and not _exists(shape, part, swept.after):
                left = left.plus(Sum(((kind, 1),)))
        held_now = Sum.of((kind, 1) for kind, _ in held(shape, part))
        for limit, makes_room in ((part.at_most, True), (part.population, False)):
            if limit is not None:
                gone = left if makes_room else Sum()
                most = _limit(limit, shape)
                grown = held_now.plus(Sum((), new)).plus(gone, -1)
                said.append(either([compare(">=", gone, new), compare("<=", grown, most)]))
    return both(said)


def _limit(limit: Expr[int], shape: Shape) -> int:
    """A limit under the profile."""

    def read(expr: Expr[Any]) -> Any:
        assert isinstance(expr, Param)
        return shape.params[expr.name]

    return int(fold(limit, read))


def _exists(shape: Shape, part: Each, number: int) -> bool:
    group, kind = shape.kinds[number]
    return part in group.parts and shape.component(part, kind).state != part.machine.initial
