"""Checks of a definition that need proofs: states and transitions that are never reached, guards that
overlap, ends that are no ends, timers that something can block.

What it can never say: whether the machine is the right one. These are the mistakes that need no
knowledge of the business.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3

from fsm.language.composition import inherited
from fsm.language.expressions import Const, Expr, Formula
from fsm.language.leaves import FieldRef
from fsm.language.machine import Machine
from fsm.language.parts import One, Sent
from fsm.language.properties import Modality, Property
from fsm.language.rewriting import substitute
from fsm.language.system import System
from fsm.traces.trace import Trace
from fsm.verification.decide.assumptions import assumption_checks
from fsm.verification.decide.profiles import suggest
from fsm.verification.decide.prover import Prover
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.quantities import state_in_words
from fsm.verification.encoding.terms import negated
from fsm.verification.encoding.translation import symbol, value_of
from fsm.verification.engines.induction import Failure, Induction, Kept
from fsm.verification.engines.wellformed import (
    ENDS,
    EVENTS,
    GUARDS,
    STATES,
    TIMERS,
    TRANSITIONS,
    UNCHECKED,
    WIRES,
    Pair,
    goals_of,
    guard_pairs,
    line_of,
    stuck,
    wire_pairs,
)  # fmt: skip
from fsm.verification.evidence import Evidence, How
from fsm.verification.search.goal import Goal, is_exact, reads_clock
from fsm.verification.solver import GaveUp, No, Yes
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["definition_claims", "taken_by"]


def definition_claims(target: Machine | System, prover: Prover) -> Iterator[Verdict]:
    """The verdicts on the definition of a machine, or on the wiring of a system."""
    yield from assumption_checks(prover)
    induction = prover.induction
    if not isinstance(induction, Induction):
        yield Unknown(_claim(UNCHECKED), f"the encoding cannot say {induction.what}")
    elif isinstance(target, Machine):
        yield _reached(prover, induction)
        yield _fired(prover, induction)
        yield _disjoint_guards(prover, induction)
        yield _no_dead_end(prover, induction)
    else:
        yield _taken(prover, induction)
        yield _disjoint_wires(prover, induction)
        yield _timers(prover)
        yield _no_dead_end(prover, induction)


def _claim(sentence: str, modality: Modality = Modality.ALWAYS) -> Property:
    return Property(sentence, modality, Const(True))


def _reached(prover: Prover, induction: Induction) -> Verdict:
    claim = _claim(STATES, Modality.REACHABLE)
    goals = goals_of(claim, prover.system)
    found = prover.find(goals)
    missing = [name for name in goals if name not in found]
    never = [
        name
        for name in missing
        if isinstance(induction.show_implied(z3.Not(induction.counting.state(goals[name].formula))), Kept)
    ]
    return _summed(claim, f"a run to each of {len(goals)}", found, missing, never, "never reached")


def _fired(prover: Prover, induction: Induction) -> Verdict:
    claim = _claim(TRANSITIONS, Modality.REACHABLE)
    part = _only(prover)
    ways: dict[str, list[Any]] = {}
    for occurrence in induction.counting.occurrences:
        for branch in occurrence.branches:
            for transition in branch.transitions:
                for source in transition.sources:
                    here = induction.counting.state(part.inside(source))
                    ways.setdefault(line_of(source, transition, part.machine), []).append(
                        z3.And(here, taken_by(occurrence, branch))
                    )
    goals = goals_of(claim, prover.system)
    return _by_ways(claim, prover, induction, {name: ways.get(name, []) for name in goals}, goals, "never fires")


def _taken(prover: Prover, induction: Induction) -> Verdict:
    claim = _claim(EVENTS, Modality.REACHABLE)
    ways = {one.name: [taken_by(one, branch) for branch in one.branches] for one in induction.counting.occurrences}
    return _by_ways(claim, prover, induction, ways, goals_of(claim, prover.system), "is never taken")


def _by_ways(
    claim: Property,
    prover: Prover,
    induction: Induction,
    ways: dict[str, list[Any]],
    goals: dict[str, Goal],
    never: str,
) -> Verdict:
    """Search for each under a profile for which some way is not excluded; what every profile excludes is dead."""
    by_profile: dict[str, tuple[dict[str, Any], dict[str, Goal]]] = {}
    dead: list[str] = []
    for name, terms in ways.items():
        profile = suggest(induction, z3.Or(terms))
        if isinstance(profile, No):
            dead.append(name)
        else:
            by_profile.setdefault(repr(profile), (profile, {}))[1][name] = goals[name]
    found: dict[str, Trace] = {}
    for profile, asked in by_profile.values():
        search = prover.search(profile, asked)
        found |= search.traces
        if search.complete and is_exact(prover.system, *(goal.formula for goal in asked.values())):
            dead += [name for name in asked if name not in search.traces]
    missing = [name for name in ways if name not in found]
    return _summed(claim, f"a run to each of {len(ways)}", found, missing, dead, never)


def _summed(
    claim: Property, argument: str, found: dict[str, Trace], missing: list[str], never: list[str], said: str
) -> Verdict:
    if never:
        return Refuted(claim, f"{', '.join(never)} {said}")
    if missing:
        return Unknown(claim, f"no run was found to {', '.join(missing)}")
    return Proved(
        claim, argument, "each by a run of its own", evidence=Evidence(How.RUNS, runs=dict(sorted(found.items())))
    )


def taken_by(occurrence: Occurrence, branch: Branch) -> Any:
    """An event is taken and goes this way."""
    return z3.And(occurrence.quiet, *branch.conditions, *branch.clock, *(term for _, term in occurrence.rules))


def _only(prover: Prover) -> One:
    (part,) = prover.system.parts
    assert isinstance(part, One)
    return part


def _disjoint_guards(prover: Prover, induction: Induction) -> Verdict:
    pairs = guard_pairs(induction.counting, _only(prover))
    return _apart(_claim(GUARDS), f"{len(pairs)} pairs asked", prover, induction, pairs)


def _disjoint_wires(prover: Prover, induction: Induction) -> Verdict:
    pairs = wire_pairs(induction.counting)
    return _apart(_claim(WIRES), f"{len(pairs)} pairs asked", prover, induction, pairs)


def _apart(claim: Property, argument: str, prover: Prover, induction: Induction, pairs: dict[str, Pair]) -> Verdict:
    """No state of the invariants satisfies both conditions of a pair; a run to one that does refutes it."""
    open_: list[str] = []
    facts: set[str] = set()
    for name, pair in pairs.items():
        match induction.asker.ask(pair.both, [*induction.assumptions, *induction.invariants]):
            case Yes(model=model):
                trace = prover.find({name: Goal(_with_fields(pair.said, model))}).get(name)
                if trace is not None:
                    return Refuted(claim, f"both can hold: {name}", trace)
                open_.append(f"{name} in a state that may be unreachable")
            case GaveUp(reason=reason):
                open_.append(f"{name}: {reason}")
            case No(used=used):
                facts |= used
    if open_:
        return Unknown(claim, f"both may hold: {'; '.join(open_)}")
    return Proved(claim, argument, prover.covers, evidence=prover.evidence(How.IMPLIED, facts))


def _with_fields(formula: Formula, model: Any) -> Formula:
    """The formula for the payload of a model."""

    def swap(node: Expr[Any]) -> Expr[Any] | None:
        if not isinstance(node, FieldRef):
            return None
        return Const(
            value_of(
                node.domain,
                model.eval(symbol(f"{node.event.__name__}.{node.name}", node.domain), model_completion=True),
            )
        )

    return substitute(formula, swap)


def _timers(prover: Prover) -> Verdict:
    claim = _claim(TIMERS)
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
    return Unknown(claim, f"{failed.where}: {_left_open(failed)}")


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
    claim = _claim(ENDS)
    shown = induction.show_implied(negated(stuck(induction.counting)))
    if isinstance(shown, Kept):
        return Proved(claim, "induction", prover.covers, evidence=prover.evidence(How.IMPLIED, shown.used))
    return Unknown(claim, _left_open(shown))


def _left_open(failed: Failure) -> str:
    return failed.reason or f"in a state that may be unreachable: {state_in_words(failed.state)}"
