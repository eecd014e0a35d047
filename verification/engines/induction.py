"""Induction: a formula that holds at the start and is kept by every event holds for ever.

All candidates are assumed together before a step, and those that some step does not keep are
dropped until the rest keep each other. Base and step are asked apart, the step one event at a
time with the next values substituted.

What it can never say: that a formula is false. A step that fails starts from a state that may be
unreachable, and is reported as just that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import attrs
import z3

from fsm.language.system import Rule
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.quantities import Quantity, quantities_of_counting, read
from fsm.verification.encoding.terms import FALSE, TRUE, Swap, conj, disj, negated
from fsm.verification.facts import FactId, Of
from fsm.verification.solver import Asker, GaveUp, No, Yes

__all__ = ["Failure", "Induction", "Kept", "Longer"]

Term = Any
Ask = Callable[[Term, Mapping[FactId, Term]], Yes | No | GaveUp]


@attrs.frozen(eq=False)
class Kept:
    """A formula that is shown.

    Attributes:
        used: the facts that the base and every step used.
    """

    used: frozenset[FactId]


@attrs.frozen(eq=False)
class Failure:
    """A formula that is not shown.

    Attributes:
        where: the name of the event whose step fails, or another word for where it stopped; empty where no question was asked.
        state: the state before that step where the solver gave one; may be unreachable.
        reason: why the solver gave up, where it did.
        at_start: it does not hold in the first snapshot, or that was not answered.
    """

    where: str
    state: Mapping[Quantity, object]
    reason: str = ""
    at_start: bool = False


@attrs.frozen(eq=False)
class Longer:
    """A formula that is shown by k states in a row.

    Attributes:
        k: how many show the next.
        used: the facts that the proof uses, those under its lemmas among them.
    """

    k: int
    used: frozenset[FactId]


class Induction:
    """The invariants of a system, found once and used for every question about its steps.

    Args:
        longer: candidates that are shown otherwise, without these invariants: they hold, and need not be kept.
    """

    def __init__(
        self, counting: Counting, candidates: Mapping[FactId, Term], longer: Mapping[FactId, Longer] | None = None
    ) -> None:
        self.counting = counting
        self.longer = dict(longer or {})
        self.candidates = dict(candidates)
        self.start = Swap(counting.start.items())
        self.assumptions = {
            FactId(Of.ASSUMPTION, (place,)): counting.assumption(one.that)
            for place, one in enumerate(counting.system.all_assumptions)
        }
        self.asker = Asker(counting.typing)
        for fact, term in {**self.assumptions, **self.candidates}.items():
            self.asker.know(fact, term)
        self.failures: dict[FactId, Failure] = {}
        self._direct = {fact: one.used for fact, one in self.longer.items()}
        self.invariants = self._greatest()

    def _greatest(self) -> list[FactId]:
        """The largest set of candidates that hold at the start and keep each other.

        One question for an event asks whether it breaks any of them; the answer's state tells all that it breaks.
        """
        alive = [fact for fact in self.candidates if fact in self.longer or self._starts(fact)]
        asked = [
            (
                one,
                {
                    fact: broken
                    for fact in alive
                    if fact not in self.longer and (broken := self.broken_after(self.candidates[fact], one)) is not None
                },
            )
            for one in self.counting.occurrences
        ]
        settled = False
        while not settled:
            settled = True
            for occurrence, breaks in asked:
                while True:
                    touched = {fact: breaks[fact] for fact in alive if fact in breaks}
                    dropped = self._broken(occurrence, touched, alive)
                    if not dropped:
                        break
                    alive = [fact for fact in alive if fact not in dropped]
                    settled = False
        return alive

    def _broken(self, occurrence: Occurrence, touched: dict[FactId, Term], alive: list[FactId]) -> set[FactId]:
        """Candidates that some step of an event breaks, from a state where all that are alive hold."""
        if not touched:
            return set()
        match self.asker.ask(disj(touched.values()), [*self.assumptions, *alive], self.rules(occurrence)):
            case No():
                return set()
            case Yes(model=model):
                dropped = {
                    fact for fact, broken in touched.items() if z3.is_true(model.eval(broken, model_completion=True))
                }
                assert dropped, "a state that breaks some candidate breaks one of them"
                self.failures.update(dict.fromkeys(dropped, Failure(occurrence.name, self.shown(model))))
                return dropped
            case GaveUp(reason=reason):
                self.failures.update(dict.fromkeys(touched, Failure(occurrence.name, {}, reason)))
                return set(touched)

    def kept(
        self, facts: Mapping[FactId, Term], steps: Iterable[tuple[Occurrence, Branch, Term]], ask: Ask
    ) -> dict[FactId, Term]:
        """Of these facts the most that together no step takes away: what one breaks is left out until none does (Houdini).

        Args:
            steps: each with when it is taken.
            ask: whether something is so where some facts hold.
        """
        alive, steps = dict(facts), tuple(steps)
        settled = False
        while not settled:
            settled = True
            for one, branch, taken in steps:
                touched = {
                    fact: negated(branch.after(term)) for fact, term in alive.items() if branch.swap.touches(term)
                }
                if not touched:
                    continue
                answer = ask(conj((taken, disj(touched.values()))), {**alive, **self.rules(one)})
                if isinstance(answer, No):
                    continue
                for fact, broken in touched.items():
                    if isinstance(answer, GaveUp) or z3.is_true(answer.model.eval(broken, model_completion=True)):
                        del alive[fact]
                settled = False
        return alive

    def _starts(self, fact: FactId) -> bool:
        at_start = self.start(self.candidates[fact])
        match self.asker.ask(negated(at_start), list(self.assumptions)):
            case No():
                return True
            case Yes(model=model):
                self.failures[fact] = Failure("start", self.shown(model), at_start=True)
            case GaveUp(reason=reason):
                self.failures[fact] = Failure("start", {}, reason, at_start=True)
        return False

    def shown(self, model: Any) -> dict[Quantity, object]:
        """The state that a model gives, parameters included."""
        return read(self.quantities, model)

    @cached_property
    def quantities(self) -> dict[Quantity, Term]:
        """What a state is made of."""
        return quantities_of_counting(self.counting)

    # Questions about steps

    def rules(self, occurrence: Occurrence) -> dict[FactId, Term]:
        """What must hold for the event to be taken."""
        return {self.rule(rule): term for rule, term in occurrence.rules}

    def rule(self, rule: Rule) -> FactId:
        """A rule of the system as a fact."""
        return FactId(Of.RULE, (self.counting.places.rules[rule],))

    def broken_after(self, claim: Term, occurrence: Occurrence) -> Term | None:
        """Some branch of the event leads to where the claim does not hold; None when each leaves it, or leads to where it holds."""
        ways = [
            conj((*branch.conditions, *branch.clock, lost))
            for branch in occurrence.branches
            if branch.swap.touches(claim) and (lost := negated(branch.after(claim))) is not FALSE
        ]
        return self._any_way(occurrence, ways)

    def broken_by(self, step_claim: Any, occurrence: Occurrence) -> Term | None:
        """Some branch of the event breaks a claim on steps; `step_claim(occurrence, branch)` gives its term."""
        ways = []
        for branch in occurrence.branches:
            kept = TRUE if occurrence.lapses(branch) else step_claim(occurrence, branch)
            if kept is not TRUE:
                ways.append(conj((*branch.conditions, *branch.clock, negated(kept))))
        return self._any_way(occurrence, ways)

    def breaking(self, step_claim: Any) -> Term:
        """Some event that its rules allow breaks a claim on steps."""
        found = [(occurrence, self.broken_by(step_claim, occurrence)) for occurrence in self.counting.occurrences]
        return disj(conj((way, *self.rules(occurrence).values())) for occurrence, way in found if way is not None)

    def _any_way(self, occurrence: Occurrence, ways: list[Term]) -> Term | None:
        if not ways:
            return None
        return conj((occurrence.quiet, *self.counting.places.field_bounds(occurrence.event), disj(ways)))

    # Answers with what they used

    def show_always(self, fact: FactId) -> Kept | Failure:
        """Whether a candidate is an invariant, with the facts that its proof uses, lemmas followed down."""
        if fact not in self.candidates:
            return Failure("the encoding", {}, "it cannot say the claim")
        if fact not in self.invariants:
            return self.failures[fact]
        return Kept(self.with_lemmas(self._used_by(fact)) - {fact})

    def proofs(self, facts: Iterable[FactId]) -> dict[FactId, tuple[FactId, ...]]:
        """For each lemma among these facts, and each below it, the lemmas that its own proof uses."""
        found: dict[FactId, tuple[FactId, ...]] = {}
        given = set(facts)
        queue = [fact for fact in self.candidates if fact in given]
        for fact in queue:
            if fact not in found:
                used = self._used_by(fact)
                below = tuple(one for one in self.candidates if one in used and one != fact)
                rows = (FactId(Of.ROW, (self.longer[fact].k,)),) if fact in self.longer else ()
                found[fact] = (*rows, *below)
                queue += below
        return found

    def with_lemmas(self, used: Iterable[FactId]) -> frozenset[FactId]:
        """These facts, and those on which the lemmas among them rest.

        They are followed in the order of the candidates: what is asked next depends on it, and what Z3 finds may
        depend on what was asked.
        """
        found = set(used)
        queue = [fact for fact in self.candidates if fact in found]
        for fact in queue:
            below = self._used_by(fact)
            queue += [lemma for lemma in self.candidates if lemma in below and lemma not in queue]
            found |= below
        return frozenset(found)

    def _used_by(self, fact: FactId) -> frozenset[FactId]:
        if fact not in self._direct:
            self._direct[fact] = self._least_for(fact)
        return self._direct[fact]

    def _least_for(self, fact: FactId) -> frozenset[FactId]:
        """What shows that an invariant holds at the start and is kept; that it is, was asked before."""
        used: set[FactId] = set()
        at_start = self.start(self.candidates[fact])
        questions: list[tuple[Term, list[FactId], dict[FactId, Term]]] = [
            (negated(at_start), list(self.assumptions), {})
        ]
        for occurrence in self.counting.occurrences:
            question = self.broken_after(self.candidates[fact], occurrence)
            if question is not None:
                questions.append((question, [*self.assumptions, *self.invariants], self.rules(occurrence)))
        for question, assuming, local in questions:
            answer = self.asker.ask_least(question, assuming, local)
            used |= (
                answer.used if isinstance(answer, No) else {*assuming, *local}
            )  # shown before; by which of these facts, it does not say
        return frozenset(used)

    def show_step(self, step_claim: Any) -> Kept | Failure:
        """Whether every step from the invariants satisfies a claim on steps."""
        used: set[FactId] = set()
        for occurrence in self.counting.occurrences:
            question = self.broken_by(step_claim, occurrence)
            if question is None:
                continue
            match self.asker.ask_least(question, [*self.assumptions, *self.invariants], self.rules(occurrence)):
                case No(used=facts):
                    used |= facts
                case Yes(model=model):
                    return Failure(occurrence.name, self.shown(model))
                case GaveUp(reason=reason):
                    return Failure(occurrence.name, {}, reason)
        return Kept(self.with_lemmas(used))

    def show_implied(self, claim: Term) -> Kept | Failure:
        """Whether the invariants imply a formula over one snapshot."""
        match self.asker.ask_least(negated(claim), [*self.assumptions, *self.invariants]):
            case No(used=facts):
                return Kept(self.with_lemmas(facts))
            case Yes(model=model):
                return Failure("some state", self.shown(model))
            case GaveUp(reason=reason):
                return Failure("some state", {}, reason)
