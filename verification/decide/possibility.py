"""Deciding what must be possible: `reachable` and `can_happen`, by a run that shows it, and `recoverable`, by a rank.

Refuted where the invariants exclude the goal, where a run leads to what nothing leads out of, or
where all there is was met.
"""

from __future__ import annotations

from functools import partial

from fsm.errors import BadInput
from fsm.language.expressions import Const, Formula
from fsm.language.parts import One
from fsm.language.properties import Property
from fsm.runtime.engine import Engine
from fsm.semantics.satisfaction import counts_effects
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.decide.lost import lost_for_good
from fsm.verification.decide.profiles import fewest
from fsm.verification.decide.prover import NEAR, Prover, steps_of
from fsm.verification.decide.safety import given_by, tried
from fsm.verification.encoding.quantities import bounds_wanted
from fsm.verification.encoding.terms import Unencodable, conj, equal, negated
from fsm.verification.encoding.translation import of_value
from fsm.verification.engines.induction import Failure, Induction, Kept
from fsm.verification.engines.ranks.ranking import find_rank, lost_states
from fsm.verification.evidence import Evidence, How
from fsm.verification.search.clocks import reads_clock
from fsm.verification.search.dead_ends import find_dead_end
from fsm.verification.search.goal import Goal, goal_of, is_exact
from fsm.verification.search.traps import find_trap
from fsm.verification.solver import No
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["decide_can_happen", "decide_reachable", "decide_recoverable", "show_recoverable"]

Looked = tuple[Engine, int]
"""Under which profile, and how many snapshots are met there."""


def decide_reachable(prover: Prover, claim: Property) -> Verdict:
    """The verdict on a `reachable`."""
    run = prover.witness(claim)
    if run is not None:
        return _shown(prover, claim, run)
    induction = prover.induction
    if isinstance(induction, Induction) and not reads_clock(claim.formula):
        shown = induction.show_implied(negated(induction.counting.state(claim.formula)))
        if isinstance(shown, Kept):
            evidence = prover.evidence(How.IMPLIED, shown.used)
            return Refuted(
                claim, f"the invariants exclude it, for {prover.covers}", rules=prover.rules(shown), evidence=evidence
            )
        excluded = prover.suggested(goal_of(claim))
        if isinstance(excluded, No):
            evidence = prover.evidence(How.IMPLIED, excluded.used)
            return Refuted(claim, f"no step leads there, for {prover.covers}", evidence=evidence)
    return _exhausted(prover, claim)


def decide_can_happen(prover: Prover, claim: Property) -> Verdict:
    """The verdict on a `can_happen`: by a run that takes such a step, or where no step from the invariants is one."""
    run = prover.witness(claim)
    if run is not None:
        return _shown(prover, claim, run)
    goal = goal_of(claim)
    induction = prover.induction
    if isinstance(induction, Induction) and not reads_clock(claim.formula):
        shown = induction.show_step(partial(induction.counting.step, goal.formula))
        if isinstance(shown, Kept):
            evidence = prover.evidence(How.STEPS, shown.used)
            return Refuted(claim, f"no step is such, for {prover.covers}", rules=prover.rules(shown), evidence=evidence)
    return _exhausted(prover, claim)


def _shown(prover: Prover, claim: Property, trace: Trace) -> Proved:
    return Proved(
        claim,
        f"{steps_of(trace)}, replayed",
        "this run",
        witness=trace,
        evidence=Evidence(How.RUNS, runs={prover.fact(claim): trace}),
    )


def _exhausted(prover: Prover, claim: Property) -> Verdict:
    """Exact where everything is finite: it is nowhere."""
    if is_exact(prover.system, claim.formula):
        found = prover.search({}, {claim.sentence: goal_of(claim)})
        if found.complete:
            evidence = Evidence(How.ENUMERATION, snapshots=found.snapshots)
            argument = f"none of all {found.snapshots} snapshots, up to renaming of keys"
            return Refuted(claim, argument, evidence=evidence)
    return Unknown(claim, "no run was found, and nothing shows that there is none")


def decide_recoverable(prover: Prover, claim: Property) -> Verdict:
    """The verdict on a `recoverable`."""
    shown = show_recoverable(prover, claim)
    by_lemmas = prover.by_lemmas(show_recoverable, claim) if isinstance(shown, Failure) else shown
    if by_lemmas is not None:
        return by_lemmas
    assert isinstance(shown, Failure), "what is shown has been returned"
    induction = prover.induction
    if isinstance(induction, Induction) and claim.premise is None and not reads_clock(claim.formula):
        for lost in (_excluded(prover, claim, induction, shown), _lost(prover, claim, induction)):
            if lost is not None:
                return lost
    found = _trap(prover, claim, shown)
    if not isinstance(found, list):
        return found
    far = [(engine, many) for engine, many in found if many > NEAR]
    ended = _dead_end(claim, [(engine, NEAR) for engine, _ in found])
    ended = _for_good(prover, claim, shown) if ended is None else ended
    ended = _dead_end(claim, far) if ended is None else ended
    return Unknown(claim, tried(shown), bounds_wanted(shown.state)) if ended is None else ended


