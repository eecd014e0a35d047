"""Claims that hold by induction: the core of the checker. docs/explanation/checker.md says why these questions suffice.

A set of lemmas is shown together: each holds in the first snapshot, and every kind of step from any moment in which
all hold leads to one in which all hold. A claim over steps is then shown for every kind of step from such a moment, and a claim that the
lemmas imply for every such moment. Standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Situation
from fsm.verification.checker.proofs.questions import CONFIRMED, UNSAT, Outcome, answers, assume, outcome
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import Step, steps_of
from fsm.verification.checker.terms import Script, conj, disj, negation
from fsm.verification.checker.unknowns import Unknowns, start, typed

__all__ = ["Begin", "Say", "Shown", "by_induction"]

Say = Callable[[Situation], str]
"""What is said of a step, or of a moment, in its situation."""
Begin = Callable[[Unknowns], Situation]
"""A moment, in a script of its own."""


@dataclass(frozen=True)
class Shown:
    """What induction has shown.

    Attributes:
        held: the lemmas that hold.
        lost: of each other one, by its name, the question that has not been answered with no.
        over: what became of each claim over steps.
    """

    held: tuple[Lemma, ...]
    lost: Mapping[str, Outcome]
    over: Mapping[str, Outcome]


def by_induction(
    unknowns: Unknowns,
    known: Sequence[Lemma],
    lemmas: Sequence[Lemma],
    steps: Mapping[str, Say],
    solver: Asked,
    begin: Begin = start,
) -> Shown:
    """Show lemmas together, and from them claims over steps.

    A lemma that is not kept is dropped, and the others are asked again without it: what is left is inductive.

    Args:
        known: lemmas that hold, as was shown before.
        steps: for the id of a claim, what must hold of each step.
        begin: where runs begin, if it is not the first snapshot.
    """
    lost = _at_the_start(unknowns, lemmas, solver, begin)
    while True:
        held = [lemma for lemma in lemmas if lemma.name not in lost]
        gone: dict[str, Outcome] = {}
        over = dict.fromkeys(steps, CONFIRMED)
        for step in steps_of(unknowns):
            asked, of_claims = _one_step(unknowns, step, (known, held), steps, solver)
            gone |= {name: outcome for name, outcome in asked.items() if outcome.why and name not in gone}
            over = {name: outcome.and_then(of_claims[name]) for name, outcome in over.items()}
        if not gone:
            return Shown(tuple(held), lost, over)
        lost |= gone


def _at_the_start(unknowns: Unknowns, lemmas: Sequence[Lemma], solver: Asked, begin: Begin) -> dict[str, Outcome]:
    """Those that do not hold in the first snapshot.

    Raises:
        CannotSay: values in it are out of their domains.
    """
    situation = begin(unknowns)
    script = situation.script
    if answers(script, [lambda own: negation(_typed(situation))], solver) != [UNSAT]:
        raise CannotSay("values at the start are out of their domains")
    said = answers(script, [_false(lemma, situation) for lemma in lemmas], solver)
    return {
        lemma.name: outcome(answer, "at the start")
        for lemma, answer in zip(lemmas, said, strict=True)
        if answer != UNSAT
    }


def _false(lemma: Lemma, situation: Situation) -> Callable[[Script], str]:
    return lambda script: negation(lemma.say(replace(situation, script=script)))


def _assuming(step: Step, lemmas: Sequence[Lemma]) -> Script:
    """The step, from where the lemmas hold; of those that were assumed before it is said already."""
    said, script = next((one for one in step.assuming if _begins(lemmas, one[0])), ((), step.script))
    script = script.copy()
    situation = replace(step.situation, script=script)
    assume(situation.at(situation.before, 0), lemmas[len(said) :])
    step.assuming[:] = [(tuple(lemmas), script)]
    return script


def _begins(lemmas: Sequence[Lemma], said: Sequence[object]) -> bool:
    """Whether these are the first: the very same, since two of one name may say different things."""
    return len(said) <= len(lemmas) and all(one is other for one, other in zip(said, lemmas, strict=False))


def _one_step(
    unknowns: Unknowns,
    step: Step,
    of: tuple[Sequence[Lemma], Sequence[Lemma]],
    claims: Mapping[str, Say],
    solver: Asked,
) -> tuple[dict[str, Outcome], dict[str, Outcome]]:
    """Whether a step keeps each lemma, and which claims hold of it. No claim speaks of a timer that lapses.

    Raises:
        CannotSay: it may lead out of the domains, so that what is asked of it is of no worth.
    """
    known, lemmas = of
    spoken = {} if step.situation.event is None else claims
    questions = [_closed(unknowns, step), *(_false(lemma, step.after) for lemma in lemmas)]
    questions += [_breaks(say, step.situation) for say in spoken.values()]
    closed, *said = answers(_assuming(step, [*known, *lemmas]), questions, solver)
    if closed != UNSAT:
        raise CannotSay(f"at {step.name}: whether values stay within their domains: {closed}")
    where = f"at {step.name}"
    kept = {lemma.name: outcome(answer, where) for lemma, answer in zip(lemmas, said, strict=False)}
    over = dict(zip(spoken, said[len(lemmas) :], strict=True))
    return kept, {name: outcome(over.get(name, UNSAT), where) for name in claims}


def _breaks(say: Say, situation: Situation) -> Callable[[Script], str]:
    return lambda script: negation(say(replace(situation, script=script)))


def _typed(situation: Situation) -> str:
    """Whether the parts that have one instance are within their domains."""
    declaration = situation.declaration
    return conj(typed(declaration, declaration.machine(part), one) for part, one in situation.before.only.items())


def _closed(unknowns: Unknowns, step: Step) -> Callable[[Script], str]:
    """What every step keeps by the declaration's form, asked all the same: values within their domains, whoever moves is in a cell or has ended."""
    parts = [_typed(step.after)]
    for mover in step.situation.movers:
        if mover.part in unknowns.cells:
            cells = disj(mover.after.at(cell) for cell in unknowns.cells[mover.part])
            parts.append(disj([negation(mover.comes), negation(mover.takes), cells]))
    return lambda script: negation(conj(parts))
