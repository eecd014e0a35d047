"""The questions of one claim, by its kind.

A claim admits only the arguments that show its kind: an `always` is never shown by a run, and evidence
for one claim shows no other, since every formula here comes from the declaration.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3

from fsm.language.expressions import Const
from fsm.language.parts import One
from fsm.language.properties import Modality, Property
from fsm.verification.certificates.k_induction import longer_obligations
from fsm.verification.certificates.obligations import BadEvidence, Obligation, Questions
from fsm.verification.certificates.progress import pending_obligations, weighed
from fsm.verification.certificates.theory import Fact
from fsm.verification.certificates.timed_induction import clock_obligations
from fsm.verification.encoding.terms import TRUE, conj, disj, negated
from fsm.verification.engines.enabledness import running, ways
from fsm.verification.engines.rank import Descent
from fsm.verification.engines.simultaneous import pairs
from fsm.verification.engines.unblocked import timer_questions
from fsm.verification.engines.wellformed import (
    ENDS,
    EVENTS,
    GUARDS,
    STATES,
    TIMERS,
    TRANSITIONS,
    WIRES,
    guard_pairs,
    stuck,
    wire_pairs,
)
from fsm.verification.evidence import Evidence, How
from fsm.verification.search.goal import reads_clock

__all__ = ["admits", "definition_of", "obligations_of"]

KINDS = {
    Modality.ALWAYS: {How.INVARIANT, How.LONGER, How.CLOCK, How.FOUND, How.ENUMERATION},
    Modality.EACH_STEP: {How.STEPS, How.CLOCK, How.ENUMERATION},
    Modality.WITHIN: {How.CLOCK},
    Modality.REACHABLE: {How.RUNS},
    Modality.CAN_HAPPEN: {How.RUNS},
    Modality.RECOVERABLE: {How.RANK, How.ENUMERATION},
    Modality.LEADS_TO: {How.PROGRESS, How.ENUMERATION},
}
CHECKS = {
    STATES: How.RUNS,
    TRANSITIONS: How.RUNS,
    EVENTS: How.RUNS,
    GUARDS: How.IMPLIED,
    WIRES: How.IMPLIED,
    TIMERS: How.TIMERS,
    ENDS: How.IMPLIED,
}


def definition_of(sentence: str) -> Property:
    """A check of the definition as a claim."""
    return Property(sentence, Modality.REACHABLE if CHECKS.get(sentence) is How.RUNS else Modality.ALWAYS, Const(True))


def admits(claim: Property, of_definition: bool, how: How) -> bool:
    """Whether an argument shows claims of this kind."""
    return how is CHECKS.get(claim.sentence) if of_definition else how in KINDS[claim.modality]


def obligations_of(claim: Property, evidence: Evidence, questions: Questions) -> Iterator[Obligation]:
    """The questions of the claim itself; those of the lemmas that it uses come on their own.

    Raises:
        BadEvidence: it names something that there is not.
    """
    match evidence.how:
        case How.INVARIANT:
            if evidence.lemmas != (claim.sentence,) or reads_clock(claim.formula):
                raise BadEvidence("an invariant is a lemma and nothing else, and does not read the time in state")
        case How.STEPS:
            yield from questions.steps(claim.sentence, claim.formula, str(claim.formula), evidence.lemmas)
        case How.IMPLIED:
            yield from questions.excluded(claim.sentence, _states(claim, questions), evidence.lemmas)
        case How.TIMERS:
            yield from questions.excluded(claim.sentence, timer_questions(questions.theory.counting), evidence.lemmas)
        case How.FOUND:
            yield from _found(claim, evidence, questions)
        case How.RANK:
            yield _rank(claim, evidence, questions)
        case How.LONGER:
            yield from longer_obligations(claim, evidence, questions)
        case How.PROGRESS:
            yield from pending_obligations(claim, evidence, questions)
        case How.CLOCK:
            yield from clock_obligations(claim, evidence, questions.theory)
    if evidence.how is How.CLOCK or "waiting" in evidence.lowered_by:
        yield from questions.excluded(TIMERS, timer_questions(questions.theory.counting), evidence.timers)


def _states(claim: Property, questions: Questions) -> list[tuple[str, Any]]:
    counting = questions.theory.counting
    if claim.sentence == ENDS:
        return [("nothing can happen", stuck(counting))]
    if claim.sentence == WIRES:
        return [(name, pair.both) for name, pair in wire_pairs(counting).items()]
    (part,) = counting.system.parts
    assert isinstance(part, One)
    return [(name, pair.both) for name, pair in guard_pairs(counting, part).items()]


def _found(claim: Property, evidence: Evidence, questions: Questions) -> Iterator[Obligation]:
    """An invariant from elsewhere: it starts, it is kept, and it implies the claim."""
    theory = questions.theory
    name = f"an invariant for: {claim.sentence}"
    fact = Fact(name, parsed(evidence.formula, theory.counting))
    own = Questions(theory, {name: ()}, {name: fact})
    yield from own.of_lemma(name)
    yield from own.excluded(
        claim.sentence, [(f"not {claim.formula}", negated(theory.counting.state(claim.formula)))], (name,)
    )


def parsed(formula: str, counting: Any) -> Any:
    """A formula over the state and the parameters, from SMT-LIB.

    Raises:
        BadEvidence: it is none.
    """
    symbols = {
        term.decl().name(): term
        for term in (*counting.variables, *counting.params.values())
        if z3.is_const(term) and not _is_value(term)
    }
    try:
        (found,) = z3.parse_smt2_string(f"(assert {formula})", decls=symbols)
    except (z3.Z3Exception, ValueError) as wrong:
        raise BadEvidence("the formula is not one assertion over the symbols of the state") from wrong
    return found


def _is_value(term: Any) -> bool:
    return bool(z3.is_int_value(term) or z3.is_true(term) or z3.is_false(term))


def _rank(claim: Property, evidence: Evidence, questions: Questions) -> Obligation:
    """That in no state of the lemmas, away from the goal, all of these ways fail to lead closer."""
    counting = questions.theory.counting
    called = {one.name: one for one in counting.occurrences if one.sender is None}
    strange = [name for name in evidence.lowered_by if name not in called and name != "waiting"]
    if strange:
        raise BadEvidence(f"{strange[0]} is no event")
    region = TRUE if claim.premise is None else counting.state(claim.premise)
    descent = Descent(counting, counting.state(claim.formula), region, weighed(evidence, counting))
    fails = [descent.stays_away(ways(called[name])) for name in evidence.lowered_by if name != "waiting"]
    waits = "waiting" in evidence.lowered_by
    if waits:
        fails.append(descent.waiting_fails(running(counting)))
    together = pairs(counting)
    lost = [*map(descent.leaves, together), *(map(descent.climbs, together) if waits else ())]
    said = f"a state away from the goal, {claim.formula}, from which none of these leads closer: {', '.join(evidence.lowered_by)}; or what is gained is lost between two timers of one instant"
    return Obligation(
        claim.sentence,
        "rank",
        said,
        counting.typing,
        questions.facts(evidence.lemmas),
        disj((conj((descent.away(), *fails)), *lost)),
    )
