"""Whether a caller can have an event taken, whatever the clocks say: some payload is accepted, now or after a wait that no timer ends."""

from __future__ import annotations

from typing import Any

import attrs
import z3

from fsm.language.parts import One
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.instance import lengths_of
from fsm.verification.encoding.places import Places
from fsm.verification.encoding.symbols import SymbolKind, integer
from fsm.verification.encoding.terms import (
    FALSE,
    Swap,
    chosen,
    conj,
    disj,
    equal,
    less,
    negated,
    number,
    plus,
    symbols_in,
    symbols_of,
    value_of,
)
from fsm.verification.engines.payloads import payloads, within_range

__all__ = ["EnabledWay", "by_one_key", "running", "some_event", "waited", "ways"]

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


def ways(occurrence: Occurrence, places: Places, *, by_clock: bool = False) -> list[EnabledWay]:
    """Every way a caller can have the event taken by choosing a payload.

    Args:
        by_clock: those too that the time in state decides; when they can be taken is a term over it then.
    """
    rules = [term for _, term in occurrence.rules]
    found = []
    for branch in occurrence.branches:
        if (by_clock or not branch.reads_clock) and by_one_key(branch):
            asked = (*branch.conditions, *rules)
            for said in map(Swap, payloads(occurrence.event, places, asked)):
                bounds = within_range(occurrence.event, places, said)
                found.append(EnabledWay(conj((_simple(conj(asked), said), *bounds)), branch, said))
    return [way for way in found if value_of(way.taken) is not False]


def waited(occurrence: Occurrence, counting: Counting) -> list[EnabledWay]:
    """Every way a caller can have the event taken by waiting first, until the only instance of a part has been in its state for as long as a guard compares with.

    Nothing happens until then: no other part has a timer that runs, and those of this stay fall due later.
    """
    ages = {
        integer(SymbolKind.AGE, place).ast.value: part
        for place, part in enumerate(counting.system.parts)
        if isinstance(part, One)
    }
    found = []
    for branch in occurrence.branches if ages else ():
        asked = conj((*branch.conditions, *(term for _, term in occurrence.rules)))
        read = [term for term in symbols_of([asked]) if term.ast.value in ages] if branch.reads_clock else []
        if len(read) != 1:
            continue
        [age] = read
        for until in _waits(asked, age):
            calm = _calm(counting, ages[age.ast.value], until)
            for pairs in payloads(occurrence.event, counting.places, (asked,)):
                if any(age.ast.value in symbols_in(term) for _, term in pairs):
                    continue
                said = Swap([*pairs, (age, Swap(pairs)(chosen(less(until, age), age, until)))])
                bounds = within_range(occurrence.event, counting.places, said)
                found.append(EnabledWay(conj((_simple(conj((asked, calm)), said), *bounds)), branch, said))
    return [way for way in found if by_one_key(way.branch) and value_of(way.taken) is not False]


def _waits(asked: Term, age: Term) -> list[Term]:
    """What a condition compares the time in state with, and a millisecond more; never less than nothing."""
    met, queue = {asked.ast.value: asked}, [asked]
    found: dict[int, Term] = {}
    for term in queue:
        children = term.children()
        if len(children) == 2 and z3.is_bool(term) and any(z3.eq(one, age) for one in children):
            other = children[1] if z3.eq(children[0], age) else children[0]
            if not any(z3.eq(one, age) for one in symbols_of([other])):
                for until in (other, plus((other, number(1)))):
                    held = chosen(less(until, number(0)), number(0), until)
                    found[held.ast.value] = held
        queue += [one for one in children if met.setdefault(one.ast.value, one) is one]
    return list(found.values())


def _calm(counting: Counting, waits: One, until: Term) -> Term:
    """No timer runs, but those of this part's stay that fall due later."""
    said = []
    for part, cells in counting.cells.items():
        timed = (cell for cell in counting.counters[part] if not all(map(value_of, cells.place(cell, until).spent)))
        said += [equal(counting.counters[part][cell], number(0)) for cell in timed]
    for one, (state, _, _) in counting.ones.items():
        for place in counting.stays(one):
            here = equal(state, number(one.machine.states.index(place.state)))
            for bit, length in zip(place.spent, lengths_of(place, counting.params), strict=True):
                said.append(disj((negated(here), bit, less(until, length) if one is waits else FALSE)))
    return conj(said)


def _simple(term: Term, said: Swap) -> Term:
    return z3.simplify(said(term)) if said.touches(term) else term


def running(counting: Counting) -> list[EnabledWay]:
    """Every way a timer can fire next."""
    timed = [one for one in counting.occurrences if one.sender is not None]
    return [EnabledWay(conj(branch.conditions), branch, Swap(())) for one in timed for branch in one.branches]


def some_event(counting: Counting) -> Term:
    """Some event of a caller is taken, or some timer runs."""
    heard = [one for one in counting.occurrences if one.sender is None]
    called = [way for one in heard for way in (*ways(one, counting.places), *waited(one, counting))]
    return disj(way.taken for way in (*called, *(timer for timer in running(counting) if by_one_key(timer.branch))))
