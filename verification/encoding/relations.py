"""What may always be so of several things at once: a number bounded in one state, a value that one never has, one number never above another, sums that never change. Candidates for invariants.

Sums are found as place invariants of Petri nets are (Lautenbach, 1973): weights with which what each way of each event adds, and what it takes
away, cancel out. They are weighed exactly, and tried like every other candidate: what is found here is believed nowhere.

You may not ask a solver here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import islice, permutations
from math import gcd, lcm
from typing import Any

import z3

from fsm.language.domains import Booleans, Enumeration, Integers
from fsm.language.expressions import Expr
from fsm.language.leaves import Clock, FieldRef
from fsm.language.parts import One
from fsm.language.traversal import walk
from fsm.verification.encoding.bounds import bounds_of
from fsm.verification.encoding.branches import Branch
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.instance import instance_leaf, no_fields, readable
from fsm.verification.encoding.places import place_of_value
from fsm.verification.encoding.terms import (
    chosen,
    conj,
    disj,
    equal,
    implies,
    less,
    negated,
    number,
    plus,
    times,
    value_of,
)
from fsm.verification.encoding.translation import of_value, translate, within
from fsm.verification.facts import FactId, Of

__all__ = ["COUNT", "INDICATOR", "NUMBER", "relations"]

Term = Any
NUMBER, INDICATOR, COUNT = range(3)
"""What a sum adds up: a variable of a part with one instance, whether that part is in a state, how many of a part are in one; each with two places."""
MOST_IN_STATES = 200
"""Of how many bounds it is asked whether they hold in a state, for each part."""
FEW_VALUES = 8
"""So many values of a variable may each be one that a state never has."""
MOST_NUMBERS = 8
"""Of how many numbers it is asked which is never above which."""
MOST_THINGS, MOST_SUMS, HEAVIEST = 60, 20, 1_000


def relations(counting: Counting, every: Counting) -> Iterator[tuple[FactId, Term]]:
    """Candidates, said of an encoding.

    Args:
        every: that of the same system with every cell, by which sums are found.
    """
    for part, (state, _, _) in counting.ones.items():
        yield from islice(_in_states(counting, part, state), MOST_IN_STATES)
        yield from islice(_without(counting, part), MOST_IN_STATES)
        yield from islice(_room(counting, part), MOST_IN_STATES)
    yield from _in_order(counting)
    for weights in sums(every):
        yield (
            FactId(Of.SUM, tuple(number_ for key, weight in weights for number_ in (*key, _coded(weight)))),
            _said(counting, weights),
        )


def _in_states(counting: Counting, part: One, state: Term) -> Iterator[tuple[FactId, Term]]:
    """That a number is bounded as long as the part is in a state; where a machine has one state, that is no news."""
    states = part.machine.states
    at = counting.places.parts[part]
    for place, bound, what in bounds_of(counting.system, part) if len(states) > 1 else ():
        said = counting.bounded(part, place, bound, what)
        for one, _ in enumerate(states):
            yield (
                FactId(Of.BOUND_IN, (at, one, place, int(bound), what)),
                disj((negated(equal(state, number(one))), said)),
            )


def _without(counting: Counting, part: One) -> Iterator[tuple[FactId, Term]]:
    """That in a state a switch is never on, or never off; and so of what has few values."""
    for there, stay in enumerate(counting.stays(part)) if len(part.machine.states) > 1 else ():
        here = equal(counting.ones[part][0], number(there))
        for which, (variable, term) in enumerate(stay.values.items()):
            if isinstance(variable.domain, Booleans | Enumeration) and len(variable.domain.values()) <= FEW_VALUES:
                for value in variable.domain.values():
                    at = (counting.places.parts[part], there, which, place_of_value(variable.domain, value))
                    yield FactId(Of.WITHOUT, at), implies(here, negated(equal(term, of_value(value))))


def _room(counting: Counting, part: One) -> Iterator[tuple[FactId, Term]]:
    """That in a state what a line would write stays in its range, of lines whose machine had to say so; of all moments, or of those in which it is meant to be taken."""
    for number_, line in enumerate(part.machine.transitions):
        numbers = [
            (wanted, value)
            for wanted, value in line.written_values()
            if isinstance(wanted, Integers) and wanted != Integers()
        ]
        if line.narrowed and not any(_comes(value) for _, value in numbers):
            for there, place in enumerate(counting.stays(part)):
                here = equal(counting.ones[part][0], number(there))
                leaf = instance_leaf(place, counting.params, no_fields)
                fits = conj(term for wanted, value in numbers for term in within(translate(value, leaf), wanted))
                at = (counting.places.parts[part], number_, there)
                yield FactId(Of.ROOM, (*at, 0)), implies(here, fits)
                if line.meant is not None and not _comes(line.meant):
                    yield FactId(Of.ROOM, (*at, 1)), implies(conj((here, translate(line.meant, leaf))), fits)


def _comes(expr: Expr[Any]) -> bool:
    """Whether an expression reads what comes with an event, or with time."""
    return any(isinstance(node, FieldRef | Clock) for node in walk(expr))


def _in_order(counting: Counting) -> Iterator[tuple[FactId, Term]]:
    """That one number is never above another."""
    numbers = [
        (counting.places.parts[part], place, term)
        for part, (_, values, _) in counting.ones.items()
        for place, (variable, term) in enumerate(values.items())
        if isinstance(variable.domain, Integers)
    ]
    for (part, place, one), (other_part, other_place, other) in permutations(numbers[:MOST_NUMBERS], 2):
        yield FactId(Of.NOT_ABOVE, (part, place, other_part, other_place)), less(one, other, strictly=False)


def _coded(weight: int) -> int:
    """A weight as a place: twice its size, and one more where it is below nothing."""
    return 2 * abs(weight) + (weight < 0)


Thing = tuple[int, int, int]
Weights = tuple[tuple[Thing, int], ...]


def _said(counting: Counting, weights: Weights) -> Term:
    """That a sum is what it is at the start."""
    now, first = [], 0
    for thing, weight in weights:
        term, value = _thing(counting, thing)
        now.append(times(number(weight), term))
        first += weight * value
    return equal(plus(now), number(first))


def _thing(counting: Counting, thing: Thing) -> tuple[Term, int]:
    """What is added up, and how much it is at the start."""
    kind, at, place = thing
    part = counting.system.parts[at]
    if kind == COUNT:
        return plus(many for cell, many in counting.counters[part].items() if cell.at[0] == place), 0  # type: ignore[index]  # of an each part
    state, values, _ = counting.ones[part]  # type: ignore[index]  # of a one part
    if kind == INDICATOR:
        first = part.machine.states.index(part.machine.initial)
        return chosen(equal(state, number(place)), number(1), number(0)), int(first == place)
    variable = readable(part.machine)[place]
    return values[variable], int(variable.initial)


@lru_cache(maxsize=8)
def sums(counting: Counting) -> tuple[Weights, ...]:
    """Weights with which no way of any event changes the sum, and which say more than that a part is in some state."""
    things = _things(counting)
    if not 1 < len(things) <= MOST_THINGS:
        return ()
    rows: dict[tuple[Fraction, ...], None] = {}
    for occurrence in counting.occurrences:
        for branch in occurrence.branches:
            changes = [_change(counting, branch, thing) for thing in things]
            for part in dict.fromkeys(key for change in changes for key in change):
                row = tuple(change.get(part, Fraction(0)) for change in changes)
                if any(row):
                    rows[row] = None
    found = [_whole(vector) for vector in _kernel(list(rows), len(things))]
    named = (tuple((thing, weight) for thing, weight in zip(things, vector, strict=True) if weight) for vector in found)
    return tuple(islice((one for one in named if one and max(abs(weight) for _, weight in one) <= HEAVIEST), MOST_SUMS))


def _things(counting: Counting) -> list[Thing]:
    """What can be added up; of the states of a part all but its first one, since it is in one of them."""
    found: list[Thing] = []
    for part, (_, values, _) in counting.ones.items():
        at = counting.places.parts[part]
        found += [(NUMBER, at, place) for place, one in enumerate(values) if isinstance(one.domain, Integers)]
    for each in counting.counters:
        places = (place for place, state in enumerate(each.machine.states) if state != each.machine.initial)
        found += [(COUNT, counting.places.parts[each], place) for place in places]
    for part in counting.ones:
        places = (place for place, state in enumerate(part.machine.states) if state != part.machine.initial)
        found += [(INDICATOR, counting.places.parts[part], place) for place in places]
    return found


Linear = dict[int, Fraction]
"""By the pointer of a term, how often it is added; the number alone by 0."""


def _change(counting: Counting, branch: Branch, thing: Thing) -> Linear:
    """What one way of an event adds."""
    kind, at, place = thing
    part = counting.system.parts[at]
    if kind == INDICATOR:
        return _moved(counting.ones[part][0], branch, place)  # type: ignore[index]  # of a one part
    changed: Linear = {}
    terms = (
        [_thing(counting, thing)[0]]
        if kind == NUMBER
        else [
            many
            for cell, many in counting.counters[part].items()  # type: ignore[index]  # of an each part
            if cell.at[0] == place
        ]
    )
    for term in terms:
        if branch.swap.touches(term):
            _add(changed, branch.after(term), Fraction(1))
            _add(changed, term, Fraction(-1))
    return {key: many for key, many in changed.items() if many}


def _moved(state: Term, branch: Branch, place: int) -> Linear:
    """Whether a part comes to a state, or leaves it; where that cannot be said, something that nothing else adds."""
    if not branch.swap.touches(state):
        return {}
    before = next((value for one in branch.conditions if (value := _equals(one, state)) is not None), None)
    after = value_of(branch.after(state))
    if before is None or after is None:
        return {branch.after(state).ast.value: Fraction(place + 1), -place - 1: Fraction(1)}
    many = Fraction(int(after == place) - int(before == place))
    return {0: many} if many else {}


def _equals(condition: Term, symbol: Term) -> int | None:
    """The number that a condition says a symbol is."""
    key = condition.ast.value
    if key not in _EQUATED:
        sides = condition.children() if condition.decl().kind() == z3.Z3_OP_EQ else []
        _EQUATED[key] = (
            condition,
            dict(zip((one.ast.value for one in sides), map(value_of, reversed(sides)), strict=True)),
        )
    return _EQUATED[key][1].get(symbol.ast.value)


_EQUATED: dict[int, tuple[Term, dict[int, Any]]] = {}
"""Of each condition what stands on the other side of a term: most ways of events share theirs."""
_LINEAR: dict[int, tuple[Term, Linear]] = {}
"""Of each term what it is the sum of; one event changes a thing as another one does."""


def _add(into: Linear, term: Term, times_: Fraction) -> None:
    """A term, taken apart as far as it is a sum."""
    key = term.ast.value
    if key not in _LINEAR:
        _LINEAR[key] = term, _linear(term)
    for one, many in _LINEAR[key][1].items():
        into[one] = into.get(one, Fraction(0)) + many * times_


def _linear(term: Term) -> Linear:
    into: Linear = {}
    queue = [(term, Fraction(1))]
    for one, many in queue:
        value = value_of(one)
        value = one.as_long() if value is None and z3.is_int_value(one) else value
        kind = one.decl().kind()
        factors = one.children()
        first = value_of(factors[0]) if kind == z3.Z3_OP_MUL and len(factors) == 2 else None
        if value is not None:
            into[0] = into.get(0, Fraction(0)) + many * int(value)
        elif kind == z3.Z3_OP_ADD:
            queue += [(below, many) for below in factors]
        elif kind == z3.Z3_OP_SUB:
            queue += [(below, many if place == 0 else -many) for place, below in enumerate(factors)]
        elif first is not None:
            queue.append((factors[1], many * int(first)))
        else:
            into[one.ast.value] = into.get(one.ast.value, Fraction(0)) + many
    return into


def _kernel(rows: list[tuple[Fraction, ...]], width: int) -> Iterator[list[Fraction]]:
    """A basis of the weights with which every row adds up to nothing."""
    pivots: dict[int, list[Fraction]] = {}
    for row in rows:
        left = list(row)
        for column, pivot in pivots.items():
            if left[column]:
                left = [one - left[column] * other for one, other in zip(left, pivot, strict=True)]
        last = next((place for place in reversed(range(width)) if left[place]), None)
        if last is None:
            continue
        made = [one / left[last] for one in left]
        for key, pivot in pivots.items():
            if pivot[last]:
                pivots[key] = [one - pivot[last] * other for one, other in zip(pivot, made, strict=True)]
        pivots[last] = made
    for free in range(width):
        if free not in pivots:
            yield [
                Fraction(1) if place == free else -pivots[place][free] if place in pivots else Fraction(0)
                for place in range(width)
            ]


def _whole(vector: Sequence[Fraction]) -> list[int]:
    scale = lcm(*(one.denominator for one in vector))
    made = [int(one * scale) for one in vector]
    shared = gcd(*made)
    return [one // shared for one in made] if shared else made
