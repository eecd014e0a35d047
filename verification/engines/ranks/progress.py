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
from functools import partial
from typing import Any

import attrs

from fsm.language.expressions import Formula
from fsm.language.printing import label
from fsm.language.properties import Fairness
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.terms import FALSE, conj, disj, less, negated, number
from fsm.verification.encoding.translation import value_in
from fsm.verification.engines.enabledness import running
from fsm.verification.engines.induction import Failure, Induction
from fsm.verification.engines.ranks.gaps import Gap, gaps
from fsm.verification.engines.ranks.pending import (
    Helpful,
    begins,
    impossible,
    leaves,
    literals,
    pending_steps,
    possible_of,
)
from fsm.verification.engines.ranks.rank import Scale, Weights, moves, places
from fsm.verification.engines.ranks.ranking import WAITING, in_words, sooner_in_words
from fsm.verification.facts import FactId, Of
from fsm.verification.solver import GaveUp, Lightest, No, Yes

__all__ = ["LEVELS", "PREMISE", "Pending", "ProgressProof", "just", "least", "show_progress"]

Term = Any

ROUNDS = 60
PREMISE = FactId(Of.PREMISE)


@attrs.frozen(eq=False)
class ProgressProof:
    """A proof that a goal comes.

    Attributes:
        weights: what each cell, state and value weighs, in words; those that weigh nothing are left out.
        sooner: what counts before all that is weighed, the first first.
        events: the fair events that lead on, in words, and `waiting` where a timer does.
        used: the facts that the proof uses.
        at: the same weights by place, each on its own.
        lowered_by: the fair events that lead on, and that a timer does.
        pending: what is true from the premise on until the goal.
    """

    weights: tuple[tuple[str, int], ...]
    sooner: tuple[str, ...]
    events: tuple[str, ...]
    used: frozenset[FactId]
    at: tuple[tuple[FactId, int], ...]
    lowered_by: tuple[FactId, ...]
    pending: tuple[FactId, ...]

    @property
    def waits(self) -> bool:
        """Whether waiting for a timer leads on."""
        return WAITING in self.lowered_by


def show_progress(
    induction: Induction, start: Formula, goal: Formula, fair: Sequence[Fairness], *, waits: bool
) -> ProgressProof | Failure:
    """A rank that fair events lower from every pending state, or where none was found.

    Args:
        waits: nothing can stand in the way of a timer, so that time brings what it will send.
    """
    pending = Pending(induction, induction.counting.state(start), induction.counting.state(goal))
    events = just(fair)
    helpful = _helpful(pending, events, waits=waits)
    if isinstance(helpful, Failure):
        return helpful
    tries = [helpful]
    if len(helpful.possible) < len(events):
        tries.append(attrs.evolve(helpful, possible=possible_of(induction.counting, events)))
    found: ProgressProof | Failure = Failure("the rank", {})
    for numbers in (False, True) if gaps(induction.counting) else (False,):
        for one in tries:
            found = _Ranking(pending, one, numbers=numbers).find()
            if isinstance(found, ProgressProof):
                return found
    sooner = _sooner(pending) if gaps(induction.counting) else {}
    by_order = _Ranking(pending, tries[-1], numbers=True, sooner=sooner).find() if sooner else found
    return by_order if isinstance(by_order, ProgressProof) else found


def just(fair: Sequence[Fairness]) -> list[type]:
    """The events that are owed justice, whomever they name: compassion is that and more; what each instance is owed by itself is not."""
    return list(dict.fromkeys(one.event for one in fair if not one.key))


LEVELS = 3
"""How many numbers count one after the other, before all that is weighed."""


def _sooner(pending: Pending) -> Weights:
    """What no pending step raises; then what no step raises but one that lowers that; and so on (ranking functions that are composed lexicographically: Bradley, Manna and Sipma, 2005)."""
    found: dict[FactId, int] = {}
    left = list(gaps(pending.counting))
    for level in range(LEVELS):
        scale = Scale(pending.counting, found)
        kept = [gap for gap in left if _falls_only(pending, gap, scale)]
        if not kept:
            break
        found |= {FactId(Of.SOONER, (level, *gap.place.at)): 1 for gap in kept}
        left = [gap for gap in left if gap not in kept]
    return found


def _falls_only(pending: Pending, gap: Gap, scale: Scale) -> bool:
    """Whether steps move a number, and each that raises it lowers what counts sooner."""
    moving = [one for one in pending.steps if one[1].swap.touches(gap.term)]
    return bool(moving) and all(
        isinstance(
            pending.ask(
                conj((taken, negated(scale.lowers(branch)), less(gap.term, branch.after(gap.term)))),
                {**pending.facts, **pending.induction.rules(one)},
            ),
            No,
        )
        for one, branch, taken in moving
    )


