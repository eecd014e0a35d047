"""Every property of a machine or system, decided: the cheap engines first, each answer with its evidence.

Which engine answers is fixed by the kind of property and the order here, never by which is faster,
so that two runs print the same report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import attrs
import z3

from fsm.claims import counts_effects
from fsm.domains import Enumeration
from fsm.engine import Engine, compile
from fsm.errors import BadInput
from fsm.expressions import Formula
from fsm.interpret import interpret
from fsm.machine import Machine
from fsm.properties import Modality, Property
from fsm.system import Each, One, System, as_system
from fsm.trace import Trace
from fsm.verification import spacer
from fsm.verification.ask import No
from fsm.verification.deadlines import Timing
from fsm.verification.encoding.counting import Branch, Counting, Occurrence
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.induction import Failure, Induction, Kept
from fsm.verification.profiles import suggest
from fsm.verification.recovery import lost_states, show_recoverable
from fsm.verification.search import Found, Goal, is_exact, reads_clock, search
from fsm.verification.timers import unblocked
from fsm.verification.traps import find_trap
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["Report", "Verifier", "verify"]


@attrs.frozen(eq=False)
class Report:
    """What is known of a machine or system.

    Attributes:
        system: what was looked at; a machine as the only part of a system.
        name: of the machine or system.
        doc: its sentence.
        kind: `machine` or `system`.
        verdicts: one for each property, in the order of the page.
        definition: one for each check of the definition.
        assumptions: names of the assumptions on parameters, with their formulas in words.
        covers: for what a symbolic proof holds, in words.
    """

    system: System
    name: str
    doc: str
    kind: str
    verdicts: tuple[Verdict, ...]
    definition: tuple[Verdict, ...]
    assumptions: tuple[tuple[str, str], ...]
    covers: str

    @property
    def all(self) -> tuple[Verdict, ...]:
        return (*self.definition, *self.verdicts)


def verify(target: Machine | System, *, progress: Callable[[str], None] = lambda sentence: None) -> Report:
    """Decide every property of a machine or system and check its definition.

    Args:
        progress: told each property's sentence before it is looked at.
    """
    from fsm.verification.definitions import definition_claims
    from fsm.words import phrase

    verifier = Verifier(as_system(target))
    definition = []
    for claim in definition_claims(target, verifier):
        progress(claim.claim.sentence)
        definition.append(claim)
    verdicts = []
    for one in verifier.system.properties:
        progress(one.sentence)
        verdicts.append(verifier.decide(one))
    kind = "machine" if isinstance(target, Machine) else "system"
    assumptions = tuple((one.name, phrase(one.that)) for one in verifier.system.all_assumptions)
    return Report(verifier.system, target.name, target.doc, kind, tuple(verdicts), tuple(definition), assumptions, verifier.covers)


class Verifier:
    """The engines of one system, each made when first needed."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._engines: dict[tuple[tuple[str, Any], ...], Engine] = {}

    @cached_property
    def induction(self) -> Induction | Unencodable:
        """The invariants of the counting encoding, or what it cannot say of this system."""
        try:
            counting = Counting(self.system)
            candidates = {**dict(counting.order), **dict(_never(counting))}
            for claim in self.system.properties:
                if claim.modality is Modality.ALWAYS and not reads_clock(claim.formula):
                    candidates[claim.sentence] = counting.state(claim.formula)
            return Induction(counting, candidates)
        except Unencodable as refused:
            return refused

    @cached_property
    def timing(self) -> Timing | None:
        """The clocked proofs, where there is nothing but `one` parts."""
        return None if any(isinstance(part, Each) for part in self.system.parts) else Timing(self.system)

    @cached_property
    def unblocked(self) -> Kept | Failure:
        """Whether nothing can stand in the way of a timer: what claims about time rest on."""
        return unblocked(self.induction) if isinstance(self.induction, Induction) else Failure("the encoding", {}, self.induction.what)

    def search(self, profile: dict[str, Any], goals: dict[str, Goal]) -> Found:
        """A search under a profile, each profile compiled once; one that the assumptions rule out has no runs."""
        key = tuple(sorted(profile.items(), key=repr))
        if key not in self._engines:
            try:
                self._engines[key] = compile(self.system, profile)
            except BadInput:
                return Found({}, 0, False)
        return search(self._engines[key], goals)

    @property
    def covers(self) -> str:
        """For what a symbolic proof holds, in words."""
        names = ", ".join(param.name for param in self.system.parameters)
        keys = [f"any number of {part.name}" for part in self.system.parts if isinstance(part, Each)]
        return " and ".join([*([f"every value of {names}"] if names else []), *keys]) or "every run"

    def decide(self, claim: Property) -> Verdict:
        """The verdict on one property."""
        match claim.modality:
            case Modality.ALWAYS | Modality.EACH_STEP | Modality.WITHIN:
                return self._decide_safety(claim)
            case Modality.REACHABLE:
                return self._decide_reachable(claim)
            case Modality.RECOVERABLE:
                return self._decide_recoverable(claim)

    # Safety: always, each step, within

    def _decide_safety(self, claim: Property) -> Verdict:
        timed = claim.modality is Modality.WITHIN or reads_clock(claim.formula)
        if claim.premise is not None and (reads_clock(claim.premise) or reads_clock(claim.formula)):
            return Unknown(claim, "the stopwatch of a bounded response cannot start or stop by the time in state", "Compare the time in state in always(...).")
        shown = self._show_timed(claim) if timed else self._show_untimed(claim)
        if isinstance(shown, Proved):
            return shown
        trace = self._counterexample(claim, shown)
        if trace is not None:
            return Refuted(claim, f"{_run(trace)}, replayed", trace)
        exact = self._exhaust(claim)
        if exact is not None:
            return exact
        return Unknown(claim, _tried(shown), "Add the property that rules this state out, if it cannot be reached.")

    def _show_untimed(self, claim: Property) -> Proved | Failure:
        induction = self.induction
        if isinstance(induction, Unencodable):
            return Failure("the encoding", {}, f"it cannot say {induction.what}")
        if claim.modality is Modality.EACH_STEP:
            return self._proved(claim, "induction, event by event", induction.show_step(self._step_claim(claim, induction)))
        shown = induction.show_always(claim.sentence)
        if isinstance(shown, Kept):
            return self._proved(claim, "induction", shown)
        if shown.where == "start":
            return shown
        found = spacer.show_always(induction.counting, induction.assumptions, induction.candidates[claim.sentence])
        if isinstance(found, Kept):
            every = frozenset(f"rule:{rule.name}" for rule in self.system.rules) | frozenset(induction.assumptions)
            return self._proved(claim, "Spacer found an invariant; which rules it uses was not told apart", Kept(every))
        return shown

    def _step_claim(self, claim: Property, induction: Induction) -> Callable[[Occurrence, Branch], Any]:
        return lambda occurrence, branch: induction.counting.step(claim.formula, occurrence, branch)

    def _show_timed(self, claim: Property) -> Proved | Failure:
        if self.timing is None:
            return Failure("the encoding", {}, "it cannot speak of the time in state where there are many instances; declare the claim on the machine")
        if isinstance(self.unblocked, Failure):
            return Failure("the timers", self.unblocked.state, f"something may stand in the way of a timer ({self.unblocked.where})")
        show = {Modality.ALWAYS: self.timing.show_always, Modality.EACH_STEP: self.timing.show_step, Modality.WITHIN: self.timing.show_within}
        return self._proved(claim, "induction with the clock", show[claim.modality](claim))

    def _proved(self, claim: Property, argument: str, shown: Kept | Failure) -> Proved | Failure:
        if isinstance(shown, Failure):
            return shown
        used = sorted(shown.used)
        rules = tuple(rule.name for rule in self.system.rules if f"rule:{rule.name}" in shown.used)
        assumptions = tuple(name.removeprefix("assume:") for name in used if name.startswith("assume:"))
        lemmas = tuple(one.sentence for one in self.system.properties if one.sentence in shown.used)
        return Proved(claim, argument, self.covers, rules, lemmas, assumptions)

    def _counterexample(self, claim: Property, failed: Failure) -> Trace | None:
        tried: list[dict[str, Any]] = []
        for profile in self._profiles(claim, failed):
            if profile not in tried:
                tried.append(profile)
                found = self.search(profile, {claim.sentence: self._goal(claim, profile)})
                if claim.sentence in found.traces:
                    return found.traces[claim.sentence]
        return None

    def _profiles(self, claim: Property, failed: Failure) -> Iterator[dict[str, Any]]:
        """The profiles worth searching: those that the invariants and the failed step suggest, then the default."""
        induction = self.induction
        if isinstance(induction, Induction) and claim.modality is not Modality.WITHIN and not reads_clock(claim.formula):
            always = claim.modality is Modality.ALWAYS
            broken = z3.Not(induction.candidates[claim.sentence]) if always else induction.breaking(self._step_claim(claim, induction))
            wanted = suggest(induction, broken)
            if not isinstance(wanted, No):
                yield wanted
        named = {param.name: param for param in self.system.parameters}
        yield {name: _typed(named[name], value) for name, value in failed.state.items() if name in named}
        yield {}

    def _goal(self, claim: Property, profile: dict[str, Any]) -> Goal:
        """What a run that breaks the claim shows."""
        if claim.duration is None:
            return Goal(claim.formula, wanted=False, of_steps=claim.modality is Modality.EACH_STEP)
        params = {param.name: profile.get(param.name, param.default) for param in self.system.parameters}
        return Goal(claim.formula, premise=claim.premise, duration=interpret(claim.duration, params=params))

    def _exhaust(self, claim: Property) -> Proved | None:
        """Exact where everything is finite: no clocks, no parameters, and the search comes to an end."""
        if claim.modality is Modality.WITHIN or not is_exact(self.system, claim.formula):
            return None
        found = self.search({}, {claim.sentence: self._goal(claim, {})})
        if not found.complete:
            return None
        return Proved(claim, f"enumeration of all {found.snapshots} snapshots, up to renaming of keys", "every run")

    # Possibility: reachable, recoverable

    @cached_property
    def witnesses(self) -> dict[str, Trace]:
        """Runs to the formulas that shall be reachable, one search for each profile that they suggest."""
        goals = {one.sentence: Goal(one.formula) for one in self.system.properties if one.modality is Modality.REACHABLE}
        return self.find(goals)

    def find(self, goals: dict[str, Goal]) -> dict[str, Trace]:
        """Runs to formulas over snapshots, as many as are found."""
        by_profile: dict[str, tuple[dict[str, Any], dict[str, Goal]]] = {}
        for name, goal in goals.items():
            profile = self._suggested(goal.formula)
            if not isinstance(profile, No):
                by_profile.setdefault(repr(profile), (profile, {}))[1][name] = goal
        traces: dict[str, Trace] = {}
        for profile, asked in by_profile.values():
            traces.update(self.search(profile, asked).traces)
        return traces

    def _suggested(self, formula: Formula) -> dict[str, Any] | No:
        induction = self.induction
        if isinstance(induction, Unencodable) or reads_clock(formula):
            return {}
        return suggest(induction, induction.counting.state(formula))

    def _decide_reachable(self, claim: Property) -> Verdict:
        if claim.sentence in self.witnesses:
            trace = self.witnesses[claim.sentence]
            return Proved(claim, f"{_run(trace)}, replayed", "this run", witness=trace)
        induction = self.induction
        if isinstance(induction, Induction) and not reads_clock(claim.formula):
            shown = induction.show_implied(z3.Not(induction.counting.state(claim.formula)))
            if isinstance(shown, Kept):
                rules = tuple(rule.name for rule in self.system.rules if f"rule:{rule.name}" in shown.used)
                return Refuted(claim, "the invariants exclude it, for " + self.covers, rules=rules)
        if is_exact(self.system, claim.formula):
            found = self.search({}, {claim.sentence: Goal(claim.formula)})
            if found.complete:
                return Refuted(claim, f"none of all {found.snapshots} snapshots, up to renaming of keys")
        return Unknown(claim, "no run was found, and nothing shows that there is none")

    def _decide_recoverable(self, claim: Property) -> Verdict:
        induction = self.induction
        if isinstance(induction, Unencodable):
            why = f"the encoding cannot say {induction.what}"
        elif reads_clock(claim.formula):
            why = "the goal reads the time in state"
        else:
            rank = show_recoverable(induction, claim.formula, waits=isinstance(self.unblocked, Kept))
            if not isinstance(rank, Failure):
                argument = f"a rank that {' or '.join(rank.events)} lowers: {' + '.join(f'{weight} × {name}' for name, weight in rank.weights) or '0'}"
                proved = self._proved(claim, argument, Kept(rank.used))
                assert isinstance(proved, Proved)
                return proved
            lost = self._lost(claim, induction)
            if lost is not None:
                return lost
            why = _tried(rank)
        trap = self._trap(claim)
        if trap is not None:
            return trap
        return Unknown(claim, why)

    def _lost(self, claim: Property, induction: Induction) -> Verdict | None:
        """A run into a state from which no transition at all leads to the goal."""
        for part, states in lost_states(induction, claim.formula):
            names = " or ".join(state.name for state in states)
            there = part.inside(*states) if isinstance(part, One) else part.any(*states)
            trace = self.find({names: Goal(there)}).get(names)
            if trace is not None:
                return Refuted(claim, f"after {_run(trace)} no transition of {part.name} leads there any more", trace)
        return None

    def _trap(self, claim: Property) -> Verdict | None:
        """Exact where everything is finite: a snapshot from which the goal cannot be reached, or none."""
        if not is_exact(self.system, claim.formula) or counts_effects(claim.formula):
            return None
        found = find_trap(compile(self.system), claim.formula)
        if found is None:
            return None
        if found.trace is None:
            return Proved(claim, f"enumeration of all {found.snapshots} snapshots, up to renaming of keys", "every run")
        return Refuted(claim, f"after {_run(found.trace)} nothing leads there", found.trace)


def _never(counting: Counting) -> Iterator[tuple[str, Any]]:
    """That a part is never in a state: candidates, which those that can be reached do not survive."""
    for part, (state, _, _) in counting.ones.items():
        yield from ((f"{part.name} is never {one.name}", state != number) for number, one in enumerate(part.machine.states))


def _run(trace: Trace) -> str:
    many = len(trace.steps)
    return "a run of no step" if many == 0 else "a run of one step" if many == 1 else f"a run of {many} steps"


def _tried(failed: Failure) -> str:
    if failed.reason:
        return f"{failed.where}: {failed.reason}"
    shown = ", ".join(f"{name} = {value}" for name, value in failed.state.items()) or "the one where everything is zero"
    return f"{failed.where} fails from a state that may be unreachable: {shown}"


def _typed(param: Any, value: object) -> Any:
    """A value of the solver as a value of a parameter."""
    if isinstance(param.domain, Enumeration) and isinstance(value, int):
        return list(param.domain.members)[value]
    return value
