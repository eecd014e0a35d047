"""Every property of a machine or system, decided: the cheap engines first, each answer with its evidence.

Which engine answers is fixed by the kind of property and the order here, never by which is faster,
so that two runs print the same report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

import attrs

from fsm.engine import Engine, compile
from fsm.errors import BadInput
from fsm.expressions import Clock, Expr, Formula, walk
from fsm.machine import Machine
from fsm.parameters import NamedProfile
from fsm.properties import Modality, Property
from fsm.system import Each, System, as_system, inherited
from fsm.trace import Trace, replay
from fsm.words import phrase
from fsm.verification import spacer
from fsm.verification.deadlines import Timing
from fsm.verification.encoding.build import conj, disj, equal, negated, of_value
from fsm.verification.encoding.lean import lean
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.induction import Failure, Induction, Kept
from fsm.verification.profiles import last_step, suggest
from fsm.verification.recovery import lost_states, show_recoverable
from fsm.verification.search import BUDGET, Found, Goal, is_exact, search
from fsm.verification.timers import unblocked
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["Report", "Verifier", "verify"]

QUICK = 1_000
"""How many snapshots are searched for a counterexample before Spacer, which is slow, looks for an invariant."""


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
        profile: the named profile it speaks of; None for every value of every parameter.
    """

    system: System
    name: str
    doc: str
    kind: str
    verdicts: tuple[Verdict, ...]
    definition: tuple[Verdict, ...]
    assumptions: tuple[tuple[str, str], ...]
    covers: str
    profile: NamedProfile | None = None

    def expects_refutation(self, claim: Property) -> bool:
        """Whether the page says that the claim does not hold in this profile."""
        return self.profile is not None and self.profile.name in claim.refuted_in

    @property
    def all(self) -> tuple[Verdict, ...]:
        return (*self.definition, *self.verdicts)


def verify(
    target: Machine | System,
    *,
    profile: NamedProfile | None = None,
    definition: bool = True,
    progress: Callable[[str], None] = lambda sentence: None,
) -> Report:
    """Decide every property of a machine or system and check its definition.

    Args:
        profile: fixes some parameters for the properties; the definition is checked for every value.
        definition: whether to check the definition.
        progress: told each property's sentence before it is looked at.
    """
    from fsm.verification.definitions import definition_claims

    system = as_system(target)
    named = {param.name for param in system.parameters}
    fixed = {} if profile is None else {name: value for name, value in profile.values.items() if name in named}
    checks: list[Verdict] = []
    for check in definition_claims(target, Verifier(system)) if definition else ():
        progress(check.claim.sentence)
        checks.append(check)
    verifier = Verifier(system, fixed)
    verdicts: list[Verdict] = []
    for claim in system.properties:
        progress(claim.sentence)
        verdicts.append(verifier.decide(claim))
    kind = "machine" if isinstance(target, Machine) else "system"
    assumptions = tuple((one.name, phrase(one.that)) for one in system.all_assumptions)
    return Report(system, target.name, target.doc, kind, tuple(verdicts), tuple(checks), assumptions, verifier.covers, profile)


