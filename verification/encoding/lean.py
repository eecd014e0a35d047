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

from fsm.system import System
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
        taken = [(occurrence, branch) for occurrence, branch in waiting if _possible(asker, whole, occurrence, branch, facts)]
        if not taken:
            break
        waiting = [one for one in waiting if one not in taken]
        for _, branch in taken:
            _meet(met, branch, counters)
    live: dict[str, set[Any]] = {part.name: set() for part in whole.counters}
    for one in met.counters:
        name, cell = counters[one]
        live[name].add(cell)
    return Counting(system, fixed, {name: frozenset(cells) for name, cells in live.items()})


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
