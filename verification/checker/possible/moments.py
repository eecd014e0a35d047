"""Any moment of the lemmas, what is impossible in it, and what can be done in one in which no timer is due. Standard library only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from fsm.verification.checker.lemma import Lemma, of_the_only
from fsm.verification.checker.meaning import Situation, term_of
from fsm.verification.checker.possible.events import quiet, waited, ways
from fsm.verification.checker.proofs.questions import CONFIRMED, Outcome, answers, assume, constantly, outcome
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import Step
from fsm.verification.checker.terms import Script, negation
from fsm.verification.checker.unknowns import Unknowns, anywhere

__all__ = ["calm_moment", "excluded", "implied", "moment_of", "once"]

Made = TypeVar("Made")


def moment_of(unknowns: Unknowns, lemmas: Sequence[Lemma]) -> Situation:
    """Any moment in which the lemmas hold, in a script of its own."""
    made = replace(anywhere(unknowns), untimed=False)
    assume(made, lemmas)
    return made


def excluded(script: Script, terms: dict[str, str], solver: Asked) -> Outcome:
    """Whether each of these is impossible where the script holds; by where that is asked."""
    made = CONFIRMED
    for where, answer in zip(
        terms, answers(script, [constantly(term) for term in terms.values()], solver), strict=True
    ):
        made = made.and_then(outcome(answer, where))
    return made


def implied(unknowns: Unknowns, lemmas: Sequence[Lemma], claim: Any, solver: Asked) -> Outcome:
    """Whether the lemmas exclude every moment that breaks a claim."""
    base = moment_of(unknowns, lemmas)
    broken = negation(term_of(claim["formula"], of_the_only(replace(base, untimed=True))))
    return excluded(base.script, {"where the lemmas hold": broken}, solver)


def once(unknowns: Unknowns, name: str, lemmas: Sequence[Lemma], make: Callable[[], Made]) -> Made:
    """What is made from these lemmas, made once: from these very ones, since two of one name may say different things."""
    if name in unknowns.remembered:
        of, made = unknowns.remembered[name]
        if list(map(id, of)) == list(map(id, lemmas)):
            return cast("Made", made)
    unknowns.remembered[name] = tuple(lemmas), make()
    return cast("Made", unknowns.remembered[name][1])


def calm_moment(unknowns: Unknowns, lemmas: Sequence[Lemma]) -> tuple[Situation, list[Step]]:
    """Any moment of the lemmas in which no timer is due, in a script of its own, and every way in which an event can be taken, at once or after waiting."""

    def make() -> tuple[Situation, list[Step]]:
        base = moment_of(unknowns, lemmas)
        base.script.require(quiet(base))
        return base, [*ways(unknowns, base), *waited(unknowns, base)]

    base, steps = once(unknowns, "calm", lemmas, make)
    script = base.script.copy()
    return replace(base, script=script), [one.told_in(script) for one in steps]
