"""Two timers of one instant, one after the other, as formulas: in between no caller is heard, and the second is all that can come next.

A rank that leads on from where no timer is due says nothing of what stands between two timers. What a second timer may do there,
if the rank is to lead on all the same, is said here: stay in the region, and not raise the rank where waiting is what lowers it.
Counters forget clocks, so any two timers of different instances may fall due together; of one stay, those of equal lengths.

You may not ask a solver here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from fsm.language.machine import Transition
from fsm.language.parts import Sent
from fsm.verification.encoding.branches import Branch
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import FALSE, TRUE, conj, disj, equal, less, number

__all__ = ["TimerPair", "pairs"]

Term = Any


@attrs.frozen(eq=False)
class TimerPair:
    """Two timers that may fire at one instant.

    Attributes:
        first, second: what they do.
        taken: when both do, said of the state before the first.
    """

    first: Branch
    second: Branch
    taken: Term

    def between(self, term: Term) -> Term:
        """A term over the state between the two, said of the state before the first."""
        return self.first.after(term)

    def after(self, term: Term) -> Term:
        """A term over the state after both, said of the state before the first."""
        return self.first.after(self.second.after(term))


def pairs(counting: Counting) -> list[TimerPair]:
    """Every way in which two timers can fire at one instant, one after the other."""
    timers = list(_timers(counting))
    found = []
    for timer, first in timers:
        for other, second in timers:
            asked = TRUE if second.reads_clock else conj(map(first.after, second.conditions))  # two clocks, one symbol
            taken = conj((*first.conditions, asked, _together(counting, (timer, first), (other, second))))
            if taken is not FALSE:
                found.append(TimerPair(first, second, taken))
    return found


def _timers(counting: Counting) -> Iterator[tuple[Transition, Branch]]:
    """Every timer, with each way in which it and what is wired to it can go."""
    for part in counting.system.parts:
        for timer, own in counting.own_timers(part):
            wires = [
                wire
                for wire in counting.system.wires
                if isinstance(wire.event, Sent) and wire.event.part is part and wire.event.event is timer.event
            ]
            yield from ((timer, branch) for branch in counting.with_wires([own], wires))


def _together(counting: Counting, one: tuple[Transition, Branch], other: tuple[Transition, Branch]) -> Term:
    """When the second may be due just after the first: it is of another instance, or of the same stay and as long."""
    (timer, first), (next_timer, second) = one, other
    moved, follows = first.moved[0], second.moved[0]
    if moved.part is not follows.part or moved.after != follows.before:
        return TRUE
    stays = not first.transitions or timer.target is None
    same = equal(counting.assumption(timer.duration), counting.assumption(next_timer.duration)) if stays else FALSE  # type: ignore[arg-type]  # timers have durations
    if moved.after is None:  # a part made by `one`
        return same
    counters = counting.counters[moved.part]  # type: ignore[index]  # cells belong to each parts
    return disj((same, less(number(2), first.after(counters[moved.after]), strictly=False)))
