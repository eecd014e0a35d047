"""The engines of one system, each made once, when first needed, and what they share: the profiles compiled and the runs found.

Which of them answers which property is in `decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import Any, TypeVar

from fsm.errors import BadInput, WiresOverlap
from fsm.language.machine import Machine, State
from fsm.language.parts import Each
from fsm.language.properties import POSSIBLE, Modality, Property
from fsm.language.system import System
from fsm.runtime.engine import Engine, prepare
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.certificates.theory import Theory, met_by, of_part, theory_of
from fsm.verification.decide.profiles import corners, last_step, suggest
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.relations import relations
from fsm.verification.encoding.slicing import lean, whole
from fsm.verification.encoding.terms import Unencodable, equal, negated, number
from fsm.verification.engines.clocks.followed import followed
from fsm.verification.engines.clocks.timed_induction import Timing
from fsm.verification.engines.induction import Failure, Induction, Kept, Longer
from fsm.verification.engines.k_induction import show_by_k
from fsm.verification.engines.unblocked import unblocked
from fsm.verification.evidence import Evidence, How
from fsm.verification.facts import FactId, Of
from fsm.verification.search.breadth_first import BUDGET, Found, search
from fsm.verification.search.clocks import reads_clock
from fsm.verification.search.goal import Goal, goal_of
from fsm.verification.search.witness import meets
from fsm.verification.solver import No
from fsm.verification.spans import covers
from fsm.verification.verdict import Proved

__all__ = ["Prover", "steps_of"]

T = TypeVar("T")

NEAR = 300
"""How many snapshots the first search for steps meets."""
FAR = 5_000
"""How many a search for dead ends and traps meets under each likely profile."""


class Prover:
    """The engines of one system.

    Args:
        system: what is looked at.
        fixed: values of parameters that a profile fixes.
        known: runs to what shall be reachable, by sentence, met under other values: tried before any search.
        processes: how many slow engines may work at once; 1 for none but this process.
        every: whether every engine is asked, also after one has answered, to see that they agree.
        alone: whether each claim is decided by itself, of which others know nothing.

    Attributes:
        runs: every run that a search found, with the engine it was replayed by.
        met: runs to what shall be reachable and what can happen, by sentence, as far as they were looked for.
        sought: what was found where a run was sought that breaks a claim, by the values of parameters and the budget.
    """

    def __init__(
        self,
        system: System,
        fixed: Mapping[str, Any] | None = None,
        known: Mapping[str, Trace] | None = None,
        *,
        processes: int = 1,
        every: bool = False,
        alone: bool = False,
    ) -> None:
        self.system = system
        self.fixed = dict(fixed or {})
        self.known = dict(known or {})
        self.processes, self.every, self.alone = processes, every, alone
        self.runs: list[tuple[Engine, Trace]] = []
        self.met: dict[str, Trace] = {}
        self.sought: dict[tuple[Property, tuple[tuple[str, Any], ...], int], Found] = {}
        self._sought: set[str] = set()
        self._engines: dict[tuple[tuple[str, Any], ...], Engine] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """As another process gets it: the declaration, and engines that are made anew."""
        return Prover, (self.system, self.fixed, self.known)

    @cached_property
    def induction(self) -> Induction | Unencodable:
        """The invariants of the counting encoding, or what it cannot say of this system."""
        try:
            counting = self.counting()
            return Induction(counting, _candidates(counting))
        except Unencodable as refused:
            return refused

    @cached_property
    def stronger(self) -> Prover | None:
        """The same engines with the claims as lemmas that states in a row show and single steps do not; None where there are none."""
        induction = self.induction
        if isinstance(induction, Unencodable):
            return None
        left = [fact for fact in induction.candidates if fact.of is Of.CLAIM and fact not in induction.invariants]
        shown = {fact: show_by_k(induction, fact) for fact in left if not induction.failures[fact].reason}
        longer = {fact: one for fact, one in shown.items() if isinstance(one, Longer)}
        if not longer:
            return None
        made = Prover(self.system, self.fixed, self.known, processes=self.processes, every=self.every, alone=self.alone)
        made.__dict__["induction"] = Induction(induction.counting, induction.candidates, longer)
        made.runs, made.met, made._sought, made._engines = self.runs, self.met, self._sought, self._engines
        return made

    def by_lemmas(self, show: Callable[[Prover, Property], Proved | Failure], claim: Property) -> Proved | None:
        """The proof of a claim with those lemmas, where there is one."""
        stronger = self.stronger
        if stronger is None or not isinstance(stronger.induction, Induction):
            return None
        itself = claim in self.system.properties and self.fact(claim) in stronger.induction.longer
        shown = None if itself else show(stronger, claim)
        return shown if isinstance(shown, Proved) else None

    def counting(self) -> Counting:
        """The encoding that is asked.

        Raises:
            Unencodable: it cannot say something of this system.
        """
        return lean(self.system, self.fixed)

    @cached_property
    def timing(self) -> Timing | Unencodable:
        """The clocked proofs, or why there are none."""
        if isinstance(self.induction, Unencodable):
            return self.induction
        try:
            return Timing(self.system, self.fixed, self._known, self.induction.counting)
        except Unencodable as refused:
            return refused

    @property
    def _known(self) -> dict[FactId, Any]:
        """The invariants that are found without clocks."""
        induction = self.induction
        assert isinstance(induction, Induction)
        return {fact: induction.candidates[fact] for fact in induction.invariants}

    @cached_property
    def unblocked(self) -> Kept | Failure:
        """Whether nothing can stand in the way of a timer: what claims about time rest on."""
        return (
            unblocked(self.induction)
            if isinstance(self.induction, Induction)
            else Failure("the encoding", {}, self.induction.what)
        )

    def followed(self, claim: Property) -> Prover | None:
        """The engines of one instance of which something is claimed, by itself; None where it cannot be followed so."""
        alone = followed(self.system, claim)
        return None if alone is None else Prover(alone, self.fixed)

    @property
    def covers(self) -> str:
        """For what a symbolic proof holds, in words."""
        return covers(self.system, self.fixed)

    def engine(self, profile: Mapping[str, Any]) -> Engine:
        """The system compiled under a profile, once.

        Raises:
            BadInput: the assumptions rule this profile out.
        """
        whole = {**profile, **self.fixed}
        key = tuple((one.name, whole[one.name]) for one in self.system.parameters if one.name in whole)
        if key not in self._engines:
            self._engines[key] = prepare(self.system, whole)
        return self._engines[key]

    def search(
        self, profile: Mapping[str, Any], goals: dict[str, Goal], budget: int = BUDGET, *, just_in_time: bool = False
    ) -> Found:
        """A search under a profile; one that the assumptions rule out has no runs."""
        try:
            engine = self.engine(profile)
        except BadInput:
            return Found({}, 0, False)
        found = search(engine, goals, budget, just_in_time=just_in_time)
        self.runs += [(engine, trace) for trace in found.traces.values()]
        return found

    def find(self, goals: dict[str, Goal]) -> dict[str, Trace]:
        """Runs to formulas over snapshots or steps, as many as are found, with one search for each profile that they suggest.

        Steps are looked for under the defaults first: most are near, and to suggest a profile costs more than to look. What
        is excluded under every profile is looked for no further.
        """
        assert all(goal.wanted and goal.premise is None for goal in goals.values()), (
            "a profile is suggested for formulas"
        )
        steps = {name: goal for name, goal in goals.items() if goal.of_steps}
        traces: dict[str, Trace] = dict(self.search({}, steps, NEAR).traces) if steps else {}
        by_profile: dict[tuple[Any, ...], tuple[dict[str, Any], dict[str, Goal]]] = {}
        for name, goal in goals.items():
            if name in traces:
                continue
            profile = self.suggested(goal)
            if not isinstance(profile, No):  # else no run begins there, and no step leads there, under any profile
                by_profile.setdefault(tuple(profile.items()), (profile, {}))[1][name] = goal
        for profile, asked in by_profile.values():
            traces.update(self.search(profile, asked).traces)
        left = {name: goal for _, asked in by_profile.values() for name, goal in asked.items() if name not in traces}
        return traces | self.elsewhere(left)

    def elsewhere(self, missing: dict[str, Goal]) -> dict[str, Trace]:
        """Runs to what no run was found to, under the defaults and at the corners: a profile is suggested by states that may be unreachable; at last just before timers, too."""
        traces: dict[str, Trace] = {}
        wanted = missing
        for profile, _ in self.profiles() if wanted and self.system.parameters else ():
            traces |= self.search(profile, wanted, NEAR).traces
            wanted = {name: goal for name, goal in missing.items() if name not in traces}
            if not wanted:
                return traces
        if wanted and self._several_timers:
            traces |= self.search({}, wanted, FAR, just_in_time=True).traces
        return traces

    @property
    def _several_timers(self) -> bool:
        """Whether timers of two instances can run at once, so that one may be put off while the other runs on."""
        timed = [part for part in self.system.parts if part.machine.timed_events]
        return len(timed) > 1 or any(isinstance(part, Each) for part in timed)

    def profiles(self, suggested: Mapping[str, Any] | None = None) -> Iterator[tuple[dict[str, Any], int]]:
        """Where runs are looked for, and how many snapshots are met there: under what a solver suggests and the defaults many, few at the corners of the ranges; as far as the assumptions allow them."""
        likely = [{}] if suggested is None else [dict(suggested), {}]
        for profile in self.allowed((*likely, *corners(self.system, self.fixed))):
            yield profile, FAR if profile in likely else NEAR

    def allowed(self, profiles: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Those that the assumptions allow, each once."""
        seen = []
        for profile in profiles:
            try:
                params = self.engine(profile).params
            except BadInput:
                continue
            if params not in seen:
                seen.append(params)
                yield profile

    def suggested(self, goal: Goal) -> dict[str, Any] | No:
        """A profile under which some step may lead to what is looked for; No when none does under any."""
        induction = self.induction
        if isinstance(induction, Unencodable) or reads_clock(goal.formula):
            return {}
        try:
            if goal.of_steps:
                return suggest(induction, induction.breaking(partial(induction.counting.step, goal.formula)))
            return suggest(induction, last_step(induction, induction.counting.state(goal.formula)))
        except Unencodable:
            return {}

    def prepare(self) -> tuple[object, ...]:
        """What all properties share, found once: the invariants, and what is true of timers."""
        return self.induction, self.timing, self.unblocked

    def witness(self, claim: Property) -> Trace | None:
        """A run to what shall be reachable or can happen. With one such claim all are looked for, unless each is decided alone."""
        if claim.sentence not in self._sought and not self.alone:
            self.seek_all()
        if claim.sentence not in self._sought:
            self._seek([claim])
        return self.met.get(claim.sentence)

    def seek_all(self) -> None:
        """Look for runs to all that shall be reachable or can happen, as far as that was not done."""
        self._seek([one for one in self.system.properties if one.modality in POSSIBLE])

    def _seek(self, claims: Iterable[Property]) -> None:
        goals = {one.sentence: goal_of(one) for one in claims if one.sentence not in self._sought}
        self._sought |= goals.keys()
        for name, goal in goals.items():
            if name in self.known and (run := self.again(self.known[name], goal)) is not None:
                self.met[name] = run
        self.met |= self.find({name: goal for name, goal in goals.items() if name not in self.met})

    def again(self, run: Trace, goal: Goal) -> Trace | None:
        """The same events here, where they can be taken and show the goal once more."""
        try:
            engine = self.engine(dict(run.profile))
            again = replay(engine, run.events)
        except (BadInput, EventRefused, TimeStopped, WiresOverlap):
            return None
        return again if meets(engine, again, goal) else None

    def evidence(self, how: How, used: Iterable[FactId], waits: bool = False, **more: Any) -> Evidence:
        """What a proof by induction hands over.

        Args:
            used: facts, lemmas among them.
            waits: the proof also rests on it that nothing stands in the way of a timer.
        """
        induction = self.induction
        assert isinstance(induction, Induction)
        timers = self.unblocked.used if waits and isinstance(self.unblocked, Kept) else frozenset()
        given = frozenset(used)

        def lemmas(facts: frozenset[FactId]) -> tuple[FactId, ...]:
            return tuple(fact for fact in induction.candidates if fact in facts)

        proofs = induction.proofs(given | timers)
        return Evidence(how, lemmas(given), proofs, timers=lemmas(timers), met=self.theory.met, **more)

    @cached_property
    def theory(self) -> Theory:
        """The declaration as certificates say it, where the engines leave out what they found empty."""
        assert isinstance(self.induction, Induction)
        met = met_by(self.induction.counting, whole(self.system, self.fixed))
        return theory_of(self.system, self.fixed, met)

    def proved(self, claim: Property, argument: str, shown: Kept, evidence: Evidence | None = None) -> Proved:
        """A verdict with what its proof rests on."""
        return Proved(
            claim,
            argument,
            self.covers,
            self.rules(shown),
            tuple(one.sentence for one in self._used(shown, Of.CLAIM, self.system.properties)),
            tuple(one.name for one in self._used(shown, Of.ASSUMPTION, self.system.all_assumptions)),
            shown.used,
            evidence=evidence,
        )

    def rules(self, shown: Kept) -> tuple[str, ...]:
        """The names of the rules that a proof uses."""
        return tuple(one.name for one in self._used(shown, Of.RULE, self.system.rules))

    def _used(self, shown: Kept, of: Of, declared: Sequence[T]) -> Iterator[T]:
        return (one for place, one in enumerate(declared) if FactId(of, (place,)) in shown.used)

    def fact(self, claim: Property) -> FactId:
        """A property of the system as a fact."""
        return FactId(Of.CLAIM, (self.system.properties.index(claim),))


