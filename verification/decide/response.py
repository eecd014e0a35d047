"""Deciding what must come in the end, on every fair run: `leads_to`.

First a rank that fair events lower, which holds for every value of the parameters; then a fair run
that goes round for ever without the goal, among the first snapshots of each profile worth looking at,
then among as many as the budget allows; where everything is finite and every parameter fixed, that there is none.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import product
from typing import Any

from fsm.errors import BadInput
from fsm.language.expressions import Formula
from fsm.language.printing import key_in_words
from fsm.language.properties import Modality, Property
from fsm.semantics.satisfaction import counts_effects
from fsm.traces.trace import Trace
from fsm.verification.decide.prover import Prover
from fsm.verification.decide.safety import QUICK, given_by, tried
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.engines.clocks.timed_induction import TimedProof, in_the_end
from fsm.verification.engines.induction import Failure, Induction, Kept
from fsm.verification.engines.ranks.progress import Pending, ProgressProof, show_progress
from fsm.verification.engines.ranks.timely import TIMELY, show_timely
from fsm.verification.evidence import Evidence, How
from fsm.verification.search.breadth_first import BUDGET
from fsm.verification.search.fair.cycles import Asked, Cycles, find_cycle
from fsm.verification.search.goal import Goal, is_exact
from fsm.verification.solver import No
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["decide_leads_to", "show_leads_to"]


def decide_leads_to(prover: Prover, claim: Property) -> Verdict:
    """The verdict on a `leads_to`."""
    shown = show_leads_to(prover, claim)
    by_lemmas = prover.by_lemmas(show_leads_to, claim) if isinstance(shown, Failure) else shown
    if by_lemmas is not None:
        return by_lemmas
    assert isinstance(shown, Failure), "what is shown has been returned"
    for show in (_show_by_time, _show_timely):
        by_time = show(prover, claim)
        if by_time is not None:
            return by_time
    if counts_effects(_start(claim)) or counts_effects(claim.formula):
        return Unknown(
            claim, tried(shown), "Runs that go on for ever are not looked for where the formula counts effects."
        )
    profiles = list(_profiles(prover, claim, shown))
    for budget, profile in product((QUICK, BUDGET), profiles):
        found = _cycles(prover, claim, profile, budget)
        if found is not None and found.trace is not None:
            return Refuted(claim, f"{_lasso(found.trace, found.key)}, replayed", found.trace)
        if (
            found is not None
            and found.complete
            and is_exact(prover.system, _start(claim), claim.formula, fixed=prover.fixed, timeless=True)
        ):
            argument = f"enumeration of all {found.snapshots} snapshots, up to renaming of keys: no fair run keeps away"
            return Proved(
                claim, argument, _covers(prover), evidence=Evidence(How.ENUMERATION, snapshots=found.snapshots)
            )
    return Unknown(claim, tried(shown), _hint(prover, claim))


def _hint(prover: Prover, claim: Property) -> str:
    """What may decide what is open, of those that are owed something by themselves first."""
    if claim.modality is not Modality.EACH_LEADS_TO and any(one.key for one in claim.fair):
        return "What each instance is owed by itself proves what is claimed of each, leads_to(..., each=...): here name the class of the event as well."
    if claim.modality is not Modality.EACH_LEADS_TO:
        return (
            "Name in fair=(...) the events that callers do not put off, or add the property that rules this state out."
        )
    if not is_exact(prover.system, _start(claim), claim.formula, fixed=prover.fixed, timeless=True):
        return "Of each instance it is proved where its own timers bring it whatever is sent, or by enumeration: where nothing keeps time, fields have few values, the part has a limit and parameters have values (--set)."
    if any(one.key for one in claim.fair):
        return "A fair run was found for the one alone, and none that gives all others what they are owed: name the class of such an event as well."
    return "There is more to look at than the budget allows: give the part a lower limit (at_most)."


def show_leads_to(prover: Prover, claim: Property) -> Proved | Failure:
    """The proof by a rank."""
    if claim.modality is Modality.EACH_LEADS_TO:
        return Failure("a rank", {}, "none is looked for where a claim follows each instance by itself")
    induction = prover.induction
    if isinstance(induction, Unencodable):
        return Failure("the encoding", {}, f"it cannot say {induction.what}")
    shown = show_progress(induction, _start(claim), claim.formula, claim.fair, waits=isinstance(prover.unblocked, Kept))
    if isinstance(shown, Failure):
        return shown
    evidence = prover.evidence(
        How.PROGRESS,
        shown.used,
        shown.waits,
        weights=shown.at,
        lowered_by=shown.lowered_by,
        pending=shown.pending,
    )
    return prover.proved(claim, _argument(shown), Kept(shown.used), evidence)


def _show_by_time(prover: Prover, claim: Property) -> Proved | None:
    """The proof that it comes in time, whatever anybody sends: time grows beyond every bound."""
    if claim.modality is Modality.EACH_LEADS_TO:
        return _show_each_by_time(prover, claim)
    shown, induction = _by_time(prover, claim), prover.induction
    if shown is None or isinstance(induction, Unencodable):
        return None
    lemmas = induction.with_lemmas(shown.used)
    evidence = prover.evidence(How.CLOCK, lemmas, True, clock=shown.lemmas)
    return prover.proved(claim, "timers bring it in bounded time, whatever is sent", Kept(lemmas), evidence)


def _by_time(prover: Prover, claim: Property) -> TimedProof | None:
    """The same as what the clocks say."""
    bounded, timing = in_the_end(prover.system, claim), prover.timing
    if bounded is None or isinstance(timing, Unencodable) or isinstance(prover.unblocked, Failure):
        return None
    try:
        shown = timing.show(bounded)
        shown = timing.count_down(bounded) if isinstance(shown, Failure) else shown
    except Unencodable:
        return None
    return None if isinstance(shown, Failure) else shown


def _show_each_by_time(prover: Prover, claim: Property) -> Proved | None:
    """The same of each of many instances: one is followed by itself, to which anything may be sent."""
    one = prover.followed(claim)
    if one is None or isinstance(prover.unblocked, Failure) or not isinstance(prover.induction, Induction):
        return None
    shown, induction = _by_time(one, one.system.properties[0]), one.induction
    if shown is None or isinstance(induction, Unencodable):
        return None
    used = induction.with_lemmas(shown.used)
    clock = (*(fact for fact in induction.candidates if fact in used), *shown.lemmas)
    evidence = prover.evidence(How.CLOCK, (), True, clock=clock)
    return prover.proved(
        claim, "timers of each bring it in bounded time, whatever is sent", Kept(frozenset()), evidence
    )


def _show_timely(prover: Prover, claim: Property) -> Proved | None:
    """The proof by an event that is possible by the time in state."""
    induction = prover.induction
    if isinstance(induction, Unencodable) or claim.modality is Modality.EACH_LEADS_TO:
        return None
    counting, waits = induction.counting, isinstance(prover.unblocked, Kept)
    pending = Pending(induction, counting.state(_start(claim)), counting.state(claim.formula))
    shown = show_timely(pending, claim.fair, waits=waits)
    if isinstance(shown, Failure):
        return None
    evidence = prover.evidence(
        How.PROGRESS, shown.used, waits, weights=shown.at, lowered_by=shown.lowered_by, pending=shown.pending
    )
    return prover.proved(claim, _argument(shown), Kept(shown.used), evidence)


def _argument(shown: ProgressProof) -> str:
    if TIMELY in shown.lowered_by:
        weights = " + ".join(f"{weight} × {name}" for name, weight in shown.weights)
        when = "at every time in state" if shown.lowered_by[-1] == TIMELY else "in the end"
        return f"until then {' or '.join(shown.events)} is possible {when}, and leads there or lowers a rank that nothing raises: {weights or '0'}"
    whose = " or ".join(shown.events) or "time"
    weights = " + ".join(f"{weight} × {name}" for name, weight in shown.weights)
    weights = ", then ".join((*shown.sooner, *([weights] if weights or not shown.sooner else [])))
    return f"until then {whose} stays possible, and leads there or lowers a rank that nothing raises: {weights or '0'}"


def _profiles(prover: Prover, claim: Property, failed: Failure) -> Iterator[dict[str, Any]]:
    """The profiles worth looking at: the default, one under which the premise may hold, that where the rank failed."""
    seen: list[dict[str, Any]] = []
    suggested = prover.suggested(Goal(_start(claim)))
    for profile in (dict(prover.fixed), None if isinstance(suggested, No) else suggested, given_by(prover, failed)):
        if profile is not None and profile not in seen:
            seen.append(profile)
            yield profile


def _cycles(prover: Prover, claim: Property, profile: dict[str, Any], budget: int) -> Cycles | None:
    """What enumeration says of a profile; None of one that the assumptions rule out."""
    try:
        engine = prover.engine(profile)
    except BadInput:
        return None
    return find_cycle(engine, Asked.by(claim), budget)


def _lasso(trace: Trace, key: Hashable) -> str:
    assert trace.loop is not None
    many = len(trace.steps) - trace.loop
    return f"a fair run that goes round for ever after {trace.loop} step{'' if trace.loop == 1 else 's'}, {many} step{'' if many == 1 else 's'} at a time{'' if key is None else f', and {key_in_words(key)} never comes to it'}"


def _covers(prover: Prover) -> str:
    """For what an enumeration holds: the values of the parameters, where there are any."""
    return ", ".join(f"{param.name} = {prover.fixed[param.name]}" for param in prover.system.parameters) or "every run"


def _start(claim: Property) -> Formula:
    assert claim.premise is not None, "leads_to(...) has a premise"
    return claim.premise
