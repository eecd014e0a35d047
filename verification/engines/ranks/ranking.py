"""Recoverability for every number of instances: from everywhere some event leads closer to the goal.

Closer means a smaller rank, what a state weighs (`rank`). Shown by Z3 with every parameter symbolic:
in every state of the invariants that is not the goal, some event that callers send is taken whatever
the clocks say and lowers the rank or reaches the goal; or some timer is running, and whichever fires
first does, and no second timer of that instant takes back what the first gained. The weights are found by trying: a state from which nothing leads closer says what a
better rank must do, and the lightest that does all that was said is tried next.

What it can never say: that a goal is not recoverable. Where no such rank is found the answer is open.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import attrs
import z3

from fsm.language.expressions import Formula
from fsm.language.machine import State
from fsm.language.parts import Each, One, Part
from fsm.verification.encoding.cells import Cell
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import TRUE, conj, disj, equal, less, number
from fsm.verification.encoding.translation import value_in
from fsm.verification.engines.enabledness import EnabledWay, running, waited, ways
from fsm.verification.engines.induction import Failure, Induction
from fsm.verification.engines.ranks.gaps import gaps, local_gaps
from fsm.verification.engines.ranks.rank import Descent, Scale, Weighed, Weights, moves, of_cell, places
from fsm.verification.engines.simultaneous import TimerPair, pairs
from fsm.verification.facts import FactId, Of
from fsm.verification.solver import GaveUp, Lightest, No, Yes

__all__ = ["WAITING", "Rank", "find_rank", "in_words", "lost_states", "sooner_in_words"]

Term = Any
WAITING = FactId(Of.WAITING)
"""That a timer leads on."""


@attrs.frozen(eq=False)
class Rank:
    """A proof of recoverability.

    Attributes:
        weights: what each cell, state and value weighs, in words; those that weigh nothing are left out.
        events: the events that lower it, in words, and `waiting` for a timer.
        used: the facts that the proof uses.
        at: the same weights by place, each on its own.
        lowered_by: the events that lower it, and that a timer does.
    """

    weights: tuple[tuple[str, int], ...]
    events: tuple[str, ...]
    used: frozenset[FactId]
    at: tuple[tuple[FactId, int], ...]
    lowered_by: tuple[FactId, ...]

    @property
    def waits(self) -> bool:
        """Whether waiting for a timer leads on."""
        return WAITING in self.lowered_by


@attrs.frozen(eq=False)
class Stuck:
    """Why weights are no rank: a state from which nothing leads closer.

    Attributes:
        model: the state.
        pair: the timers of which the second raises the weight, where that is why.
    """

    model: Any
    pair: TimerPair | None = None


ROUNDS = 60


def find_rank(induction: Induction, goal: Formula, *, wherever: Formula | None = None, waits: bool) -> Rank | Failure:
    """A rank that leads to the goal from every state of the invariants, or the state where none was found.

    Args:
        wherever: only from states where this holds, and by steps on which it goes on holding until the goal.
        waits: nothing can stand in the way of a timer, so that waiting for one leads on.
    """
    target = induction.counting.state(goal)
    region = TRUE if wherever is None else induction.counting.state(wherever)
    counting = induction.counting
    tries = [
        (True, False, False),
        *([(False, False, False)] if counting.counters else []),
        *([(False, True, False)] if gaps(counting) else []),
        *([(False, False, True)] if local_gaps(counting) and not counting.counters else []),
    ]
    found: Rank | Failure = Failure("no event leads closer", {})
    for alike, numbers, local in tries:
        found = _by_rounds(_Attempt(induction, target, region, alike=alike, numbers=numbers, local=local, waits=waits))
        if isinstance(found, Rank):
            break
    return found


def _by_rounds(attempt: _Attempt) -> Rank | Failure:
    weights: Weights | None = attempt.weights.found()
    stuck = Failure("no event leads closer", {})
    for _ in range(ROUNDS // 2 if attempt.local else ROUNDS):
        if weights is None:
            break
        found = attempt.judge(weights)
        if isinstance(found, Rank | Failure):
            return found
        stuck = Failure("no event leads closer", attempt.induction.shown(found.model))
        weights = attempt.weights.found() if attempt.learn(found) else None
    return stuck


def lost_states(induction: Induction, goal: Formula) -> list[tuple[Part, tuple[State, ...]]]:
    """For each part, the states from which no transition, whatever its guard, leads to where the goal can hold."""
    counting = induction.counting
    target = counting.state(goal)
    lost: list[tuple[Part, tuple[State, ...]]] = []
    for part in counting.system.parts:
        if isinstance(part, One):
            saved = set(_state_distances(induction, target, part))
        else:
            goals = [
                cell
                for cell, many in counting.counters[part].items()
                if _may_hold(induction, conj((target, less(number(0), many))))
            ]
            saved = {cell.state for cell in _distances(_edges(counting, part), [counting.cells[part].initial, *goals])}
        states = tuple(state for state in part.machine.states if state not in saved)
        lost += [(part, states)] if states else []
    return lost


class _Attempt:
    """The search for weights: what is known of them, and the terms that every question is made of.

    Args:
        region: where the rank must lead on, and stay.
        alike: all cells of a state weigh the same, which is found sooner where it is enough.
        numbers: how far whole numbers are from each other weighs too.
        local: how far they are in one state, and the states, weigh, and nothing else.
        waits: waiting for a timer leads on.
    """

    def __init__(
        self, induction: Induction, target: Term, region: Term, *, alike: bool, numbers: bool, local: bool, waits: bool
    ) -> None:
        self.induction, self.target, self.region, counting = induction, target, region, induction.counting
        self.counting = counting
        self.called = {
            FactId(Of.LOWERS, (counting.places.events[one.event],)): (
                one.name,
                [*ways(one, counting.places), *waited(one, counting)],
            )
            for one in counting.occurrences
            if one.sender is None
        }
        self.timers = running(counting) if waits else []
        self.pairs = pairs(counting)
        self.local = local
        self.places = [
            one
            for one in places(counting, numbers=numbers, local=local)
            if not local or one.place.of in (Of.STATE, Of.GAP_IN, Of.WAITS)
        ]
        groups: dict[FactId, int] = {}
        self.weights = Lightest(
            {one.place: groups.setdefault(one.group if alike else one.place, len(groups)) for one in self.places}
        )
        for place, least in _distances_of_places(induction, target).items():
            self.weights.keep(place, least)

    def judge(self, weights: Weights) -> Rank | Failure | Stuck:
        """Whether these weights are a proof; where they are not, a state that says why."""
        descent = Descent(self.counting, self.target, self.region, Scale(self.counting, weights))
        lowering = {fact: descent.stays_away(found) for fact, (_, found) in self.called.items()}
        lowering[WAITING] = descent.waiting_fails(self.timers)
        match self.induction.asker.ask_least(
            descent.away(), [*self.induction.assumptions, *self.induction.invariants], lowering
        ):
            case No(used=used):
                held = self._held(descent, lowering if WAITING in used else {})
                if not isinstance(held, No):
                    return held
                needed = tuple(fact for fact in lowering if fact in used)
                return Rank(
                    in_words(self.places, weights),
                    tuple("waiting" if fact == WAITING else self.called[fact][0] for fact in needed),
                    self.induction.with_lemmas(fact for fact in used | held.used if fact not in lowering),
                    tuple((place, weight) for place, weight in weights.items() if weight),
                    needed,
                )
            case Yes(model=model):
                return Stuck(model)
            case GaveUp(reason=reason):
                return Failure("the rank", {}, reason)

    def _held(self, descent: Descent, lowering: Mapping[FactId, Term]) -> No | Stuck | Failure:
        """Between two timers of one instant nothing is lost: the region is not left and, where waiting lowers the rank, it is not raised.

        Args:
            lowering: why the events and waiting do not lead closer; empty where waiting need not.
        """
        calm = conj(term for fact, term in lowering.items() if fact != WAITING)
        climbs = {pair: disj((descent.climbs(pair), descent.stalls(pair, calm))) for pair in self.pairs if lowering}
        used: frozenset[FactId] = frozenset()
        for lost in (disj(map(descent.leaves, self.pairs)), disj(climbs.values())):
            match self.induction.asker.ask_least(lost, [*self.induction.assumptions, *self.induction.invariants]):
                case No(used=known):
                    used |= known
                case Yes(model=model):
                    pair = next((one for one, term in climbs.items() if z3.is_true(model.eval(term, True))), None)
                    if pair is not None:
                        return Stuck(model, pair)
                    return Failure("a second timer of one instant that leads out", self.induction.shown(model))
                case GaveUp(reason=reason):
                    return Failure("two timers of one instant", {}, reason)
        return No(used)

    def learn(self, stuck: Stuck) -> bool:
        """What a better rank must do in a state from which nothing leads closer; False when nothing can be done there."""

        value = partial(value_in, stuck.model)

        if stuck.pair is not None:
            between = stuck.pair.between
            change = moves(self.counting, stuck.pair.second, lambda term: value(between(term)), local=self.local)
            due = not value(between(self.counting.quiet))
            self.weights.learn(less(self.weights.change(change), number(0), strictly=due))
            return True

        def falls(way: EnabledWay) -> Term:
            change = moves(self.counting, way.branch, lambda term: value(way.said(term)), local=self.local)
            return less(self.weights.change(change), number(0))

        def stays(way: EnabledWay) -> bool:
            return bool(value(way.said(way.branch.after(self.region))))

        options = [falls(way) for _, found in self.called.values() for way in found if value(way.taken) and stays(way)]
        timers = [way for way in self.timers if value(way.taken)]
        if timers and all(stays(way) or value(way.said(way.branch.after(self.target))) for way in timers):
            options.append(conj(falls(way) for way in timers if not value(way.said(way.branch.after(self.target)))))
        self.weights.learn(disj(options))
        return bool(options)


def in_words(weighed: Iterable[Weighed], weights: Weights) -> tuple[tuple[str, int], ...]:
    """What each cell, state and value weighs, in words; of the cells of a state the heaviest."""
    said: dict[FactId, tuple[str, int]] = {}
    for one in weighed:
        said[one.group] = (one.words, max(weights[one.place], said.get(one.group, ("", 0))[1]))
    return tuple((words, weight) for words, weight in said.values() if weight)


def sooner_in_words(counting: Counting, weights: Weights) -> tuple[str, ...]:
    """What counts before all that is weighed, the first first."""
    known = {gap.place.at: gap.words for gap in gaps(counting)}
    levels: dict[int, list[str]] = {}
    for place in weights:
        if place.of is Of.SOONER:
            levels.setdefault(place.at[0], []).append(known[place.at[1:]])
    return tuple(" + ".join(levels[level]) for level in sorted(levels))


def _distances_of_places(induction: Induction, target: Term) -> dict[FactId, int]:
    """The fewest moves of one instance to where it does not exist, or to where the goal can hold."""
    counting = induction.counting
    found: dict[FactId, int] = {}
    for place, part in enumerate(counting.system.parts):
        if isinstance(part, Each):
            table = _distances(_edges(counting, part), [counting.cells[part].initial])
            found.update({of_cell(counting, part, cell): far for cell, far in table.items()})
        else:
            states = _state_distances(induction, target, part)
            found.update(
                {FactId(Of.STATE, (place, part.machine.states.index(state))): far for state, far in states.items()}
            )
    return found


def _edges(counting: Counting, part: Each) -> list[tuple[Cell | None, Cell | None]]:
    """Where one event or timer takes one instance of a part."""
    moved = [
        one
        for occurrence in counting.occurrences
        for branch in occurrence.branches
        for one in branch.moved
        if one.part is part
    ]
    return [(one.before, one.after) for one in moved]


def _state_distances(induction: Induction, target: Term, part: One) -> dict[State, int]:
    lines = [
        (source, transition.target or source)
        for transition in part.machine.transitions
        for source in transition.sources
    ]
    return _distances(lines, _states_at(induction, target, part))


def _states_at(induction: Induction, target: Term, part: One) -> list[State]:
    """Where a part may be while a term holds, by the invariants: asked for one more until there is none."""
    symbol = induction.counting.ones[part][0]
    left = dict(enumerate(part.machine.states))
    found: list[State] = []
    while left:
        somewhere = disj(equal(symbol, number(place)) for place in left)
        match induction.asker.ask(conj((target, somewhere)), [*induction.assumptions, *induction.invariants]):
            case Yes(model=model):
                found.append(left.pop(value_in(model, symbol)))
            case No():
                break
            case GaveUp():
                found += left.values()
                break
    return [state for state in part.machine.states if state in found]


def _may_hold(induction: Induction, term: Term) -> bool:
    """Whether some state of the invariants satisfies a term."""
    return not isinstance(induction.asker.ask(term, [*induction.assumptions, *induction.invariants]), No)


def _distances(edges: Iterable[tuple[Any, Any]], goals: list[Any]) -> dict[Any, int]:
    back: dict[Any, list[Any]] = {}
    for source, target in edges:
        back.setdefault(target, []).append(source)
    distance = dict.fromkeys(goals, 0)
    queue = [(0, place) for place in range(len(goals))]
    nodes = list(goals)
    while queue:
        far, place = heapq.heappop(queue)
        for source in back.get(nodes[place], ()):
            if source not in distance:
                distance[source] = far + 1
                nodes.append(source)
                heapq.heappush(queue, (far + 1, len(nodes) - 1))
    return distance
