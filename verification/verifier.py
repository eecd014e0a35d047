"""The engines of one system, each made when first needed, and which of them decides which property.

Which engine answers is fixed by the kind of property and the order in `safety` and `possibility`,
never by which is faster, so that two runs print the same report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from fsm.engine import Engine, compile
from fsm.errors import BadInput
from fsm.expressions import Formula
from fsm.properties import Modality, Property
from fsm.system import Each, System, inherited
from fsm.trace import Trace
from fsm.verification.ask import No
from fsm.verification.deadlines import Timing
from fsm.verification.encoding.build import equal, negated, number
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.lean import lean
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.induction import Failure, Induction, Kept
from fsm.verification.profiles import last_step, suggest
from fsm.verification.search import BUDGET, Found, Goal, reads_clock, search
from fsm.verification.timers import unblocked
from fsm.verification.verdict import Proved, Verdict

__all__ = ["Verifier", "steps_of"]


class Verifier:
    """The engines of one system.

    Args:
        system: what is looked at.
        fixed: values of parameters that a profile fixes.
    """

    def __init__(self, system: System, fixed: Mapping[str, Any] | None = None) -> None:
        self.system = system
        self.fixed = dict(fixed or {})
        self._engines: dict[tuple[tuple[str, Any], ...], Engine] = {}

    def decide(self, claim: Property) -> Verdict:
        """The verdict on one property."""
        from fsm.verification.possibility import decide_can_happen, decide_reachable, decide_recoverable
        from fsm.verification.safety import decide_safety

        match claim.modality:
            case Modality.ALWAYS | Modality.EACH_STEP | Modality.WITHIN:
                return decide_safety(self, claim)
            case Modality.REACHABLE:
                return decide_reachable(self, claim)
            case Modality.RECOVERABLE:
                return decide_recoverable(self, claim)
            case Modality.CAN_HAPPEN:
                return decide_can_happen(self, claim)

    @cached_property
    def induction(self) -> Induction | Unencodable:
        """The invariants of the counting encoding, or what it cannot say of this system."""
        try:
            counting = lean(self.system, self.fixed)
            candidates = {**dict(counting.order), **dict(_never(counting))}
            claims = [(claim.sentence, claim) for claim in self.system.properties]
            claims += [(f"{part.name}: {claim.sentence}", claim) for part in self.system.parts for claim in inherited(part)]
            said: set[str] = set()
            for name, claim in claims:
                if claim.modality is Modality.ALWAYS and claim.sentence not in said and not reads_clock(claim.formula):
                    candidates[name] = counting.state(claim.formula)
                    said.add(claim.sentence)
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

    @property
    def covers(self) -> str:
        """For what a symbolic proof holds, in words."""
        names = ", ".join(param.name for param in self.system.parameters if param.name not in self.fixed)
        keys = [f"any number of {part.name}" for part in self.system.parts if isinstance(part, Each)]
        return " and ".join([*([f"every value of {names}"] if names else []), *keys]) or "every run"

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
        return search(engine, goals, budget)

    def find(self, goals: dict[str, Goal]) -> dict[str, Trace]:
        """Runs to formulas over snapshots, as many as are found, with one search for each profile that they suggest."""
        by_profile: dict[str, tuple[dict[str, Any], dict[str, Goal]]] = {}
        for name, goal in goals.items():
            profile = self.suggested(goal.formula)
            if not isinstance(profile, No):
                by_profile.setdefault(repr(profile), (profile, {}))[1][name] = goal
        traces: dict[str, Trace] = {}
        for profile, asked in by_profile.values():
            traces.update(self.search(profile, asked).traces)
        return traces

    def suggested(self, formula: Formula) -> dict[str, Any] | No:
        """A profile under which a formula over snapshots may become true; No when it cannot under any."""
        induction = self.induction
        if isinstance(induction, Unencodable) or reads_clock(formula):
            return {}
        return suggest(induction, last_step(induction, induction.counting.state(formula)))

    @cached_property
    def witnesses(self) -> dict[str, Trace]:
        """Runs to the formulas that shall be reachable."""
        return self.find({one.sentence: Goal(one.formula) for one in self.system.properties if one.modality is Modality.REACHABLE})

    def proved(self, claim: Property, argument: str, shown: Kept) -> Proved:
        """A verdict with what its proof rests on."""
        assumptions = tuple(name.removeprefix("assume:") for name in sorted(shown.used) if name.startswith("assume:"))
        lemmas = tuple(one.sentence for one in self.system.properties if one.sentence in shown.used)
        return Proved(claim, argument, self.covers, self.rules(shown), lemmas, assumptions)

    def rules(self, shown: Kept) -> tuple[str, ...]:
        """The names of the rules that a proof uses."""
        return tuple(rule.name for rule in self.system.rules if f"rule:{rule.name}" in shown.used)


def _never(counting: Counting) -> Iterator[tuple[str, Any]]:
    """That a part is never in a state: candidates, which those that can be reached do not survive."""
    for part, (state, _, _) in counting.ones.items():
        yield from ((f"{part.name} is never {one.name}", negated(equal(state, number(place)))) for place, one in enumerate(part.machine.states))


def steps_of(trace: Trace) -> str:
    """How long a run is, in words."""
    many = len(trace.steps)
    return "a run of no step" if many == 0 else "a run of one step" if many == 1 else f"a run of {many} steps"
