"""Claims that hold by induction: the core of the checker. docs/explanation/checker.md says why these questions suffice.

A set of lemmas is shown together: each holds in the first snapshot, and every kind of step from any moment in which
all hold leads to one in which all hold. A claim over steps is then shown for every kind of step from such a moment, and a claim that the
lemmas imply for every such moment. Standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from fsm.verification.checker.cells import CannotSay, timers_of
from fsm.verification.checker.meaning import Instance, Situation, term_of
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import Step, StepMaker, Unknowns, kinds_of_steps, start, typed
from fsm.verification.checker.terms import Script, conj, disj, equal, negation, number

__all__ = ["Lemma", "Outcome", "by_induction"]


UNSAT = "unsat"


@dataclass(frozen=True)
class Lemma:
    """A formula about a moment, by place.

    Attributes:
        expression: of the system or machine, or of an instance of `part`.
        part: whose machine claims it; None where the whole does.
        marks: instead of an expression: state, timer of it, variable, value, and whether it is meant where the timer has fired.
    """

    expression: int | None
    part: int | None = None
    marks: tuple[int, int, int, int, bool] | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a claim: confirmed where `why` is empty, else the question that has not been answered with no; `failed` where it was answered with yes."""

    why: str = ""
    failed: bool = False

    def and_then(self, other: Outcome) -> Outcome:
        """Confirmed where both are."""
        return self if self.why else other


def by_induction(
    unknowns: Unknowns, lemmas: Sequence[Lemma], steps: Mapping[str, int], implied: Mapping[str, int], solver: Asked
) -> tuple[tuple[Lemma, ...], dict[str, Outcome]]:
    """Show lemmas together, and from them claims over steps and claims that they imply.

    A lemma that is not kept is dropped, and the others are asked again without it: what is left is inductive.

    Args:
        steps, implied: for the id of a claim, its formula.

    Returns:
        The lemmas that hold, and what became of each claim.
    """
    made = [StepMaker(unknowns, kind).made() for kind in kinds_of_steps(unknowns.declaration)]
    held = _at_the_start(unknowns, lemmas, solver)
    while True:
        kept, claims = list(held), {name: Outcome() for name in steps}
        for step in made:
            lost, over = _one_step(unknowns, step, held, steps, solver)
            kept = [lemma for lemma in kept if lemma not in lost]
            claims = {name: outcome.and_then(over[name]) for name, outcome in claims.items()}
        if kept == held:
            return tuple(held), claims | {
                name: _implied(unknowns, held, formula, solver) for name, formula in implied.items()
            }
        held = kept


def _at_the_start(unknowns: Unknowns, lemmas: Sequence[Lemma], solver: Asked) -> list[Lemma]:
    """Those that hold in the first snapshot.

    Raises:
        CannotSay: values in it are out of their domains.
    """
    script = Script()
    situation = start(unknowns, script, unknowns.params(script))
    if _ask(script, [lambda own: negation(_typed(situation))], solver) != [UNSAT]:
        raise CannotSay("values at the start are out of their domains")
    answers = _ask(script, [_false(lemma, situation) for lemma in lemmas], solver)
    return [lemma for lemma, answer in zip(lemmas, answers, strict=True) if answer == UNSAT]


def _false(lemma: Lemma, situation: Situation) -> Callable[[Script], str]:
    return lambda script: negation(_lemma(lemma, replace(situation, script=script)))


def _ask(common: Script, questions: Sequence[Callable[[Script], str]], solver: Asked) -> list[str]:
    """An answer to each question about what is common; what cannot be said is the reason."""
    asked, answers = [], []
    for question in questions:
        own = common.fork()
        try:
            own.require(question(own))
        except CannotSay as reason:
            answers.append(str(reason))
        else:
            answers.append("")
            asked.append(own.lines or ["(assert true)"])
    said = iter(solver.ask(common.lines, asked))
    return [answer or next(said) for answer in answers]


def _assuming(step: Step, lemmas: Sequence[Lemma]) -> Script:
    """The step, from where the lemmas hold."""
    script = step.script.copy()
    situation = replace(step.situation, script=script)
    for lemma in lemmas:
        script.require(_lemma(lemma, situation.at(situation.before, 0)))
    return script


