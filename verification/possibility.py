"""Deciding what must be possible: `reachable`, by a run that shows it, and `recoverable`, by a rank.

Refuted where the invariants exclude the goal, where a run leads to what nothing leads out of, or
where all there is was met.
"""

from __future__ import annotations

from functools import partial

from fsm.claims import counts_effects
from fsm.engine import compile
from fsm.errors import BadInput
from fsm.expressions import Const, Formula
from fsm.properties import Property
from fsm.system import One
from fsm.trace import replay
from fsm.verification.ask import No
from fsm.verification.encoding.build import conj, equal, negated
from fsm.verification.encoding.terms import Unencodable, of_value
from fsm.verification.induction import Failure, Induction, Kept
from fsm.verification.recovery import lost_states, show_recoverable
from fsm.verification.safety import given_by, tried
from fsm.verification.profiles import suggest
from fsm.verification.search import BUDGET, Goal, is_exact, reads_clock
from fsm.verification.traps import find_trap
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict
from fsm.verification.verifier import Verifier, steps_of

__all__ = ["decide_can_happen", "decide_reachable", "decide_recoverable"]


def decide_reachable(verifier: Verifier, claim: Property) -> Verdict:
    """The verdict on a `reachable`."""
    if claim.sentence in verifier.witnesses:
        trace = verifier.witnesses[claim.sentence]
        return Proved(claim, f"{steps_of(trace)}, replayed", "this run", witness=trace)
    induction = verifier.induction
    if isinstance(induction, Induction) and not reads_clock(claim.formula):
        shown = induction.show_implied(negated(induction.counting.state(claim.formula)))
        if isinstance(shown, Kept):
            return Refuted(claim, f"the invariants exclude it, for {verifier.covers}", rules=verifier.rules(shown))
        if isinstance(verifier.suggested(claim.formula), No):
            return Refuted(claim, f"no step leads there, for {verifier.covers}")
    if is_exact(verifier.system, claim.formula):
        found = verifier.search({}, {claim.sentence: Goal(claim.formula)})
        if found.complete:
            return Refuted(claim, f"none of all {found.snapshots} snapshots, up to renaming of keys")
    return Unknown(claim, "no run was found, and nothing shows that there is none")


def decide_can_happen(verifier: Verifier, claim: Property, budget: int = BUDGET) -> Verdict:
    """The verdict on a `can_happen`: by a run whose last step is such a step, or where no step from the invariants is."""
    never = ~claim.formula
    goal = {claim.sentence: Goal(never, of_steps=True)}
    induction = verifier.induction
    profiles = [dict(verifier.fixed)]
    if isinstance(induction, Induction) and not reads_clock(claim.formula):
        step = partial(induction.counting.step, never)
        shown = induction.show_step(step)
        if isinstance(shown, Kept):
            return Refuted(claim, f"no step is such, for {verifier.covers}", rules=verifier.rules(shown))
        wanted = suggest(induction, induction.breaking(step))
        profiles = [*([] if isinstance(wanted, No) else [wanted]), *profiles]
    for profile in profiles:
        trace = verifier.search(profile, goal, budget).traces.get(claim.sentence)
        if trace is not None:
            return Proved(claim, f"{steps_of(trace)}, replayed", "this run", witness=trace)
    return Unknown(claim, "no run was found, and nothing shows that there is none")


def decide_recoverable(verifier: Verifier, claim: Property) -> Verdict:
    """The verdict on a `recoverable`."""
    induction = verifier.induction
    if isinstance(induction, Unencodable):
        why = f"the encoding cannot say {induction.what}"
    elif reads_clock(claim.formula):
        why = "the goal reads the time in state"
    elif reads_clock(_region(claim)):
        why = "the region reads the time in state"
    else:
        rank = show_recoverable(induction, claim.formula, wherever=claim.premise, waits=isinstance(verifier.unblocked, Kept))
        if not isinstance(rank, Failure):
            argument = f"a rank that {' or '.join(rank.events)} lowers: {' + '.join(f'{weight} × {name}' for name, weight in rank.weights) or '0'}"
            return verifier.proved(claim, argument, Kept(rank.used))
        if claim.premise is None:
            for lost in (_excluded(verifier, claim, induction, rank), _lost(verifier, claim, induction)):
                if lost is not None:
                    return lost
        why = tried(rank)
    trap = _trap(verifier, claim)
    return Unknown(claim, why) if trap is None else trap


def _excluded(verifier: Verifier, claim: Property, induction: Induction, failed: Failure) -> Verdict | None:
    """The invariants exclude the goal under the profile where the rank failed: then nothing leads there from the start."""
    profile = given_by(verifier, failed)
    try:
        engine = verifier.engine(profile)
    except BadInput:
        return None
    fixed = [equal(term, of_value(engine.params[name])) for name, term in induction.counting.params.items()]
    shown = induction.show_implied(negated(conj((*fixed, induction.counting.state(claim.formula)))))
    if isinstance(shown, Failure):
        return None
    return Refuted(claim, "in this profile the invariants exclude it", replay(engine, ()), verifier.rules(shown))


def _lost(verifier: Verifier, claim: Property, induction: Induction) -> Verdict | None:
    """A run into a state from which no transition at all leads to the goal."""
    for part, states in lost_states(induction, claim.formula):
        names = " or ".join(state.name for state in states)
        trace = verifier.find({names: Goal(part.inside(*states) if isinstance(part, One) else part.any(*states))}).get(names)
        if trace is not None:
            return Refuted(claim, f"after {steps_of(trace)} no transition of {part.name} leads there any more", trace)
    return None


def _trap(verifier: Verifier, claim: Property) -> Verdict | None:
    """Exact where everything is finite: a snapshot from which the goal cannot be reached, or none."""
    read = (claim.formula, _region(claim))
    if not is_exact(verifier.system, *read) or any(map(counts_effects, read)):
        return None
    found = find_trap(compile(verifier.system), claim.formula, claim.premise)
    if found is None:
        return None
    if found.trace is None:
        return Proved(claim, f"enumeration of all {found.snapshots} snapshots, up to renaming of keys", "every run")
    return Refuted(claim, f"after {steps_of(found.trace)} nothing leads there", found.trace)


def _region(claim: Property) -> Formula:
    """From where the goal must be reachable: everywhere unless the claim says otherwise."""
    return Const(True) if claim.premise is None else claim.premise
