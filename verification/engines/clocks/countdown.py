"""How much longer a bounded response can take: durations, each as often as numbers say, that fall by as much time as passes.

A stopwatch and what is left are together at most the time in one part's state and what is allowed. The weights are found by trying, as those of a
rank are: a moment at which more passes than was left says what better weights must do, and the lightest that do all that was said are
tried next. Whether they do is asked by induction with the clock (`timed_induction`), like every lemma.

What it can never say: that it takes longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain, islice, product
from typing import Any

import attrs
import z3

from fsm.language.parts import One
from fsm.verification.encoding.clocked import Clocked, Happening, Slot
from fsm.verification.encoding.instance import lengths_of
from fsm.verification.encoding.terms import TRUE, conj, disj, equal, implies, less, negated, number, plus, times
from fsm.verification.encoding.translation import value_in
from fsm.verification.engines.ranks.gaps import CONSTANT, gaps_of
from fsm.verification.facts import FactId, Of
from fsm.verification.solver import Answer, GaveUp, Lightest, No, Yes

__all__ = ["Countdown", "Stopwatch"]

Term = Any
At = tuple[int, ...]
ONCE: At = (CONSTANT, 1, 0, CONSTANT, 0, 0)
"""How far one is above nothing: what weighs a duration alone."""
ROUNDS = 40
MOST_WEIGHTS = 400
"""How many weights are looked for at once."""
ADDEND = 1 + 3 + len(ONCE)
"""How many numbers say one of them: the weight, whose duration, and of what it is so many times."""


@attrs.frozen(eq=False)
class Stopwatch:
    """The stopwatch of a bounded response: whether it runs, for how long, what starts and stops it, and what is allowed."""

    runs: Term
    shows: Term
    premise: Term
    goal: Term
    allowed: Term


@attrs.frozen(eq=False)
class Countdown:
    """What may be left, and the lemmas that say so.

    Attributes:
        after: a term said of the moment after a step.
        at_start: a term said of the start.
    """

    clocked: Clocked
    watch: Stopwatch
    after: Callable[[Happening, Term], Term]
    at_start: Callable[[Term], Term]

    def lemma(self, fact: FactId) -> Term:
        """What such a fact says.

        Raises:
            KeyError: it is of something that there is not.
        """
        place, rest = fact.at[:4], fact.at[4:]
        addends = [rest[start : start + ADDEND] for start in range(0, len(rest), ADDEND)]
        left = plus(times(number(one[0]), times(self.lengths[one[1:4]], self.often[one[4:]])) for one in addends)
        shows = plus((self.watch.shows, left))
        allowed = plus((self.slots[place[0]].age, self.watch.allowed))
        return implies(conj((self.watch.runs, self.here(place))), less(shows, allowed, strictly=False))

    def here(self, place: At) -> Term:
        """Two parts, or one, in their states."""
        pairs = ((self.slots[part].state, number(state)) for part, state in (place[:2], place[2:]))
        return conj(equal(symbol, state) for symbol, state in pairs)

    @cached_property
    def slots(self) -> Mapping[int, Slot]:
        """Each part's instance, by its place."""
        return {self.clocked.places.parts[slot.part]: slot for slot in self.clocked.slots}

    @cached_property
    def lengths(self) -> Mapping[At, Term]:
        """The duration of each timer."""
        return {
            (part, at, timer): length
            for part, slot in self.slots.items()
            for at, state in enumerate(slot.part.machine.states)
            for timer, length in enumerate(lengths_of(self.clocked.place(slot, state, slot.age), self.clocked.params))
        }

    @cached_property
    def often(self) -> Mapping[At, Term]:
        """How many times a duration may be left: once, or by how much one number is above another."""
        ones = (slot.part for slot in self.slots.values() if isinstance(slot.part, One))
        found = {gap.place.at: gap.term for part in ones for gap in gaps_of(self.clocked, part)}
        return {ONCE: number(1), **found}

    def found(self, ask: Callable[[Term], Answer]) -> dict[FactId, Term]:
        """Lemmas that are worth trying; none where no weights were found.

        Args:
            ask: whether there is such a moment, by all that is known.
        """
        for lead, partner in product(self.slots, self.slots):
            if any(part == lead for part, _, _ in self.lengths) and (partner != lead or len(self.slots) == 1):
                for often in dict.fromkeys(((ONCE,), tuple(self.often))):
                    weights = _Search(self, lead, partner, often, ask).found()
                    if weights is not None:
                        return {fact: self.lemma(fact) for fact in self._facts(weights)}
        return {}

    def _facts(self, weights: Mapping[FactId, int]) -> Iterator[FactId]:
        said: dict[At, list[int]] = {}
        for one, weight in weights.items():
            addends = said.setdefault(one.at[:4], [])
            addends += [weight, *one.at[4:]] if weight else []
        yield from (FactId(Of.STOPWATCH_LEFT, (*place, *addends)) for place, addends in said.items())


@attrs.frozen(eq=False)
class _Demand:
    """Something that weights must do: what is left falls by as much time as passes.

    Attributes:
        when: of which moments it is asked.
        falls: by how much what is left falls, said of what is left.
        passes: how much time passes.
    """

    when: Term
    falls: Callable[[Term], Term]
    passes: Term


