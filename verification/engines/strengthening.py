"""Which further fact would close a step that fails: asked of Z3, one fact after the other, and named.

First the claims of the declaration that are not shown themselves, then simple facts that the state before
the failed step breaks: that two parts are never in these states at once, that a state of many holds
one at most. The first that closes every step of the claim is told.

What it can never say: that the fact is true. It says what would be enough if it were.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any

import z3

from fsm.language.parts import Each, Part
from fsm.verification.encoding.quantities import cell_in_words, of_quantity
from fsm.verification.encoding.terms import conj, disj, equal, less, negated, number
from fsm.verification.engines.induction import Failure, Induction
from fsm.verification.facts import FactId, Of
from fsm.verification.solver import No

__all__ = ["closing"]

Term = Any
TRIED = FactId(Of.TRIED)
MOST = 40
"""How many facts are tried at most."""


def closing(induction: Induction, fact: FactId, failed: Failure) -> str:
    """A sentence about what would close the steps of a candidate; empty where nothing was found."""
    for place, claim in enumerate(induction.counting.system.properties):
        other = FactId(Of.CLAIM, (place,))
        is_open = other in induction.candidates and other not in induction.invariants
        if other != fact and is_open and _closes(induction, fact, induction.candidates[other]):
            return f"It would follow from {claim.sentence!r}, which is not shown."
    for words, term in islice(_broken(induction, failed), MOST):
        if _closes(induction, fact, term):
            return f"It would follow if {words}. If that is so, add it as an always(...)."
    return ""


def _closes(induction: Induction, fact: FactId, term: Term) -> bool:
    """Whether no step breaks the claim where this holds before, and this holds at the start."""
    known = [*induction.assumptions, *induction.invariants, fact]
    if not isinstance(induction.asker.ask(negated(induction.start(term)), list(induction.assumptions)), No):
        return False
    for one in induction.counting.occurrences:
        question = induction.broken_after(induction.candidates[fact], one)
        if question is not None and not isinstance(
            induction.asker.ask(question, known, {TRIED: term, **induction.rules(one)}), No
        ):
            return False
    return True


def _broken(induction: Induction, failed: Failure) -> Iterator[tuple[str, Term]]:
    """Simple facts that do not hold in the state before a failed step."""
    values = [(term, of_quantity(of, failed.state[of])) for of, term in induction.quantities.items()]
    for fact, term in _facts(induction):
        if z3.is_false(z3.simplify(z3.substitute(term, *values))):
            yield fact, term


def _facts(induction: Induction) -> Iterator[tuple[str, Term]]:
    counting = induction.counting
    places: list[tuple[Part, str, Term]] = []
    for part, (state, _, _) in counting.ones.items():
        places += [
            (part, f"{part.name} is in {one.name}", equal(state, number(place)))
            for place, one in enumerate(part.machine.states)
        ]
    for each, counters in counting.counters.items():
        for one in each.machine.states:
            held = [many for cell, many in counters.items() if cell.state == one]
            if held:
                places.append(
                    (each, f"some of {each.name} are in {one.name}", disj(less(number(0), many) for many in held))
                )
    for (first, this, here), (second, that, there) in combinations(places, 2):
        if first is not second or isinstance(first, Each):
            yield f"{this} never while {that}", negated(conj((here, there)))
    for each, counters in counting.counters.items():
        for cell, many in counters.items():
            yield f"never two of {each.name} are in {cell_in_words(each, cell)}", less(many, number(2))