class Pending:
    """The states from the premise on until the goal: a set that steps do not leave but by the goal."""

    def __init__(self, induction: Induction, start: Term, goal: Term) -> None:
        self.induction, self.counting, self.goal = induction, induction.counting, goal
        self.steps = pending_steps(self.counting, goal)
        self.start = start
        self.facts = self._greatest({PREMISE: start, **dict(literals(self.counting))})

    def ask(self, question: Term, local: Mapping[FactId, Term]) -> Yes | No | GaveUp:
        """Whether something is so in a state of the invariants without the goal where these facts hold."""
        return self.induction.asker.ask(
            conj((question, negated(self.goal))), [*self.induction.assumptions, *self.induction.invariants], local
        )

    def questions(self) -> Iterator[tuple[Term, Mapping[FactId, Term]]]:
        """What must have no answer for the facts to be what is pending: the premise begins there, and no step leaves."""
        yield begins(self.start, self.facts), {}
        for one, branch, taken in self.steps:
            left = leaves(self.facts, branch, taken)
            if left is not FALSE:
                yield left, {**self.facts, **self.induction.rules(one)}

    def _greatest(self, candidates: dict[FactId, Term]) -> dict[FactId, Term]:
        """What holds wherever the premise does, and is kept until the goal."""
        alive = {
            fact: term
            for fact, term in candidates.items()
            if isinstance(self.ask(conj((self.start, negated(term))), {}), No)
        }
        return self.induction.kept(alive, self.steps, self.ask)


def _helpful(pending: Pending, fair: Sequence[type], *, waits: bool) -> Helpful | Failure:
    """As few fair events as needed that one of them is possible in every pending state; a timer besides where they do not do."""
    possible = possible_of(pending.counting, fair)
    timer = disj(way.taken for way in running(pending.counting))
    stuck = Failure("no fair event is possible", {})
    for waiting in (FALSE, timer) if waits and timer is not FALSE else (FALSE,):
        local = {**pending.facts, **Helpful(possible, waiting).none(pending.counting)}
        question = conj((pending.counting.quiet, negated(waiting)))
        match pending.ask(question, local):
            case No():
                used = least(pending, question, local)
                needed = {e: term for e, term in possible.items() if impossible(pending.counting, e) in used}
                return Helpful(needed, waiting)
            case Yes(model=model):
                stuck = Failure("no fair event is possible", pending.induction.shown(model))
            case GaveUp(reason=reason):
                stuck = Failure("whether a fair event is possible", {}, reason)
    return stuck


def least(pending: Pending, question: Term, local: Mapping[FactId, Term]) -> frozenset[FactId]:
    """What a no rests on, no more of it than needed."""
    known = [*pending.induction.assumptions, *pending.induction.invariants]
    answer = pending.induction.asker.ask_least(conj((question, negated(pending.goal))), known, local)
    return (
        answer.used if isinstance(answer, No) else frozenset((*known, *local))
    )  # shown before; by which of these facts, it does not say


class _Ranking:
    """The search for weights that no pending step raises, and every helpful one lowers."""

    def __init__(self, pending: Pending, helpful: Helpful, *, numbers: bool, sooner: Weights | None = None) -> None:
        self.sooner = dict(sooner or {})
        self.pending, self.helpful, self.counting = pending, helpful, pending.counting
        self.places = list(places(self.counting, numbers=numbers))
        self.weights = Lightest({one.place: number for number, one in enumerate(self.places)})

    def find(self) -> ProgressProof | Failure:
        stuck = Failure("the rank", {}, "no weights were found that no step raises")
        for _ in range(ROUNDS):
            lightest = self.weights.found()
            if lightest is None:
                return stuck
            weights = {**self.sooner, **lightest}
            found = self._judge(weights)
            if found is None:
                return self._told(weights)
            if isinstance(found, Failure):
                return found
            one, branch, model = found
            stuck = Failure(f"{one.name} raises every rank tried, and", self.pending.induction.shown(model))
            self._learn(one, branch, model)
        return stuck

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

    def _questions(self, weights: Weights) -> Iterator[tuple[Occurrence, Branch, Term, Mapping[FactId, Term]]]:
        """For each step that keeps the goal pending: does it neither lower the rank nor keep it as it may?"""
        scale = Scale(self.counting, weights)
        for one, branch, taken in self.pending.steps:
            question = self.helpful.strays(scale, one, branch, taken)
            yield one, branch, question, {**self.pending.facts, **self.pending.induction.rules(one)}

    def _learn(self, one: Occurrence, branch: Branch, model: Any) -> None:
        value = partial(value_in, model)

        change = moves(self.counting, branch, value)
        most = 0 if value(self.helpful.idles(one, branch)) else -1
        self.weights.learn(less(self.weights.change(change), number(most), strictly=False))

    def _told(self, weights: Weights) -> ProgressProof:
        pending, induction, counting = self.pending, self.pending.induction, self.counting
        asked = [*pending.questions(), *((question, local) for _, _, question, local in self._questions(weights))]
        asked.append((self.helpful.stuck(counting), {**pending.facts, **self.helpful.none(counting)}))
        facts = frozenset[FactId]().union(*(least(pending, question, local) for question, local in asked))
        used = (fact for fact in facts if fact in induction.candidates or fact.of in (Of.ASSUMPTION, Of.RULE))
        waiting = self.helpful.waiting
        return ProgressProof(
            in_words(self.places, weights),
            sooner_in_words(counting, self.sooner),
            (*map(label, self.helpful.possible), *(("waiting",) if waiting else ())),
            induction.with_lemmas(used),
            tuple((place, weight) for place, weight in weights.items() if weight),
            (
                *(FactId(Of.LOWERS, (counting.places.events[event],)) for event in self.helpful.possible),
                *((WAITING,) if waiting else ()),
            ),
            tuple(pending.facts),
        )
