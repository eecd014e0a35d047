"""Checks of a definition that need proofs: states and transitions that are never reached, guards that
overlap, ends that are no ends, timers that something can block.

What it can never say: whether the machine is the right one. These are the mistakes that need no
knowledge of the business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from fsm.language.composition import inherited
from fsm.language.events import event_in_words
from fsm.language.parts import One, Sent
from fsm.language.properties import Modality, Property
from fsm.traces.trace import Trace
from fsm.verification import definition
from fsm.verification.decide.in_range import in_range, with_fields
from fsm.verification.decide.profiles import suggest
from fsm.verification.decide.prover import Prover, steps_of
from fsm.verification.decide.safety import given_by
from fsm.verification.decide.stuck import run_to_dead_end
from fsm.verification.definition import CLAIMS, ENDS, EVENTS, GUARDS, STATES, TIMERS, TRANSITIONS, WIRES
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.quantities import bounds_wanted, state_in_words
from fsm.verification.encoding.terms import Unencodable, conj, disj, negated
from fsm.verification.engines.clocks.timed_induction import TimedProof, Timing
from fsm.verification.engines.induction import Failure, Induction, Kept
from fsm.verification.engines.wellformed import (
    ConditionPair,
    Shown,
    goals_of,
    guard_pairs,
    stuck,
    wire_pairs,
)  # fmt: skip
from fsm.verification.evidence import Evidence, How
from fsm.verification.facts import FactId, Of
from fsm.verification.search.clocks import reads_clock
from fsm.verification.search.dead_ends import find_dead_end, find_stop
from fsm.verification.search.goal import Goal, is_exact
from fsm.verification.solver import GaveUp, No, Yes
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["check", "taken_by"]


def check(prover: Prover, claim: Property) -> Verdict:
    """The verdict on one of these checks."""
    induction = prover.induction
    if not isinstance(induction, Induction):
        return Unknown(claim, f"the encoding cannot say {induction.what}")
    try:
        verdict = _checked(prover, induction, claim)
        if (
            isinstance(verdict, Unknown)
            and prover.stronger is not None
            and isinstance(prover.stronger.induction, Induction)
        ):
            return _checked(prover.stronger, prover.stronger.induction, claim)
        return verdict
    except Unencodable as refused:
        return Unknown(claim, f"the encoding cannot say {refused.what}")


def _checked(prover: Prover, induction: Induction, claim: Property) -> Verdict:
    match claim.sentence:
        case definition.STATES:
            return _reached(prover, induction)
        case definition.TRANSITIONS:
            return _fired(prover, induction)
        case definition.GUARDS:
            return _disjoint_guards(prover, induction)
        case definition.EVENTS:
            return _taken(prover, induction)
        case definition.RANGES:
            return in_range(prover, induction)
        case definition.WIRES:
            return _disjoint_wires(prover, induction)
        case definition.TIMERS:
            return _timers(prover)
        case _:
            return _no_dead_end(prover, induction)


def _reached(prover: Prover, induction: Induction) -> Verdict:
    claim = CLAIMS[STATES]
    goals = goals_of(claim, prover.system)
    runs = _runs(prover.find({str(fact): one.goal for fact, one in goals.items()}), goals)
    never = [
        fact
        for fact, one in goals.items()
        if fact not in runs
        and isinstance(induction.show_implied(negated(induction.counting.state(one.goal.formula))), Kept)
    ]
    return _summed(claim, goals, runs, never, "never reached", _by_lemmas(prover, induction))


def _by_lemmas(prover: Prover, induction: Induction) -> Evidence:
    """That something never is, by all that always holds."""
    return prover.evidence(How.IMPLIED, induction.invariants)


def _runs(traces: Mapping[str, Trace], goals: Iterable[FactId]) -> dict[FactId, Trace]:
    """What was found of what is looked for, in the order of the declaration."""
    return {fact: traces[str(fact)] for fact in goals if str(fact) in traces}


def _fired(prover: Prover, induction: Induction) -> Verdict:
    claim = CLAIMS[TRANSITIONS]
    part = _only(prover)
    lines = {id(line): place for place, line in enumerate(part.machine.transitions)}
    goals = goals_of(claim, prover.system)
    ways: dict[FactId, list[Any]] = {fact: [] for fact in goals}
    for occurrence in induction.counting.occurrences:
        for branch in occurrence.branches:
            for line in branch.transitions:
                for source in line.sources:
                    fact = FactId(Of.LINE, (lines[id(line)], part.machine.states.index(source)))
                    here = induction.counting.state(part.inside(source))
                    ways[fact].append(conj((here, taken_by(occurrence, branch))))
    return _by_ways(claim, prover, induction, ways, goals, "never fires")


def _taken(prover: Prover, induction: Induction) -> Verdict:
    claim = CLAIMS[EVENTS]
    goals = goals_of(claim, prover.system)
    ways: dict[FactId, list[Any]] = {fact: [] for fact in goals}
    for one in induction.counting.occurrences:
        fact = FactId(Of.EVENT, (induction.counting.places.events[one.event],))
        ways[fact] += [taken_by(one, branch) for branch in one.branches]
    return _by_ways(claim, prover, induction, ways, goals, "is never taken")


def _by_ways(
    claim: Property,
    prover: Prover,
    induction: Induction,
    ways: Mapping[FactId, list[Any]],
    goals: Mapping[FactId, Shown],
    never: str,
) -> Verdict:
    """Search for each under a profile for which some way is not excluded; what every profile excludes is dead."""
    by_profile: dict[tuple[Any, ...], tuple[dict[str, Any], dict[str, Goal]]] = {}
    dead: set[FactId] = set()
    evidence = _by_lemmas(prover, induction)
    for fact, terms in ways.items():
        profile = suggest(induction, disj(terms))
        if isinstance(profile, No):
            dead.add(fact)
        else:
            by_profile.setdefault(tuple(profile.items()), (profile, {}))[1][str(fact)] = goals[fact].goal
    traces: dict[str, Trace] = {}
    for profile, asked in by_profile.values():
        search = prover.search(profile, asked)
        traces |= search.traces
        if search.complete and is_exact(prover.system, *(goal.formula for goal in asked.values())):
            missed = {fact for fact in goals if str(fact) in asked and str(fact) not in search.traces}
            dead |= missed
            evidence = Evidence(How.ENUMERATION, snapshots=search.snapshots) if missed else evidence
    missing = {str(fact): shown.goal for fact, shown in goals.items() if str(fact) not in traces and fact not in dead}
    traces |= prover.elsewhere(missing)
    return _summed(claim, goals, _runs(traces, goals), [fact for fact in goals if fact in dead], never, evidence)


def _summed(
    claim: Property,
    goals: Mapping[FactId, Shown],
    runs: dict[FactId, Trace],
    never: list[FactId],
    said: str,
    excluded: Evidence,
) -> Verdict:
    missing = [one.words for fact, one in goals.items() if fact not in runs]
    if never:
        words = ", ".join(goals[fact].words for fact in never)
        return Refuted(claim, f"{words} {said}", evidence=attrs.evolve(excluded, pending=tuple(never)))
    if missing:
        return Unknown(claim, f"no run was found to {', '.join(missing)}", "If it cannot happen, leave it out.")
    evidence = Evidence(How.RUNS, runs=runs)
    return Proved(claim, f"a run to each of {len(goals)}", "each by a run of its own", evidence=evidence)


def taken_by(occurrence: Occurrence, branch: Branch) -> Any:
    """An event is taken and goes this way."""
    return conj((occurrence.quiet, *branch.conditions, *branch.clock, *(term for _, term in occurrence.rules)))


def _only(prover: Prover) -> One:
    (part,) = prover.system.parts
    assert isinstance(part, One)
    return part


def _asked(pairs: Mapping[FactId, ConditionPair]) -> str:
    return "one pair asked" if len(pairs) == 1 else f"{len(pairs)} pairs asked"


def _disjoint_guards(prover: Prover, induction: Induction) -> Verdict:
    pairs = guard_pairs(induction.counting, _only(prover))
    return _apart(CLAIMS[GUARDS], _asked(pairs), prover, induction, pairs)


def _disjoint_wires(prover: Prover, induction: Induction) -> Verdict:
    pairs = wire_pairs(induction.counting)
    return _apart(CLAIMS[WIRES], _asked(pairs), prover, induction, pairs)


def _apart(
    claim: Property, argument: str, prover: Prover, induction: Induction, pairs: Mapping[FactId, ConditionPair]
) -> Verdict:
    """No state of the invariants satisfies both conditions of a pair; a run to one that does refutes it."""
    open_: list[str] = []
    facts: set[FactId] = set()
    for fact, pair in pairs.items():
        match induction.asker.ask(pair.both, [*induction.assumptions, *induction.invariants]):
            case Yes(model=model):
                said = with_fields(pair.said, model, induction.counting.places)
                trace = prover.find({str(fact): Goal(said)}).get(str(fact))
                if trace is not None:
                    return Refuted(claim, f"both can hold: {pair.words}", trace)
                open_.append(f"{pair.words} in a state that may be unreachable")
            case GaveUp(reason=reason):
                open_.append(f"{pair.words}: {reason}")
            case No(used=used):
                facts |= used
    if open_:
        return Unknown(claim, f"both may hold: {'; '.join(open_)}")
    return Proved(claim, argument, prover.covers, evidence=prover.evidence(How.IMPLIED, facts))


def _timers(prover: Prover) -> Verdict:
    claim = CLAIMS[TIMERS]
    if not any(isinstance(one.event, Sent) for one in prover.system.wires):
        return Proved(
            claim,
            f"no timer is wired to anything{_carried_over(prover)}",
            prover.covers,
            evidence=Evidence(How.TIMERS),
        )
    if isinstance(prover.unblocked, Kept):
        return Proved(
            claim,
            f"induction{_carried_over(prover)}",
            prover.covers,
            evidence=prover.evidence(How.TIMERS, prover.unblocked.used),
        )
    failed = prover.unblocked
    for profile, many in prover.profiles(given_by(prover, failed)):
        found = find_stop(prover.engine(profile), budget=many)
        if found is not None:
            trace, refusal = found
            why = "; ".join(str(one).split(maxsplit=1)[1] for one in refusal.obstacles)
            where = f"after {steps_of(trace)} time stops at {event_in_words(refusal.event)}"
            return Refuted(claim, f"{where}: {why}", trace)
    return Unknown(claim, f"{failed.where}: {_left_open(failed)}", bounds_wanted(failed.state))


def _carried_over(prover: Prover) -> str:
    """Which machines' claims about time hold in the system too, and why."""
    timed = {
        part.machine.name: None
        for part in prover.system.parts
        for claim in inherited(part)
        if claim.modality is Modality.WITHIN or reads_clock(claim.formula)
    }
    return (
        f", so what {' and '.join(timed)} promises of time holds here too: wires and rules only restrict a machine"
        if timed
        else ""
    )