def show_recoverable(prover: Prover, claim: Property) -> Proved | Failure:
    """The proof by a rank."""
    induction = prover.induction
    if isinstance(induction, Unencodable):
        return Failure("", {}, f"the encoding cannot say {induction.what}")
    if reads_clock(claim.formula):
        return Failure("", {}, "the goal reads the time in state")
    if reads_clock(_region(claim)):
        return Failure("", {}, "the region reads the time in state")
    rank = find_rank(induction, claim.formula, wherever=claim.premise, waits=isinstance(prover.unblocked, Kept))
    if isinstance(rank, Failure):
        return rank
    argument = f"a rank that {' or '.join(rank.events)} lowers: {' + '.join(f'{weight} × {name}' for name, weight in rank.weights) or '0'}"
    evidence = prover.evidence(How.RANK, rank.used, rank.waits, weights=rank.at, lowered_by=rank.lowered_by)
    return prover.proved(claim, argument, Kept(rank.used), evidence)


def _excluded(prover: Prover, claim: Property, induction: Induction, failed: Failure) -> Verdict | None:
    """The invariants exclude the goal under the profile where the rank failed: then nothing leads there from the start."""
    profile = given_by(prover, failed)
    try:
        engine = prover.engine(profile)
    except BadInput:
        return None
    fixed = [equal(term, of_value(engine.params[param.name])) for param, term in induction.counting.params.items()]
    shown = induction.show_implied(negated(conj((*fixed, induction.counting.state(claim.formula)))))
    if isinstance(shown, Failure):
        return None
    evidence = prover.evidence(How.IMPLIED, shown.used)
    return Refuted(
        claim, "in this profile the invariants exclude it", replay(engine, ()), prover.rules(shown), evidence
    )


def _lost(prover: Prover, claim: Property, induction: Induction) -> Verdict | None:
    """A run into a state from which no transition at all leads to the goal."""
    for part, states in lost_states(induction, claim.formula):
        names = " or ".join(state.name for state in states)
        trace = prover.find({names: Goal(part.inside(*states) if isinstance(part, One) else part.any(*states))}).get(
            names
        )
        if trace is not None:
            return Refuted(claim, f"after {steps_of(trace)} no transition of {part.name} leads there any more", trace)
    return None


def _trap(prover: Prover, claim: Property, failed: Failure) -> Verdict | list[Looked]:
    """A run to where all that happens leads nowhere else, exact where everything is finite; else where there is more than was gone through."""
    read = (claim.formula, _region(claim))
    if any(map(counts_effects, read)):
        return []
    params = [param.name for param in prover.system.parameters]
    finite = is_exact(prover.system, *read, fixed=params)
    left: list[Looked] = []
    for profile, many in prover.profiles(given_by(prover, failed)):
        engine = prover.engine(profile)
        found = find_trap(engine, claim.formula, claim.premise) if finite else None
        if found is None:
            left.append((engine, many))
        elif found.trace is not None:
            return Refuted(claim, f"after {steps_of(found.trace)} nothing leads there", found.trace)
        elif not params:
            return Proved(
                claim,
                f"enumeration of all {found.snapshots} snapshots, up to renaming of keys",
                "every run",
                evidence=Evidence(How.ENUMERATION, snapshots=found.snapshots),
            )
    return left


def _dead_end(claim: Property, where: list[Looked]) -> Refuted | None:
    """A run to where nothing happens at all."""
    for engine, many in where:
        trace = find_dead_end(engine, claim.formula, claim.premise, many).trace
        if trace is not None:
            return Refuted(claim, f"after {steps_of(trace)} nothing can happen any more", trace)
    return None


def _for_good(prover: Prover, claim: Property, failed: Failure) -> Refuted | None:
    """A run to where something that nothing takes away excludes the goal: where there are fewest, under what the failure suggests, and by default."""
    induction = prover.induction
    if isinstance(induction, Unencodable) or any(map(reads_clock, (claim.formula, _region(claim)))):
        return None
    if counts_effects(_region(claim)):
        return None
    for profile in prover.allowed((fewest(prover.system, prover.fixed), given_by(prover, failed), {})):
        run = lost_for_good(induction, prover.engine(profile), claim.formula, claim.premise)
        if run is not None:
            return Refuted(claim, f"after {steps_of(run)} nothing leads there any more, whatever happens", run)
    return None


def _region(claim: Property) -> Formula:
    """From where the goal must be reachable: everywhere unless the claim says otherwise."""
    return Const(True) if claim.premise is None else claim.premise
