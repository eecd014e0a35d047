"""The questions of what comes in the end: what is pending, what leads on from there, and that nothing strays.

The rank is of whole numbers and falls with each of the fair events that are named, the first of them that is possible
at a time; nothing else raises it or takes that event away. So a fair run that is pending for ever does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fsm.language.printing import label
from fsm.language.properties import Property
from fsm.verification.certificates.questions.obligations import Obligation, Questions
from fsm.verification.certificates.theory import BadEvidence, Fact
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import FALSE, disj, negated
from fsm.verification.engines.enabledness import running
from fsm.verification.engines.ranks.pending import Helpful, begins, leaves, literals, pending_steps, possible_of
from fsm.verification.engines.ranks.progress import LEVELS, PREMISE, just
from fsm.verification.engines.ranks.rank import Scale, Weights, places
from fsm.verification.engines.ranks.ranking import WAITING
from fsm.verification.engines.ranks.timely import TIMELY, Timely
from fsm.verification.evidence import Evidence
from fsm.verification.facts import FactId, Of

__all__ = ["HEAVIEST", "called", "pending_obligations", "weighed"]

Term = Any
HEAVIEST = 10**100
"""No place of a rank weighs as much: what a stranger writes must not fill the memory."""


def pending_obligations(of: FactId, claim: Property, evidence: Evidence, questions: Questions) -> Iterator[Obligation]:
    """Where it begins, that something leads on, and every step.

    Raises:
        BadEvidence: it names a fact, a place or an event that there is not, or one that is not fair.
    """
    counting = questions.theory.counting
    assert claim.premise is not None, "leads_to(...) has a premise"
    start, goal = counting.state(claim.premise), counting.state(claim.formula)
    facts, scale = _facts(evidence, start, counting), Scale(counting, weighed(evidence, counting))
    helpful = _helpful(claim, evidence, counting)
    known = (*questions.facts(evidence.lemmas), Fact(FactId(Of.AWAY), negated(goal)))
    pending = (*known, *(Fact(fact, term) for fact, term in facts.items()))
    asked = "the premise holds, and not all that shall be true until the goal"
    yield Obligation(of, "premise", asked, counting.typing, known, begins(start, facts))
    none = tuple(Fact(fact, term) for fact, term in helpful.none(counting).items())
    asked = f"without the goal, none of these is possible: {', '.join(called(evidence, counting))}"
    yield Obligation(of, "possible", asked, counting.typing, (*pending, *none), helpful.stuck(counting))
    steps = pending_steps(counting, goal)
    for one in counting.occurrences:
        own = [(branch, taken) for other, branch, taken in steps if other is one]
        left = [term for branch, taken in own if (term := leaves(facts, branch, taken)) is not FALSE]
        asked = "after it, without the goal, something is no longer true that shall be until then"
        yield from questions.on(of, one, left, pending, asked)
        astray = [term for branch, taken in own if (term := helpful.strays(scale, one, branch, taken)) is not FALSE]
        asked = "it raises the rank, or keeps it where it should not"
        yield from questions.on(of, one, astray, pending, asked, "rank ")


def _facts(evidence: Evidence, start: Term, counting: Counting) -> dict[FactId, Term]:
    known = {PREMISE: start, **dict(literals(counting))}
    strange = [fact for fact in evidence.pending if fact not in known]
    if strange:
        raise BadEvidence(f"{strange[0]} is no fact that may be pending")
    return {fact: known[fact] for fact in evidence.pending}


def _helpful(claim: Property, evidence: Evidence, counting: Counting) -> Helpful | Timely:
    """The fair events that lead on, in the order of their turns; with the parts that are late in the end, where they do by the time in state."""
    fair = {FactId(Of.LOWERS, (counting.places.events[event],)): event for event in just(claim.fair)}
    by_clock = TIMELY in evidence.lowered_by
    late = {FactId(Of.LATE, (counting.places.parts[part],)): part for part in counting.ones} if by_clock else {}
    named = [one for one in dict.fromkeys(evidence.lowered_by) if one not in (WAITING, TIMELY) and one not in late]
    strange = [fact for fact in named if fact not in fair]
    if strange:
        raise BadEvidence(f"{strange[0]}: of no fair event of the claim")
    if by_clock:
        if counting.counters or WAITING in evidence.lowered_by:
            raise BadEvidence("nothing is late where instances are told apart by keys, and nothing waits")
        events = tuple(fair[fact] for fact in named)
        return Timely(counting, events, tuple(late[fact] for fact in evidence.lowered_by if fact in late))
    timer = disj(way.taken for way in running(counting)) if WAITING in evidence.lowered_by else FALSE
    return Helpful(possible_of(counting, [fair[fact] for fact in named]), timer)


def weighed(evidence: Evidence, counting: Counting) -> Weights:
    """The weights of a rank.

    Raises:
        BadEvidence: one is of no place, less than nothing, without measure, or stands twice.
    """
    known = {one.place for one in places(counting, numbers=True, local=True)}
    known |= {FactId(Of.SOONER, (level, *one.at)) for level in range(LEVELS) for one in known if one.of is Of.GAP}
    weights = dict(evidence.weights)
    strange = [place for place, weight in weights.items() if place not in known or not 0 <= weight < HEAVIEST]
    if strange or len(weights) != len(evidence.weights):
        raise BadEvidence(f"{strange[0] if strange else 'a place that stands twice'} is no place, or has no weight")
    return weights


def called(evidence: Evidence, counting: Counting) -> list[str]:
    """What lowers a rank, in words."""
    named = {FactId(Of.LOWERS, (place,)): label(event) for event, place in counting.places.events.items()}
    named[WAITING] = "waiting"
    return [named[fact] for fact in evidence.lowered_by if fact in named]