def _no_dead_end(prover: Prover, induction: Induction) -> Verdict:
    """In every state of the invariants something can happen, unless every part stands in a state without exit."""
    claim = CLAIMS[ENDS]
    shown = induction.show_implied(negated(stuck(induction.counting)))
    if isinstance(shown, Kept) and isinstance(prover.unblocked, Failure):
        shown = attrs.evolve(prover.unblocked, where=f"the timers: {prover.unblocked.where}")
    if isinstance(shown, Kept):
        return Proved(claim, "induction", prover.covers, evidence=prover.evidence(How.IMPLIED, shown.used))
    if (
        isinstance(prover.timing, Timing)
        and isinstance(prover.unblocked, Kept)
        and any(part.machine.timed_events for part in prover.system.parts)
    ):
        clocked = prover.timing.exclude(stuck(induction.counting), "some state")
        if isinstance(clocked, TimedProof):
            lemmas = induction.with_lemmas(clocked.used)
            evidence = prover.evidence(How.IMPLIED, lemmas, clock=clocked.lemmas)
            return Proved(claim, "induction with the clock", prover.covers, evidence=evidence)
    for profile, many in prover.profiles(given_by(prover, shown)):
        found = find_dead_end(prover.engine(profile), budget=many)
        if found.trace is not None:
            return Refuted(claim, f"after {steps_of(found.trace)} nothing can happen any more", found.trace)
    trace = None if shown.reason else run_to_dead_end(prover, induction, claim)
    if trace is not None:
        return Refuted(claim, f"after {steps_of(trace)} nothing can happen any more", trace)
    return Unknown(claim, _left_open(shown), bounds_wanted(shown.state))


def _left_open(failed: Failure) -> str:
    return failed.reason or f"in a state that may be unreachable: {state_in_words(failed.state)}"
