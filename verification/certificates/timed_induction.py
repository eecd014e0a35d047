"""The questions of a claim about time: a machine alone, with its time in state and, for a bounded response, a stopwatch.

Its lemmas are taken together: they hold at the start, every event and timer keeps them all, and they
exclude what breaks the claim.
"""

from __future__ import annotations

from collections.abc import Iterator

import z3

from fsm.language.parts import Each
from fsm.language.printing import label
from fsm.language.properties import Property
from fsm.verification.certificates.obligations import BadEvidence, Obligation
from fsm.verification.certificates.theory import Fact, Theory
from fsm.verification.evidence import Evidence

__all__ = ["clock_obligations"]


def clock_obligations(claim: Property, evidence: Evidence, theory: Theory) -> Iterator[Obligation]:
    """The start, every step, and what the lemmas exclude.

    Raises:
        BadEvidence: there is no such lemma, or there are many instances.
    """
    if any(isinstance(part, Each) for part in theory.system.parts):
        raise BadEvidence("a claim about time is proved of one instance alone")
    timing = theory.timing
    watched, clocked = timing.watched(claim), timing.clocked
    missing = [name for name in evidence.clock if name not in watched.candidates]
    if missing:
        raise BadEvidence(f"there is no lemma {missing[0]!r}")
    assumptions = tuple(
        Fact(f"assume: {one.name}", timing.assumptions[f"assume:{one.name}"], str(one.that))
        for one in theory.system.all_assumptions
    )
    lemmas = tuple(Fact(name, watched.candidates[name]) for name in evidence.clock)
    of = f"the clock of: {claim.sentence}"
    if lemmas:
        at_start = z3.And([watched.at_start(one.term) for one in lemmas])
        yield Obligation(
            of, "start", "at the start one of the lemmas does not hold", clocked.typing, assumptions, z3.Not(at_start)
        )
        for place, one in enumerate(clocked.happenings):
            kept = z3.And([watched.after(one, fact.term) for fact in lemmas])
            asked = f"{label(one.event)} happens, after a delay, and after it one of the lemmas no longer holds"
            yield Obligation(
                of,
                f"step {place} {label(one.event)}",
                asked,
                clocked.typing,
                (*assumptions, *lemmas),
                z3.And(one.condition, z3.Not(kept)),
            )
    for place, (where, broken) in enumerate(timing.questions(claim, watched)):
        asked = f"{where}: the claim is broken"
        yield Obligation(claim.sentence, f"{place} {where}", asked, clocked.typing, (*assumptions, *lemmas), broken)
