"""One walk through every packed snapshot by breadth, and what it shows of what is claimed.

Formulas are judged once for each plan: the snapshot at which a plan is first needed is one of those
nearest to the start, so its run is a shortest one. Recoverability is found by going over the snapshots
until no more of them lead to the goal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import attrs

from fsm.language.expressions import Formula
from fsm.language.leaves import Clock, Emitted
from fsm.language.printing import label
from fsm.language.properties import RESPONSES, Modality, Property
from fsm.language.traversal import walk
from fsm.runtime.engine import Engine
from fsm.semantics.evaluation import interpret
from fsm.semantics.satisfaction import holds
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.search.packed.plans import MovePlan
from fsm.verification.search.packed.shape import PLENTY
from fsm.verification.search.packed.traces import Contradiction, Space, run_to, way_to
from fsm.verification.search.results import Explored, Progress, judged, kept_by_steps, of_snapshots
from fsm.verification.verdict import Verdict

__all__ = ["Walk", "why_not"]

BY = "packed numbers"
SLICE = 20_000
"""Snapshots between two looks at the budget."""


def why_not(claim: Property) -> str:
    """Why packed snapshots say nothing of a claim; empty where they do."""
    read = [node for formula in (claim.formula, claim.premise) if formula is not None for node in walk(formula)]
    if claim.modality in RESPONSES:
        return "enumeration follows no response"
    if any(isinstance(node, Clock) for node in read):
        return "time is not counted"
    return "what was emitted since the start is not counted" if any(isinstance(node, Emitted) for node in read) else ""


class Walk:
    """One walk.

    Attributes:
        levels: the snapshots by how many steps they are from the start.
        complete: there are no others.
    """

    def __init__(
        self, engine: Engine, space: Space, claims: tuple[Property, ...], budget: int, progress: Progress
    ) -> None:
        self.engine = engine
        self.space = space
        self.claims = claims
        self.levels: list[Sequence[int]] = [[space.start]]
        self.snapshots = 1
        self._depths: list[int] = []
        self.why = ""
        while self.levels[-1] and not self.why:
            self._next(budget, progress)
        if not self.levels[-1]:
            self.levels.pop()
        self.complete = not self.why

    def _next(self, budget: int, progress: Progress) -> None:
        """The next level, in slices."""
        level, given = self.levels[-1], iter(self.levels[-1])
        grown: list[Sequence[int]] = []
        for _ in range(0, len(level), SLICE):
            if self.snapshots > budget:
                self.why = f"more than {budget:,} snapshots"
                break
            following = self.space.grow(islice(given, SLICE))
            self.snapshots += len(following)
            grown.append(following)
            progress(self.snapshots, len(self.levels))
        self._depths += [len(self.levels) - 1] * (len(self.space.first) - len(self._depths))
        if any(plan.short for _, plan in islice(self.space.first, len(self._depths))):
            self.why = f"{PLENTY:,} keys at once"
        for _, plan in islice(self.space.first, len(self._depths)):
            for event in plan.overlaps:
                self.why = self.why or f"two wires of {label(event)} apply at once"
        self.levels.append(grown[0] if len(grown) == 1 else [number for one in grown for number in one])

    # What was found

    def explored(self, keys: int | None, *, named: bool) -> Explored:
        """The counts with the verdicts."""
        ends = [number for number in self.space.stuck if self.space.plan(number).final]
        dead = [number for number in self.space.stuck if not self.space.plan(number).final]
        deadlock = self._run(dead[0], self._level_of(dead[0])) if dead else None
        depth, taken = len(self.levels) - 1, self.space.taken
        found = Explored(
            self.engine.system,
            self.engine.params,
            BY,
            keys,
            named,
            self.snapshots,
            taken,
            depth,
            len(ends),
            len(dead),
            deadlock,
            self.complete,
            self.why,
            (),
        )
        decided = {claim: self._verdict(place, claim, found) for place, claim in enumerate(self.claims)}
        verdicts = tuple(
            decided[claim] if claim in decided else judged(claim, found, why=why_not(claim))
            for claim in self.engine.system.properties
        )
        return attrs.evolve(found, verdicts=verdicts)

    def _verdict(self, place: int, claim: Property, found: Explored) -> Verdict:
        match claim.modality:
            case Modality.ALWAYS:
                return judged(
                    claim, found, broken=self._first(lambda plan: not plan.holds[place], claim.formula, False)
                )
            case Modality.EACH_STEP:
                return judged(claim, found, broken=self._breaking(place, claim.formula))
            case Modality.CAN_HAPPEN:
                return judged(claim, found, met=self._breaking(place, kept_by_steps(claim)))
            case Modality.REACHABLE:
                return judged(claim, found, met=self._first(lambda plan: plan.holds[place], claim.formula, True))
            case Modality.WITHIN:
                return judged(claim, found, broken=self._late(place, claim))
            case _:
                return judged(claim, found, lost=self._lost(place) if self.complete else None)

    def _first(self, meets: Callable[[MovePlan], bool], formula: Formula, wanted: bool) -> Trace | None:
        """A shortest run to a snapshot where the formula has this value, by the plan it was first needed for."""
        for (number, plan), depth in zip(self.space.first, self._depths, strict=True):
            if meets(plan):
                trace = self._run(number, depth)
                if holds(self.engine, formula, trace.last, {}) != wanted:
                    raise Contradiction(f"the runtime judges {trace.last} otherwise than the packed enumeration")
                return trace
        return None

    def _late(self, place: int, claim: Property) -> Trace | None:
        """A shortest run on which a bounded response comes too late: to where it is waited for, and then time alone, which nothing here measures."""
        assert claim.duration is not None
        run = self._first(lambda plan: not plan.holds[place], of_snapshots(claim), False)
        if run is None:
            return None
        duration = interpret(claim.duration, params=self.engine.params)
        return replay(self.engine, [*run.events, (None, run.last.now + duration + 1)])

    def _breaking(self, place: int, formula: Formula) -> Trace | None:
        for (number, plan), depth in zip(self.space.first, self._depths, strict=True):
            if place in plan.broken:
                return self._run(number, depth, formula)
        return None

    def _lost(self, place: int) -> Trace | None:
        """A shortest run to a snapshot of the region from which nothing leads to the goal within it."""
        region = place + len(self.claims)
        inside = [number for level in self.levels for number in level if self.space.plan(number).holds[region]]
        saved = {number for level in self.levels for number in level if self.space.plan(number).holds[place]}
        waiting = [number for number in inside if number not in saved]
        many = -1
        while waiting and many != len(waiting):
            many, left = len(waiting), []
            for number in reversed(waiting):  # once from the farthest, once from the nearest
                if any(after in saved for after in self.space.successors(number)):
                    saved.add(number)
                else:
                    left.append(number)
            waiting = left
        lost = set(waiting)
        depth, found = next(
            ((depth, number) for depth, level in enumerate(self.levels) for number in level if number in lost),
            (0, None),
        )
        return None if found is None else self._run(found, depth)

    def most_keys(self) -> int:
        """How many keys some snapshot holds at once, in one group of parts."""
        shape = self.space.shape
        numbers = (number for level in self.levels for number in level)
        return max([1, *(group.keys - shape.many(number, group.first) for number in numbers for group in shape.groups)])

    def _level_of(self, number: int) -> int:
        return next(depth for depth, level in enumerate(self.levels) if number in level)

    def _run(self, number: int, depth: int, breaks: Formula | None = None) -> Trace:
        return run_to(self.engine, self.space, way_to(self.space, self.levels, number, depth), breaks)
