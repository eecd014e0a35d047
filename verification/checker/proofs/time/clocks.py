"""Claims about time, of parts that have one instance each: integer clocks, the delay before a step, and a stopwatch. Standard library only.

The time in state before a step is that of the moment before it and the delay. Of it two facts are kept, as in every relation: a timer that has
fired was due, one that has not is not overdue. The stopwatch of `within` shows how long ago the earliest position was at which
the premise held and since which the goal did not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fsm.verification.checker.cells import CannotSay, timers_of
from fsm.verification.checker.declaration import integer_of
from fsm.verification.checker.lemma import Lemma, of_the_only
from fsm.verification.checker.meaning import Moment, Situation, known, term_of
from fsm.verification.checker.possible.events import quiet
from fsm.verification.checker.possible.moments import excluded, moment_of
from fsm.verification.checker.proofs.questions import UNSAT, Outcome, answers, assume, constantly
from fsm.verification.checker.proofs.time.stopwatch import Say, Watch, about_the_watch
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import Kind, StepMaker, kinds_of_steps
from fsm.verification.checker.terms import Script, conj, disj, if_then, negation, number, total
from fsm.verification.checker.unknowns import Unknowns, any_instance, anywhere, start, typed

__all__ = ["always_timed", "within_time"]

Json = Any


def always_timed(unknowns: Unknowns, lemmas: Sequence[Lemma], claim: Json, solver: Asked) -> Outcome:
    """A formula that reads the time in state: at every instant at which no timer is due, and just after each that fired or lapsed."""
    [(name, value)] = unknowns.declaration.json["expressions"][claim["formula"]].items()
    if name == "for_each" and value[0] in unknowns.cells:
        return _timed_of_each(unknowns, lemmas, value, solver)
    base = moment_of(unknowns, lemmas)
    base.script.require(quiet(base))
    broken = negation(term_of(claim["formula"], of_the_only(base)))
    made = excluded(base.script, {"at some instant": broken}, solver)
    for kind in kinds_of_steps(unknowns.declaration):
        if kind.timer is not None:
            step = StepMaker(unknowns, kind).made()
            assume(step.situation.at(step.situation.before, 0), lemmas)
            broken = negation(term_of(claim["formula"], of_the_only(step.after)))
            made = made.and_then(excluded(step.script, {f"after {step.name}": broken}, solver))
    return made


def _timed_of_each(unknowns: Unknowns, lemmas: Sequence[Lemma], value: Sequence[int], solver: Asked) -> Outcome:
    """The same of each of many: any one that there is, in its cell, at any moment of its stay.

    Between two timers of one instant, and just after each, a timer of the stay that has not fired may be due and is not overdue, and one
    that has fired was due. So it is of whoever moved: a state is entered with no timer due, since durations are positive.
    """
    part, formula = value
    declaration, base = unknowns.declaration, moment_of(unknowns, lemmas)
    machine = declaration.machine(part)
    one = any_instance(base.script, declaration, machine)
    base.script.require(typed(declaration, machine, one))
    cells = base.before.counted[part].items()
    base.script.require(disj(conj([one.at(cell), f"(>= {many} 1)"]) for cell, many in cells))
    for timer in timers_of(machine):
        after, here = term_of(timer.after, base), one.is_in([timer.state])
        fits = if_then(one.fired(timer), f"(>= {known(one.elapsed)} {after})", f"(<= {known(one.elapsed)} {after})")
        base.script.require(disj([negation(here), fits]))
    only = {place: replace(other, elapsed=None) for place, other in base.before.only.items()}
    there = base.placed(Moment(only, base.before.counted, base.before.emitted))
    about = replace(there, instance=(one, one), of_machine=declaration.parts[part]["machine"])
    return excluded(base.script, {"of some instance": negation(term_of(formula, about))}, solver)


def within_time(
    unknowns: Unknowns, lemmas: Sequence[Lemma], claim: Json, names: Sequence[str], solver: Asked
) -> Outcome:
    """Bounded response, or what comes in the end in bounded time: lemmas about the stopwatch hold at the start and are kept, and exclude that it shows more than the duration.

    Args:
        names: of lemmas about the stopwatch; those that are not kept are dropped.
    """
    said = {name: say for name in names if (say := about_the_watch(name)) is not None}
    held = [name for name in said if _begins(unknowns, claim, said[name], solver)]
    steps = [_Watched(unknowns, lemmas, claim, kind) for kind in kinds_of_steps(unknowns.declaration)]
    while True:
        lost = {name for step in steps for name in step.lost({name: said[name] for name in held}, solver)}
        if not lost:
            break
        held = [name for name in held if name not in lost]
    return _in_time(unknowns, lemmas, claim, [said[name] for name in held], solver)


def _in_time(unknowns: Unknowns, lemmas: Sequence[Lemma], claim: Json, held: Sequence[Say], solver: Asked) -> Outcome:
    """From every moment of the lemmas, as long as no timer is overdue: what the stopwatch shows is not more than is allowed."""
    base = moment_of(unknowns, lemmas)
    delay = _any_delay(base.script)
    watch = _any_watch(base, claim)
    for say in held:
        base.script.require(say(watch))
    for part, one in base.before.only.items():
        for timer in timers_of(unknowns.declaration.machine(part)):
            ahead = f"(<= (+ {known(one.elapsed)} {delay}) {term_of(timer.after, base)})"
            base.script.require(disj([negation(one.is_in([timer.state])), one.fired(timer), ahead]))
    late = conj([watch.runs, f"(> (+ {watch.shows} {delay}) {watch.duration})"])
    return excluded(base.script, {"the goal is late": late}, solver)


def _any_delay(script: Script) -> str:
    delay = script.declare("Int")
    script.require(f"(>= {delay} 0)")
    return delay


def _any_watch(situation: Situation, claim: Json) -> Watch:
    script = situation.script
    return _watch(script.declare("Bool"), script.declare("Int"), situation, claim)


def _watch(runs: str, shows: str, situation: Situation, claim: Json) -> Watch:
    goal = term_of(claim["formula"], of_the_only(situation))
    return Watch(runs, shows, situation, _allowed(situation, claim), goal)


def _allowed(situation: Situation, claim: Json) -> str:
    """How long it may take; of what shall come in the end, any bound does, since time grows beyond every one.

    The bound is generous: all durations together, as often as whole numbers have values and three times more.

    Raises:
        CannotSay: nothing has a duration.
    """
    if claim["modality"] == "within":
        return term_of(claim["duration"], situation)
    declaration = situation.declaration
    machines = [declaration.machine(part) for part in range(len(declaration.parts))]
    lengths = [line["after"] for machine in machines for line in machine["transitions"] if line["after"] is not None]
    domains = [one["domain"] for machine in machines for one in machine["variables"]]
    ranges = [domain["integer"] for domain in domains if domain != "boolean" and "integer" in domain]
    ends = [(integer_of(low), integer_of(high)) for low, high in ranges if low is not None and high is not None]
    often = sum((high or 0) - (low or 0) for low, high in ends)
    if not lengths:
        raise CannotSay("nothing comes in time where nothing has a duration")
    return f"(* {number(3 + often)} {total(term_of(length, situation) for length in lengths)})"


def _premise(situation: Situation, claim: Json) -> str:
    return term_of(claim["premise"], of_the_only(situation))


def _begins(unknowns: Unknowns, claim: Json, say: Say, solver: Asked) -> bool:
    """Whether a lemma holds at the start, where the stopwatch runs if the premise holds and the goal does not."""
    situation = start(unknowns)
    goal = term_of(claim["formula"], of_the_only(situation))
    runs = conj([_premise(situation, claim), negation(goal)])
    watch = _watch(runs, "0", situation, claim)
    return answers(situation.script, [lambda own: negation(say(watch))], solver) == [UNSAT]


class _Watched:
    """One kind of step, with the stopwatch before the delay and after the step."""

    def __init__(self, unknowns: Unknowns, lemmas: Sequence[Lemma], claim: Json, kind: Kind) -> None:
        base = anywhere(unknowns)
        script = base.script
        delay = _any_delay(script)
        self.before = _any_watch(base, claim)
        later = {
            part: replace(one, elapsed=f"(+ {known(one.elapsed)} {delay})") for part, one in base.before.only.items()
        }
        step = StepMaker(unknowns, kind, base.placed(replace(base.before, only=later))).made()
        assume(base, lemmas)
        self.script, after = script, step.after
        goal = term_of(claim["formula"], of_the_only(after))
        runs = conj([negation(goal), disj([self.before.runs, _premise(after, claim)])])
        shows = if_then(self.before.runs, f"(+ {self.before.shows} {delay})", "0")
        self.after = _watch(script.define("Bool", runs), script.define("Int", shows), after, claim)

    def lost(self, said: Mapping[str, Say], solver: Asked) -> list[str]:
        """The lemmas that it does not keep."""
        common = self.script.copy()
        for say in said.values():
            common.require(say(self.before))
        broken = [negation(say(self.after)) for say in said.values()]
        found = answers(common, [constantly(term) for term in broken], solver)
        return [name for name, answer in zip(said, found, strict=True) if answer != UNSAT]