class Verifier:
    """The engines of one system, each made when first needed."""

    def __init__(self, system: System, fixed: Mapping[str, Any] | None = None) -> None:
        self.system = system
        self.fixed = dict(fixed or {})
        self._engines: dict[tuple[tuple[str, Any], ...], Engine] = {}

    @cached_property
    def induction(self) -> Induction | Unencodable:
        """The invariants of the counting encoding, or what it cannot say of this system."""
        try:
            counting = lean(self.system, self.fixed)
            candidates = dict(counting.order)
            for claim in self.system.properties:
                if claim.modality is Modality.ALWAYS and not reads_clock(claim.formula):
                    candidates[claim.sentence] = counting.state(claim.formula)
            for part in self.system.parts:
                for claim in inherited(part):
                    own = any(claim.sentence == one.sentence for one in self.system.properties)
                    if claim.modality is Modality.ALWAYS and not own and not reads_clock(claim.formula):
                        candidates[f"{part.name}: {claim.sentence}"] = counting.state(claim.formula)
            return Induction(counting, candidates)
        except Unencodable as refused:
            return refused

    @cached_property
    def timing(self) -> Timing | None:
        """The clocked proofs, where there is nothing but `one` parts."""
        return None if any(isinstance(part, Each) for part in self.system.parts) else Timing(self.system, self.fixed)

    @cached_property
    def unblocked(self) -> Kept | Failure:
        """Whether nothing can stand in the way of a timer: what claims about time rest on."""
        return unblocked(self.induction) if isinstance(self.induction, Induction) else Failure("the encoding", {}, self.induction.what)

    def engine(self, profile: dict[str, Any]) -> Engine:
        """The system compiled under a profile, once."""
        whole = {**profile, **self.fixed}
        key = tuple(sorted(whole.items(), key=repr))
        if key not in self._engines:
            self._engines[key] = compile(self.system, whole)
        return self._engines[key]

    @property
    def covers(self) -> str:
        """For what a symbolic proof holds, in words."""
        names = ", ".join(param.name for param in self.system.parameters if param.name not in self.fixed)
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
        shown = self._show_timed(claim) if timed else self._show_untimed(claim)
        if isinstance(shown, Proved):
            return shown
        trace = self._counterexample(claim, shown, QUICK)
        if trace is None:
            invariant = self._show_by_spacer(claim, shown)
            if isinstance(invariant, Proved):
                return invariant
            trace = self._counterexample(claim, shown, BUDGET)
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
            shown = induction.show_step(partial(induction.counting.step, claim.formula))
            return self._proved(claim, "induction, event by event", shown)
        return self._proved(claim, "induction", induction.show_always(claim.sentence))

    def _show_by_spacer(self, claim: Property, failed: Failure) -> Proved | None:
        """An invariant that induction did not have, for an `always` that no short run breaks."""
        induction = self.induction
        if not isinstance(induction, Induction) or claim.sentence not in induction.candidates or failed.where == "start":
            return None
        found = spacer.show_always(induction.counting, induction.assumptions, induction.candidates[claim.sentence])
        if isinstance(found, Failure):
            return None
        every = frozenset(f"rule:{rule.name}" for rule in self.system.rules) | frozenset(induction.assumptions)
        proved = self._proved(claim, "Spacer found an invariant; which rules it uses was not told apart", Kept(every))
        return proved if isinstance(proved, Proved) else None

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

    def _counterexample(self, claim: Property, failed: Failure, budget: int) -> Trace | None:
        for profile in self._profiles(claim, failed):
            engine = self.engine(profile)
            found = search(engine, {claim.sentence: _goal(claim, engine)}, budget)
            if claim.sentence in found.traces:
                return found.traces[claim.sentence]
        return None

    def _profiles(self, claim: Property, failed: Failure) -> Iterator[dict[str, Any]]:
        """The profiles worth searching: one that the failed step suggests, then the default."""
        wanted = self._suggested_by_step(claim)
        if wanted is not None:
            yield wanted
        yield from self._given(failed)
        yield from self._allowed({})

    def _given(self, failed: Failure) -> Iterator[dict[str, Any]]:
        """The profile of a failure, where it tells one."""
        named = {param.name: param for param in self.system.parameters}
        given = {name: _typed(named[name], value) for name, value in failed.state.items() if name in named}
        if given:
            yield from self._allowed(given)

    def _suggested_by_step(self, claim: Property) -> dict[str, Any] | None:
        """Under which some step may break the claim."""
        induction = self.induction
        if not isinstance(induction, Induction) or claim.modality is Modality.WITHIN or reads_clock(claim.formula):
            return None
        if claim.modality is Modality.ALWAYS:
            return suggest(induction, last_step(induction, negated(induction.candidates[claim.sentence])))
        steps = [
            conj((broken, *induction.rules(one).values()))
            for one in induction.counting.occurrences
            if (broken := induction.broken_by(partial(induction.counting.step, claim.formula), one)) is not None
        ]
        return suggest(induction, disj(steps))

    def _allowed(self, profile: dict[str, Any]) -> Iterator[dict[str, Any]]:
        try:
            self.engine(profile)
        except BadInput:
            return
        yield profile

    def _exhaust(self, claim: Property) -> Proved | None:
        """Exact where everything is finite: no clocks, no parameters, and the search comes to an end."""
        if not is_exact(self.system) or claim.modality is Modality.WITHIN:
            return None
        engine = self.engine({})
        found = search(engine, {claim.sentence: _goal(claim, engine)})
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
            if profile is not None:
                by_profile.setdefault(repr(profile), (profile, {}))[1][name] = goal
        traces: dict[str, Trace] = {}
        for profile, asked in by_profile.values():
            traces.update(search(self.engine(profile), asked).traces)
        return traces

    def _suggested(self, formula: Formula) -> dict[str, Any] | None:
        induction = self.induction
        if isinstance(induction, Unencodable) or reads_clock(formula):
            return {}
        return suggest(induction, last_step(induction, induction.counting.state(formula)))

    def _decide_reachable(self, claim: Property) -> Verdict:
        if claim.sentence in self.witnesses:
            trace = self.witnesses[claim.sentence]
            return Proved(claim, f"{_run(trace)}, replayed", "this run", witness=trace)
        induction = self.induction
        if isinstance(induction, Induction) and not reads_clock(claim.formula):
            shown = induction.show_implied(negated(induction.counting.state(claim.formula)))
            if isinstance(shown, Kept):
                rules = tuple(rule.name for rule in self.system.rules if f"rule:{rule.name}" in shown.used)
                return Refuted(claim, "the invariants exclude it, for " + self.covers, rules=rules)
        found = self._search_all({claim.sentence: Goal(claim.formula)})
        if found is not None and found.complete and is_exact(self.system):
            return Refuted(claim, f"none of all {found.snapshots} snapshots, up to renaming of keys")
        return Unknown(claim, "no run was found, and nothing shows that there is none")

    def _search_all(self, goals: dict[str, Goal]) -> Found | None:
        return None if self.system.parameters else search(self.engine({}), goals)

    def _decide_recoverable(self, claim: Property) -> Verdict:
        induction = self.induction
        if isinstance(induction, Unencodable):
            why = f"the encoding cannot say {induction.what}"
        elif reads_clock(claim.formula):
            why = "the goal reads the time in state"
        else:
            rank = show_recoverable(induction, claim.formula)
            if not isinstance(rank, Failure):
                argument = f"a rank that {' or '.join(rank.events)} lowers: {' + '.join(f'{weight} × {name}' for name, weight in rank.weights) or '0'}"
                proved = self._proved(claim, argument, Kept(rank.used))
                assert isinstance(proved, Proved)
                return proved
            for lost in (self._excluded(claim, induction, rank), self._lost(claim, induction)):
                if lost is not None:
                    return lost
            why = _tried(rank)
        trap = self._trap(claim)
        if trap is not None:
            return trap
        return Unknown(claim, why)

    def _excluded(self, claim: Property, induction: Induction, failed: Failure) -> Verdict | None:
        """A profile under which the invariants exclude the goal: then nothing leads there from the start."""
        for profile in self._given(failed):
            fixed = conj(equal(term, of_value(profile[name])) for name, term in induction.counting.params.items() if name in profile)
            shown = induction.show_implied(negated(conj((fixed, induction.counting.state(claim.formula)))))
            if isinstance(shown, Kept):
                rules = tuple(rule.name for rule in self.system.rules if f"rule:{rule.name}" in shown.used)
                return Refuted(claim, "the invariants exclude it in this profile", replay(self.engine(profile), ()), rules)
        return None

    def _lost(self, claim: Property, induction: Induction) -> Verdict | None:
        """A run into a state from which no transition at all leads to the goal."""
        for part, states in lost_states(induction, claim.formula):
            names = " or ".join(state.name for state in states)
            trace = self.find({names: Goal(part.inside(*states))}).get(names)
            if trace is not None:
                return Refuted(claim, f"after {_run(trace)} no transition of {part.name} leads there any more", trace)
        return None

    def _trap(self, claim: Property) -> Verdict | None:
        """Exact where everything is finite: a snapshot from which the goal cannot be reached, or none."""
        from fsm.verification.traps import find_trap

        if not is_exact(self.system):
            return None
        found = find_trap(self.engine({}), claim.formula)
        if found is None:
            return None
        if found.trace is None:
            return Proved(claim, f"enumeration of all {found.snapshots} snapshots, up to renaming of keys", "every run")
        return Refuted(claim, f"after {_run(found.trace)} nothing leads there", found.trace)


def _goal(claim: Property, engine: Engine) -> Goal:
    """What a run that breaks the claim shows."""
    if claim.modality is Modality.WITHIN:
        from fsm.interpret import interpret

        assert claim.duration is not None
        return Goal(claim.formula, premise=claim.premise, duration=interpret(claim.duration, params=engine.params))
    return Goal(claim.formula, wanted=False, of_steps=claim.modality is Modality.EACH_STEP)


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
    from fsm.domains import Enumeration

    if isinstance(param.domain, Enumeration) and isinstance(value, int):
        return list(param.domain.members)[value]
    return value


def reads_clock(expr: Expr[Any]) -> bool:
    """Whether a formula speaks of the time in state."""
    return any(isinstance(node, Clock) for node in walk(expr))
