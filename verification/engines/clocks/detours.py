"""How long a stopwatch may have run when a state is entered: sums of durations along the ways that lead there.

On a way each state is left by one of its timers at the latest; a way that goes round does so as often as some variable counts. Which of
these sums hold is found by induction (`timed_induction`), each with the time in state: candidates, no more.

You may not ask a solver here.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from itertools import islice, product

import attrs

from fsm.language.domains import Integers
from fsm.language.machine import Machine, State
from fsm.verification.encoding.instance import readable

__all__ = ["Addend", "Detour", "Times", "detours"]

MOST_WAYS = 12
"""How many ways into one state are tried."""
MOST = 60
"""How many sums of one state are tried."""
ROUNDS_BEFORE = 2
"""How many rounds may have been counted before a stopwatch begins."""


class Times(IntEnum):
    """How often a duration may have passed: once; as often as a variable stands above its least value, or below its largest; as often as it can change; once less."""

    ONCE = 0
    COUNTED_UP = 1
    COUNTED_DOWN = 2
    AT_MOST = 3
    LESS = 4


@attrs.frozen
class Addend:
    """A duration, so many times.

    Attributes:
        state, timer: whose, by places.
        variable: the one that counts, by its place among those that conditions read; 0 where none does.
    """

    state: int
    timer: int
    times: Times = Times.ONCE
    variable: int = 0


Detour = tuple[Addend, ...]


def detours(machine: Machine) -> Iterator[tuple[int, Detour]]:
    """For each state, sums of durations that a stopwatch may have shown on entering it."""
    graph = _Graph(machine)
    for place, _ in enumerate(machine.states):
        found = dict.fromkeys(sum_ for way in islice(graph.ways(place), MOST_WAYS) for sum_ in graph.sums(way))
        yield from ((place, sum_) for sum_ in islice(found, MOST) if sum_)


class _Graph:
    """The states of a machine that timers bound, and the lines between them."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.timed = {place: len(machine.timers(state)) - 1 for place, state in enumerate(machine.states)}
        self.before: dict[int, list[int]] = {place: [] for place in self.timed}
        for place, state in enumerate(machine.states):
            for after in self._after(state):
                self.before[after].append(place)
        self.counters = [
            (place, variable.domain.high is not None)
            for place, variable in enumerate(readable(machine))
            if isinstance(variable.domain, Integers) and variable.domain.low is not None
        ]

    def _after(self, state: State) -> dict[int, None]:
        states = self.machine.states
        lines = self.machine.leaving(state)
        return dict.fromkeys(states.index(line.target) for line in lines if line.target is not None)

    def ways(self, place: int) -> Iterator[tuple[int, ...]]:
        """Ways without a state twice that end here, the shortest first, through states that timers bound."""
        waiting: list[tuple[int, ...]] = [(place,)]
        for way in waiting:
            yield way
            if len(waiting) < MOST_WAYS:
                sources = (one for one in self.before[way[0]] if one not in way and self.timed[one] >= 0)
                waiting += [(one, *way) for one in sources]

    def sums(self, way: tuple[int, ...]) -> Iterator[Detour]:
        """The durations of a way; with each round that may be taken on it, as often as one of the variables counts."""
        straight = tuple(Addend(place, self.timed[place]) for place in way[:-1])
        yield straight
        rounds = [self._round(place) for place in way]
        turning = next((one for one in reversed(rounds) if one), ())
        for variable, bounded in self.counters if turning else ():
            times = (Times.COUNTED_UP, Times.COUNTED_DOWN, Times.AT_MOST) if bounded else (Times.COUNTED_UP,)
            for often, before in product(
                times, range(ROUNDS_BEFORE + 1)
            ):  # the stopwatch may begin when some were counted
                counted = (Addend(place, self.timed[place], often, variable) for place in turning)
                less = tuple(Addend(place, self.timed[place], Times.LESS) for place in turning)
                yield (*straight, *counted, *(before * less))

    def _round(self, place: int) -> tuple[int, ...]:
        """The states of the shortest round through a state, all of them bound by timers; empty where there is none."""
        if self.timed[place] < 0:
            return ()
        waiting: list[tuple[int, ...]] = [(place,)]
        seen = {place}
        for way in waiting:
            for source in self.before[way[0]]:
                if source == place:
                    return way
                if source not in seen and self.timed[source] >= 0:
                    seen.add(source)
                    waiting.append((source, *way))
        return ()
