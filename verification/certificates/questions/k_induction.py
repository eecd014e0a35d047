"""The questions of a claim that k states in a row show: no run of fewer steps breaks it, and none of more breaks it first.

A shortest run to where the claim does not hold meets no state twice, and before its end the claim holds. It has
fewer than k steps, or its last k states before the end are such a row.
"""

from __future__ import annotations

from collections.abc import Iterator

from fsm.language.properties import Property
from fsm.verification.certificates.questions.obligations import Obligation, Questions
from fsm.verification.certificates.theory import BadEvidence, Fact
from fsm.verification.encoding.terms import conj, negated
from fsm.verification.engines.k_induction import DEEPEST
from fsm.verification.engines.unrolling import Rows
from fsm.verification.evidence import Evidence
from fsm.verification.facts import FactId, Of
from fsm.verification.search.clocks import reads_clock

__all__ = ["longer_obligations"]


def longer_obligations(of: FactId, claim: Property, evidence: Evidence, questions: Questions) -> Iterator[Obligation]:
    """The first k states, then each event after k states.

    Raises:
        BadEvidence: of no k that is tried, or the claim reads the time in state.
    """
    if not 2 <= evidence.k <= DEEPEST or reads_clock(claim.formula):
        raise BadEvidence(f"k is from 2 to {DEEPEST}, and the claim does not read the time in state")
    counting, k = questions.theory.counting, evidence.k
    fact = Fact(of, counting.state(claim.formula), str(claim.formula))
    known = questions.facts(lemma for lemma in evidence.lemmas if lemma != of)
    whole = conj(one.term for one in (fact, *known))
    rows = Rows(counting, (whole,))
    for many in range(k):
        begins = Fact(FactId(Of.START, (many,)), rows.begins(many))
        facts = (*questions.theory.assumptions, begins, *_steps(rows, many))
        asked = f"{many} steps after the start it does not hold"
        yield Obligation(of, f"base {many}", asked, counting.typing, facts, negated(fact.term))
    before = tuple(Fact(FactId(Of.ROW, (back,)), rows.at(back)(whole)) for back in range(1, k))
    alike = Fact(FactId(Of.DISTINCT), rows.unlike(k))
    yield from questions.kept(fact, (*known, fact, *before, *_steps(rows, k - 1), alike))


def _steps(rows: Rows, many: int) -> Iterator[Fact]:
    """The last so many steps."""
    return (Fact(fact, term) for fact, term in rows.steps(range(1, many + 1)).items())