def _one_step(
    unknowns: Unknowns, step: Step, lemmas: Sequence[Lemma], claims: Mapping[str, int], solver: Asked
) -> tuple[list[Lemma], dict[str, Outcome]]:
    """Which lemmas a step does not keep, and which claims hold of it. No claim speaks of a timer that lapses.

    Raises:
        CannotSay: it may lead out of the domains, so that what is asked of it is of no worth.
    """
    after = step.situation.at(step.situation.after, 1)
    spoken = {} if step.lapses else claims
    questions = [_closed(unknowns, step, after), *(_false(lemma, after) for lemma in lemmas)]
    questions += [_breaks(formula, step.situation) for formula in spoken.values()]
    closed, *answers = _ask(_assuming(step, lemmas), questions, solver)
    if closed != UNSAT:
        raise CannotSay(f"at {step.name}: whether values stay within their domains: {closed}")
    lost = [lemma for lemma, answer in zip(lemmas, answers, strict=False) if answer != UNSAT]
    over = dict(zip(spoken, answers[len(lemmas) :], strict=True))
    return lost, {name: _outcome(over.get(name, UNSAT), f"at {step.name}") for name in claims}


def _breaks(formula: int, situation: Situation) -> Callable[[Script], str]:
    whole = _of_the_only(situation)
    return lambda script: negation(term_of(formula, replace(whole, script=script)))


def _typed(situation: Situation) -> str:
    """Whether the parts that have one instance are within their domains."""
    declaration = situation.declaration
    return conj(typed(declaration, declaration.machine(part), one) for part, one in situation.before.only.items())


def _closed(unknowns: Unknowns, step: Step, after: Situation) -> Callable[[Script], str]:
    """What every step keeps by the declaration's form, asked all the same: values within their domains, whoever moves is in a cell or has ended."""
    parts = [_typed(after)]
    for mover in step.situation.movers:
        if mover.part in unknowns.cells:
            cells = disj(mover.after.at(cell) for cell in unknowns.cells[mover.part])
            parts.append(disj([negation(mover.comes), negation(mover.takes), cells]))
    return lambda script: negation(conj(parts))


def _implied(unknowns: Unknowns, lemmas: Sequence[Lemma], expression: int, solver: Asked) -> Outcome:
    """Whether the lemmas exclude every moment that breaks a claim."""
    script = Script()
    params = unknowns.params(script)
    moment = unknowns.moment(script, params)
    situation = Situation(unknowns.declaration, script, params, moment, moment, untimed=True)
    for lemma in lemmas:
        script.require(_lemma(lemma, situation))
    [answer] = _ask(script, [_breaks(expression, situation)], solver)
    return _outcome(answer, "where the lemmas hold")


def _of_the_only(situation: Situation) -> Situation:
    """A machine alone speaks of its only instance."""
    if not situation.declaration.alone:
        return situation
    moments = (situation.before.only[0], situation.after.only[0])
    return replace(situation, instance=moments, of_machine=0)


def _lemma(lemma: Lemma, situation: Situation) -> str:
    """The lemma at a moment, from which time goes on: of a part's machine, of every instance of the part."""
    situation = replace(situation, untimed=True)
    if lemma.part is None and lemma.marks is None:
        if lemma.expression is None:
            raise CannotSay("a lemma says nothing")
        return term_of(lemma.expression, _of_the_only(situation))
    part = lemma.part or 0
    if part in situation.before.only:
        return _of_instance(lemma, situation, part, situation.before.only[part])
    return conj(
        disj([_of_instance(lemma, situation, part, Instance.of(cell)), f"(<= {many} 0)"])
        for cell, many in situation.before.counted[part].items()
    )


def _of_instance(lemma: Lemma, situation: Situation, part: int, one: Instance) -> str:
    declaration = situation.declaration
    if lemma.marks is None and lemma.expression is not None:
        about = situation.deeper(instance=(one, one), of_machine=declaration.parts[part]["machine"])
        return term_of(lemma.expression, about)
    if lemma.marks is None:
        raise CannotSay("a lemma says nothing")
    state, timer, variable, value, fired = lemma.marks
    machine = declaration.machine(part)
    timers = [one for one in timers_of(machine) if one.state == state]
    if timer >= len(timers) or variable >= len(one.values) or timers[timer].mark is None:
        raise CannotSay("a lemma speaks of a timer that is none")
    mark = one.marks[timers[timer].mark or 0]
    term = one.values[variable]
    if term is None:
        raise CannotSay("a lemma reads what is carried")
    boolean = machine["variables"][variable]["domain"] == "boolean"
    known = ("true" if value else "false") if boolean else number(value)
    return disj([negation(equal(one.state, str(state))), negation(mark) if fired else mark, equal(term, known)])


def _outcome(answer: str, where: str) -> Outcome:
    return Outcome("" if answer == UNSAT else f"{where}: {answer}", answer == "sat")
