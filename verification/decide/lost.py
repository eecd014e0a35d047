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
from fsm.language.expressions import Formula
from fsm.language.snapshot import Instance, Snapshot, readable_places
from fsm.runtime.engine import Engine
from fsm.traces.trace import Trace
from fsm.verification.encoding.branches import Branch
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import FALSE, Swap, conj, disj, equal, less, negated, number, of_value
from fsm.verification.engines.induction import Ask, Induction
from fsm.verification.engines.ranks.pending import literals, pending_steps
from fsm.verification.facts import FactId, Of
from fsm.verification.search.positions import is_between
from fsm.verification.search.traps import explore
from fsm.verification.solver import GaveUp, No, Yes

__all__ = ["lost_for_good"]

Term = Any
MET = 240
"""How many snapshots are met, about."""
LOOKED_AT = 24
"""From how many of them it is tried: the nearest of those from which no way to the goal was met."""
UNSEEN = frozenset([FactId(Of.TYPES)])
"""By what a fact is kept of which nothing was asked yet: by what is not among those that may go on being so."""


def lost_for_good(induction: Induction, engine: Engine, goal: Formula, wherever: Formula | None) -> Trace | None:
    """A run to where the goal is lost; None where none was found."""
    counting = induction.counting
    target = counting.state(goal)
    params = {term: of_value(engine.params[param.name]) for param, term in counting.params.items()}
    explored = explore(engine, goal, wherever, MET)
    stranded = (one for one in explored.stranded().items() if not is_between(one[1]))
    for known, snapshot in islice(stranded, LOOKED_AT):
        run = explored.run_to(known)
        values = {**params, **_values(counting, run, snapshot)}
        if _excluded(induction, values, target, params):
            return run
    return None


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

    return _Lasting(induction, alive, ask).exclude(target)


class _Lasting:
    """Facts that may go on being so, and which steps were seen to keep which.

    Of all of them the most that no step takes away could be found first (Houdini). Here only what is needed is looked at: what rules
    the goal out, and what steps keep that by; and it is given up as soon as steps have taken too much away.
    """

    def __init__(self, induction: Induction, facts: Mapping[FactId, Term], ask: Ask) -> None:
        self.alive, self.ask, self.rules = dict(facts), ask, induction.rules
        self.steps = pending_steps(induction.counting, FALSE)
        self.kept_by: dict[tuple[FactId, int], frozenset[FactId]] = {}

    def exclude(self, target: Term) -> bool:
        """Whether facts that together no step takes away rule it out."""
        while isinstance(answer := self.ask(target, self.alive), No):
            lost = self._taken_away(answer.used)
            if not lost:
                return True
            self.alive = {fact: term for fact, term in self.alive.items() if fact not in lost}
        return False

    def _taken_away(self, needed: frozenset[FactId]) -> set[FactId]:
        """What some step takes away of what is needed, and what else it does then; nothing where all that is needed is kept."""
        looked_at: set[FactId] = set()
        while todo := [fact for fact in self.alive if fact in needed and fact not in looked_at]:
            looked_at.update(todo)
            for place, (one, branch, taken) in enumerate(self.steps):
                touched = [fact for fact in todo if branch.swap.touches(self.alive[fact])]
                asked = [fact for fact in touched if not self.kept_by.get((fact, place), UNSEEN) <= self.alive.keys()]
                if asked:
                    lost = disj(negated(branch.after(self.alive[fact])) for fact in asked)
                    answer = self.ask(conj((taken, lost)), {**self.alive, **self.rules(one)})
                    if not isinstance(answer, No):
                        return (
                            set(asked) if isinstance(answer, GaveUp) else self._lost_behind(branch, answer.model, asked)
                        )
                    self.kept_by |= dict.fromkeys([(fact, place) for fact in asked], answer.used & self.alive.keys())
                needed = needed.union(*[self.kept_by[fact, place] for fact in touched])
        return set()

    def _lost_behind(self, branch: Branch, model: Any, asked: list[FactId]) -> set[FactId]:
        """What no longer holds behind a step of the model, in which something that was asked for does not."""
        moved = {fact: branch.after(term) for fact, term in self.alive.items() if branch.swap.touches(term)}
        lost = {fact for fact, term in moved.items() if z3.is_false(model.eval(term, model_completion=True))}
        assert not lost.isdisjoint(asked), "a state that breaks some fact breaks one of them"
        return lost


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
