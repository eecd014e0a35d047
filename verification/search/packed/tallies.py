"""Snapshots up to renaming of keys: a number is a tally, a step an addition.

What every key of a kind does at once moves a whole field; only there is a tally taken apart.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from fsm.language.snapshot import Snapshot
from fsm.verification.search.packed.plans import Effect, MovePlan, Plans

__all__ = ["Tallies"]

Whole = Callable[[int], int]


class Tallies:
    """The space of all tallies of a system.

    Attributes:
        start: the number of the first snapshot.
        first: for each plan, a snapshot of those that are nearest to the start, where `grow` goes by levels.
        taken: how many steps `grow` has tried, each event with each outcome once.
        stuck: the snapshots met in which no event is taken.
    """

    def __init__(self, plans: Plans) -> None:
        self.plans = plans
        self.shape = plans.shape
        self.start = self.shape.start
        self.first: list[tuple[int, MovePlan]] = []
        self.taken = 0
        self.stuck: list[int] = []
        self._differences: list[tuple[int, ...]] = []
        self._wholes: list[tuple[tuple[int, Whole], ...]] = []
        self._many: list[int] = []
        self._seen = {self.start}

    def tally(self, number: int) -> int:
        """The tally of a snapshot: itself."""
        return number

    def plan(self, number: int) -> MovePlan:
        """What can happen at a snapshot."""
        plan = self.plans.at(number)
        if plan.number == len(self.first):
            self._learn(number, plan)
        return plan

    def _learn(self, number: int, plan: MovePlan) -> None:
        """The differences of a plan; plans are learned in the order of their numbers."""
        self.first.append((number, plan))
        plain = dict.fromkeys((one.event, self._difference(plan, one)) for one in plan.effects if not one.swept)
        swept = [one for one in plan.effects if one.swept]
        self._differences.append(tuple(dict.fromkeys(difference for _, difference in plain)))
        self._wholes.append(tuple((self._difference(plan, one), self._whole(one)) for one in swept))
        self._many.append(len(plain) + len(swept))

    def _difference(self, plan: MovePlan, one: Effect) -> int:
        """What the named keys and the `one` parts add, beside what is swept."""
        shape, landing = self.shape, dict(one.swept)
        return sum(shape.unit(after) - shape.unit(landing.get(before, before)) for before, after in one.shifts) + (
            (one.ones - plan.ones) << shape.above
        )

    def _whole(self, one: Effect) -> Whole:
        """Every key of some kinds becomes of another one."""
        field = (1 << self.shape.width) - 1
        steps = tuple(
            (self.shape.width * kind, self.shape.unit(after) - self.shape.unit(kind)) for kind, after in one.swept
        )

        def whole(tally: int) -> int:
            return sum([((tally >> place) & field) * difference for place, difference in steps])

        return whole

    def packed(self, snapshot: Snapshot, keys: Sequence[Hashable] = ()) -> int:
        """The number of a snapshot of the runtime."""
        return self.shape.tally(snapshot)

    def steps(self, number: int) -> Iterator[tuple[type, int]]:
        """The events that are taken at a snapshot, each with where it leads."""
        plan = self.plan(number)
        for one in plan.effects:
            yield one.event, number + self._difference(plan, one) + (self._whole(one)(number) if one.swept else 0)

    def successors(self, number: int) -> Iterator[int]:
        """Where they lead."""
        which = self.plan(number).number
        yield from (number + difference for difference in self._differences[which])
        yield from (number + difference + whole(number) for difference, whole in self._wholes[which])

    def grow(self, level: Iterable[int]) -> list[int]:
        """The snapshots one step away that were not met before."""
        found: list[int] = []
        seen, add, append, at = self._seen, self._seen.add, found.append, self.plan
        for number in level:
            which = at(number).number
            for difference in self._differences[which]:
                after = number + difference
                if after not in seen:
                    add(after)
                    append(after)
            for difference, whole in self._wholes[which]:
                after = number + difference + whole(number)
                if after not in seen:
                    add(after)
                    append(after)
            self.taken += self._many[which]
            if not self._many[which]:
                self.stuck.append(number)
        return found
