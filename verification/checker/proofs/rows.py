"""Claims that hold in the first moments, and after k moments in a row in which they hold, in the next. Standard library only.

Between two moments any kind of step may be taken, after any time. A shortest way to where the claim does not hold meets no
moment twice, time in state aside, and before its end the claim holds: it has fewer than k steps, or its end is such a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.lemma import Lemma, of_the_only
from fsm.verification.checker.meaning import Moment, Situation, term_of
from fsm.verification.checker.possible.moments import excluded
from fsm.verification.checker.proofs.questions import Outcome, assume
from fsm.verification.checker.proofs.reads import effects_of
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import StepMaker, kinds_of_steps
from fsm.verification.checker.terms import conj, disj, equal, negation
from fsm.verification.checker.unknowns import Unknowns, anywhere, start

__all__ = ["DEEPEST", "holds_in_rows"]

Json = Any
DEEPEST = 4
MOST_LINES = 600
"""Of a row of moments. Those of which something is shown take fifty; of a thousand, as a desk takes, a solver gives up after minutes."""


def holds_in_rows(unknowns: Unknowns, lemmas: Sequence[Lemma], claim: Json, k: int, solver: Asked) -> Outcome:
    """Whether a claim holds in the first k moments, and after k different ones in a row in the next."""
    if not 2 <= k <= DEEPEST:
        raise CannotSay("so many moments in a row are not asked about")
    formulas = [claim["formula"], *(one.expression for one in lemmas if one.expression is not None)]
    read = effects_of(unknowns.declaration, formulas)
    row = [anywhere(unknowns)]
    for _ in range(k):
        row.append(_next(unknowns, row[-1], read))
    for place, situation in enumerate(row[:-1]):
        assume(situation, lemmas)
        situation.script.require(_holds(claim, situation))
        for earlier in row[:place]:
            situation.script.require(negation(conj(_same(earlier.before, situation.before, read))))
    if len(row[0].script.lines) > MOST_LINES:
        raise CannotSay(f"moments in a row of which it takes more than {MOST_LINES} lines to speak are not asked about")
    reached = start(unknowns)
    for many in range(k):
        broken = negation(_holds(claim, reached))
        made = excluded(reached.script, {f"{many} steps after the start": broken}, solver)
        if made.why:
            return made
        reached = _next(unknowns, reached, read)
    broken = negation(_holds(claim, row[-1]))
    return excluded(row[0].script, {f"after {k} moments in a row": broken}, solver)


def _holds(claim: Json, situation: Situation) -> str:
    return term_of(claim["formula"], of_the_only(replace(situation, untimed=True)))


def _next(unknowns: Unknowns, situation: Situation, read: set[int]) -> Situation:
    """Any moment to which one step leads, after any time."""
    script = situation.script
    later = {part: replace(one, elapsed=script.declare("Int")) for part, one in situation.before.only.items()}
    for one in later.values():
        script.require(f"(>= {one.elapsed} 0)")
    base = replace(situation, before=replace(situation.before, only=later), after=situation.before)
    moment = unknowns.moment(script)
    taken = []
    for kind in kinds_of_steps(unknowns.declaration):
        step = StepMaker(unknowns, kind, base).relation()
        taken.append(conj([step.possible, *_same(step.situation.after, moment, read)]))
    script.require(disj(taken))
    return situation.placed(moment)


def _same(one: Moment, other: Moment, read: set[int]) -> Iterator[str]:
    """Of each thing that decides what follows, that it is the same; how much was emitted of the effects that are read."""
    for part, mine in one.only.items():
        its = other.only[part]
        pairs = [(mine.state, its.state), *zip(mine.values, its.values, strict=True)]
        yield from (equal(left, right) for left, right in pairs if left is not None and right is not None)
        yield from (equal(left, right) for left, right in zip(mine.marks, its.marks, strict=True))
    for part, counted in one.counted.items():
        yield from (equal(many, other.counted[part][cell]) for cell, many in counted.items())
    yield from (equal(one.emitted[effect], other.emitted[effect]) for effect in sorted(read))
