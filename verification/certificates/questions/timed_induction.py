"""The questions of a claim about time: the parts that have one instance, with their time in state and, for a bounded response, a stopwatch.

Its lemmas are taken together: they hold at the start, every event and timer keeps them all, and they
exclude what breaks the claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3

from fsm.language.printing import label
from fsm.language.properties import Property
from fsm.verification.certificates.questions.obligations import Obligation, Questions
from fsm.verification.certificates.theory import BadEvidence, Fact
from fsm.verification.evidence import Evidence
from fsm.verification.facts import FactId

__all__ = ["clock_facts", "clock_lemmas", "clock_obligations"]


def clock_obligations(of: FactId, claim: Property, evidence: Evidence, questions: Questions) -> Iterator[Obligation]:
    """The start, every step, and what the lemmas exclude.

    Raises:
        BadEvidence: there is no such lemma.
    """
    yield from clock_lemmas(of, claim, evidence, questions)
    timing = questions.theory.timing
    facts = clock_facts(claim, evidence, questions)
    for place, (where, broken) in enumerate(timing.questions(claim, timing.watched(claim))):
        asked = f"{where}: the claim is broken"
        yield Obligation(of, f"question {place}", asked, timing.clocked.typing, facts, broken)


def clock_facts(claim: Property, evidence: Evidence, questions: Questions) -> tuple[Fact, ...]:
    """The assumptions, and what is known of a moment: without clocks, and with them, where both say it.

    Raises:
        BadEvidence: there is no such lemma.
    """
    theory = questions.theory
    timing = theory.timing
    said = _lemmas(claim, evidence, questions)
    assumptions = tuple(Fact(fact, term) for fact, term in timing.assumptions.items())
    known = (
        fact for fact in questions.facts(evidence.lemmas) if fact not in theory.assumptions and fact.id not in said
    )
    return (*assumptions, *known, *(Fact(fact, term) for fact, term in said.items()))


def clock_lemmas(of: FactId, claim: Property, evidence: Evidence, questions: Questions) -> Iterator[Obligation]:
    """The lemmas hold at the start, and every event and timer keeps them all."""
    facts = clock_facts(claim, evidence, questions)
    timing = questions.theory.timing
    watched, clocked = timing.watched(claim), timing.clocked
    lemmas = list(_lemmas(claim, evidence, questions).values())
    if lemmas:
        begun = z3.And([watched.at_start(term) for term in lemmas])
        asked = "at the start one of the lemmas does not hold"
        assumptions = tuple(Fact(fact, term) for fact, term in timing.assumptions.items())
        yield Obligation(of, "clock start", asked, clocked.typing, assumptions, z3.Not(begun))
        for place, one in enumerate(clocked.happenings):
            kept = z3.And([watched.after(one, term) for term in lemmas])
            asked = f"{label(one.event)} happens, after a delay, and after it one of the lemmas no longer holds"
            yield Obligation(
                of, f"clock step {place}", asked, clocked.typing, facts, z3.And(one.condition, z3.Not(kept))
            )


def _lemmas(claim: Property, evidence: Evidence, questions: Questions) -> dict[FactId, Any]:
    """What is said of clocks and of the stopwatch; and, where a machine is alone among many, of what it is without them.

    Raises:
        BadEvidence: there is no such lemma.
    """
    watched, found = questions.theory.timing.watched(claim), dict[FactId, Any]()
    for fact in evidence.clock:
        known = watched.said(fact)
        if known is None and fact not in questions.lemmas:
            raise BadEvidence(f"there is no lemma {fact}")
        found[fact] = questions.lemmas[fact].term if known is None else known
    return found
