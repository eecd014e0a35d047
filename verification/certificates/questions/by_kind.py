"""The questions of one claim, by its kind.

A claim admits only the arguments that show its kind: an `always` is never shown by a run, and evidence
for one claim shows no other, since every formula here comes from the declaration.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from fsm.language.parts import One
from fsm.language.properties import Modality, Property
from fsm.language.system import System
from fsm.verification.certificates.questions.followed import followed_obligations
from fsm.verification.certificates.questions.k_induction import longer_obligations
from fsm.verification.certificates.questions.obligations import Obligation, Questions
from fsm.verification.certificates.questions.progress import called, pending_obligations, weighed
from fsm.verification.certificates.questions.timed_induction import clock_facts, clock_lemmas, clock_obligations
from fsm.verification.certificates.theory import BadEvidence, Fact
from fsm.verification.definition import ENDS, EVENTS, GUARDS, ORDER, RANGES, STATES, TIMERS, TRANSITIONS, WIRES
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.formula_text import Unreadable, read
from fsm.verification.encoding.symbols import symbol_of
from fsm.verification.encoding.terms import TRUE, conj, disj, negated
from fsm.verification.engines.clocks.each_clock import broken_by_one, is_of_each_instance
from fsm.verification.engines.clocks.timed_induction import in_the_end
from fsm.verification.engines.enabledness import running, waited, ways
from fsm.verification.engines.in_range import leavings
from fsm.verification.engines.ranks.rank import Descent, Scale
from fsm.verification.engines.ranks.ranking import WAITING
from fsm.verification.engines.simultaneous import pairs
from fsm.verification.engines.unblocked import timer_questions
from fsm.verification.engines.wellformed import guard_pairs, stuck, wire_pairs
from fsm.verification.evidence import Evidence, How
from fsm.verification.facts import FactId, Of
from fsm.verification.search.clocks import reads_clock

__all__ = [
    "admits",
    "claim_id",
    "obligations_of",
    "obligations_of_lemma",
]

KINDS = {
    Modality.ALWAYS: {How.INVARIANT, How.LONGER, How.CLOCK, How.FOUND, How.ENUMERATION},
    Modality.EACH_STEP: {How.STEPS, How.CLOCK, How.ENUMERATION},
    Modality.WITHIN: {How.CLOCK},
    Modality.REACHABLE: {How.RUNS},
    Modality.CAN_HAPPEN: {How.RUNS},
    Modality.RECOVERABLE: {How.RANK, How.ENUMERATION},
    Modality.LEADS_TO: {How.PROGRESS, How.CLOCK, How.ENUMERATION},
    Modality.EACH_LEADS_TO: {How.CLOCK, How.ENUMERATION},
}
CHECKS = {
    STATES: How.RUNS,
    TRANSITIONS: How.RUNS,
    EVENTS: How.RUNS,
    GUARDS: How.IMPLIED,
    RANGES: How.IMPLIED,
    WIRES: How.IMPLIED,
    TIMERS: How.TIMERS,
    ENDS: How.IMPLIED,
}


USES: dict[How, frozenset[str]] = {
    How.INVARIANT: frozenset({"lemmas"}),
    How.STEPS: frozenset({"lemmas"}),
    How.IMPLIED: frozenset({"lemmas", "clock"}),
    How.TIMERS: frozenset({"lemmas"}),
    How.LONGER: frozenset({"lemmas", "k"}),
    How.FOUND: frozenset({"formula"}),
    How.RANK: frozenset({"lemmas", "weights", "lowered_by", "timers"}),
    How.PROGRESS: frozenset({"lemmas", "weights", "lowered_by", "pending", "timers"}),
    How.CLOCK: frozenset({"lemmas", "clock", "timers"}),
    How.RUNS: frozenset({"runs"}),
    How.ENUMERATION: frozenset({"snapshots"}),
}
"""What evidence for each argument may say; what all of a section share, `proofs` and `met`, besides."""
ONCE = ("lemmas", "weights", "lowered_by", "pending", "timers", "clock")
SHARED = frozenset({"how", "proofs", "met"})


def claim_id(system: System, claim: Property, *, of_definition: bool) -> FactId:
    """A property of a system, or a check of its definition, as a fact."""
    if of_definition:
        return FactId(Of.CHECK, (ORDER.index(claim.sentence),))
    return FactId(Of.CLAIM, (system.properties.index(claim),))


def admits(claim: Property, of_definition: bool, evidence: Evidence) -> str:
    """Why the evidence shows no claim of this kind, whatever a solver says; empty where it may."""
    how = evidence.how
    if not (how is CHECKS.get(claim.sentence) if of_definition else how in KINDS[claim.modality]):
        return f"that {how.value} shows no such claim"
    said = {
        one.name for one in attrs.fields(Evidence) if getattr(evidence, one.name) != getattr(Evidence(how), one.name)
    }
    twice = [name for name in ONCE if len(set(getattr(evidence, name))) < len(getattr(evidence, name))]
    if twice:
        return f"it names something twice in {twice[0]}"
    more = sorted(said - USES[how] - SHARED)
    return f"it says of {more[0]} what such a proof does not need" if more else ""


def obligations_of(of: FactId, claim: Property, evidence: Evidence, questions: Questions) -> Iterator[Obligation]:
    """The questions of the claim itself; those of the lemmas that it uses come on their own.

    Args:
        of: the claim as a fact, or the check of the definition that it is.

    Raises:
        BadEvidence: it names something that there is not.
    """
    counting = questions.theory.counting
    match evidence.how:
        case How.INVARIANT:
            if evidence.lemmas != (of,) or reads_clock(claim.formula):
                raise BadEvidence("an invariant is a lemma and nothing else, and does not read the time in state")
        case How.STEPS:
            yield from questions.steps(of, claim.formula, evidence.lemmas)
        case How.IMPLIED:
            yield from _implied(of, claim, evidence, questions)
        case How.TIMERS:
            yield from questions.excluded(of, timer_questions(counting), evidence.lemmas)
        case How.FOUND:
            yield from _found(of, claim, evidence, questions)
        case How.RANK:
            yield _rank(of, claim, evidence, questions)
        case How.LONGER:
            yield from longer_obligations(of, claim, evidence, questions)
        case How.PROGRESS:
            yield from pending_obligations(of, claim, evidence, questions)
        case How.CLOCK if is_of_each_instance(claim):
            broken = (FactId(Of.CLOCKED), "an instance breaks it", broken_by_one(counting, claim))
            yield from questions.excluded(of, [broken], evidence.lemmas)
        case How.CLOCK if claim.modality is Modality.EACH_LEADS_TO:
            yield from followed_obligations(of, claim, evidence, questions.theory)
        case How.CLOCK:
            yield from clock_obligations(of, _in_time(claim, questions), evidence, questions)
    if (
        evidence.how is How.CLOCK
        or WAITING in evidence.lowered_by
        or any(one.of is Of.LATE for one in evidence.lowered_by)
    ):
        yield from questions.excluded(of, timer_questions(counting), evidence.timers)


def _in_time(claim: Property, questions: Questions) -> Property:
    """The claim that is asked of clocks: of one that something comes in the end, that it comes in time."""
    bounded = claim if claim.modality is not Modality.LEADS_TO else in_the_end(questions.theory.system, claim)
    if bounded is None:
        raise BadEvidence("nothing comes in time where nothing has a duration")
    return bounded


def obligations_of_lemma(fact: FactId, questions: Questions) -> Iterator[Obligation]:
    """That it holds at the start and is kept by every event; or that states in a row show the next, where its proof names how many.

    Raises:
        BadEvidence: so many are not tried, or it is no claim.
    """
    uses = questions.proofs[fact]
    rows = [one.at[0] for one in uses if one.of is Of.ROW]
    if not rows:
        yield from questions.of_lemma(fact)
        return
    if fact.of is not Of.CLAIM:
        raise BadEvidence(f"{fact}: states in a row are asked about claims alone")
    evidence = Evidence(How.LONGER, tuple(one for one in uses if one.of is not Of.ROW), k=rows[0])
    yield from longer_obligations(fact, questions.theory.system.properties[fact.at[0]], evidence, questions)


def _implied(of: FactId, claim: Property, evidence: Evidence, questions: Questions) -> Iterator[Obligation]:
    """That there is no such state; with clocks where the evidence names lemmas about them."""
    counting = questions.theory.counting
    if not evidence.clock:
        yield from questions.excluded(of, _states(claim, counting), evidence.lemmas)
        return
    yield from clock_lemmas(of, claim, evidence, questions)
    facts, typing = clock_facts(claim, evidence, questions), questions.theory.timing.clocked.typing
    for fact, words, term in _states(claim, counting):
        yield Obligation(of, str(fact), f"there is such a state: {words}", typing, facts, term)


def _states(claim: Property, counting: Counting) -> list[tuple[FactId, str, Any]]:
    if claim.sentence == ENDS:
        return [(FactId(Of.STUCK), "nothing can happen", stuck(counting))]
    if claim.sentence == WIRES:
        pairs = wire_pairs(counting)
    else:
        (part,) = counting.system.parts
        assert isinstance(part, One)
        leaving = {fact: one.pair for fact, one in leavings(counting, part).items()}
        pairs = leaving if claim.sentence == RANGES else guard_pairs(counting, part)
    return [(fact, pair.words, pair.both) for fact, pair in pairs.items()]


def _found(of: FactId, claim: Property, evidence: Evidence, questions: Questions) -> Iterator[Obligation]:
    """An invariant from elsewhere: it starts, it is kept, and it implies the claim."""
    theory = questions.theory
    fact = Fact(FactId(Of.FOUND), _found_formula(evidence.formula, theory.counting))
    own = Questions(theory, {fact.id: ()}, {fact.id: fact})
    for one in own.of_lemma(fact.id):
        yield attrs.evolve(one, of=of, at=f"found {one.at}")
    broken = negated(theory.counting.state(claim.formula))
    yield Obligation(
        of, "found implies", "the claim does not hold", theory.counting.typing, own.facts((fact.id,)), broken
    )


def _found_formula(text: str, counting: Counting) -> Any:
    """A formula over the state and the parameters.

    Raises:
        BadEvidence: it is none.
    """
    try:
        return read(text, {str(symbol_of(term)): term for term in counting.open})
    except Unreadable as wrong:
        raise BadEvidence(f"the invariant is no formula over the state: {wrong}") from wrong


def _rank(of: FactId, claim: Property, evidence: Evidence, questions: Questions) -> Obligation:
    """That in no state of the lemmas, away from the goal, all of these ways fail to lead closer."""
    counting = questions.theory.counting
    known = {
        FactId(Of.LOWERS, (counting.places.events[one.event],)): one
        for one in counting.occurrences
        if one.sender is None
    }
    strange = [fact for fact in evidence.lowered_by if fact not in known and fact != WAITING]
    if strange:
        raise BadEvidence(f"{strange[0]}: of no event")
    region = TRUE if claim.premise is None else counting.state(claim.premise)
    descent = Descent(counting, counting.state(claim.formula), region, Scale(counting, weighed(evidence, counting)))
    fails = [
        descent.waiting_fails(running(counting))
        if fact == WAITING
        else descent.stays_away((*ways(known[fact], counting.places), *waited(known[fact], counting)))
        for fact in evidence.lowered_by
    ]
    together = pairs(counting)
    lost = [*map(descent.leaves, together), *(map(descent.climbs, together) if WAITING in evidence.lowered_by else ())]
    said = f"a state away from the goal from which none of these leads closer: {', '.join(called(evidence, counting))}; or what is gained is lost between two timers of one instant"
    question = disj((conj((descent.away(), *fails)), *lost))
    return Obligation(of, "rank", said, counting.typing, questions.facts(evidence.lemmas), question)
