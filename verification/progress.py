"""Progress for every number of instances: while the goal is pending, fair events lead to it.

From every pending state some event of the fair ones is possible, whatever the clocks say, or a timer
runs. It is the turn of the first of them, in the order named; taking it leads to the goal or lowers
the rank (`rank`). No other step raises the rank, and one that keeps it leaves that event possible, or
one named before it. So nothing can go on for ever but by putting a fair event off (Manna and Pnueli
1991, rule for response under justice). The pending states are what is true from the premise on until
the goal, found like invariants; the weights are found as in `recovery`, by learning from each step
that raises the rank.

What it can never say: that a goal need not come. Where no such rank is found the answer is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import z3

from fsm.domains import is_finite
from fsm.events import label
from fsm.expressions import Formula
from fsm.system import One
from fsm.verification.ask import GaveUp, No, Yes
from fsm.verification.enabled import running, ways
from fsm.verification.encoding.build import FALSE, TRUE, conj, disj, equal, implies, less, negated, number, of_value
from fsm.verification.encoding.counting import Branch, Counting, Occurrence
from fsm.verification.induction import Failure, Induction
from fsm.verification.rank import Weights, lowers, moves, places

__all__ = ["Progress", "show_progress"]

Term = Any

ROUNDS = 60


@attrs.frozen(eq=False)
class Progress:
    """A proof that a goal comes.

    Attributes:
        weights: what each cell, state and value weighs, in words; those that weigh nothing are left out.
        events: the fair events that lead on, in words, and `waiting` where a timer does.
        used: the facts that the proof uses.
    """

    weights: tuple[tuple[str, int], ...]
    events: tuple[str, ...]
    used: frozenset[str]


def show_progress(induction: Induction, start: Formula, goal: Formula, fair: Sequence[type], *, waits: bool) -> Progress | Failure:
    """A rank that fair events lower from every pending state, or where none was found.

    Args:
        waits: nothing can stand in the way of a timer, so that time brings what it will send.
    """
    pending = _Pending(induction, induction.counting.state(start), induction.counting.state(goal))
    helpers = _helpers(pending, fair, waits=waits)
    if isinstance(helpers, Failure):
        return helpers
    found = _Ranking(pending, helpers).find()
    if isinstance(found, Progress) or len(helpers.possible) == len(fair):
        return found
    every = attrs.evolve(helpers, possible=_possible(induction.counting, fair))
    return _Ranking(pending, every).find()


class _Pending:
    """The states from the premise on until the goal: a set that steps do not leave but by the goal."""

    def __init__(self, induction: Induction, start: Term, goal: Term) -> None:
        self.induction, self.counting, self.goal = induction, induction.counting, goal
        self.steps = [
            (one, branch, conj((one.quiet, *self.counting.field_bounds(one.event), *branch.conditions, *branch.clock, negated(branch.after(goal)))))
            for one in self.counting.occurrences
            for branch in one.branches
        ]
        self.start = start
        self.facts = self._greatest({"the premise": start, **dict(_literals(self.counting))})

    def ask(self, question: Term, local: Mapping[str, Term]) -> Yes | No | GaveUp:
        """Whether something is so in a state of the invariants without the goal where these facts hold."""
        return self.induction.asker.ask(conj((question, negated(self.goal))), [*self.induction.assumptions, *self.induction.invariants], local)

    def questions(self) -> Iterator[tuple[Term, Mapping[str, Term]]]:
        """What must have no answer for the facts to be what is pending: the premise begins there, and no step leaves."""
        yield conj((self.start, negated(conj(self.facts.values())))), {}
        for one, branch, taken in self.steps:
            left = disj(negated(branch.after(term)) for term in self.facts.values() if branch.swap.touches(term))
            if left is not FALSE:
                yield conj((taken, left)), {**self.facts, **self.induction.rules(one)}

    def _greatest(self, candidates: dict[str, Term]) -> dict[str, Term]:
        """What holds wherever the premise does, and is kept until the goal."""
        alive = {name: term for name, term in candidates.items() if isinstance(self.ask(conj((self.start, negated(term))), {}), No)}
        settled = False
        while not settled:
            settled = True
            for one, branch, taken in self.steps:
                touched = {name: negated(branch.after(term)) for name, term in alive.items() if branch.swap.touches(term)}
                answer = self.ask(conj((taken, disj(touched.values()))), {**alive, **self.induction.rules(one)})
                if isinstance(answer, Yes):
                    lost = {name for name, broken in touched.items() if z3.is_true(answer.model.eval(broken, model_completion=True))}
                elif isinstance(answer, GaveUp):
                    lost = set(touched)
                else:
                    continue
                alive = {name: term for name, term in alive.items() if name not in lost}
                settled = False
        return alive


def _literals(counting: Counting) -> Iterator[tuple[str, Term]]:
    """Facts that a pending state may have: where parts are not, what variables are not, which cells are filled."""
    for part, (state, values, _) in counting.ones.items():
        for place, one in enumerate(part.machine.states):
            yield f"{part.name} is not {one.name}", negated(equal(state, number(place)))
        for variable, term in values.items():
            for value in variable.domain.values() if is_finite(variable.domain) else ():  # type: ignore[union-attr]  # finite
                yield f"{part.name} {variable.name} is not {value}", negated(equal(term, of_value(value)))
    for each, counters in counting.counters.items():
        for cell, many in counters.items():
            yield f"{each.name}: some {cell}", less(number(0), many)
            yield f"{each.name}: no {cell}", equal(many, number(0))


@attrs.frozen(eq=False)
class _Helpers:
    """What leads on: when each fair event is possible, and whether waiting for a timer does too."""

    possible: Mapping[type, Term]
    timer: Term

    @property
    def waiting(self) -> bool:
        return self.timer is not FALSE

    @property
    def none(self) -> dict[str, Term]:
        """That none of the events is possible, one fact for each."""
        return {f"possible:{label(event)}": negated(term) for event, term in self.possible.items()}


def _possible(counting: Counting, fair: Sequence[type]) -> dict[type, Term]:
    """When callers can have each fair event taken, whatever the clocks say."""
    called = {one.event: one for one in counting.occurrences if one.sender is None}
    return {event: disj(way.taken for way in ways(called[event])) for event in fair}


def _helpers(pending: _Pending, fair: Sequence[type], *, waits: bool) -> _Helpers | Failure:
    """As few fair events as needed that one of them is possible in every pending state; a timer besides where they do not do."""
    possible = _possible(pending.counting, fair)
    timer = disj(way.taken for way in running(pending.counting))
    stuck = Failure("no fair event is possible", {})
    for waiting in (FALSE, timer) if waits and timer is not FALSE else (FALSE,):
        local = {**pending.facts, **_Helpers(possible, waiting).none}
        question = conj((pending.counting.quiet, negated(waiting)))
        match pending.ask(question, local):
            case No():
                used = _least(pending, question, local)
                return _Helpers({event: term for event, term in possible.items() if f"possible:{label(event)}" in used}, waiting)
            case Yes(model=model):
                stuck = Failure("no fair event is possible", pending.induction.shown(model))
            case GaveUp(reason=reason):
                stuck = Failure("whether a fair event is possible", {}, reason)
    return stuck


def _least(pending: _Pending, question: Term, local: Mapping[str, Term]) -> frozenset[str]:
    """What a no rests on, no more of it than needed."""
    known = [*pending.induction.assumptions, *pending.induction.invariants]
    answer = pending.induction.asker.ask_least(conj((question, negated(pending.goal))), known, local)
    return answer.used if isinstance(answer, No) else frozenset((*known, *local))  # shown before; by which of these facts, it does not say


class _Ranking:
    """The search for weights that no pending step raises, and every helpful one lowers."""

    def __init__(self, pending: _Pending, helpers: _Helpers) -> None:
        self.pending, self.helpers, self.counting = pending, helpers, pending.counting
        self.names = dict(places(self.counting))
        self.weights = {place: z3.Int(f"weight {place}") for place in self.names}
        self.solver = z3.Optimize()
        self.solver.add(*(weight >= 0 for weight in self.weights.values()))
        self.solver.minimize(z3.Sum(list(self.weights.values())))

    def find(self) -> Progress | Failure:
        stuck = Failure("the rank", {}, "no weights were found that no step raises")
        for _ in range(ROUNDS):
            weights = self._lightest()
            if weights is None:
                return stuck
            found = self._judge(weights)
            if found is None:
                return self._told(weights)
            if isinstance(found, Failure):
                return found
            one, branch, model = found
            stuck = Failure(f"{one.name} raises every rank tried, and", self.pending.induction.shown(model))
            self._learn(one, branch, model)
        return stuck

    def _lightest(self) -> Weights | None:
        if self.solver.check() != z3.sat:
            return None
        model = self.solver.model()
        return {place: model.eval(weight, model_completion=True).as_long() for place, weight in self.weights.items()}

    def _judge(self, weights: Weights) -> tuple[Occurrence, Branch, Any] | Failure | None:
        """A pending step that raises the rank, or keeps it and should not; None when there is none."""
        for one, branch, question, local in self._questions(weights):
            match self.pending.ask(question, local):
                case Yes(model=model):
                    return one, branch, model
                case GaveUp(reason=reason):
                    return Failure(one.name, {}, reason)
                case No():
                    pass
        return None

    def _questions(self, weights: Weights) -> Iterator[tuple[Occurrence, Branch, Term, Mapping[str, Term]]]:
        """For each step that keeps the goal pending: does it neither lower the rank nor keep it as it may?"""
        for one, branch, taken in self.pending.steps:
            keeps = conj((lowers(self.counting, branch, weights, strictly=False), self._idles(one, branch)))
            question = conj((taken, negated(disj((lowers(self.counting, branch, weights), keeps)))))
            yield one, branch, question, {**self.pending.facts, **self.pending.induction.rules(one)}

    def _idles(self, one: Occurrence, branch: Branch) -> Term:
        """A step may keep the rank: it is not the one that should lower it, and that one, or one named before it, still can."""
        said: list[Term] = []
        earlier: list[Term] = []
        for event, term in self.helpers.possible.items():
            turn = conj((term, *(negated(other) for other in earlier)))
            earlier.append(term)
            kept = FALSE if one.event is event and one.sender is None else disj(branch.after(other) for other in earlier)
            said.append(implies(turn, kept))
        if self.helpers.waiting:
            sooner = disj(branch.after(other) for other in earlier)
            said.append(disj((*earlier, sooner if one.sender is not None or _moves_a_timer(branch) else TRUE)))
        return conj(said)

    def _learn(self, one: Occurrence, branch: Branch, model: Any) -> None:
        def value(term: Term) -> Any:
            known = model.eval(term, model_completion=True)
            return bool(z3.is_true(known)) if z3.is_bool(known) else known.as_long()

        change = moves(self.counting, branch, value)
        most = 0 if value(self._idles(one, branch)) else -1
        self.solver.add(z3.Sum([by * self.weights[place] for place, by in change.items() if place in self.weights] or [z3.IntVal(0)]) <= most)

    def _told(self, weights: Weights) -> Progress:
        said: dict[str, int] = {}
        for place, name in self.names.items():
            said[name] = max(weights[place], said.get(name, 0))
        induction = self.pending.induction
        asked = [*self.pending.questions(), *((question, local) for _, _, question, local in self._questions(weights))]
        asked.append((conj((self.counting.quiet, negated(self.helpers.timer))), {**self.pending.facts, **self.helpers.none}))
        facts = frozenset[str]().union(*(_least(self.pending, question, local) for question, local in asked))
        used = {name for name in facts if name in induction.candidates or name.startswith(("assume:", "rule:"))}
        events = tuple(label(event) for event in self.helpers.possible) + (("waiting",) if self.helpers.waiting else ())
        return Progress(tuple((name, weight) for name, weight in said.items() if weight), events, induction.with_lemmas(used))


def _moves_a_timer(branch: Branch) -> bool:
    """Whether something moves whose stay, in some state that it may be in, has timers: they would start anew."""
    for moved in branch.moved:
        if isinstance(moved.part, One):
            if any(moved.part.machine.timers(state) for state in moved.part.machine.states):
                return True
        elif moved.before is not None and moved.part.machine.timers(moved.before.state):
            return True
    return False

