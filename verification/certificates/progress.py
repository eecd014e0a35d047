"""The questions of what comes in the end: what is pending, what leads on from there, and that nothing strays.

The rank is of whole numbers and falls with each of the fair events that are named, the first of them that is possible
at a time; nothing else raises it or takes that event away. So a fair run that is pending for ever does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fsm.language.printing import label
from fsm.language.properties import Property
from fsm.verification.certificates.obligations import BadEvidence, Obligation, Questions
from fsm.verification.certificates.theory import Fact
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import FALSE, disj, negated
from fsm.verification.engines.enabledness import running
from fsm.verification.engines.pending import Helpful, begins, leaves, literals, pending_steps, possible_of, strays
from fsm.verification.engines.rank import Place, places
from fsm.verification.evidence import Evidence

__all__ = ["pending_obligations", "weighed"]

Term = Any


def pending_obligations(claim: Property, evidence: Evidence, questions: Questions) -> Iterator[Obligation]:
    """Where it begins, that something leads on, and every step.

    Raises:
        BadEvidence: it names a fact, a place or an event that there is not, or one that is not fair.
    """
    counting, sentence = questions.theory.counting, claim.sentence
    assert claim.premise is not None, "leads_to(...) has a premise"
    start, goal = counting.state(claim.premise), counting.state(claim.formula)
    facts, helpful, weights = (
        _facts(evidence, start, counting),
        _helpful(claim, evidence, counting),
        weighed(evidence, counting),
    )
    away = Fact("the goal is not reached", negated(goal), f"not {claim.formula}")
    known = (*questions.facts(evidence.lemmas), away)
    pending = (*known, *(Fact(f"pending: {name}", term) for name, term in facts.items()))
    yield Obligation(
        sentence,
        "premise",
        "the premise holds, and not all that shall be true until the goal",
        counting.typing,
        known,
        begins(start, facts),
    )
    none = tuple(Fact(name, term) for name, term in helpful.none.items())
    asked = f"what leads on is not possible: {', '.join(evidence.lowered_by)}"
    yield Obligation(sentence, "possible", asked, counting.typing, (*pending, *none), helpful.stuck(counting))
    steps = pending_steps(counting, goal)
    for one in counting.occurrences:
        own = [(branch, taken) for other, branch, taken in steps if other is one]
        left = [term for branch, taken in own if (term := leaves(facts, branch, taken)) is not FALSE]
        yield from questions.on(
            sentence,
            one,
            left,
            pending,
            "after it, without the goal, something is no longer true that shall be until then",
        )
        astray = [
            term
            for branch, taken in own
            if (term := strays(counting, helpful, weights, one, branch, taken)) is not FALSE
        ]
        yield from questions.on(
            f"the rank of: {sentence}", one, astray, pending, "it raises the rank, or keeps it where it should not"
        )


def _facts(evidence: Evidence, start: Term, counting: Counting) -> dict[str, Term]:
    known = {"the premise": start, **dict(literals(counting))}
    strange = [name for name in evidence.pending if name not in known]
    if strange:
        raise BadEvidence(f"{strange[0]!r} is no fact that may be pending")
    return {name: known[name] for name in evidence.pending}


def _helpful(claim: Property, evidence: Evidence, counting: Counting) -> Helpful:
    """The fair events that lead on, in the order of their turns."""
    fair = {label(event): event for event in claim.fair}
    named = [name for name in evidence.lowered_by if name != "waiting"]
    strange = [name for name in named if name not in fair]
    if strange:
        raise BadEvidence(f"{strange[0]} is no fair event of the claim")
    timer = disj(way.taken for way in running(counting)) if "waiting" in evidence.lowered_by else FALSE
    return Helpful(possible_of(counting, [fair[name] for name in named]), timer)


def weighed(evidence: Evidence, counting: Counting) -> Mapping[Place, int]:
    """The weights of a rank.

    Raises:
        BadEvidence: one is of no place, less than nothing, or stands twice.
    """
    known = {place.name: place for place, _ in places(counting)}
    weights = dict(evidence.weights)
    strange = [name for name, weight in weights.items() if name not in known or weight < 0]
    if strange or len(weights) != len(evidence.weights):
        raise BadEvidence(f"{', '.join(strange) or 'a place that stands twice'} is no place or no weight")
    return {known[name]: weight for name, weight in weights.items()}
