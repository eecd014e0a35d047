"""What the states of two parts say of each other: that they are never there at once, and who has been there for longer. Candidates for invariants.

Two clocks go on together, so who was there first stays so; with the durations of timers that decides which of them fires first.

You may not ask a solver here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice, product
from typing import Any

from fsm.verification.encoding.clocked import Clocked
from fsm.verification.encoding.terms import conj, equal, implies, less, negated, number
from fsm.verification.facts import FactId, Of

__all__ = ["side_by_side"]

MOST = 600
"""How many facts are tried of one system."""
WORK = 24_000
"""Each is asked of everything that can happen: how many questions that may make."""


def side_by_side(clocked: Clocked) -> dict[FactId, Any]:
    """The facts of every two states of two parts."""
    return dict(islice(_pairs(clocked), min(MOST, WORK // max(1, len(clocked.happenings)))))


def _pairs(clocked: Clocked) -> Iterator[tuple[FactId, Any]]:
    for one, other in combinations(clocked.slots, 2):
        first, second = clocked.places.parts[one.part], clocked.places.parts[other.part]
        for mine, its in product(range(len(one.part.machine.states)), range(len(other.part.machine.states))):
            both = conj((equal(one.state, number(mine)), equal(other.state, number(its))))
            yield FactId(Of.APART, (first, mine, second, its)), negated(both)
            yield FactId(Of.OLDER, (first, mine, second, its)), implies(both, less(other.age, one.age, strictly=False))
            yield FactId(Of.OLDER, (second, its, first, mine)), implies(both, less(one.age, other.age, strictly=False))