@attrs.frozen(eq=False)
class _Search:
    """The search for weights: what is left while two parts are in their states, counted from when the first of them entered its own."""

    of: Countdown
    lead: int
    partner: int
    often: tuple[At, ...]
    ask: Callable[[Term], Answer]

    @cached_property
    def weighed(self) -> Mapping[FactId, Term]:
        """Everything that can weigh: a duration, so many times, as long as the parts are in their states."""
        of = self.of
        states = [
            [(part, at) for at, _ in enumerate(of.slots[part].part.machine.states)]
            for part in (self.lead, self.partner)
        ]
        pairs = [(one, other) for one, other in product(*states) if self.lead != self.partner or one == other]
        timers: dict[int, At] = {}
        for timer, length in of.lengths.items():  # of those as long the first
            timers.setdefault(length.get_id(), timer)
        made = product(pairs, timers.values(), self.often)
        return {
            FactId(Of.STOPWATCH_LEFT, (*place, *timer, *often)): z3.If(
                of.here(place), times(of.lengths[timer], of.often[often]), number(0)
            )
            for (one, other), timer, often in islice(made, MOST_WEIGHTS + 1)
            for place in ((*one, *other),)
        }

    def found(self) -> Mapping[FactId, int] | None:
        """The weights by which never more time passes than was left."""
        lightest = Lightest({one: place for place, one in enumerate(self.weighed)})
        demands = [] if len(self.weighed) > MOST_WEIGHTS or self._lasts_for_ever() else list(self._demands())
        for _ in range(ROUNDS if demands else 0):
            weights = lightest.found()
            missed = None if weights is None else self._missed(demands, weights)
            if missed is None:
                return weights
            if isinstance(missed, GaveUp):
                return None
            demand, model = missed
            demands = [demand, *(one for one in demands if one is not demand)]
            falls = {one: value_in(model, demand.falls(term)) for one, term in self.weighed.items()}
            lightest.learn(less(number(value_in(model, demand.passes)), lightest.change(falls), strictly=False))
        return None

    def _lasts_for_ever(self) -> bool:
        """Whether the stopwatch may run in a stay that no timer of the first part ends."""
        longest = plus(self.of.lengths.values())
        return not isinstance(self.ask(conj((self._waiting, less(longest, self._lasted)))), No)

    def _missed(self, demands: Sequence[_Demand], weights: Mapping[FactId, int]) -> tuple[_Demand, Any] | GaveUp | None:
        """A demand that these weights do not meet, and where; at the last moment before a timer, if it may be."""
        left = plus(times(number(weights[one]), term) for one, term in self.weighed.items() if weights[one])
        for demand in demands:
            for late in (self._late, TRUE):
                answer = self.ask(conj((demand.when, less(demand.falls(left), demand.passes), late)))
                if isinstance(answer, GaveUp):
                    return answer
                if isinstance(answer, Yes):
                    return demand, answer.model
        return None

    @cached_property
    def _age(self) -> Term:
        return self.of.slots[self.lead].age

    @cached_property
    def _lasted(self) -> Term:
        """For how long the stay of the first part has lasted after the delay."""
        return plus((self._age, self.of.clocked.delay))

    @cached_property
    def _waiting(self) -> Term:
        """The stopwatch runs, and no timer is overdue after the delay."""
        clocked = self.of.clocked
        ends = [clocked.deadlines(slot, slot.age + clocked.delay, strict=False) for slot in clocked.slots]
        return conj((*chain(*ends), self.of.watch.runs))

    @cached_property
    def _late(self) -> Term:
        """A timer of the first part is due, or will be in a millisecond."""
        lasted = self._lasted
        due = (
            conj(
                (
                    equal(self.of.slots[part].state, number(state)),
                    disj((equal(lasted, length), equal(plus((lasted, number(1))), length))),
                )
            )
            for (part, state, _), length in self.of.lengths.items()
            if part == self.lead
        )
        return disj(due)

    def _demands(self) -> Iterator[_Demand]:
        """At the start, when the stopwatch begins, while it runs, and at the end of the stay in which it does."""
        of, clocked, runs = self.of, self.of.clocked, self.of.watch.runs
        lasted, allowed = self._lasted, _minus(of.watch.allowed)
        yield _Demand(of.at_start(runs), lambda left: _minus(of.at_start(left)), allowed)
        for one in clocked.happenings:
            goes_on, anew = conj((one.condition, of.after(one, runs))), _minus(of.after(one, self._age))
            after = partial(of.after, one)
            yield _Demand(conj((goes_on, runs)), partial(_falls, after), plus((lasted, anew)))
            yield _Demand(conj((goes_on, negated(runs))), partial(_begins, after), plus((allowed, anew)))
        yield _Demand(self._waiting, lambda left: left, lasted)


def _minus(term: Term) -> Term:
    return times(number(-1), term)


def _falls(after: Callable[[Term], Term], left: Term) -> Term:
    """By how much what is left is less after a step."""
    return plus((left, _minus(after(left))))


def _begins(after: Callable[[Term], Term], left: Term) -> Term:
    """The same where nothing was left before."""
    return _minus(after(left))
