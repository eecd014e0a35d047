"""The counting encoding without what no event can fill: fewer counters, the same answers.

Starting from nothing, a cell is filled when some branch that leads there is possible while all cells
not yet filled are empty and all variables of `one` parts have values met so far. What is never filled
by this over-approximation is empty for ever, and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import z3

from fsm.system import Each, System
from fsm.verification.ask import Asker, No
from fsm.verification.encoding.counting import Branch, Counting, Occurrence

__all__ = ["lean"]

Term = Any


@attrs.define(eq=False)
class _Met:
    """What has been met so far: the counters that may be filled, and the values of each finite variable (None: any)."""

    counters: dict[Term, None]
    values: dict[Term, dict[int | bool, None] | None]

    def facts(self, all_counters: list[Term]) -> list[Term]:
        said = [one == 0 for one in all_counters if one not in self.counters]
        return said + [z3.Or([term == value for value in values]) for term, values in self.values.items() if values is not None]


def lean(system: System, fixed: Mapping[str, Any]) -> Counting:
    """The counting encoding of a system under a profile, with the cells that can be filled.

    Raises:
        Unencodable: as `Counting` does.
    """
    whole = Counting(system, fixed)
    counters = {one: (part.name, cell) for part, cells in whole.counters.items() for cell, one in cells.items()}
    if not counters:
        return whole
    asker = Asker([*whole.typing, *(whole.assumption(one.that) for one in system.all_assumptions)])
    met = _Met({}, {term: {_value(whole.start[term]): None} for state, values, _ in whole.ones.values() for term in (state, *values.values())})
    waiting = [(occurrence, branch) for occurrence in whole.occurrences for branch in occurrence.branches]
    while True:
        facts = z3.And(met.facts(list(counters)))
        taken = [one for one in waiting if _starts(met, whole, one[1]) and _possible(asker, whole, *one, facts)]
        if not taken:
            break
        known = {id(branch) for _, branch in taken}
        waiting = [one for one in waiting if id(one[1]) not in known]
        for _, branch in taken:
            _meet(met, branch, counters)
    live: dict[str, set[Any]] = {part.name: set() for part in whole.counters}
    for one in met.counters:
        name, cell = counters[one]
        live[name].add(cell)
    never = {id(branch) for _, branch in waiting}
    empty = [(one, z3.IntVal(0)) for one in counters if one not in met.counters]
    occurrences = tuple(_without(one, never, empty) for one in whole.occurrences)
    return Counting(system, fixed, {name: frozenset(cells) for name, cells in live.items()}, occurrences)


def _starts(met: _Met, counting: Counting, branch: Branch) -> bool:
    """Whether every instance that a branch moves alone can be where the branch starts."""
    for moved in branch.moved:
        if isinstance(moved.many, int) and moved.before is not None and isinstance(moved.part, Each):
            counter = counting.counters[moved.part].get(moved.before)
            if counter is not None and counter not in met.counters:
                return False
    return True


def _without(occurrence: Occurrence, never: set[int], empty: list[tuple[Term, Term]]) -> Occurrence:
    """An event without the ways it never goes, and without the cells that are never filled."""

    def thin(term: Term) -> Term:
        return z3.simplify(z3.substitute(term, *empty)) if empty else term

    branches = tuple(
        attrs.evolve(
            branch,
            conditions=tuple(one for one in map(thin, branch.conditions) if not z3.is_true(one)),
            next={variable: thin(term) for variable, term in branch.next.items()},
            moved=tuple(one if isinstance(one.many, int) else attrs.evolve(one, many=thin(one.many)) for one in branch.moved),
        )
        for branch in occurrence.branches
        if id(branch) not in never
    )
    rules = tuple((rule, thin(term)) for rule, term in occurrence.rules)
    return Occurrence(occurrence.event, occurrence.sender, rules, thin(occurrence.quiet), branches)


def _possible(asker: Asker, counting: Counting, occurrence: Occurrence, branch: Branch, facts: Term) -> bool:
    rules = [term for _, term in occurrence.rules]
    question = z3.And(facts, *rules, *counting.field_bounds(occurrence.event), *branch.conditions)
    return not isinstance(asker.ask(question), No)


def _meet(met: _Met, branch: Branch, counters: Mapping[Term, Any]) -> None:
    for term, after in branch.next.items():
        if term in counters:
            met.counters[term] = None
        elif term in met.values:
            value, known = _value(after), met.values[term]
            if value is None or known is None:
                met.values[term] = None
            else:
                known[value] = None


def _value(term: Term) -> Any:
    """The value of a constant; None for any other term."""
    if z3.is_true(term) or z3.is_false(term):
        return bool(z3.is_true(term))
    return term.as_long() if z3.is_int_value(term) else None
