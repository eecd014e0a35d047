"""What a state weighs: a whole number that no state has less of than nothing, made of its places.

Each cell of an `each` part weighs so much for each instance in it; each state of a `one` part, and
each value of its finite variables, each timer that has yet to fire, so much while it is there. A way an event can go changes the
weight by what it moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import attrs

from fsm.language.parts import Each, One, Part
from fsm.language.printing import label
from fsm.verification.encoding.branches import Branch
from fsm.verification.encoding.cells import Cell
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.places import place_of_value, worth_naming
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
from fsm.verification.engines.enabledness import EnabledWay
from fsm.verification.engines.ranks.gaps import gaps, local_gaps
from fsm.verification.engines.simultaneous import TimerPair
from fsm.verification.facts import FactId, Of

__all__ = ["Descent", "Scale", "Weighed", "Weights", "moves", "of_cell", "places"]

Term = Any


@attrs.frozen
class Weighed:
    """Something that weighs: a cell of an `each` part, or a value of a symbol of a `one` part.

    Attributes:
        group: cells of one state may weigh alike; what else weighs is alone.
        words: part and state, or part, variable and value.
    """

    place: FactId
    group: FactId
    words: str


Weights = Mapping[FactId, int]


def places(counting: Counting, *, numbers: bool = False, local: bool = False) -> Iterator[Weighed]:
    """Everything that can weigh.

    Args:
        numbers: also how far whole numbers are from each other (`gaps`).
        local: also that in one state.
    """
    if local:
        yield from (Weighed(gap.place, gap.place, gap.words) for gap in local_gaps(counting))
    if numbers:
        yield from (Weighed(gap.place, gap.place, gap.words) for gap in gaps(counting))
    for part, counters in counting.counters.items():
        at = counting.places.parts[part]
        for cell in counters:
            yield Weighed(
                of_cell(counting, part, cell), FactId(Of.STATE, (at, cell.at[0])), f"{part.name} {cell.state.name}"
            )
    for one in counting.ones:
        at = counting.places.parts[one]
        for number_, state in enumerate(one.machine.states):
            place = FactId(Of.STATE, (at, number_))
            yield Weighed(place, place, f"{one.name} {state.name}")
        for number_, (variable, _) in enumerate(counting.ones[one][1].items()):
            for value in worth_naming(variable.domain):
                place = FactId(Of.VALUE, (at, number_, place_of_value(variable.domain, value)))
                yield Weighed(place, place, f"{one.name} {variable.name} {getattr(value, 'value', value)}")
        for place, words, _ in _waiting(counting, one):
            yield Weighed(place, place, words)


def _waiting(counting: Counting, part: One) -> Iterator[tuple[FactId, str, Term]]:
    """For each timer that can fire in a stay that goes on, since it stays or may lapse: that the stay is there and it has not."""
    state, _, spent = counting.ones[part]
    for number_, source in enumerate(part.machine.states):
        for timer, (transition, bit) in enumerate(zip(part.machine.timers(source), spent, strict=False)):
            if transition.guard is not None or transition.target is None:
                words = f"{part.name} {source.name} before {label(transition.event)} fires"
                waits = conj((equal(state, number(number_)), negated(bit)))
                yield FactId(Of.WAITS, (counting.places.parts[part], number_, timer)), words, waits


def of_cell(counting: Counting, part: Part, cell: Cell | None) -> FactId:
    """A cell as something that weighs; that it does not exist, where there is none."""
    return FactId(Of.CELL, (counting.places.parts[part], *(() if cell is None else cell.at)))


@lru_cache(maxsize=8)
def _tables(counting: Counting) -> tuple[tuple[Term, Mapping[bool | int, FactId]], ...]:
    """For each finite symbol of a `one` part, what it can be as something that weighs."""
    found: list[tuple[Term, Mapping[bool | int, FactId]]] = []
    for part, (state, values, _) in counting.ones.items():
        at = counting.places.parts[part]
        found.append(
            (state, {number_: FactId(Of.STATE, (at, number_)) for number_, _ in enumerate(part.machine.states)})
        )
        for number_, (variable, term) in enumerate(values.items()):
            if worth := worth_naming(variable.domain):
                known = [(value, place_of_value(variable.domain, value)) for value in worth]
                found.append(
                    (term, {_constant(value): FactId(Of.VALUE, (at, number_, place)) for value, place in known})
                )
        found += [(term, {True: place}) for place, _, term in _waiting(counting, part)]
    return tuple(found)


def _constant(value: object) -> bool | int:
    constant = value_of(of_value(value))
    assert constant is not None, "of a readable domain"
    return constant


@attrs.frozen(eq=False)
class Scale:
    """What things weigh, by these weights; what does not depend on the way is said once, since there may be many ways."""

    counting: Counting
    weights: Weights
    _sooner: tuple[tuple[tuple[Term, int], ...], ...] = attrs.field(init=False)
    """Numbers that count before all that is weighed, the first of them first."""
    _gaps: tuple[tuple[Term, int], ...] = attrs.field(init=False)
    _held: tuple[tuple[Term, Mapping[bool | int, int], Term], ...] = attrs.field(init=False)
    """For each finite symbol of a `one` part: what its values weigh, and what it weighs now."""

    @_sooner.default
    def _levels(self) -> tuple[tuple[tuple[Term, int], ...], ...]:
        levels: dict[int, list[tuple[Term, int]]] = {}
        known = {gap.place.at: gap.term for gap in gaps(self.counting)} if any(map(_is_sooner, self.weights)) else {}
        for place, weight in self.weights.items():
            if _is_sooner(place) and weight:
                levels.setdefault(place.at[0], []).append((known[place.at[1:]], weight))
        return tuple(tuple(levels[level]) for level in sorted(levels))

    @_gaps.default
    def _weighing(self) -> tuple[tuple[Term, int], ...]:
        local = local_gaps(self.counting) if any(place.of is Of.GAP_IN for place in self.weights) else ()
        every = (*gaps(self.counting), *local)
        return tuple((gap.term, weight) for gap in every if (weight := self.weights.get(gap.place)))

    @_held.default
    def _weighed(self) -> tuple[tuple[Term, Mapping[bool | int, int], Term], ...]:
        tables = [
            (term, {value: self.weights[place] for value, place in known.items() if self.weights.get(place)})
            for term, known in _tables(self.counting)
        ]
        return tuple((term, table, _looked_up(term, table)) for term, table in tables)

    def lowers(self, branch: Branch, *, strictly: bool = True) -> Term:
        """Whether the state weighs less after a branch than before; or, not `strictly`, no more. What counts sooner decides, where it changes (lexicographic order)."""
        falls: list[Term] = []
        kept: list[Term] = []
        for level in self._sooner:
            moved = [(term, number(weight)) for term, weight in level if branch.swap.touches(term)]
            if moved:
                after = plus(times(weight, branch.after(term)) for term, weight in moved)
                before = plus(times(weight, term) for term, weight in moved)
                falls.append(conj((*kept, less(after, before))))
                kept.append(less(after, before, strictly=False))
        return disj((*falls, conj((*kept, self._lowers(branch, strictly=strictly)))))

    def _lowers(self, branch: Branch, *, strictly: bool) -> Term:
        change = [
            times(moved.many, number(self._of(moved.part, moved.after) - self._of(moved.part, moved.before)))
            for moved in branch.moved
            if isinstance(moved.part, Each)
        ]
        touched = [one for one in self._held if branch.swap.touches(one[0])]
        change += [_looked_up(branch.after(term), table) for term, table, _ in touched]
        moved = [(term, number(weight)) for term, weight in self._gaps if branch.swap.touches(term)]
        change += [times(weight, branch.after(term)) for term, weight in moved]
        before = (*(held for _, _, held in touched), *(times(weight, term) for term, weight in moved))
        return less(plus(change), plus(before), strictly=strictly)

    def _of(self, part: Part, cell: Cell | None) -> int:
        return self.weights.get(of_cell(self.counting, part, cell), 0)


def _is_sooner(place: FactId) -> bool:
    return place.of is Of.SOONER


def _looked_up(term: Term, table: Mapping[bool | int, int]) -> Term:
    fixed = value_of(term)
    if fixed is not None:
        return number(table.get(fixed, 0))
    return plus(chosen(equal(term, of_value(what)), number(weight), number(0)) for what, weight in table.items())


@attrs.frozen(eq=False)
class Descent:
    """What it means that a way leads closer: the state weighs less then and is still in the region, or the goal is reached."""

    counting: Counting
    target: Term
    region: Term
    scale: Scale

    def stays_away(self, found: Iterable[EnabledWay]) -> Term:
        """None of these ways is open and leads closer."""
        return negated(disj(conj((way.taken, self._closer(way))) for way in found))

    def waiting_fails(self, timers: Sequence[EnabledWay]) -> Term:
        """No timer is running, or one of those that can fire first does not lead closer."""
        leads = [implies(way.taken, self._closer(way)) for way in timers]
        return negated(conj((disj(way.taken for way in timers), *leads)) if timers else FALSE)

    def away(self) -> Term:
        """A state of the region that is not the goal, and where no timer is due."""
        return conj((self.counting.quiet, self.region, negated(self.target)))

    def leaves(self, pair: TimerPair) -> Term:
        """Between two timers of one instant stands a state of the region that the second takes out of it, and not to the goal."""
        stays = disj((pair.after(self.region), pair.after(self.target)))
        return conj((self._between(pair), negated(stays)))

    def climbs(self, pair: TimerPair) -> Term:
        """What the first of two timers of one instant gains the second loses: the state weighs more after it, and is not the goal."""
        lower = pair.between(self.scale.lowers(pair.second, strictly=False))
        return conj((self._between(pair), negated(disj((lower, pair.after(self.target))))))

    def stalls(self, pair: TimerPair, stays_away: Term) -> Term:
        """Between two timers of one stay that are due at one instant no caller can lead closer, and the second does not."""
        lower = pair.between(self.scale.lowers(pair.second))
        due = pair.between(conj((negated(self.counting.quiet), stays_away)))
        return conj((self._between(pair), due, negated(disj((lower, pair.after(self.target))))))

    def _between(self, pair: TimerPair) -> Term:
        return conj((pair.taken, pair.between(conj((self.region, negated(self.target))))))

    def _closer(self, way: EnabledWay) -> Term:
        lower = conj((self.scale.lowers(way.branch), way.branch.after(self.region)))
        return way.said(disj((lower, way.branch.after(self.target))))


def moves(counting: Counting, branch: Branch, value: Any, *, local: bool = False) -> dict[FactId, int]:
    """By how much a branch changes what is at each place; `value(term)` is a term's value before it."""
    change: dict[FactId, int] = {}
    for moved in branch.moved:
        if isinstance(moved.part, Each):
            many = value(moved.many)
            for cell, sign in ((moved.before, -many), (moved.after, many)):
                place = of_cell(counting, moved.part, cell)
                change[place] = change.get(place, 0) + sign
    for term, known in _tables(counting):
        if branch.swap.touches(term):
            for after, sign in ((term, -1), (branch.after(term), 1)):
                there = known.get(value(after))
                if there is not None:
                    change[there] = change.get(there, 0) + sign
    for gap in (*gaps(counting), *(local_gaps(counting) if local else ())):
        if branch.swap.touches(gap.term):
            change[gap.place] = value(branch.after(gap.term)) - value(gap.term)
    return {place: by for place, by in change.items() if by}
