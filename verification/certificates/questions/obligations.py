"""The questions that a proof answers with no, made from the declaration and the evidence alone.

For a lemma: one at the start, and one for each event that changes anything it speaks of, from any state
where the lemmas hold that its proof uses. For a claim: those of its kind, and those of its lemmas,
followed down to the end. Which questions there are depends on the declaration only, so that a certificate
cannot leave out a step.

What it can never say: whether the encoding means what the runtime does. Other tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from fsm.language.expressions import Formula
from fsm.language.printing import label
from fsm.verification.certificates.theory import BadEvidence, Fact, Theory
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.terms import TRUE, conj, disj, negated
from fsm.verification.facts import FactId, Of

__all__ = ["Obligation", "Questions"]

Term = Any


@attrs.frozen(eq=False)
class Obligation:
    """One question, to be answered with no.

    Attributes:
        of: the lemma or claim.
        at: which of its questions: `start`, `on event 2`; each once.
        asked: in the declaration's words, what must be impossible.
        types: what is assumed without a name.
        facts: what is assumed besides.
        question: the formula.
    """

    of: FactId
    at: str
    asked: str
    types: tuple[Term, ...]
    facts: tuple[Fact, ...]
    question: Term


class Questions:
    """The questions about one theory.

    Args:
        proofs: for each lemma, those that its own proof uses.
        extra: further lemmas, such as one that a solver found.
    """

    def __init__(
        self,
        theory: Theory,
        proofs: Mapping[FactId, tuple[FactId, ...]],
        extra: Mapping[FactId, Fact] | None = None,
    ) -> None:
        self.theory, self.proofs = theory, proofs
        self.lemmas = {**theory.lemmas, **(extra or {})}

    def facts(self, lemmas: Iterable[FactId]) -> tuple[Fact, ...]:
        """The assumptions, what stays empty, and these lemmas.

        Raises:
            BadEvidence: there is no such lemma.
        """
        return (*self.theory.assumptions, *self._empty, *map(self._lemma, dict.fromkeys(lemmas)))

    @property
    def _empty(self) -> tuple[Fact, ...]:
        return () if self.theory.empty.term is TRUE else (self.theory.empty,)

    def _lemma(self, fact: FactId) -> Fact:
        if fact not in self.lemmas:
            raise BadEvidence(f"there is no lemma {fact}")
        return self.lemmas[fact]

    # Lemmas

    def foundation(self) -> Iterator[Obligation]:
        """What every other question takes for granted: types, and what stays empty."""
        for fact in (self.theory.types, *self._empty):
            if fact.term is not TRUE:
                yield from self._invariant(fact, ())

    def below(self, lemmas: Iterable[FactId]) -> list[FactId]:
        """These lemmas and all that their proofs rest on, each once.

        Raises:
            BadEvidence: there is no such lemma, or no proof of it.
        """
        found = dict.fromkeys(lemmas)
        queue = list(found)
        for fact in queue:
            self._lemma(fact)
            if fact not in self.proofs:
                raise BadEvidence(f"nothing is said of the proof of the lemma {fact}")
            for lower in self.proofs[fact]:
                if lower not in found and lower.of is not Of.ROW:
                    found[lower] = None
                    queue.append(lower)
        return queue

    def of_lemma(self, fact: FactId) -> Iterator[Obligation]:
        """That it holds at the start and is kept by every event."""
        yield from self._invariant(self._lemma(fact), (fact, *self.proofs[fact]))

    def _invariant(self, fact: Fact, uses: tuple[FactId, ...]) -> Iterator[Obligation]:
        theory = self.theory
        at_start = theory.start(fact.term)
        said = "at the start it does not hold"
        yield Obligation(fact.id, "start", said, theory.counting.ranges, theory.assumptions, negated(at_start))
        yield from self.kept(fact, self.facts(uses))

    def kept(
        self, fact: Fact, facts: tuple[Fact, ...], *, of: FactId | None = None, at: str = ""
    ) -> Iterator[Obligation]:
        """That every event keeps it, under these facts.

        Args:
            of: of which claim this is asked, where it is not the fact itself; `at` then goes before its other words.
        """
        for occurrence in self.theory.counting.occurrences:
            ways = [way for branch in occurrence.branches if (way := self._losing(fact, branch)) is not None]
            yield from self.on(of or fact.id, occurrence, ways, facts, "after it this no longer holds", at)

    def _losing(self, fact: Fact, branch: Branch) -> Term | None:
        """The branch leads to where one of the parts of a fact does not hold; None when it changes nothing of it."""
        changed = [one for one in fact.parts if branch.swap.touches(one)]
        return conj((*branch.conditions, *branch.clock, negated(conj(map(branch.after, changed))))) if changed else None

    def on(
        self,
        of: FactId,
        occurrence: Occurrence,
        ways: list[Term],
        facts: tuple[Fact, ...],
        said: str,
        at: str = "",
    ) -> Iterator[Obligation]:
        """That an event goes in none of these ways."""
        if ways:
            counting = self.theory.counting
            event = counting.places.happening(occurrence.event, occurrence.sender)
            question = conj((occurrence.quiet, *counting.places.field_bounds(occurrence.event), disj(ways)))
            yield Obligation(
                of,
                f"{at}on {event}",
                f"{_in_words(occurrence)} is taken, and {said}",
                counting.typing,
                (*facts, *self.theory.rules(occurrence)),
                question,
            )

    # Claims

    def steps(self, of: FactId, formula: Formula, lemmas: tuple[FactId, ...]) -> Iterator[Obligation]:
        """That every event does it, from every state of the lemmas."""
        facts = self.facts(lemmas)
        for occurrence in self.theory.counting.occurrences:
            ways = [
                way
                for branch in occurrence.branches
                if (way := self._breaking(formula, occurrence, branch)) is not None
            ]
            yield from self.on(of, occurrence, ways, facts, "the claim is not true of the step")

    def _breaking(self, formula: Formula, occurrence: Occurrence, branch: Branch) -> Term | None:
        kept = TRUE if occurrence.lapses(branch) else self.theory.counting.step(formula, occurrence, branch)
        return None if kept is TRUE else conj((*branch.conditions, *branch.clock, negated(kept)))

    def excluded(
        self, of: FactId, states: Iterable[tuple[FactId, str, Term]], lemmas: tuple[FactId, ...]
    ) -> Iterator[Obligation]:
        """That the lemmas exclude these states, each with its id and in words."""
        facts = self.facts(lemmas)
        for fact, words, term in states:
            yield Obligation(of, str(fact), f"there is such a state: {words}", self.theory.counting.typing, facts, term)


def _in_words(occurrence: Occurrence) -> str:
    """An event; of one that time sends, whose timer it is."""
    sender = occurrence.sender
    return label(occurrence.event) if sender is None else f"{label(occurrence.event)} of {sender.name}"
