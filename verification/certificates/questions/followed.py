"""The questions of what comes of each of many instances in the end: those of one by itself, as its machine alone (`engines.clocks.followed`).

What is asked speaks of instance 0 of the part, and of events as the whole system counts them.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from fsm.language.events import field_refs
from fsm.language.leaves import ForEach
from fsm.language.properties import Property
from fsm.verification.certificates.questions.obligations import Obligation, Questions
from fsm.verification.certificates.questions.timed_induction import clock_obligations
from fsm.verification.certificates.theory import BadEvidence, Theory, theory_of
from fsm.verification.encoding.clocked import Clocked
from fsm.verification.encoding.terms import Swap
from fsm.verification.engines.clocks.followed import followed
from fsm.verification.engines.clocks.timed_induction import in_the_end
from fsm.verification.evidence import Evidence, Met
from fsm.verification.facts import FactId

__all__ = ["followed_obligations", "theory_of_one"]


def theory_of_one(theory: Theory, claim: Property) -> Theory:
    """The formulas of one instance by itself.

    Raises:
        BadEvidence: it cannot be followed so.
    """
    alone = followed(theory.system, claim)
    if alone is None:
        raise BadEvidence("an instance is more than its machine alone")
    return theory_of(alone, theory.fixed, Met())


def followed_obligations(of: FactId, claim: Property, evidence: Evidence, theory: Theory) -> Iterator[Obligation]:
    """That it comes of one instance, by itself, in bounded time.

    Raises:
        BadEvidence: it cannot be followed so, there is no such lemma, or nothing has a duration.
    """
    one = theory_of_one(theory, claim)
    bounded = in_the_end(one.system, one.system.properties[0])
    if bounded is None:
        raise BadEvidence("nothing comes in time where nothing has a duration")
    rename = _renamed(theory, one, claim)
    for each in clock_obligations(of, bounded, evidence, Questions(one, {})):
        facts = tuple(attrs.evolve(fact, term=rename(fact.term)) for fact in each.facts)
        yield attrs.evolve(each, types=tuple(map(rename, each.types)), facts=facts, question=rename(each.question))


def _renamed(theory: Theory, one: Theory, claim: Property) -> Swap:
    """What is said of a machine alone, said of instance 0 of the part."""
    assert isinstance(claim.formula, ForEach)
    part, places = claim.formula.part, theory.counting.places
    (mine,) = one.timing.clocked.slots
    (its,) = (slot for slot in Clocked(theory.system, {part.name: 1}).slots if slot.part is part)
    fields = [
        (one.counting.places.field(event, field), places.field(event, field))
        for event in one.counting.places.events
        for field in field_refs(event).values()
    ]
    return Swap((*zip(mine.symbols(), its.symbols(), strict=True), *fields))
