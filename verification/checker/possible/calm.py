"""A moment in which no timer is due, and what can be done in it. Standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Situation
from fsm.verification.checker.possible.events import quiet, waited, ways
from fsm.verification.checker.proofs.questions import moment_of, once
from fsm.verification.checker.steps import Step
from fsm.verification.checker.unknowns import Unknowns

__all__ = ["calm_moment"]


def calm_moment(unknowns: Unknowns, lemmas: Sequence[Lemma]) -> tuple[Situation, list[Step]]:
    """Any moment of the lemmas in which no timer is due, in a script of its own, and every way in which an event can be taken, at once or after waiting."""

    def make() -> tuple[Situation, list[Step]]:
        base = moment_of(unknowns, lemmas)
        base.script.require(quiet(base))
        return base, [*ways(unknowns, base), *waited(unknowns, base)]

    base, steps = once(unknowns, "calm", lemmas, make)
    script = base.script.copy()
    return replace(base, script=script), [one.told_in(script) for one in steps]
