"""Whether a caller can have an event taken, whatever the clocks say: some payload is accepted."""

from __future__ import annotations

from itertools import product
from typing import Any

import z3

from fsm.domains import is_finite
from fsm.events import field_refs
from fsm.verification.encoding.counting import Branch, Counting, Occurrence
from fsm.verification.encoding.terms import of_value, symbol

__all__ = ["by_one_key", "running", "some_event", "ways"]

Term = Any


def by_one_key(branch: Branch) -> bool:
    """The instances that it names are of one part: counters do not know whether one key stands for instances of two."""
    return len({moved.part for moved in branch.moved if moved.before is not None and isinstance(moved.many, int)}) <= 1


def ways(occurrence: Occurrence, also: Any = None) -> list[Term]:
    """When some payload lets the event be taken by a branch, one term for each; `also(branch)` must hold besides."""
    found: list[Term] = []
    payloads = _payloads(occurrence.event)
    for branch in occurrence.branches:
        if not branch.reads_clock and by_one_key(branch):
            taken = z3.And([*branch.conditions, *(term for _, term in occurrence.rules), *([] if also is None else [also(branch)])])
            found += [z3.substitute(taken, *payload) if payload else taken for payload in payloads]
    return found


def running(counting: Counting) -> list[tuple[Term, Branch]]:
    """For each way a timer can fire next, when, and that way."""
    timed = [one for one in counting.occurrences if one.sender is not None]
    return [(z3.And(list(branch.conditions)), branch) for one in timed for branch in one.branches]


def some_event(counting: Counting) -> Term:
    """Some event of a caller is taken, or some timer runs."""
    called = [way for one in counting.occurrences if one.sender is None for way in ways(one)]
    return z3.Or([*called, *(condition for condition, branch in running(counting) if by_one_key(branch))] or [z3.BoolVal(False)])


def _payloads(event: type) -> list[list[tuple[Term, Term]]]:
    """Every choice of values for the finite fields of an event."""
    refs = [ref for ref in field_refs(event).values() if is_finite(ref.domain)]
    choices = [[(symbol(f"{event.__name__}.{ref.name}", ref.domain), of_value(value)) for value in ref.domain.values()] for ref in refs]  # type: ignore[union-attr]  # finite
    return [list(picked) for picked in product(*choices)]
