"""Checks of a definition that need proofs: states and transitions that are never reached, guards that
overlap, ends that are no ends, timers that something can block.

What it can never say: whether the machine is the right one. These are the mistakes that need no
knowledge of the business.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

import z3

from fsm.events import label
from fsm.expressions import Const, Expr, FieldRef, Formula, Not, after, before, happens, inside, substitute, walk
from fsm.machine import Machine, State, Transition
from fsm.properties import Modality, Property
from fsm.system import One, Sent, System, localize
from fsm.verification.ask import GaveUp, No, Yes
from fsm.verification.encoding.counting import Branch, Occurrence
from fsm.verification.encoding.instance import instance_leaf
from fsm.verification.encoding.terms import symbol, translate
from fsm.verification.enabled import some_event
from fsm.verification.induction import Induction, Kept
from fsm.verification.profiles import suggest, value_of
from fsm.verification.search import Goal, is_exact
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict
from fsm.words import phrase

if TYPE_CHECKING:
    from fsm.verification.verify import Verifier

__all__ = ["definition_claims", "taken_by"]


def definition_claims(target: Machine | System, verifier: Verifier) -> Iterator[Verdict]:
    """The verdicts on the definition of a machine, or on the wiring of a system."""
    induction = verifier.induction
    if not isinstance(induction, Induction):
        yield Unknown(_claim("the definition can be checked"), f"the encoding cannot say {induction.what}")
    elif isinstance(target, Machine):
        yield _reached(verifier, induction)
        yield _fired(verifier, induction)
        yield _disjoint_guards(verifier, induction)
        yield _no_dead_end(verifier, induction)
    else:
        yield _taken(verifier, induction)
        yield _disjoint_wires(verifier, induction)
        yield _timers(verifier)
        yield _no_dead_end(verifier, induction)


def _claim(sentence: str, modality: Modality = Modality.ALWAYS) -> Property:
    return Property(sentence, modality, Const(True))


def _reached(verifier: Verifier, induction: Induction) -> Verdict:
    claim = _claim("every state can be reached", Modality.REACHABLE)
    part = _only(verifier)
    goals = {state.name: Goal(part.inside(state)) for state in part.machine.states if state != part.machine.initial}
    found = verifier.find(goals)
    missing = [name for name in goals if name not in found]
    never = [name for name in missing if isinstance(induction.show_implied(z3.Not(induction.counting.state(goals[name].formula))), Kept)]
    return _summed(claim, f"a run to each of {len(goals)}", missing, never, "never reached")


def _fired(verifier: Verifier, induction: Induction) -> Verdict:
    claim = _claim("every transition can fire", Modality.REACHABLE)
    part = _only(verifier)
    ways: dict[str, list[Any]] = {}
    goals: dict[str, Goal] = {}
    for occurrence in induction.counting.occurrences:
        for branch in occurrence.branches:
            for transition in branch.transitions:
                for source in transition.sources:
                    name = _line(source, transition, part.machine)
                    here = induction.counting.state(part.inside(source))
                    ways.setdefault(name, []).append(z3.And(here, taken_by(occurrence, branch)))
                    goals.setdefault(name, Goal(_not_by(part, source, transition), of_steps=True))
    return _by_ways(claim, verifier, induction, ways, goals, "never fires")


def _taken(verifier: Verifier, induction: Induction) -> Verdict:
    claim = _claim("every event can be taken", Modality.REACHABLE)
    ways = {one.name: [taken_by(one, branch) for branch in one.branches] for one in induction.counting.occurrences}
    goals = {one.name: Goal(Not(happens(one.event)), of_steps=True) for one in induction.counting.occurrences}
    return _by_ways(claim, verifier, induction, ways, goals, "is never taken")


def _by_ways(claim: Property, verifier: Verifier, induction: Induction, ways: dict[str, list[Any]], goals: dict[str, Goal], never: str) -> Verdict:
    """Search for each under a profile for which some way is not excluded; what every profile excludes is dead."""
    by_profile: dict[str, tuple[dict[str, Any], dict[str, Goal]]] = {}
    dead: list[str] = []
    for name, terms in ways.items():
        profile = suggest(induction, z3.Or(terms))
        if isinstance(profile, No):
            dead.append(name)
        else:
            by_profile.setdefault(repr(profile), (profile, {}))[1][name] = goals[name]
    found: set[str] = set()
    for profile, asked in by_profile.values():
        search = verifier.search(profile, asked)
        found |= search.traces.keys()
        if search.complete and is_exact(verifier.system, *(goal.formula for goal in asked.values())):
            dead += [name for name in asked if name not in search.traces]
    missing = [name for name in ways if name not in found]
    return _summed(claim, f"a run to each of {len(ways)}", missing, dead, never)


def _summed(claim: Property, argument: str, missing: list[str], never: list[str], said: str) -> Verdict:
    if never:
        return Refuted(claim, f"{', '.join(never)} {said}")
    if missing:
        return Unknown(claim, f"no run was found to {', '.join(missing)}")
    return Proved(claim, argument, "each by a run of its own")


def taken_by(occurrence: Occurrence, branch: Branch) -> Any:
    """An event is taken and goes this way."""
    return z3.And(occurrence.quiet, *branch.conditions, *branch.clock, *(term for _, term in occurrence.rules))


def _not_by(part: One, source: State, transition: Transition) -> Formula:
    """No step goes this way: from this state where the guard holds, as far as it can be said of a step, on this event, to that one."""
    guard = transition.guard
    here = inside(source) if guard is None or any(isinstance(node, FieldRef) for node in walk(guard)) else inside(source) & guard
    there = inside(transition.target or source)
    return ~(before(localize(here, part)) & happens(transition.event) & after(localize(there, part)))


def _line(source: State, transition: Transition, machine: Machine) -> str:
    """The transition in a message; its guard stands there only where it tells it from others."""
    said = f"{source.name} on {label(transition.event)} to {(transition.target or source).name}"
    alike = [one for one in machine.leaving(source) if one.event is transition.event and one.target is transition.target]
    return f"{said} when {phrase(transition.guard)}" if len(alike) > 1 and transition.guard is not None else said


def _only(verifier: Verifier) -> One:
    (part,) = verifier.system.parts
    assert isinstance(part, One)
    return part


def _disjoint_guards(verifier: Verifier, induction: Induction) -> Verdict:
    """Of two guarded transitions on one event at most one is enabled; one without a guard comes last and means otherwise."""
    counting = induction.counting
    part = _only(verifier)
    pairs: dict[str, tuple[type, Any, Formula]] = {}
    for place in counting.places(part):
        leaf = instance_leaf(place, counting.params, lambda ref: symbol(f"{ref.event.__name__}.{ref.name}", ref.domain))  # type: ignore[attr-defined]  # only fields come here
        guarded = [one for one in place.machine.leaving(place.state) if one.guard is not None and one.duration is None]
        for first, second in combinations(guarded, 2):
            if first.event is second.event and first.guard is not None and second.guard is not None:
                term = z3.And(counting.state(part.inside(place.state)), translate(first.guard, leaf), translate(second.guard, leaf))
                said = localize(inside(place.state) & first.guard & second.guard, part)
                pairs[f"{_line(place.state, first, part.machine)} and {_line(place.state, second, part.machine)}"] = (first.event, term, said)
    return _apart(_claim("no two guards of an event overlap"), f"{len(pairs)} pairs asked", verifier, induction, pairs)


def _disjoint_wires(verifier: Verifier, induction: Induction) -> Verdict:
    counting = induction.counting
    pairs: dict[str, tuple[type, Any, Formula]] = {}
    for first, second in combinations(verifier.system.all_wires, 2):
        if first.event_class is second.event_class and first.sender is second.sender and first.when is not None and second.when is not None:
            term = z3.And(counting.condition(first.event_class, first.when), counting.condition(second.event_class, second.when))
            pairs[f"{label(first.event_class)} where {phrase(first.when)} and where {phrase(second.when)}"] = (first.event_class, term, first.when & second.when)
    return _apart(_claim("no two wires of an event overlap"), f"{len(pairs)} pairs asked", verifier, induction, pairs)


def _apart(claim: Property, argument: str, verifier: Verifier, induction: Induction, pairs: dict[str, tuple[type, Any, Formula]]) -> Verdict:
    """No state of the invariants satisfies both conditions of a pair; a run to one that does refutes it."""
    open_: list[str] = []
    for name, (event, term, said) in pairs.items():
        both = z3.And(term, *induction.counting.field_bounds(event))
        match induction.asker.ask(both, [*induction.assumptions, *induction.invariants]):
            case Yes(model=model):
                trace = verifier.find({name: Goal(_with_fields(said, model))}).get(name)
                if trace is not None:
                    return Refuted(claim, f"both can hold: {name}", trace)
                open_.append(f"{name} in a state that may be unreachable")
            case GaveUp(reason=reason):
                open_.append(f"{name}: {reason}")
            case No():
                pass
    if open_:
        return Unknown(claim, f"both may hold: {'; '.join(open_)}")
    return Proved(claim, argument, verifier.covers)


def _with_fields(formula: Formula, model: Any) -> Formula:
    """The formula for the payload of a model."""

    def swap(node: Expr[Any]) -> Expr[Any] | None:
        if not isinstance(node, FieldRef):
            return None
        return Const(value_of(node.domain, model.eval(symbol(f"{node.event.__name__}.{node.name}", node.domain), model_completion=True)))

    return substitute(formula, swap)


def _timers(verifier: Verifier) -> Verdict:
    claim = _claim("nothing can stand in the way of a timer")
    if not any(isinstance(one.event, Sent) for one in verifier.system.wires):
        return Proved(claim, "no timer is wired to anything", verifier.covers)
    if isinstance(verifier.unblocked, Kept):
        return Proved(claim, "induction", verifier.covers)
    failed = verifier.unblocked
    return Unknown(claim, f"{failed.where}: {failed.reason or failed.state}")


def _no_dead_end(verifier: Verifier, induction: Induction) -> Verdict:
    """In every state of the invariants something can happen, unless every part stands in a state without exit."""
    claim = _claim("something can always happen, but where everything has come to its end")
    counting = induction.counting
    ends = [
        counting.state(part.inside(*final)) if (final := [one for one in part.machine.states if not part.machine.leaving(one)]) else z3.BoolVal(False)
        for part in verifier.system.parts
        if isinstance(part, One)
    ]
    shown = induction.show_implied(z3.Or(z3.Not(counting.quiet), some_event(counting), z3.And(ends) if ends else z3.BoolVal(False)))
    if isinstance(shown, Kept):
        return Proved(claim, "induction", verifier.covers)
    return Unknown(claim, f"{shown.where}: {shown.reason or shown.state}")
