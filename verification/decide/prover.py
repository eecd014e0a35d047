"""The engines of one system, each made once, when first needed, and what they share: the profiles compiled and the runs found.

Which of them answers which property is in `decide`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from functools import cached_property, partial
from typing import Any

from fsm.errors import BadInput, WiresOverlap
from fsm.language.composition import inherited
from fsm.language.parts import Each
from fsm.language.properties import Modality, Property
from fsm.language.system import System
from fsm.runtime.engine import Engine, compile
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.certificates.theory import Theory, met_by, theory_of
from fsm.verification.decide.profiles import last_step, suggest
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.slicing import lean, whole
from fsm.verification.encoding.terms import equal, negated, number
from fsm.verification.encoding.translation import Unencodable
from fsm.verification.engines.induction import Failure, Induction, Kept
from fsm.verification.engines.timed_induction import Timing
from fsm.verification.engines.unblocked import unblocked
from fsm.verification.evidence import Evidence, How
from fsm.verification.search.breadth_first import BUDGET, Found, search
from fsm.verification.search.goal import POSSIBLE, Goal, goal_of, reads_clock
from fsm.verification.search.witness import meets
from fsm.verification.solver import No
from fsm.verification.verdict import THIS_VERSION, Proved

__all__ = ["Prover", "steps_of"]

NEAR = 300
"""How many snapshots the first search for steps meets."""


class Prover:
    """The engines of one system.

    Args:
        system: what is looked at.
        fixed: values of parameters that a profile fixes.
        known: runs to what shall be reachable, by sentence, met under other values: tried before any search.
        processes: how many slow engines may work at once; 1 for none but this process.
        every: whether every engine is asked, also after one has answered, to see that they agree.

    Attributes:
        runs: every run that a search found, with the engine it was replayed by.
    """

    def __init__(
        self,
        system: System,
        fixed: Mapping[str, Any] | None = None,
        known: Mapping[str, Trace] | None = None,
        *,
        processes: int = 1,
        every: bool = False,
    ) -> None:
        self.system = system
        self.fixed = dict(fixed or {})
        self.known = dict(known or {})
        self.processes, self.every = processes, every
        self.runs: list[tuple[Engine, Trace]] = []
        self._engines: dict[tuple[tuple[str, Any], ...], Engine] = {}

    @cached_property
    def induction(self) -> Induction | Unencodable:
        """The invariants of the counting encoding, or what it cannot say of this system."""
        try:
            counting = self.counting()
            candidates = {**dict(counting.order), **dict(_never(counting))}
            claims = [(claim.sentence, claim) for claim in self.system.properties]
            claims += [
                (f"{part.name}: {claim.sentence}", claim) for part in self.system.parts for claim in inherited(part)
            ]
            said: set[str] = set()
            for name, claim in claims:
                if claim.modality is Modality.ALWAYS and claim.sentence not in said and not reads_clock(claim.formula):
                    candidates[name] = counting.state(claim.formula)
                    said.add(claim.sentence)
            return Induction(counting, candidates)
        except Unencodable as refused:
            return refused

    def counting(self) -> Counting:
        """The encoding that is asked.

        Raises:
            Unencodable: it cannot say something of this system.
        """
        return lean(self.system, self.fixed)

    @cached_property
    def timing(self) -> Timing | None:
        """The clocked proofs, where there is nothing but `one` parts."""
        return None if any(isinstance(part, Each) for part in self.system.parts) else Timing(self.system, self.fixed)

    @cached_property
    def unblocked(self) -> Kept | Failure:
        """Whether nothing can stand in the way of a timer: what claims about time rest on."""
        return (
            unblocked(self.induction)
            if isinstance(self.induction, Induction)
            else Failure("the encoding", {}, self.induction.what)
        )

    @property
    def covers(self) -> str:
        """For what a symbolic proof holds, in words."""
        if self.fixed:
            return THIS_VERSION
        return self._every("every version and every value of every parameter" if self.system.profiles else None)

    @property
    def leaves_open(self) -> str:
        """For what a symbolic proof in this version holds, in words."""
        return self._every(None)

    def _every(self, values: str | None) -> str:
        names = ", ".join(param.name for param in self.system.parameters if param.name not in self.fixed)
        keys = [f"any number of {part.name}" for part in self.system.parts if isinstance(part, Each)]
        return " and ".join([*([values or f"every value of {names}"] if names else []), *keys]) or "every run"

    def engine(self, profile: Mapping[str, Any]) -> Engine:
        """The system compiled under a profile, once.

        Raises:
            BadInput: the assumptions rule this profile out.
        """
        whole = {**profile, **self.fixed}
        key = tuple(sorted(whole.items(), key=repr))
        if key not in self._engines:
            self._engines[key] = compile(self.system, whole)
        return self._engines[key]

    def search(self, profile: Mapping[str, Any], goals: dict[str, Goal], budget: int = BUDGET) -> Found:
        """A search under a profile; one that the assumptions rule out has no runs."""
        try:
            engine = self.engine(profile)
        except BadInput:
            return Found({}, 0, False)
        found = search(engine, goals, budget)
        self.runs += [(engine, trace) for trace in found.traces.values()]
        return found

    def find(self, goals: dict[str, Goal]) -> dict[str, Trace]:
        """Runs to formulas over snapshots or steps, as many as are found, with one search for each profile that they suggest.

        Steps are looked for under the defaults first: most are near, and to suggest a profile costs more than to look.
        """
        steps = {name: goal for name, goal in goals.items() if goal.of_steps}
        traces: dict[str, Trace] = dict(self.search({}, steps, NEAR).traces) if steps else {}
        by_profile: dict[str, tuple[dict[str, Any], dict[str, Goal]]] = {}
        for name, goal in goals.items():
            if name in traces:
                continue
            profile = self.suggested(goal)
            if not isinstance(profile, No):
                by_profile.setdefault(repr(profile), (profile, {}))[1][name] = goal
        for profile, asked in by_profile.values():
            traces.update(self.search(profile, asked).traces)
        return traces

    def suggested(self, goal: Goal) -> dict[str, Any] | No:
        """A profile under which some step may lead to what is looked for; No when none does under any."""
        induction = self.induction
        if isinstance(induction, Unencodable) or reads_clock(goal.formula):
            return {}
        if goal.of_steps:
            return suggest(induction, induction.breaking(partial(induction.counting.step, goal.formula)))
        return suggest(induction, last_step(induction, induction.counting.state(goal.formula)))

    def prepare(self) -> None:
        """Find what all properties share: the invariants, and what is true of timers."""
        for shared in ("induction", "timing", "unblocked"):
            getattr(self, shared)

    def only(self, claim: Property) -> Prover:
        """This one, for whom no other property need be shown to be reachable; what is known is shared."""
        alone = copy(self)
        if claim.modality in POSSIBLE and "witnesses" not in vars(self):
            alone.witnesses = self.find({claim.sentence: goal_of(claim)})
        return alone

    @cached_property
    def witnesses(self) -> dict[str, Trace]:
        """Runs to what shall be reachable and what can happen."""
        goals = {one.sentence: goal_of(one) for one in self.system.properties if one.modality in POSSIBLE}
        again = {
            name: run
            for name, goal in goals.items()
            if name in self.known and (run := self.again(self.known[name], goal)) is not None
        }
        return {**again, **self.find({name: goal for name, goal in goals.items() if name not in again})}

    def again(self, run: Trace, goal: Goal) -> Trace | None:
        """The same events here, where they can be taken and show the goal once more."""
        try:
            engine = self.engine(dict(run.profile))
            again = replay(engine, run.events)
        except (BadInput, EventRefused, TimeStopped, WiresOverlap):
            return None
        return again if meets(engine, again, goal) else None

    def evidence(self, how: How, used: Iterable[str], waits: bool = False, **more: Any) -> Evidence:
        """What a proof by induction hands over.

        Args:
            used: names of facts, lemmas among them.
            waits: the proof also rests on it that nothing stands in the way of a timer.
        """
        induction = self.induction
        assert isinstance(induction, Induction)
        timers = self.unblocked.used if waits and isinstance(self.unblocked, Kept) else frozenset()
        called = {name: self.theory.name_of(name, induction.candidates[name]) for name in induction.candidates}

        def named(names: Iterable[str]) -> tuple[str, ...]:
            return tuple(called[name] for name in induction.candidates if name in set(names))

        proofs = {called[name]: named(uses) for name, uses in induction.proofs([*used, *timers]).items()}
        return Evidence(how, named(used), proofs, timers=named(timers), met=self.theory.met, **more)

    @cached_property
    def theory(self) -> Theory:
        """The declaration as certificates say it, where the engines leave out what they found empty."""
        assert isinstance(self.induction, Induction)
        met = met_by(self.induction.counting, whole(self.system, self.fixed))
        return theory_of(self.system, self.fixed, met)

    def proved(self, claim: Property, argument: str, shown: Kept, evidence: Evidence | None = None) -> Proved:
        """A verdict with what its proof rests on."""
        assumptions = tuple(name.removeprefix("assume:") for name in sorted(shown.used) if name.startswith("assume:"))
        lemmas = tuple(one.sentence for one in self.system.properties if one.sentence in shown.used)
        return Proved(claim, argument, self.covers, self.rules(shown), lemmas, assumptions, evidence=evidence)

    def rules(self, shown: Kept) -> tuple[str, ...]:
        """The names of the rules that a proof uses."""
        return tuple(rule.name for rule in self.system.rules if f"rule:{rule.name}" in shown.used)


def _never(counting: Counting) -> Iterator[tuple[str, Any]]:
    """That a part is never in a state: candidates, which those that can be reached do not survive."""
    for part, (state, _, _) in counting.ones.items():
        yield from (
            (f"{part.name} is never {one.name}", negated(equal(state, number(place))))
            for place, one in enumerate(part.machine.states)
        )


def steps_of(trace: Trace) -> str:
    """How long a run is, in words."""
    many = len(trace.steps)
    return "a run of no step" if many == 0 else "a run of one step" if many == 1 else f"a run of {many} steps"
