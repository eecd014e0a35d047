"""How time passes for two declarations at once, so that no instant that makes a difference is left out.

Times in state are compared with constants; where all of these are multiples of one unit, only whole units matter, and in which
order the rest of several times in state runs up to the next (Alur and Dill, "A theory of timed automata", 1994). Then time passes to the
next instant at which one of them is a multiple, and to the first millisecond after it. Otherwise it passes millisecond by millisecond.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from math import gcd

import attrs

from fsm.language.expressions import Compare, Const, Expr
from fsm.language.leaves import Clock
from fsm.language.snapshot import Instance
from fsm.language.traversal import walk
from fsm.runtime.engine import Engine
from fsm.semantics.evaluation import interpret
from fsm.semantics.simplification import with_values
from fsm.verification.changes.sending import Pair
from fsm.verification.search.clocks import reads_clock
from fsm.verification.search.successors import ages_of

__all__ = ["Clocks"]

FEWEST = 8
"""Milliseconds of a unit: in a shorter one there is no room for an order."""


@attrs.frozen(eq=False)
class Clocks:
    """What is measured, of two compiled systems.

    Attributes:
        states: for each of both, for each part, the states in which the time matters.
        unit: what all that times in state are compared with are multiples of, milliseconds.
        longest: after so long nothing measures how much longer.
        gap: why instants may be left out; empty where none is.
    """

    states: tuple[tuple[frozenset[str], ...], tuple[frozenset[str], ...]]
    unit: int
    longest: int
    gap: str

    @classmethod
    def of(cls, old: Engine, new: Engine) -> Clocks:
        """Those of two compiled systems."""
        found: list[tuple[frozenset[str], ...]] = []
        points: list[int] = []
        plain, longest, gap = True, 0, ""
        for engine in (old, new):
            read = list(_clocked(engine))
            ages = [ages_of(part, engine.params, []) for part in engine.system.parts]
            found.append(tuple(one.states for one in ages))
            longest = max([longest, *(one.cap for one in ages)])
            if any(one.endless or one.compared for one in ages):
                gap = "a time in state is compared with what is no constant"
            durations = [
                line.duration
                for part in engine.system.parts
                for line in part.machine.transitions
                if line.duration is not None
            ]
            points += [interpret(one, params=engine.params) for one in durations]
            compared = [_point(one) for one in read]
            plain = plain and None not in compared
            points += [one for one in compared if one is not None]
        unit = gcd(*points) if plain else 1
        if unit < FEWEST:
            return cls((found[0], found[1]), 1, longest, gap)
        return cls((found[0], found[1]), unit, max(points, default=0), gap)

    def running(self, pair: Pair) -> Iterator[tuple[tuple[int, int, Hashable], int]]:
        """For each instance whose time in state matters, where it is and that time."""
        for side, (snapshot, states) in enumerate(zip(pair, self.states, strict=True)):
            for place, (part, timed) in enumerate(zip(snapshot.parts, states, strict=True)):
                for key, instance in [(None, part)] if isinstance(part, Instance) else part.items():
                    if instance.state in timed:
                        yield (side, place, key), snapshot.now - instance.since

    def measured(self, pair: Pair) -> dict[tuple[int, int, Hashable], tuple[int, int]]:
        """For each such instance its time in state as far as it makes a difference."""
        ages = dict(self.running(pair))
        rests = sorted({age % self.unit for age in ages.values() if age <= self.longest} - {0})
        order = {0: 0} | {rest: place for place, rest in enumerate(rests, 1)}
        return {
            at: (-1, 0) if age > self.longest else (age // self.unit, order[age % self.unit])
            for at, age in ages.items()
        }

    def wait(self, pair: Pair) -> tuple[int, bool]:
        """How long until something can change, 0 for never; and whether no instant lies between that makes a difference."""
        ages = [age for _, age in self.running(pair) if age <= self.longest]
        if not ages:
            return 0, True
        if self.unit == 1:
            return 1, True
        rests = [age % self.unit for age in ages]
        room = max(rests) + 1 < self.unit
        if 0 in rests and room:
            return 1, True
        return self.unit - max(rests), 0 not in rests


def _clocked(engine: Engine) -> Iterator[Compare]:
    """Every comparison with a time in state."""
    for part in engine.system.parts:
        for line in part.machine.transitions:
            if line.guard is not None and reads_clock(line.guard):
                guard = with_values(line.guard, engine.params)
                yield from (node for node in walk(guard) if isinstance(node, Compare) and reads_clock(node))


def _point(node: Compare) -> int | None:
    """The constant that a time in state is compared with; None where it is anything else."""
    sides: list[Expr[object]] = [node.left, node.right]
    constants = [one.value for one in sides if isinstance(one, Const) and type(one.value) is int]
    return constants[0] if len(constants) == 1 and any(isinstance(one, Clock) for one in sides) else None
