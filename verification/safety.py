"""Deciding what must never happen: `always`, `each_step`, `within`.

Induction first; then a short search for a run that breaks the claim; then Spacer, which is slow,
for an invariant; then a long search; then, where everything is finite, all there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from fsm.domains import Enumeration
from fsm.interpret import interpret
from fsm.properties import Modality, Property
from fsm.trace import Trace
from fsm.verification import spacer
from fsm.verification.ask import No
from fsm.verification.encoding.build import negated
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.induction import Failure, Induction, Kept
from fsm.verification.profiles import last_step, suggest
from fsm.verification.search import BUDGET, Goal, is_exact, reads_clock
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict
from fsm.verification.verifier import Verifier, steps_of

__all__ = ["decide_safety", "given_by", "tried"]

QUICK = 1_000
"""How many snapshots the short search meets."""


def decide_safety(verifier: Verifier, claim: Property, *, slowly: bool = True) -> Verdict:
    """The verdict on an `always`, `each_step` or `within`.

    Args:
        slowly: also by what takes long: Spacer, a long search, all there is.
    """
    timed = claim.modality is Modality.WITHIN or reads_clock(claim.formula)
    if claim.premise is not None and (reads_clock(claim.premise) or reads_clock(claim.formula)):
        return Unknown(claim, "the stopwatch of a bounded response cannot start or stop by the time in state", "Compare the time in state in always(...).")
    shown = _show_timed(verifier, claim) if timed else _show_untimed(verifier, claim)
    if isinstance(shown, Proved):
        return shown
    trace = _counterexample(verifier, claim, shown, QUICK)
    if trace is None and slowly:
        invariant = None if timed else _show_by_spacer(verifier, claim, shown)
        if invariant is not None:
            return invariant
        trace = _counterexample(verifier, claim, shown, BUDGET)
    if trace is not None:
        return Refuted(claim, f"{steps_of(trace)}, replayed", trace)
    exact = _exhaust(verifier, claim) if slowly else None
    if exact is not None:
        return exact
    return Unknown(claim, tried(shown), "Add the property that rules this state out, if it cannot be reached.")


def _show_untimed(verifier: Verifier, claim: Property) -> Proved | Failure:
    induction = verifier.induction
    if isinstance(induction, Unencodable):
        return Failure("the encoding", {}, f"it cannot say {induction.what}")
    steps = claim.modality is Modality.EACH_STEP
    shown = induction.show_step(partial(induction.counting.step, claim.formula)) if steps else induction.show_always(claim.sentence)
    if isinstance(shown, Failure):
        return shown
    return verifier.proved(claim, "induction, event by event" if steps else "induction", shown)


def _show_by_spacer(verifier: Verifier, claim: Property, failed: Failure) -> Proved | None:
    """An invariant that induction did not have, for an `always`."""
    induction = verifier.induction
    if not isinstance(induction, Induction) or claim.sentence not in induction.candidates or failed.where == "start":
        return None
    found = spacer.show_always(induction.counting, induction.assumptions, induction.candidates[claim.sentence])
    if isinstance(found, Failure):
        return None
    every = frozenset(f"rule:{rule.name}" for rule in verifier.system.rules) | frozenset(induction.assumptions)
    return verifier.proved(claim, "Spacer found an invariant; which rules it uses was not told apart", Kept(every))


def _show_timed(verifier: Verifier, claim: Property) -> Proved | Failure:
    timing = verifier.timing
    if timing is None:
        return Failure("the encoding", {}, "it cannot speak of the time in state where there are many instances; declare the claim on the machine")
    if isinstance(verifier.unblocked, Failure):
        return Failure("the timers", verifier.unblocked.state, f"something may stand in the way of a timer ({verifier.unblocked.where})")
    show = {Modality.ALWAYS: timing.show_always, Modality.EACH_STEP: timing.show_step, Modality.WITHIN: timing.show_within}
    shown = show[claim.modality](claim)
    return shown if isinstance(shown, Failure) else verifier.proved(claim, "induction with the clock", shown)


def _counterexample(verifier: Verifier, claim: Property, failed: Failure, budget: int) -> Trace | None:
    seen: list[dict[str, Any]] = []
    for profile in _profiles(verifier, claim, failed):
        if profile not in seen:
            seen.append(profile)
            found = verifier.search(profile, {claim.sentence: _goal(verifier, claim, profile)}, budget)
            if claim.sentence in found.traces:
                return found.traces[claim.sentence]
    return None


def _profiles(verifier: Verifier, claim: Property, failed: Failure) -> Iterator[dict[str, Any]]:
    """The profiles worth searching: under which some step may break the claim, that of the failed step, the default."""
    induction = verifier.induction
    if isinstance(induction, Induction) and claim.modality is not Modality.WITHIN and not reads_clock(claim.formula):
        wanted = suggest(induction, _breaks(induction, claim))
        if not isinstance(wanted, No):
            yield wanted
    yield given_by(verifier, failed)
    yield dict(verifier.fixed)


def _breaks(induction: Induction, claim: Property) -> Any:
    """Some step breaks the claim."""
    if claim.modality is Modality.ALWAYS:
        return last_step(induction, negated(induction.candidates[claim.sentence]))
    return induction.breaking(partial(induction.counting.step, claim.formula))


def given_by(verifier: Verifier, failed: Failure) -> dict[str, Any]:
    """The profile that a failure tells."""
    named = {param.name: param for param in verifier.system.parameters}
    return {**{name: _typed(named[name], value) for name, value in failed.state.items() if name in named}, **verifier.fixed}


def _typed(param: Any, value: object) -> Any:
    """A value of the solver as a value of a parameter."""
    if isinstance(param.domain, Enumeration) and isinstance(value, int):
        return list(param.domain.members)[value]
    return value


def _goal(verifier: Verifier, claim: Property, profile: dict[str, Any]) -> Goal:
    """What a run that breaks the claim shows."""
    if claim.duration is None:
        return Goal(claim.formula, wanted=False, of_steps=claim.modality is Modality.EACH_STEP)
    params = {param.name: {**profile, **verifier.fixed}.get(param.name, param.default) for param in verifier.system.parameters}
    return Goal(claim.formula, premise=claim.premise, duration=interpret(claim.duration, params=params))


def _exhaust(verifier: Verifier, claim: Property) -> Proved | None:
    """Exact where everything is finite: no clocks, no parameters, and the search comes to an end."""
    if claim.modality is Modality.WITHIN or not is_exact(verifier.system, claim.formula):
        return None
    found = verifier.search({}, {claim.sentence: _goal(verifier, claim, {})})
    if not found.complete:
        return None
    return Proved(claim, f"enumeration of all {found.snapshots} snapshots, up to renaming of keys", "every run")


def tried(failed: Failure) -> str:
    """Where a proof stopped, in words."""
    if failed.reason:
        return f"{failed.where}: {failed.reason}"
    shown = ", ".join(f"{name} = {value}" for name, value in failed.state.items()) or "the one where everything is zero"
    return f"{failed.where} fails from a state that may be unreachable: {shown}"
