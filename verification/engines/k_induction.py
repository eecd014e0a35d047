"""k-induction: a formula that holds in the first k states and, after k states in a row where it does, in the next.

Stronger than induction where the state that a step fails from cannot itself be come by; with uniqueness
of states (no state occurs twice on the way, since a shortest run to a fault repeats none) and with the
invariants that induction has shown. Base and step are asked apart, the last step one event at a time
with the next values substituted; earlier steps are one relation over renamed symbols.

What it can never say: that a formula is false. Where the base fails, the encoding, which forgets clocks,
leads to a fault within k steps; the runtime may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fsm.verification.encoding.terms import conj, negated
from fsm.verification.engines.induction import Failure, Induction, Kept, Longer
from fsm.verification.engines.unrolling import Rows
from fsm.verification.facts import FactId, Of
from fsm.verification.solver import Answer, GaveUp, No, Yes

__all__ = ["DEEPEST", "show_by_k"]

Term = Any
ROW = FactId(Of.ROW, (0,))
ROWS = (Of.START, Of.STEP, Of.ROW, Of.DISTINCT)
DEEPEST = 4
"""The largest k that is tried."""


def show_by_k(induction: Induction, fact: FactId, deepest: int = DEEPEST) -> Longer | Failure:
    """Whether a candidate that induction did not keep is shown by k-induction, for the least k from 2 on."""
    way = _Way(induction, induction.candidates[fact])
    failed = induction.failures[fact]
    if failed.at_start:
        return failed
    for k in range(2, deepest + 1):
        base = way.base(k)
        if isinstance(base, Failure):
            return base
        step = way.step(k)
        if isinstance(step, Kept):
            return Longer(k, induction.with_lemmas(base.used | step.used))
        failed = step
        if failed.reason:
            break
    return failed


class _Way:
    """A claim asked in states in a row."""

    def __init__(self, induction: Induction, claim: Term) -> None:
        self.induction, self.counting, self.claim = induction, induction.counting, claim
        self.known = conj(induction.candidates[fact] for fact in induction.invariants)
        self.rows = Rows(self.counting, (self.known, claim))

    def base(self, k: int) -> Kept | Failure:
        """It holds in the first k states; in the first, induction has shown."""
        used: set[FactId] = set()
        for steps in range(1, k):
            facts = {FactId(Of.START, (steps,)): self.rows.begins(steps), **self.rows.steps(range(1, steps + 1))}
            match self._ask(negated(self.claim), facts):
                case No(used=facts_used):
                    used |= facts_used
                case Yes(model=model):
                    return Failure(
                        f"the base of {k}-induction, {steps} step{'s' if steps > 1 else ''} from the start,",
                        self.induction.shown(model),
                    )
                case GaveUp(reason=reason):
                    return Failure(f"the base of {k}-induction", {}, reason)
        return Kept(self._told_apart(used))

    def step(self, k: int) -> Kept | Failure:
        """After k states in a row where it holds it holds in the next."""
        used: set[FactId] = set()
        row = conj(self.rows.at(back)(conj((self.claim, self.known))) for back in range(k))
        rows = {ROW: row, **self.rows.steps(range(1, k)), FactId(Of.DISTINCT): self.rows.unlike(k)}
        for one in self.counting.occurrences:
            question = self.induction.broken_after(self.claim, one)
            if question is None:
                continue
            match self._ask(question, {**rows, **self.induction.rules(one)}):
                case No(used=facts_used):
                    used |= facts_used
                case Yes(model=model):
                    return Failure(f"{k}-induction: {one.name}", self.induction.shown(model))
                case GaveUp(reason=reason):
                    return Failure(f"{k}-induction: {one.name}", {}, reason)
        return Kept(self._told_apart(used))

    def _ask(self, question: Term, facts: Mapping[FactId, Term]) -> Answer:
        return self.induction.asker.ask_least(
            question, [*self.induction.assumptions, *self.induction.invariants], facts
        )

    def _told_apart(self, used: set[FactId]) -> frozenset[FactId]:
        """What a proof rests on; of the earlier steps, all rules and all invariants, which are not told apart there."""
        known = {fact for fact in used if fact.of not in ROWS}
        if not any(fact.of in (Of.STEP, Of.ROW) for fact in used):
            return frozenset(known)
        rules = {rule for one in self.counting.occurrences for rule in self.induction.rules(one)}
        return frozenset(known | rules | set(self.induction.invariants))
