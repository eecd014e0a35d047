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
from fsm.verification.certificates.theory import Fact, Theory, named
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.terms import TRUE, conj, disj, negated

__all__ = ["BadEvidence", "Obligation", "Questions"]

Term = Any


class BadEvidence(Exception):
    """Evidence that names something that does not exist, or that is no proof whatever a solver says."""


@attrs.frozen(eq=False)
class Obligation:
    """One question, to be answered with no.

    Attributes:
        of: the lemma or claim.
        at: where: `start`, `on` an event, ...
        asked: in words, what must be impossible.
        types: what is assumed without a name.
        facts: what is assumed besides, by name.
        question: the formula.
    """

    of: str
    at: str
    asked: str
    types: tuple[Term, ...]
    facts: tuple[Fact, ...]
    question: Term


class Questions:
    """The questions about one theory.

    Args:
        proofs: for each lemma, the names of those that its own proof uses.
        extra: further lemmas, such as one that a solver found.
    """

    def __init__(
        self, theory: Theory, proofs: Mapping[str, tuple[str, ...]], extra: Mapping[str, Fact] | None = None
    ) -> None:
        self.theory, self.proofs = theory, proofs
        self.lemmas = {**theory.lemmas, **(extra or {})}

    def facts(self, lemmas: Iterable[str]) -> tuple[Fact, ...]:
        """The assumptions, what stays empty, and these lemmas.

        Raises:
            BadEvidence: there is no such lemma.
        """
        return (*self.theory.assumptions, *self._empty, *map(self._lemma, lemmas))

    @property
    def _empty(self) -> tuple[Fact, ...]:
        return () if self.theory.empty.term is TRUE else (self.theory.empty,)

    def _lemma(self, name: str) -> Fact:
        if name not in self.lemmas:
            raise BadEvidence(f"there is no lemma {name!r}")
        return self.lemmas[name]

    # Lemmas

    def foundation(self) -> Iterator[Obligation]:
        """What every other question takes for granted: types, and what stays empty."""
        for fact in (self.theory.types, *self._empty):
            if fact.term is not TRUE:
                yield from self._invariant(fact, ())

    def below(self, lemmas: Iterable[str]) -> list[str]:
        """These lemmas and all that their proofs rest on, each once.

        Raises:
            BadEvidence: there is no such lemma, or no proof of it.
        """
        found = dict.fromkeys(lemmas)
        queue = list(found)
        for name in queue:
            self._lemma(name)
            if name not in self.proofs:
                raise BadEvidence(f"nothing is said of the proof of the lemma {name!r}")
            for lower in self.proofs[name]:
                if lower not in found:
                    found[lower] = None
                    queue.append(lower)
        return queue

    def of_lemma(self, name: str) -> Iterator[Obligation]:
        """That it holds at the start and is kept by every event."""
        uses = self.proofs[name]
        yield from self._invariant(self._lemma(name), (name, *(one for one in uses if one != name)))

    def _invariant(self, fact: Fact, uses: tuple[str, ...]) -> Iterator[Obligation]:
        theory = self.theory
        at_start = theory.start(fact.term)
        said = f"at the start it does not hold: {fact.words or fact.name}"
        yield Obligation(fact.name, "start", said, theory.counting.ranges, theory.assumptions, negated(at_start))
        yield from self.kept(fact, self.facts(uses))

    def kept(self, fact: Fact, facts: tuple[Fact, ...]) -> Iterator[Obligation]:
        """That every event keeps it, under these facts."""
        for occurrence in self.theory.counting.occurrences:
            ways = [way for branch in occurrence.branches if (way := self._losing(fact, branch)) is not None]
            yield from self.on(
                fact.name, occurrence, ways, facts, f"after it this no longer holds: {fact.words or fact.name}"
            )

    def _losing(self, fact: Fact, branch: Branch) -> Term | None:
        """The branch leads to where one of the parts of a fact does not hold; None when it changes nothing of it."""
        changed = [one for one in fact.parts if branch.swap.touches(one)]
        return conj((*branch.conditions, *branch.clock, negated(conj(map(branch.after, changed))))) if changed else None

    def on(
        self, of: str, occurrence: Occurrence, ways: list[Term], facts: tuple[Fact, ...], said: str
    ) -> Iterator[Obligation]:
        """That an event goes in none of these ways."""
        if ways:
            question = conj((occurrence.quiet, *self.theory.counting.field_bounds(occurrence.event), disj(ways)))
            asked = f"{named(occurrence)} is taken, and {said}"
            yield Obligation(
                of,
                f"on {named(occurrence)}",
                asked,
                self.theory.counting.typing,
                (*facts, *self.theory.rules(occurrence)),
                question,
            )

    # Claims

    def steps(self, of: str, formula: Formula, words: str, lemmas: tuple[str, ...]) -> Iterator[Obligation]:
        """That every event does it, from every state of the lemmas."""
        facts = self.facts(lemmas)
        for occurrence in self.theory.counting.occurrences:
            ways = [
                way
                for branch in occurrence.branches
                if (way := self._breaking(formula, occurrence, branch)) is not None
            ]
            yield from self.on(of, occurrence, ways, facts, f"this is not true of the step: {words}")

    def _breaking(self, formula: Formula, occurrence: Occurrence, branch: Branch) -> Term | None:
        kept = self.theory.counting.step(formula, occurrence, branch)
        return None if kept is TRUE else conj((*branch.conditions, *branch.clock, negated(kept)))

    def excluded(self, of: str, states: Iterable[tuple[str, Term]], lemmas: tuple[str, ...]) -> Iterator[Obligation]:
        """That the lemmas exclude these states, each with its name."""
        facts = self.facts(lemmas)
        for name, term in states:
            yield Obligation(of, name, f"there is such a state: {name}", self.theory.counting.typing, facts, term)
