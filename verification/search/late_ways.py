"""A way through enumerated snapshots on which a bounded response comes too late: a shortest one, or that there is none.

Beside where the run is, all that matters is how long the goal may still take; of two ways to one snapshot that with less
time left is the one to follow. The rule itself is `fsm.semantics.stopwatch`.

What it can never say: anything about snapshots that the enumeration did not come to.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping

import attrs

from fsm.semantics.stopwatch import Stopwatch

__all__ = ["LateWay", "Onward", "TooFar", "late_way"]

MOST = 2_000_000
"""So many snapshots with their stopwatches are looked at."""


class TooFar(Exception):
    """Nobody knows whether there is a way: those that were looked at are not all."""


@attrs.frozen
class Onward:
    """What leads on from a snapshot.

    Attributes:
        at_once: the numbers of the snapshots that come without time passing.
        waiting: those that come when a millisecond has passed.
        rests: time may pass, as much as it likes, and changes nothing.
    """

    at_once: tuple[int, ...]
    waiting: tuple[int, ...]
    rests: bool


@attrs.frozen
class LateWay:
    """Where a response is late.

    Attributes:
        steps: the snapshots after the first, each with whether a millisecond passed before it.
        rest: for how long, in milliseconds, nothing changes at the end; 0 where the last step is late by itself.
    """

    steps: tuple[tuple[int, bool], ...]
    rest: int


@attrs.frozen(eq=False)
class _Node:
    number: int
    waited: bool
    before: _Node | None
    watch: Stopwatch

    def way(self, rest: int = 0) -> LateWay:
        steps: list[tuple[int, bool]] = []
        node = self
        while node.before is not None:
            steps.append((node.number, node.waited))
            node = node.before
        return LateWay(tuple(reversed(steps)), rest)


def late_way(
    onward: Mapping[int, Onward], premise: Collection[int], goal: Collection[int], duration: int
) -> LateWay | None:
    """A way of as few steps as can be from the snapshot 0, on which the goal comes too late; None where there is none.

    Raises:
        TooFar: it is longer than a few million snapshots with their stopwatches.

    Args:
        onward: of each snapshot, by its number, what leads on, as far as that is known.
        premise, goal: the numbers of the snapshots where they hold.
        duration: how long the goal may take, milliseconds.
    """

    def after(watch: Stopwatch, waits: int, number: int) -> Stopwatch:
        """The stopwatch at a snapshot, whose instant is nought, so many milliseconds after the one before."""
        met = watch.at(waits, premise=number in premise, goal=number in goal)
        return met if met.deadline is None else attrs.evolve(met, deadline=met.deadline - waits)

    queue = deque([_Node(0, False, None, after(Stopwatch(duration), 0, 0))])
    least: dict[int, int] = {}
    looked = 0
    while queue:
        node = queue.popleft()
        left = _left(node.watch)
        if left >= least.get(node.number, left + 1) or node.number not in onward:
            continue
        least[node.number] = left
        looked += 1
        if looked > MOST:
            raise TooFar(f"more than {MOST:,} snapshots with what is left until they are too late")
        leads = onward[node.number]
        if leads.rests and node.watch.deadline is not None:
            return node.way(node.watch.deadline + 1)
        for targets, waits in ((leads.at_once, 0), (leads.waiting, 1)):
            for number in targets:
                child = _Node(number, bool(waits), node, after(node.watch, waits, number))
                if child.watch.late:
                    return child.way()
                queue.append(child)
    return None


def _left(watch: Stopwatch) -> int:
    """How long the goal may still take, milliseconds; more than that where nothing is waited for."""
    return watch.duration + 1 if watch.deadline is None else watch.deadline
