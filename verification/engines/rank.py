"""What a state weighs: a whole number that no state has less of than nothing, made of its places.

Each cell of an `each` part weighs so much for each instance in it; each state of a `one` part, and
each value of its finite variables, so much while it is there. A way an event can go changes the
weight by what it moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from fsm.language.domains import is_finite
from fsm.language.parts import Each, One
from fsm.verification.encoding.branches import Branch
from fsm.verification.encoding.cells import Cell
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import (
    FALSE,
    chosen,
    conj,
    disj,
    equal,
    implies,
    less,
    negated,
    number,
    of_value,
    plus,
    times,
    value_of,
)
from fsm.verification.engines.enabledness import Way
from fsm.verification.engines.simultaneous import Pair

__all__ = ["Descent", "Place", "Weights", "lowers", "moves", "places"]

Term = Any


@attrs.frozen
class Place:
    """Something that weighs: a cell of an `each` part, or a value of a symbol of a `one` part.

    Attributes:
        part: the part's name.
        what: the cell, the state's number, or a value of a variable.
        variable: the variable's name; empty for a state or cell.
    """

    part: str
    what: Any
    variable: str = ""

    @property
    def name(self) -> str:
        """As certificates write it; no two places of a system share one."""
        return f"{self.part}{'.' if self.variable else ''}{self.variable}: {self.what}"


Weights = Mapping[Place, int]


def places(counting: Counting) -> Iterator[tuple[Place, str]]:
    """Everything that can weigh, with its name in words."""
    for part, counters in counting.counters.items():
        for cell in counters:
            yield Place(part.name, cell), f"{part.name} {cell.state.name}"
    for one in counting.ones:
        for position, state in enumerate(one.machine.states):
            yield Place(one.name, position), f"{one.name} {state.name}"
        for variable, _ in _finite(counting, one):
            for value in variable.domain.values():
                yield (
                    Place(one.name, value_of(of_value(value)), variable.name),
                    f"{one.name} {variable.name} {getattr(value, 'value', value)}",
                )


def _finite(counting: Counting, part: One) -> list[tuple[Any, Term]]:
    return [(variable, term) for variable, term in counting.ones[part][1].items() if is_finite(variable.domain)]


def _symbols(counting: Counting, branch: Branch) -> Iterator[tuple[One, str, Term]]:
    """The symbols of `one` parts that a branch changes."""
    for part, (state, _, _) in counting.ones.items():
        for name, term in (("", state), *((variable.name, term) for variable, term in _finite(counting, part))):
            if branch.swap.touches(term):
                yield part, name, term


@attrs.frozen(eq=False)
class Descent:
    """What it means that a way leads closer: the state weighs less then and is still in the region, or the goal is reached."""

    counting: Counting
    target: Term
    region: Term
    weights: Weights

    def stays_away(self, found: Iterable[Way]) -> Term:
        """None of these ways is open and leads closer."""
        return negated(disj(conj((way.taken, self._closer(way))) for way in found))

    def waiting_fails(self, timers: Sequence[Way]) -> Term:
        """No timer is running, or one of those that can fire first does not lead closer."""
        leads = [implies(way.taken, self._closer(way)) for way in timers]
        return negated(conj((disj(way.taken for way in timers), *leads)) if timers else FALSE)

    def away(self) -> Term:
        """A state of the region that is not the goal, and where no timer is due."""
        return conj((self.counting.quiet, self.region, negated(self.target)))

    def leaves(self, pair: Pair) -> Term:
        """Between two timers of one instant stands a state of the region that the second takes out of it, and not to the goal."""
        stays = disj((pair.after(self.region), pair.after(self.target)))
        return conj((self._between(pair), negated(stays)))

    def climbs(self, pair: Pair) -> Term:
        """What the first of two timers of one instant gains the second loses: the state weighs more after it, and is not the goal."""
        lower = pair.between(lowers(self.counting, pair.second, self.weights, strictly=False))
        return conj((self._between(pair), negated(disj((lower, pair.after(self.target))))))

    def _between(self, pair: Pair) -> Term:
        return conj((pair.taken, pair.between(conj((self.region, negated(self.target))))))

    def _closer(self, way: Way) -> Term:
        lower = conj((lowers(self.counting, way.branch, self.weights), way.branch.after(self.region)))
        return way.said(disj((lower, way.branch.after(self.target))))


def lowers(counting: Counting, branch: Branch, weights: Weights, *, strictly: bool = True) -> Term:
    """Whether the state weighs less after a branch than before; or, not `strictly`, no more."""
    change = [
        times(
            moved.many,
            number(_weight(weights, moved.part.name, moved.after) - _weight(weights, moved.part.name, moved.before)),
        )
        for moved in branch.moved
        if isinstance(moved.part, Each)
    ]
    before = []
    for part, name, term in _symbols(counting, branch):
        table = {
            place.what: weight
            for place, weight in weights.items()
            if weight and (place.part, place.variable) == (part.name, name)
        }
        change.append(_looked_up(branch.after(term), table))
        before.append(_looked_up(term, table))
    return less(plus(change), plus(before), strictly=strictly)


def _weight(weights: Weights, part: str, cell: Cell | None) -> int:
    return weights.get(Place(part, cell), 0)


def _looked_up(term: Term, table: Mapping[Any, int]) -> Term:
    return plus(chosen(equal(term, of_value(what)), number(weight), number(0)) for what, weight in table.items())


def moves(counting: Counting, branch: Branch, value: Any) -> dict[Place, int]:
    """By how much a branch changes what is at each place; `value(term)` is a term's value before it."""
    change: dict[Place, int] = {}
    for moved in branch.moved:
        if isinstance(moved.part, Each):
            many = value(moved.many)
            for cell, sign in ((moved.before, -many), (moved.after, many)):
                place = Place(moved.part.name, cell)
                change[place] = change.get(place, 0) + sign
    for part, name, term in _symbols(counting, branch):
        for after, sign in ((term, -1), (branch.after(term), 1)):
            place = Place(part.name, value(after), name)
            change[place] = change.get(place, 0) + sign
    return {place: by for place, by in change.items() if by}
