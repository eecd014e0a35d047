"""States in a row: the last with the symbols of the encoding, those before it with symbols of their own.

An event is here one relation between a state and the next, whichever way it goes. k-induction asks with
these formulas, and the certificate of what it found asks them again.

You may not ask a solver here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.symbols import NEXT, copy_of
from fsm.verification.encoding.terms import Swap, conj, disj, equal, negated, symbols_of
from fsm.verification.facts import FactId, Of

__all__ = ["Rows"]

Term = Any


class Rows:
    """The states before a state, and the steps between them.

    Args:
        said: formulas that will be said of states before the last.
    """

    def __init__(self, counting: Counting, said: Iterable[Term]) -> None:
        self.counting = counting
        self.state = list(counting.variables)
        self._swaps: dict[int, Swap] = {}
        self._taken = disj(self._goes())
        following = [copy_of(term, NEXT) for term in self.state]
        kept = {term.get_id() for term in (*counting.params.values(), *following)}
        terms = (self._taken, *said, *self.state, *counting.typing)
        self.symbols = [term for term in symbols_of(terms) if term.get_id() not in kept]

    def _goes(self) -> Iterator[Term]:
        """Each way an event can go, as a relation between a state and the next."""
        for one in self.counting.occurrences:
            allowed = (one.quiet, *(term for _, term in one.rules), *self.counting.places.field_bounds(one.event))
            for branch in one.branches:
                lands = [equal(copy_of(term, NEXT), branch.after(term)) for term in self.state]
                yield conj((*allowed, *branch.conditions, *branch.clock, *lands))

    def at(self, back: int) -> Swap:
        """Said of the state so many steps before the last, and of the next where a relation speaks of one."""
        if back not in self._swaps:
            renamed = [(term, _renamed(term, back)) for term in self.symbols]
            self._swaps[back] = Swap(
                [*renamed, *((copy_of(term, NEXT), _renamed(term, max(back - 1, 0))) for term in self.state)]
            )
        return self._swaps[back]

    def begins(self, back: int) -> Term:
        """So many steps before the last is the start."""
        return conj(equal(_renamed(term, back), self.counting.start[term]) for term in self.state)

    def steps(self, backs: Iterable[int]) -> dict[FactId, Term]:
        """A step from each of these states to the next."""
        return {FactId(Of.STEP, (back,)): self.at(back)(conj((self._taken, *self.counting.typing))) for back in backs}

    def unlike(self, k: int) -> Term:
        """Of the last k states no two are the same."""
        pairs = [(early, late) for early in range(k) for late in range(early)]
        return conj(
            disj(negated(equal(_renamed(term, early), _renamed(term, late))) for term in self.state)
            for early, late in pairs
        )


def _renamed(term: Term, back: int) -> Term:
    return term if back == 0 else copy_of(term, back)