def _candidates(counting: Counting) -> dict[FactId, Any]:
    """What may be an invariant: what the encoding suggests, that a state is never met, every `always` of the system and its machines.

    What a machine claims is left out where the system claims the very same of its part.
    """
    system = counting.system
    every = whole(system, counting.fixed)
    found = {**dict(counting.order), **dict(_never(counting)), **dict(relations(counting, every))}
    claims = [(FactId(Of.CLAIM, (place,)), claim) for place, claim in enumerate(system.properties)]
    inner = [(fact, claim) for place, part in enumerate(system.parts) for fact, claim in of_part(place, part)]
    said = set()
    for fact, claim in (*claims, *inner):
        if claim.modality is Modality.ALWAYS and not reads_clock(claim.formula):
            with suppress(Unencodable):  # that claim is left to others; the rest can be shown without it
                term = counting.state(claim.formula)
                if fact.of is Of.CLAIM or term.ast.value not in said:
                    found[fact] = term
                    said.add(term.ast.value)
    return found


def _never(counting: Counting) -> Iterator[tuple[FactId, Any]]:
    """That a part is never in a state: candidates, which those that can be reached do not survive. Where it plainly comes to is none."""
    alone = len(counting.system.parts) == 1 and not counting.system.rules and not counting.system.wires
    for part, (state, _, _) in counting.ones.items():
        met = _plainly_met(part.machine) if alone else set()
        for place, one in enumerate(part.machine.states):
            if one not in met:
                yield FactId(Of.NEVER, (counting.places.parts[part], place)), negated(equal(state, number(place)))


def _plainly_met(machine: Machine) -> set[State]:
    """Where callers bring a machine of its own by lines that nothing guards and no other stands beside."""
    met = [machine.initial]
    for state in met:
        lines = machine.leaving(state)
        for line in lines:
            free = line.guard is None and line.duration is None and [one.event for one in lines].count(line.event) == 1
            if free and line.target is not None and line.target not in met:
                met.append(line.target)
    return set(met)


def steps_of(trace: Trace) -> str:
    """How long a run is, in words."""
    many = len(trace.steps)
    return "a run of no step" if many == 0 else "a run of one step" if many == 1 else f"a run of {many} steps"
