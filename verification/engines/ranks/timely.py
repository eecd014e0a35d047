"""Progress by fair events whose guards read the time in state: at every age some of them is possible, or at every late one.

Until the goal nothing raises the rank. Whose turn it is, the first of the events that is possible, lowers it when taken; as long as it is
not, it stays possible, or one before it does, whatever else is taken and however much time passes. A part is *late* once it has been in
its state for longer than anything compares with; where a pending step that begins its stay anew always lowers the rank, it is late in
the end, since time grows beyond every bound. So all but the first of this is asked of late moments alone. A run on which the goal
never comes could put one event off for ever, and in no other way (justice, as in `progress`).

What it can never say: that a goal need not come; and anything where instances are told apart by keys, whose clocks are not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import attrs

from fsm.language.expressions import Compare, Expr, Var
from fsm.language.leaves import Clock, FieldRef
from fsm.language.parts import One, Part
from fsm.language.printing import label
from fsm.language.traversal import walk
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.instance import clock_fits
from fsm.verification.encoding.symbols import SymbolKind, integer
from fsm.verification.encoding.terms import FALSE, Swap, conj, disj, equal, implies, less, negated, number, plus
from fsm.verification.encoding.translation import translate, value_in
from fsm.verification.engines.enabledness import ways
from fsm.verification.engines.induction import Failure
from fsm.verification.engines.ranks.progress import Pending, ProgressProof, just, least
from fsm.verification.engines.ranks.rank import Scale, Weights, moves, places
from fsm.verification.engines.ranks.ranking import in_words
from fsm.verification.facts import FactId, Of
from fsm.verification.solver import GaveUp, Lightest, No, Yes

__all__ = ["TIMELY", "Timely", "show_timely"]

Term = Any
TIMELY = FactId(Of.TIMELY)
"""That the event is possible by the time in state."""
ROUNDS = 60


@attrs.frozen(eq=False)
class Timely:
    """What is asked of events that are possible by the time in state.

    Attributes:
        events: the fair events, in the order of their turns.
        late: the parts that are late in the end.
        able: when each is possible, a term over ages.
    """

    counting: Counting
    events: tuple[type, ...]
    late: tuple[One, ...]
    able: tuple[Term, ...] = attrs.field(init=False)

    @able.default
    def _able(self) -> tuple[Term, ...]:
        called = {one.event: one for one in self.counting.occurrences if one.sender is None}
        found = (ways(called[event], self.counting.places, by_clock=True) for event in self.events)
        return tuple(disj(way.taken for way in each) for each in found)

    def in_the_end(self) -> Term:
        """What is so in the end: the late parts have been where they are for longer than anything compares with; no timer is overdue."""
        said: list[Term] = []
        for part, (state, _, _) in self.counting.ones.items():
            for place in self.counting.stays(part):
                here = equal(state, number(part.machine.states.index(place.state)))
                said.append(implies(here, conj(clock_fits(place, self.counting.params, sent=True))))
        for part in self.late:
            said += [less(translate(one, self._param), self._age(part)) for one in _compared(part)]
        return conj(said)

    def _age(self, part: Part) -> Term:
        return integer(SymbolKind.AGE, self.counting.places.parts[part])

    def _param(self, expr: Expr[Any]) -> Term:
        return self.counting.params[expr]  # type: ignore[index]  # nothing else is in it

    def none(self, counting: Counting) -> dict[FactId, Term]:
        """Facts that are needed besides: none, since what is possible is a term over ages."""
        return {}

    def stuck(self, counting: Counting) -> Term:
        """In the end none of them is possible; or one whose turn it is is not any more when time has passed."""
        delay = integer(SymbolKind.DELAY)
        later = Swap((self._age(part), plus((self._age(part), delay))) for part in self.counting.ones)
        drifts = negated(conj(self._turns(later)))
        passed = conj((less(number(0), delay, strictly=False), later(self.in_the_end()), drifts))
        return conj((self.in_the_end(), disj((negated(disj(self.able)), passed))))

    def _turns(self, after: Callable[[Term], Term], taken: type | None = None) -> Iterator[Term]:
        """Of each of them, where it is its turn: it or one before it is possible after something; nothing of one that is taken."""
        for place, able in enumerate(self.able):
            turn = conj((able, *map(negated, self.able[:place])))
            kept = FALSE if self.events[place] is taken else disj(map(after, self.able[: place + 1]))
            yield implies(turn, kept)

    def strays(self, scale: Scale, one: Occurrence, branch: Branch, taken: Term) -> Term:
        """A step that raises the rank, or that does not lower it in the end though it must."""
        rises = negated(scale.lowers(branch, strictly=False))
        stays = negated(scale.lowers(branch))
        if self.begins(branch):
            return conj((taken, disj((rises, stays))))
        return conj((taken, disj((rises, conj((self.in_the_end(), stays, negated(self.idles(one, branch))))))))

    def idles(self, one: Occurrence, branch: Branch) -> Term:
        """A step may keep the rank: it is not the one that should lower it, and that one, or one named before it, still can."""
        anew = [(self._age(part), number(0)) for part in self.counting.ones if _begins(branch, part)]
        zero = Swap(anew)
        return conj(self._turns(lambda term: zero(branch.after(term)), one.event if one.sender is None else None))

    def begins(self, branch: Branch) -> bool:
        """Whether it begins the stay of a late part anew."""
        return any(_begins(branch, part) for part in self.late)


def _begins(branch: Branch, part: One) -> bool:
    """Whether a part begins a stay."""
    return any(moved.part is part and moved.anew for moved in branch.moved)


def _compared(part: One) -> list[Expr[Any]]:
    """What the time in state is compared with that is the same in a whole run: in guards, and how long timers are."""
    found: list[Expr[Any]] = []
    for line in part.machine.transitions:
        found += [] if line.duration is None else [line.duration]
        for node in () if line.guard is None else walk(line.guard):
            if isinstance(node, Compare):
                sides = (node.left, node.right), (node.right, node.left)
                found += [other for side, other in sides if isinstance(side, Clock) and _is_fixed(other)]
    return found


def _is_fixed(expr: Expr[Any]) -> bool:
    return not any(isinstance(node, Var | FieldRef | Clock) for node in walk(expr))


def show_timely(pending: Pending, fair: Sequence[Any], *, waits: bool) -> ProgressProof | Failure:
    """A rank that one of the fair events lowers.

    Args:
        waits: nothing can stand in the way of a timer, so that time goes on.
    """
    counting = pending.counting
    if counting.counters or not any(branch.reads_clock for one in counting.occurrences for branch in one.branches):
        return Failure("a rank", {}, "nothing reads the time in state")
    found: ProgressProof | Failure = Failure("a rank", {}, "no event was found that is possible in the end")
    events = tuple(just(fair))
    for some in dict.fromkeys((events, *((one,) for one in events))):
        for late in ((*counting.ones,), ()) if waits else ((),):
            found = _Ranked(pending, Timely(counting, some, late)).find()
            if isinstance(found, ProgressProof):
                return found
    return found


class _Ranked:
    """The search for weights, as in `progress`."""

    def __init__(self, pending: Pending, timely: Timely) -> None:
        self.pending, self.timely, self.counting = pending, timely, pending.counting
        self.places = list(places(self.counting))
        self.weights = Lightest({one.place: number for number, one in enumerate(self.places)})

    def find(self) -> ProgressProof | Failure:
        stuck = Failure("a rank", {}, "no weights were found that no step raises")
        if not isinstance(self.pending.ask(self.timely.stuck(self.counting), self.pending.facts), No):
            return Failure("a rank", {}, "no event stays possible in the end")
        for _ in range(ROUNDS):
            weights = self.weights.found()
            if weights is None:
                return stuck
            found = self._judge(weights)
            if found is None:
                return self._told(weights)
            if isinstance(found, Failure):
                return found
            one, branch, model = found
            change = moves(self.counting, branch, partial(value_in, model))
            value = partial(value_in, model)
            most = 0 if not self.timely.begins(branch) and value(self.timely.idles(one, branch)) else -1
            self.weights.learn(less(self.weights.change(change), number(most), strictly=False))
        return stuck

    def _judge(self, weights: Weights) -> tuple[Occurrence, Branch, Any] | Failure | None:
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
        scale = Scale(self.counting, weights)
        for one, branch, taken in self.pending.steps:
            question = self.timely.strays(scale, one, branch, taken)
            if question is not FALSE:
                yield one, branch, question, {**self.pending.facts, **self.pending.induction.rules(one)}

    def _told(self, weights: Weights) -> ProgressProof:
        pending, induction = self.pending, self.pending.induction
        asked = [*pending.questions(), *((question, local) for _, _, question, local in self._questions(weights))]
        asked.append((self.timely.stuck(self.counting), pending.facts))
        facts = frozenset[FactId]().union(*(least(pending, question, local) for question, local in asked))
        used = (fact for fact in facts if fact in induction.candidates or fact.of in (Of.ASSUMPTION, Of.RULE))
        places_of = self.counting.places
        return ProgressProof(
            in_words(self.places, weights),
            (),
            tuple(map(label, self.timely.events)),
            induction.with_lemmas(used),
            tuple((place, weight) for place, weight in weights.items() if weight),
            (
                *(FactId(Of.LOWERS, (places_of.events[event],)) for event in self.timely.events),
                TIMELY,
                *(FactId(Of.LATE, (places_of.parts[part],)) for part in self.timely.late),
            ),
            tuple(pending.facts),
        )
