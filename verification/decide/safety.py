"""Deciding what must never happen: `always`, `each_step`, `within`.

Induction first; then a short search for a run that breaks the claim. What is slow is asked together
(`portfolio`): k-induction, Spacer for an invariant, where everything is finite all there is; a long search
for a run, and a bounded one for any profile.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from fsm.language.parts import Each
from fsm.language.properties import Modality, Property
from fsm.semantics.satisfaction import counts_effects
from fsm.traces.trace import Trace
from fsm.traces.violation import breach
from fsm.verification.decide.minimisation import plainest
from fsm.verification.decide.portfolio import Work, first_of
from fsm.verification.decide.profiles import few_profiles, last_step, suggest
from fsm.verification.decide.prover import Prover, steps_of
from fsm.verification.encoding.quantities import ParameterOf, bounds_wanted, state_in_words
from fsm.verification.encoding.terms import Unencodable, negated
from fsm.verification.engines import spacer
from fsm.verification.engines.by_types import types_say, types_say_of_steps
from fsm.verification.engines.clocks.each_clock import broken_by_one, is_of_each_instance
from fsm.verification.engines.clocks.timed_induction import TimedProof
from fsm.verification.engines.induction import Failure, Induction, Kept, Longer
from fsm.verification.engines.k_induction import show_by_k
from fsm.verification.engines.strengthening import closing
from fsm.verification.evidence import Evidence, How
from fsm.verification.facts import FactId, Of
from fsm.verification.search import bounded
from fsm.verification.search.breadth_first import BUDGET, Found
from fsm.verification.search.clocks import reads_clock
from fsm.verification.search.goal import breach_of, is_exact
from fsm.verification.solver import No
from fsm.verification.verdict import TYPES_ALONE, Proved, Refuted, Unknown, Verdict

__all__ = ["decide_safety", "given_by", "show_safety", "tried"]

HERE = ("k-induction",)
"""What takes a tenth of a second where a process takes a third to begin."""
PROVERS = ("induction", "k-induction", "Spacer", "enumeration")
QUICK = 1_000
"""How many snapshots the short search meets."""


def decide_safety(prover: Prover, claim: Property, *, slowly: bool = True) -> Verdict:
    """The verdict on an `always`, `each_step` or `within`.

    Args:
        slowly: also by what takes long: k-induction, Spacer, long searches, all there is.
    """
    shown, timed = show_safety(prover, claim), _timed(claim)
    if isinstance(shown, Proved) and not prover.every:
        return shown
    failed = Failure("nothing", {}) if isinstance(shown, Proved) else shown
    profiles = _profiles(prover, claim, failed)
    for profile in () if prover.every else profiles:
        found = _search(prover, claim, profile, QUICK)
        if found is not None:
            return found
    if not slowly:
        return Unknown(claim, tried(failed))
    show_more = _show_left if timed else _show_clocked
    clocked = show_more(prover, claim) if isinstance(shown, Failure) else None
    if isinstance(clocked, Proved) and not prover.every:
        return clocked
    by_lemmas = prover.by_lemmas(show_safety, claim) if isinstance(shown, Failure) and not prover.every else None
    if by_lemmas is not None:
        return by_lemmas
    verdict = first_of(prover, claim, _engines(prover, claim, shown, profiles, timed=timed), PROVERS, HERE)
    if isinstance(verdict, Proved | Refuted):
        return verdict
    for profile in few_profiles(prover.system, prover.fixed) if timed and not prover.every else ():
        found = _search(prover, claim, profile, QUICK) if profile not in profiles else None
        if found is not None:
            return found
    why = tried(failed) if verdict is None else f"{tried(failed)}; {verdict.why}"
    return Unknown(claim, why, _hint(prover, claim, failed))


def _engines(
    prover: Prover, claim: Property, shown: Proved | Failure, profiles: list[dict[str, Any]], *, timed: bool
) -> dict[str, Work]:
    """The engines in order of preference; of those that show a claim and of those that refute it apart."""
    works: dict[str, Work] = {}
    if isinstance(shown, Proved):
        works["induction"] = lambda: shown
    elif not timed:
        works["k-induction"] = partial(_show_by_k, prover, claim, shown)
    if not timed:
        works["bounded search"] = partial(_bounded, prover, claim)
    if isinstance(shown, Failure) and not timed:
        works["Spacer"] = partial(_show_by_spacer, prover, claim, shown)
    for place, profile in enumerate(profiles, start=1):
        works[f"search {place}"] = partial(_search, prover, claim, profile, BUDGET)
    works["enumeration"] = partial(_exhaust, prover, claim)
    return works


def _bounded(prover: Prover, claim: Property) -> Verdict | None:
    """A shortest run under any profile; where there is none within the bound, that and no more."""
    if counts_effects(claim.formula):
        return None
    try:
        found = bounded.search_bounded(prover.system, claim, prover.fixed, steps=bounded.STEPS)
    except Unencodable:
        return None
    if found.trace is not None:
        return _refuted(prover, claim, found.trace)
    keys = f", {found.keys} keys" if any(isinstance(part, Each) for part in prover.system.parts) else ""
    return Unknown(
        claim, f"bounded, k = {found.steps}{keys}: no run breaks it{f'; then {found.why}' if found.why else ''}"
    )


def show_safety(prover: Prover, claim: Property) -> Proved | Failure:
    """The proof by induction, with the clock where the claim speaks of time."""
    return _show_timed(prover, claim) if _timed(claim) else _show_untimed(prover, claim)


def _timed(claim: Property) -> bool:
    return claim.modality is Modality.WITHIN or reads_clock(claim.formula)


def _show_untimed(prover: Prover, claim: Property) -> Proved | Failure:
    induction = prover.induction
    if isinstance(induction, Unencodable):
        return Failure("the encoding", {}, f"it cannot say {induction.what}")
    steps = claim.modality is Modality.EACH_STEP
    try:
        shown = (
            induction.show_step(partial(induction.counting.step, claim.formula))
            if steps
            else induction.show_always(prover.fact(claim))
        )
    except Unencodable as refused:
        return Failure("the encoding", {}, f"it cannot say {refused.what}")
    if isinstance(shown, Failure):
        return shown
    if steps:
        said = types_say_of_steps(induction.counting, claim.formula)
        argument = TYPES_ALONE if said else "induction, event by event"
        return prover.proved(claim, argument, shown, prover.evidence(How.STEPS, shown.used))
    said = types_say(induction.counting, induction.candidates[prover.fact(claim)])
    argument = TYPES_ALONE if said else "induction"
    return prover.proved(claim, argument, shown, prover.evidence(How.INVARIANT, {prover.fact(claim)}))


def _show_by_k(prover: Prover, claim: Property, failed: Failure) -> Proved | None:
    """Induction over several states in a row, for an `always`."""
    induction = prover.induction
    if not isinstance(induction, Induction) or prover.fact(claim) not in induction.candidates or failed.at_start:
        return None
    shown = show_by_k(induction, prover.fact(claim))
    if not isinstance(shown, Longer):
        return None
    return prover.proved(
        claim, f"{shown.k}-induction", Kept(shown.used), prover.evidence(How.LONGER, shown.used, k=shown.k)
    )


def _hint(prover: Prover, claim: Property, failed: Failure) -> str:
    """What would close the step that fails, where Z3 finds it."""
    induction = prover.induction
    found = ""
    if (
        isinstance(induction, Induction)
        and prover.fact(claim) in induction.candidates
        and not failed.at_start
        and not failed.reason
    ):
        found = closing(induction, prover.fact(claim), failed)
    return (
        found or bounds_wanted(failed.state) or "Add the property that rules this state out, if it cannot be reached."
    )


def _show_by_spacer(prover: Prover, claim: Property, failed: Failure) -> Proved | None:
    """An invariant that induction did not have, for an `always`."""
    induction = prover.induction
    if not isinstance(induction, Induction) or prover.fact(claim) not in induction.candidates or failed.at_start:
        return None
    found = spacer.show_always(
        induction.counting, induction.assumptions.values(), induction.candidates[prover.fact(claim)]
    )
    if isinstance(found, Failure):
        return None
    every = frozenset(FactId(Of.RULE, (place,)) for place, _ in enumerate(prover.system.rules))
    return prover.proved(
        claim,
        "Spacer found an invariant; which rules it uses was not told apart",
        Kept(every | frozenset(induction.assumptions)),
        Evidence(How.FOUND, formula=found.formula),
    )


def _show_timed(prover: Prover, claim: Property) -> Proved | Failure:
    if is_of_each_instance(claim):
        return _show_of_each(prover, claim)
    timing = prover.timing
    if isinstance(timing, Unencodable):
        return Failure("the encoding", {}, f"it cannot say {timing.what}")
    if isinstance(prover.unblocked, Failure):
        return _stopped(prover.unblocked)
    return by_clock(prover, claim, timing.show(claim), "induction with the clock")


def _show_left(prover: Prover, claim: Property) -> Proved | Failure | None:
    """The proof of a bounded response by what is left of it; None of any other claim, and where nothing is said of time."""
    timing = prover.timing
    if (
        claim.modality is not Modality.WITHIN
        or isinstance(timing, Unencodable)
        or isinstance(prover.unblocked, Failure)
    ):
        return None
    return by_clock(prover, claim, timing.count_down(claim), "induction with the clock, and with what is left")


def by_clock(prover: Prover, claim: Property, shown: TimedProof | Failure, argument: str) -> Proved | Failure:
    """The verdict by a proof with clocks, where there is one."""
    if isinstance(shown, Failure):
        return shown
    induction = prover.induction
    lemmas = induction.with_lemmas(shown.used) if isinstance(induction, Induction) else shown.used
    evidence = prover.evidence(How.CLOCK, lemmas, True, clock=shown.lemmas)
    return prover.proved(claim, argument, Kept(lemmas), evidence)


def _show_of_each(prover: Prover, claim: Property) -> Proved | Failure:
    """That of each of many instances: one is followed, and its timers have fired in time; what the others do is counted."""
    induction = prover.induction
    if isinstance(induction, Unencodable):
        return Failure("the encoding", {}, f"it cannot say {induction.what}")
    if isinstance(prover.unblocked, Failure):
        return _stopped(prover.unblocked)
    shown = induction.show_implied(negated(broken_by_one(induction.counting, claim)))
    if isinstance(shown, Failure):
        return shown
    evidence = prover.evidence(How.CLOCK, shown.used, True)
    return prover.proved(claim, "induction with the clock of each instance", shown, evidence)


def _stopped(failed: Failure) -> Failure:
    return Failure("the timers", failed.state, f"something may stand in the way of a timer ({failed.where})")


def _show_clocked(prover: Prover, claim: Property) -> Proved | Failure | None:
    """The proof with clocks of a claim that reads none, but may hold because of durations; None where there are no timers."""
    if not any(part.machine.timed_events for part in prover.system.parts) or counts_effects(claim.formula):
        return None
    return _show_timed(prover, claim)


def _search(prover: Prover, claim: Property, profile: dict[str, Any], budget: int) -> Refuted | None:
    """A shortest run that breaks the claim under a profile, if there is one within the budget."""
    trace = _sought(prover, claim, profile, budget).traces.get(claim.sentence)
    if trace is None:
        return None
    return _refuted(prover, claim, plainest(prover.system, prover.fixed, claim, trace))


def _sought(prover: Prover, claim: Property, profile: dict[str, Any], budget: int) -> Found:
    """What a search for a run that breaks the claim found; whoever asks whether it saw all there is asks for the same."""
    values = {param.name: param.default for param in prover.system.parameters} | profile | prover.fixed
    key = claim, tuple(values.items()), budget
    if key not in prover.sought:
        prover.sought[key] = prover.search(profile, {claim.sentence: breach_of(claim, values)}, budget)
    return prover.sought[key]


def _refuted(prover: Prover, claim: Property, trace: Trace) -> Refuted:
    """The same words whichever engine has met the run: timers that go on at the instant of the damage are no part of it."""
    broken = breach(prover.engine(dict(trace.profile)), claim, trace)
    assert broken is not None, "a run that was replayed and breaks nothing"
    after = len(broken.trace.steps)
    between = "" if after == len(trace.steps) else f"; broken after step {after}, between two timers of one instant"
    return Refuted(claim, f"{steps_of(trace)}, replayed{between}", trace)


def _profiles(prover: Prover, claim: Property, failed: Failure) -> list[dict[str, Any]]:
    """The profiles worth searching: under which some step may break the claim, that of the failed step, the default."""
    found = [given_by(prover, failed), dict(prover.fixed)]
    induction = prover.induction
    if isinstance(induction, Induction) and claim.modality is not Modality.WITHIN and not reads_clock(claim.formula):
        with suppress(Unencodable):
            wanted = suggest(induction, _breaks(induction, claim))
            if not isinstance(wanted, No):
                found.insert(0, wanted)
    return [profile for place, profile in enumerate(found) if profile not in found[:place]]


def _breaks(induction: Induction, claim: Property) -> Any:
    """Some step breaks the claim."""
    if claim.modality is Modality.ALWAYS:
        return last_step(induction, negated(induction.counting.state(claim.formula)))
    return induction.breaking(partial(induction.counting.step, claim.formula))


def given_by(prover: Prover, failed: Failure) -> dict[str, Any]:
    """The profile that a failure tells."""
    return {
        **{of.param.name: value for of, value in failed.state.items() if isinstance(of, ParameterOf)},
        **prover.fixed,
    }


def _exhaust(prover: Prover, claim: Property) -> Proved | None:
    """Exact where everything is finite: no clocks, no parameters, and the search comes to an end."""
    if claim.modality is Modality.WITHIN or not is_exact(prover.system, claim.formula):
        return None
    found = _sought(prover, claim, {}, BUDGET)
    if not found.complete:
        return None
    return Proved(
        claim,
        f"enumeration of all {found.snapshots} snapshots, up to renaming of keys",
        "every run",
        evidence=Evidence(How.ENUMERATION, snapshots=found.snapshots),
    )


def tried(failed: Failure) -> str:
    """Where a proof stopped, in words."""
    if failed.reason:
        return f"{failed.where}: {failed.reason}" if failed.where else failed.reason
    return f"{failed.where} fails from a state that may be unreachable: {state_in_words(failed.state)}"
