"""Which further fact would close a step that fails: asked of Z3, one fact after the other, and named.

First the claims of the page that are not shown themselves, then simple facts that the state before
the failed step breaks: that two parts are never in these states at once, that a state of many holds
one at most. The first that closes every step of the claim is told.

What it can never say: that the fact is true. It says what would be enough if it were.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any

import z3

from fsm.verification.encoding.quantities import cell_in_words, of_quantity
from fsm.verification.encoding.terms import conj, disj, equal, less, negated, number
from fsm.verification.engines.induction import Failure, Induction
from fsm.verification.solver import No

__all__ = ["closing"]

Term = Any
MOST = 40
"""How many facts are tried at most."""


def closing(induction: Induction, name: str, failed: Failure) -> str:
    """A sentence about what would close the steps of a candidate; empty where nothing was found."""
    claims = [one.sentence for one in induction.counting.system.properties if one.sentence in induction.candidates]
    open_ones = ((one, induction.candidates[one]) for one in claims if one != name and one not in induction.invariants)
    for sentence, term in open_ones:
        if _closes(induction, name, sentence, term):
            return f"It would follow from {sentence!r}, which is not shown."
    for fact, term in islice(_broken(induction, failed), MOST):
        if _closes(induction, name, fact, term):
            return f"It would follow if {fact}. If that is so, add it as an always(...)."
    return ""


def _closes(induction: Induction, name: str, fact: str, term: Term) -> bool:
    """Whether no step breaks the claim where this fact holds before, and the fact holds at the start."""
    known = [*induction.assumptions, *induction.invariants, name]
    if not isinstance(induction.asker.ask(negated(induction.start(term)), list(induction.assumptions)), No):
        return False
    for one in induction.counting.occurrences:
        question = induction.broken_after(induction.candidates[name], one)
        if question is not None and not isinstance(
            induction.asker.ask(question, known, {f"if:{fact}": term, **induction.rules(one)}), No
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
    places: list[tuple[str, str, Term]] = []
    for part, (state, _, _) in counting.ones.items():
        places += [
            (part.name, f"{part.name} is in {one.name}", equal(state, number(place)))
            for place, one in enumerate(part.machine.states)
        ]
    for each, counters in counting.counters.items():
        for one in each.machine.states:
            held = [many for cell, many in counters.items() if cell.state == one]
            if held:
                places.append(
                    (each.name, f"some of {each.name} are in {one.name}", disj(less(number(0), many) for many in held))
                )
    for (first, this, here), (second, that, there) in combinations(places, 2):
        if first != second or " are in " in this:
            yield f"{this} never while {that}", negated(conj((here, there)))
    for each, counters in counting.counters.items():
        for cell, many in counters.items():
            yield f"never two of {each.name} are in {cell_in_words(each, cell)}", less(many, number(2))
