"""A goal that is lost for good: a run, and facts that hold where it ends, that nothing takes away, and that exclude the goal.

Where everything is finite an enumeration finds such a place (`search.traps`); here numbers may have no end. The facts are found like invariants,
from where the run ends and not from the start: everything that a caller or time may do keeps them, so nothing leads to the goal any more.

What it can never say: that a goal is not lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import z3

from fsm.language.domains import Integers
from fsm.language.expressions import Const, Formula
from fsm.language.snapshot import Instance, Snapshot, readable_places
from fsm.runtime.engine import Engine
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import FALSE, Swap, conj, equal, less, number, of_value
from fsm.verification.engines.induction import Induction
from fsm.verification.engines.ranks.pending import literals, pending_steps
from fsm.verification.facts import FactId, Of
from fsm.verification.search.breadth_first import Search
from fsm.verification.search.goal import Goal
from fsm.verification.search.positions import Stimulus, is_between, sendings
from fsm.verification.solver import GaveUp, No, Yes

__all__ = ["lost_for_good"]

Term = Any
LOOKED_AT = 24
"""From how many snapshots it is tried, the nearest ones."""


def lost_for_good(induction: Induction, engine: Engine, goal: Formula, wherever: Formula | None) -> Trace | None:
    """A run to where the goal is lost; None where none was found."""
    counting = induction.counting
    target = counting.state(goal)
    search = Search(engine, {"wherever": Goal(Const(True) if wherever is None else wherever)})
    params = {term: of_value(engine.params[param.name]) for param, term in counting.params.items()}
    for snapshot, way in islice(_near(search), LOOKED_AT):
        if is_between(snapshot) or not search.meets("wherever", snapshot):
            continue
        run = replay(engine, sendings(engine, way))
        values = {**params, **_values(counting, run, snapshot)}
        if _excluded(induction, values, target, params):
            return run
    return None


def _near(search: Search) -> Iterator[tuple[Snapshot, list[Stimulus]]]:
    """The snapshots nearest to the start, each with the way to it."""
    start = search.engine.start(0)
    seen = {search.canonical(start, {})}
    queue: list[tuple[Snapshot, list[Stimulus]]] = [(start, [])]
    for snapshot, way in queue:
        yield snapshot, way
        for sent, step in search.steps_from(snapshot) if len(queue) < LOOKED_AT else ():
            known = search.canonical(step.after, {})
            if known not in seen:
                seen.add(known)
                queue.append((step.after, [*way, sent]))


def _values(counting: Counting, run: Trace, snapshot: Snapshot) -> Mapping[Term, Term]:
    """What each symbol of the encoding is there."""
    values: dict[Term, Term] = {}
    effects = Counter(type(effect) for step in run.steps for effect in step.effects)
    values |= {term: number(effects[effect]) for effect, term in counting.emitted.items()}
    for part, now in zip(counting.system.parts, snapshot.parts, strict=True):
        slots, machine = readable_places(part.machine), part.machine
        if isinstance(now, Instance):
            state, variables, fired = counting.ones[part]  # type: ignore[index]  # of a one part
            values[state] = number(machine.states.index(machine.state(now.state)))
            values |= {term: of_value(now[slot]) for term, slot in zip(variables.values(), slots, strict=True)}
            values |= {term: of_value(bool(now.spent >> place & 1)) for place, term in enumerate(fired)}
            continue
        held = Counter((one.state, tuple(one[slot] for slot in slots), one.spent) for one in now.values())
        for cell, term in counting.counters[part].items():  # type: ignore[index]  # of an each part
            spent = sum(bit << place for place, bit in enumerate(cell.spent))
            values[term] = number(held[cell.state.name, cell.values, spent])
    return values


def _excluded(induction: Induction, values: Mapping[Term, Term], target: Term, params: Mapping[Term, Term]) -> bool:
    """Whether facts that hold here, and that nothing takes away, exclude the goal."""
    here = Swap((term, value) for term, value in values.items() if value is not None)

    def holds(term: Term) -> bool:
        return bool(z3.is_true(z3.simplify(here(term))))

    if not z3.is_false(z3.simplify(here(target))):
        return False
    fixed = conj(equal(term, value) for term, value in params.items() if value is not None and term is not value)
    alive = {fact: term for fact, term in _candidates(induction, values) if holds(term)}
    known = [*induction.assumptions, *induction.invariants]

    def ask(question: Term, local: Mapping[FactId, Term]) -> Yes | No | GaveUp:
        return induction.asker.ask(conj((fixed, question)), known, local)

    alive = induction.kept(alive, pending_steps(induction.counting, FALSE), ask)
    return isinstance(ask(target, alive), No)


def _candidates(induction: Induction, values: Mapping[Term, Term]) -> Iterator[tuple[FactId, Term]]:
    """What may go on being so: what is tried as an invariant anyway, where parts are not, that a number is at least, or at most, what it is."""
    counting = induction.counting
    yield from ((fact, term) for fact, term in induction.candidates.items() if fact not in induction.invariants)
    yield from literals(counting)
    whole = [
        term
        for _, variables, _ in counting.ones.values()
        for variable, term in variables.items()
        if isinstance(variable.domain, Integers)
    ]
    for place, term in enumerate((*whole, *counting.emitted.values())):
        yield FactId(Of.LIMIT, (place, 0)), less(values[term], term, strictly=False)
        yield FactId(Of.LIMIT, (place, 1)), less(term, values[term], strictly=False)
