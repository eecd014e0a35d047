"""The questions of a claim that k states in a row show: no run of fewer steps breaks it, and none of more breaks it first.

A shortest run to where the claim does not hold meets no state twice, and before its end the claim holds. It has
fewer than k steps, or its last k states before the end are such a row.
"""

from __future__ import annotations

from collections.abc import Iterator

from fsm.language.properties import Property
from fsm.verification.certificates.obligations import BadEvidence, Obligation, Questions
from fsm.verification.certificates.theory import Fact
from fsm.verification.encoding.terms import conj, negated
from fsm.verification.engines.k_induction import DEEPEST
from fsm.verification.engines.unrolling import Rows
from fsm.verification.evidence import Evidence
from fsm.verification.search.goal import reads_clock

__all__ = ["longer_obligations"]


def longer_obligations(claim: Property, evidence: Evidence, questions: Questions) -> Iterator[Obligation]:
    """The first k states, then each event after k states.

    Raises:
        BadEvidence: of no k that is tried, or the claim reads the time in state.
    """
    if not 2 <= evidence.k <= DEEPEST or reads_clock(claim.formula):
        raise BadEvidence(f"k is from 2 to {DEEPEST}, and the claim does not read the time in state")
    counting, k = questions.theory.counting, evidence.k
    fact = Fact(claim.sentence, counting.state(claim.formula), str(claim.formula))
    known = questions.facts(evidence.lemmas)
    whole = conj(one.term for one in (fact, *known))
    rows = Rows(counting, (whole,))
    for many in range(k):
        facts = (
            *questions.theory.assumptions,
            Fact(f"the start is {many} steps before", rows.begins(many)),
            *_steps(rows, many),
        )
        asked = f"{many} steps after the start this does not hold: {fact.words}"
        yield Obligation(claim.sentence, f"start and {many} steps", asked, counting.typing, facts, negated(fact.term))
    before = tuple(Fact(f"{back} steps before, it and the lemmas", rows.at(back)(whole)) for back in range(1, k))
    yield from questions.kept(
        fact, (*known, fact, *before, *_steps(rows, k - 1), Fact("no state of the row is met twice", rows.unlike(k)))
    )


def _steps(rows: Rows, many: int) -> Iterator[Fact]:
    """The last so many steps."""
    for back, (_, term) in enumerate(rows.steps(range(1, many + 1)).items(), start=1):
        yield Fact(f"the step from {back} before to {back - 1} before", term)
