"""The counting encoding without what no event can fill: fewer counters, the same answers.

Starting from nothing, a cell is filled when some branch that leads there is possible while all cells
not yet filled are empty and all variables of `one` parts have values met so far. What is never filled
by this over-approximation is empty for ever, and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import attrs
import z3

from fsm.language.parts import Each
from fsm.language.system import System
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import Swap, conj, disj, equal, number, of_value, value_of
from fsm.verification.solver import Asker, No

__all__ = ["lean", "whole"]

Term = Any


@attrs.define(eq=False)
class _Met:
    """What has been met so far, by the pointers of symbols: the counters that may be filled, the values of each finite variable (None: any)."""

    counters: set[int]
    values: dict[int, dict[Any, None] | None]

    def facts(self, counters: Mapping[int, Term], finite: Mapping[int, Term]) -> Term:
        empty = [equal(one, number(0)) for pointer, one in counters.items() if pointer not in self.counters]
        known = [
            disj(equal(finite[pointer], of_value(value)) for value in values) for pointer, values in self.values.items() if values is not None
        ]  # fmt: skip
        return conj((*empty, *known))


def whole(system: System, fixed: Mapping[str, Any]) -> Counting:
    """The counting encoding with every cell; the last few are kept, since proofs and certificates ask for the same one.

    Raises:
        Unencodable: as `Counting` does.
    """
    return _whole(system, tuple(fixed.items()))


@lru_cache(maxsize=8)
def _whole(system: System, fixed: tuple[tuple[str, Any], ...]) -> Counting:
    return Counting(system, dict(fixed))


def lean(system: System, fixed: Mapping[str, Any]) -> Counting:
    """The counting encoding of a system under a profile, with the cells that can be filled.

    Raises:
        Unencodable: as `Counting` does.
    """
    every = whole(system, fixed)
    counters = {one.ast.value: one for cells in every.counters.values() for one in cells.values()}
    if not counters:
        return every
    asker = Asker([*every.typing, *(every.assumption(one.that) for one in system.all_assumptions)])
    finite = {term.ast.value: term for state, values, _ in every.ones.values() for term in (state, *values.values())}
    values: dict[int, dict[int | bool, None] | None] = {
        pointer: {_constant(every.start[term]): None} for pointer, term in finite.items()
    }
    met = _Met(set(), values)
    waiting = [(occurrence, branch) for occurrence in every.occurrences for branch in occurrence.branches]
    while True:
        facts = met.facts(counters, finite)
        taken = [one for one in waiting if _starts(met, every, one[1]) and _possible(asker, every, *one, facts)]
        if not taken:
            break
        known = {id(branch) for _, branch in taken}
        waiting = [one for one in waiting if id(one[1]) not in known]
        for _, branch in taken:
            _meet(met, branch, counters)
    live = {
        every.places.parts[part]: tuple(cell for cell, one in cells.items() if one.ast.value in met.counters)
        for part, cells in every.counters.items()
    }
    never = {id(branch) for _, branch in waiting}
    empty = Swap((one, number(0)) for pointer, one in counters.items() if pointer not in met.counters)
    occurrences = tuple(_without(one, never, empty) for one in every.occurrences)
    return Counting(system, fixed, live, occurrences)


def _starts(met: _Met, counting: Counting, branch: Branch) -> bool:
    """Whether every instance that a branch moves alone can be where the branch starts."""
    for moved in branch.moved:
        if moved.alone and moved.before is not None and isinstance(moved.part, Each):
            counter = counting.counters[moved.part].get(moved.before)
            if counter is not None and counter.ast.value not in met.counters:
                return False
    return True


def _without(occurrence: Occurrence, never: set[int], empty: Swap) -> Occurrence:
    """An event without the ways it never goes, and without the cells that are never filled."""

    def thin(term: Term) -> Term:
        return z3.simplify(empty(term)) if empty.touches(term) else term

    branches = tuple(
        attrs.evolve(
            branch,
            conditions=tuple(one for one in map(thin, branch.conditions) if not z3.is_true(one)),
            next={variable: thin(term) for variable, term in branch.next.items()},
            moved=tuple(one if one.alone else attrs.evolve(one, many=thin(one.many)) for one in branch.moved),
        )
        for branch in occurrence.branches
        if id(branch) not in never
    )
    rules = tuple((rule, thin(term)) for rule, term in occurrence.rules)
    return Occurrence(occurrence.event, occurrence.sender, rules, thin(occurrence.quiet), branches)


def _constant(term: Term) -> int | bool:
    value = value_of(term)
    assert value is not None, "what a part starts with is a value"
    return value


def _possible(asker: Asker, counting: Counting, occurrence: Occurrence, branch: Branch, facts: Term) -> bool:
    rules = [term for _, term in occurrence.rules]
    question = conj((facts, *rules, *counting.places.field_bounds(occurrence.event), *branch.conditions))
    return not isinstance(asker.ask(question), No)


def _meet(met: _Met, branch: Branch, counters: Mapping[int, Term]) -> None:
    for term, after in branch.next.items():
        pointer = term.ast.value
        if pointer in counters:
            met.counters.add(pointer)
        elif pointer in met.values:
            value, known = value_of(after), met.values[pointer]
            if value is None or known is None:
                met.values[pointer] = None
            else:
                known[value] = None
