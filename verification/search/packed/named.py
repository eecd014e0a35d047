"""Snapshots with the names of keys: a number has a digit for each key, of which kind it is.

Digits stand together in chunks of a few thousand values. What a plan does to the digits of a chunk is
listed once for each value of the chunk, as differences of numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Iterator, MutableSequence, Sequence
from itertools import product

import attrs

from fsm.language.snapshot import Snapshot
from fsm.verification.search.packed.plans import Effect, MovePlan, Plans
from fsm.verification.search.packed.refused import Unpackable
from fsm.verification.search.packed.shape import PLENTY, Group

__all__ = ["NamedSpace"]

CHUNK = 4096
"""How many values a chunk may have."""
DENSE = 1 << 28
"""Up to so many numbers, one byte for each says whether it was met."""

Table = tuple[tuple[int, tuple[tuple[int, int], ...]], ...]
"""For a kind of key, what one such key can become, and what is then added for the `one` parts."""


@attrs.frozen(eq=False)
class _Chunk:
    """Neighbouring digits of one group.

    Attributes:
        weights: what each digit is multiplied by, within the chunk.
        size: how many values it has.
        weight: what it is multiplied by in a number.
        tallies: for each value, what its keys add to a tally.
        moves: for each table, what single keys do, for the values where that was worked out.
    """

    group: Group
    weights: tuple[int, ...]
    size: int
    weight: int
    tallies: tuple[int, ...]
    moves: dict[Table, list[tuple[int, ...] | None]] = attrs.field(factory=dict)

    def kinds(self, value: int) -> list[int]:
        """The kind of each key."""
        many = len(self.group.kinds)
        return [self.group.first + value // weight % many for weight in self.weights]

    def listed(self, table: Table) -> list[tuple[int, ...] | None]:
        """The differences of a table, still to be worked out at first."""
        if table not in self.moves:
            self.moves[table] = [None] * self.size
        return self.moves[table]

    def differences(self, table: Table, value: int) -> tuple[int, ...]:
        """What single keys of this chunk do."""
        outcomes = dict(table)
        found = [
            (after - kind) * weight * self.weight + ones
            for kind, weight in zip(self.kinds(value), self.weights, strict=True)
            for after, ones in outcomes.get(kind, ())
        ]
        return tuple(dict.fromkeys(found))


@attrs.frozen(eq=False)
class _Here:
    """What can happen at all snapshots of one tally.

    Attributes:
        plain: differences without a key.
        table: what single keys can do; `tables` lists it for each chunk.
        many: how many steps those two are.
        others: moves of several keys, or of all of some kinds.
    """

    plain: tuple[int, ...]
    table: Table
    tables: tuple[list[tuple[int, ...] | None], ...]
    many: int
    others: tuple[Effect, ...]
    plan: MovePlan


class NamedSpace:
    """The space of all snapshots with names. The attributes are those of `Tallies`.

    Raises:
        Unpackable: nobody says how many keys there are.
    """

    def __init__(self, plans: Plans) -> None:
        self.plans = plans
        self.shape = plans.shape
        if any(group.keys == PLENTY for group in self.shape.groups):
            raise Unpackable("with names, it must be said how many keys there are")
        self._ones = 1
        for part in self.shape.ones:
            self._ones *= len(self.shape.beings[part])
        self._chunks = tuple(self._cut())
        self._digits = [(chunk, place) for chunk in self._chunks for place in range(len(chunk.weights))]
        size = self._chunks[-1].weight * self._chunks[-1].size if self._chunks else self._ones
        self.start = self.shape.start >> self.shape.above
        self.first: list[tuple[int, MovePlan]] = []
        self.taken = 0
        self.stuck: list[int] = []
        self._here: dict[int, _Here] = {}
        self._small = size < 1 << 63
        self._dense = bytearray(size) if size <= DENSE else None
        self._sparse = {self.start}
        if self._dense is not None:
            self._dense[self.start] = 1

    def _cut(self) -> Iterator[_Chunk]:
        weight = self._ones
        for group in self.shape.groups:
            many, left = len(group.kinds), group.keys
            while left:
                digits = 1
                while digits < left and many ** (digits + 1) <= CHUNK:
                    digits += 1
                weights = tuple(many**place for place in range(digits))
                units = [self.shape.unit(kind) for kind in group.numbers]
                tallies = tuple(sum(picked) for picked in product(units, repeat=digits))
                yield _Chunk(group, weights[::-1], many**digits, weight, tallies)
                weight *= many**digits
                left -= digits

    def tally(self, number: int) -> int:
        """The tally of a snapshot."""
        rest, ones = divmod(number, self._ones)
        found = ones << self.shape.above
        for chunk in self._chunks:
            rest, value = divmod(rest, chunk.size)
            found += chunk.tallies[value]
        return found

    def plan(self, number: int) -> MovePlan:
        """What can happen at a snapshot."""
        return self._at(self.tally(number), number).plan

    def _at(self, tally: int, number: int) -> _Here:
        here = self._here.get(tally)
        if here is None:
            plan = self.plans.at(tally)
            if plan.number == len(self.first):
                self.first.append((number, plan))
            here = self._here[tally] = self._listed(tally, plan)
        return here

    def _listed(self, tally: int, plan: MovePlan) -> _Here:
        plain = [one for one in plan.effects if not one.shifts and not one.swept]
        single = [one for one in plan.effects if len(one.shifts) == 1 and not one.swept]
        outcomes: dict[int, dict[tuple[int, int], None]] = {}
        for one in single:
            ((before, after),) = one.shifts
            outcomes.setdefault(before, {})[after, one.ones - plan.ones] = None
        table = tuple((before, tuple(found)) for before, found in sorted(outcomes.items()))
        many = len(plain) + sum(self.shape.many(tally, one.shifts[0][0]) for one in single)
        others = tuple(one for one in plan.effects if one.swept or len(one.shifts) > 1)
        differences = tuple(dict.fromkeys(one.ones - plan.ones for one in plain))
        return _Here(differences, table, tuple(chunk.listed(table) for chunk in self._chunks), many, others, plan)

    def packed(self, snapshot: Snapshot, keys: Sequence[Hashable]) -> int:
        """The number of a snapshot of the runtime.

        Args:
            keys: the names that there are, the same for each group of parts.
        """
        kinds: list[int] = []
        for group in self.shape.groups:
            held = self.shape.held(group, snapshot)
            kinds += [held.get(key, group.first) for key in keys]
        return self._number(self.shape.tally(snapshot) >> self.shape.above, kinds)

    def steps(self, number: int) -> Iterator[tuple[type, int]]:
        """The events that are taken at a snapshot, each with where it leads."""
        for one in self.plan(number).effects:
            yield from ((one.event, after) for after in self._of_many(number, one))

    def successors(self, number: int) -> Iterator[int]:
        """Where they lead."""
        here = self._at(self.tally(number), number)
        yield from (number + difference for difference in here.plain)
        rest = number // self._ones
        for chunk in self._chunks:
            rest, value = divmod(rest, chunk.size)
            yield from (number + difference for difference in chunk.differences(here.table, value))
        for one in here.others:
            yield from self._of_many(number, one)

    def _of_many(self, number: int, one: Effect) -> list[int]:
        """Where a move of several keys leads, for every choice of keys; or of all keys of some kinds."""
        kinds: list[int] = []
        rest = number // self._ones
        for chunk in self._chunks:
            rest, value = divmod(rest, chunk.size)
            kinds += chunk.kinds(value)
        landing = dict(one.swept)
        swept = [landing.get(kind, kind) for kind in kinds]
        found: dict[int, None] = {}
        for chosen in product(
            *([place for place, kind in enumerate(kinds) if kind == before] for before, _ in one.shifts)
        ):
            if len(set(chosen)) == len(chosen):
                after = list(swept)
                for place, (_, kind) in zip(chosen, one.shifts, strict=True):
                    after[place] = kind
                found[self._number(one.ones, after)] = None
        return list(found)

    def _number(self, ones: int, kinds: Iterable[int]) -> int:
        digits = zip(self._digits, kinds, strict=True)
        return ones + sum(
            (kind - chunk.group.first) * chunk.weights[place] * chunk.weight for (chunk, place), kind in digits
        )

    def grow(self, level: Iterable[int]) -> MutableSequence[int]:
        """The snapshots one step away that were not met before."""
        found: MutableSequence[int] = array("q") if self._small else []
        if self._dense is not None:
            self._grow(level, self._dense, found)
        else:
            for number in level:
                self._note(self._at(self.tally(number), number), number)
                for after in self.successors(number):
                    if after not in self._sparse:
                        self._sparse.add(after)
                        found.append(after)
        return found

    def _note(self, here: _Here, number: int) -> None:
        many = here.many + sum(len(self._of_many(number, one)) for one in here.others)
        self.taken += many
        if not many:
            self.stuck.append(number)

    def _grow(self, level: Iterable[int], seen: bytearray, found: MutableSequence[int]) -> None:
        """As `successors` says, with what is listed already read off its list."""
        append, known, chunks = found.append, self._here, self._chunks
        sizes = tuple((chunk.size, chunk.tallies) for chunk in chunks)
        above, ones_many = self.shape.above, self._ones
        for number in level:
            rest, ones = divmod(number, ones_many)
            tally = ones << above
            values = []
            for size, tallies in sizes:
                rest, value = divmod(rest, size)
                tally += tallies[value]
                values.append(value)
            here = known.get(tally) or self._at(tally, number)
            for difference in here.plain:
                after = number + difference
                if not seen[after]:
                    seen[after] = 1
                    append(after)
            for place, value in enumerate(values):
                listed = here.tables[place]
                differences = listed[value]
                if differences is None:
                    differences = listed[value] = chunks[place].differences(here.table, value)
                for difference in differences:
                    after = number + difference
                    if not seen[after]:
                        seen[after] = 1
                        append(after)
            for one in here.others:
                for after in self._of_many(number, one):
                    if not seen[after]:
                        seen[after] = 1
                        append(after)
            if here.others:
                self._note(here, number)
            else:
                self.taken += here.many
                if not here.many:
                    self.stuck.append(number)
