"""Whether a caller can have an event taken, whatever the clocks say: some payload is accepted."""

from __future__ import annotations

from itertools import product
from typing import Any

import attrs
import z3

from fsm.language.domains import is_finite
from fsm.language.events import field_refs
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.places import Places
from fsm.verification.encoding.terms import Swap, conj, disj, of_value, value_of

__all__ = ["EnabledWay", "by_one_key", "running", "some_event", "ways"]

Term = Any


@attrs.frozen(eq=False)
class EnabledWay:
    """An event with a payload that goes one way, or a timer that does.

    Attributes:
        taken: when it can.
        branch: what it does.
        said: a term over the payload, said of this one.
    """

    taken: Term
    branch: Branch
    said: Swap


def by_one_key(branch: Branch) -> bool:
    """The instances that it names are of one part: counters do not know whether one key stands for instances of two."""
    return len({moved.part for moved in branch.moved if moved.before is not None and moved.alone}) <= 1


def ways(occurrence: Occurrence, places: Places) -> list[EnabledWay]:
    """Every way a caller can have the event taken by choosing a payload."""
    payloads = [Swap(pairs) for pairs in _payloads(occurrence.event, places)]
    rules = [term for _, term in occurrence.rules]
    found = [
        EnabledWay(_simple(conj((*branch.conditions, *rules)), said), branch, said)
        for branch in occurrence.branches
        if not branch.reads_clock and by_one_key(branch)
        for said in payloads
    ]
    return [way for way in found if value_of(way.taken) is not False]


def _simple(term: Term, said: Swap) -> Term:
    return z3.simplify(said(term)) if said.touches(term) else term


def running(counting: Counting) -> list[EnabledWay]:
    """Every way a timer can fire next."""
    timed = [one for one in counting.occurrences if one.sender is not None]
    return [EnabledWay(conj(branch.conditions), branch, Swap(())) for one in timed for branch in one.branches]


def some_event(counting: Counting) -> Term:
    """Some event of a caller is taken, or some timer runs."""
    called = [way for one in counting.occurrences if one.sender is None for way in ways(one, counting.places)]
    return disj(way.taken for way in (*called, *(timer for timer in running(counting) if by_one_key(timer.branch))))


def _payloads(event: type, places: Places) -> list[list[tuple[Term, Term]]]:
    """Every choice of values for the finite fields of an event."""
    refs = [ref for ref in field_refs(event).values() if is_finite(ref.domain)]
    choices = [
        [(places.field(event, ref), of_value(value)) for value in ref.domain.values()]  # type: ignore[union-attr]  # finite
        for ref in refs
    ]
    return [list(picked) for picked in product(*choices)]
