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
from fsm.expressions import Const, Expr, Junction, Moment, Not, happens, inside
from fsm.machine import Machine, State, Transition
from fsm.properties import Modality, Property
from fsm.system import One, System, localize
from fsm.verification.ask import No
from fsm.verification.encoding.counting import Branch, Occurrence
from fsm.verification.encoding.instance import instance_leaf
from fsm.verification.encoding.terms import symbol, translate
from fsm.verification.enabled import some_event
from fsm.verification.induction import Induction, Kept
from fsm.verification.profiles import suggest
from fsm.verification.search import Goal, search
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

if TYPE_CHECKING:
    from fsm.verification.verify import Verifier

__all__ = ["definition_claims"]


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
                    name = _line(source, transition)
                    here = induction.counting.state(part.inside(source))
                    ways.setdefault(name, []).append(z3.And(here, _taken_by(occurrence, branch)))
                    goals.setdefault(name, Goal(_not_by(part, source, transition), of_steps=True))
    return _by_ways(claim, verifier, induction, ways, goals, "never fires")


def _taken(verifier: Verifier, induction: Induction) -> Verdict:
    claim = _claim("every event can be taken", Modality.REACHABLE)
    ways = {one.name: [_taken_by(one, branch) for branch in one.branches] for one in induction.counting.occurrences}
    goals = {one.name: Goal(Not(happens(one.event)), of_steps=True) for one in induction.counting.occurrences}
    return _by_ways(claim, verifier, induction, ways, goals, "is never taken")


def _by_ways(claim: Property, verifier: Verifier, induction: Induction, ways: dict[str, list[Any]], goals: dict[str, Goal], never: str) -> Verdict:
    """Search for each under a profile for which some way is not excluded; what every profile excludes is dead."""
    by_profile: dict[str, tuple[dict[str, Any], dict[str, Goal]]] = {}
    dead: list[str] = []
    for name, terms in ways.items():
        profile = suggest(induction, z3.Or(terms))
        if profile is None:
            dead.append(name)
        else:
            by_profile.setdefault(repr(profile), (profile, {}))[1][name] = goals[name]
    found = {name for profile, asked in by_profile.values() for name in search(verifier.engine(profile), asked).traces}
    missing = [name for name in ways if name not in found]
    return _summed(claim, f"a run to each of {len(ways)}", missing, dead, never)


def _summed(claim: Property, argument: str, missing: list[str], never: list[str], said: str) -> Verdict:
    if never:
        return Refuted(claim, f"{', '.join(never)} {said}")
    if missing:
        return Unknown(claim, f"no run was found to {', '.join(missing)}")
    return Proved(claim, argument, "each by a run of its own")


def _taken_by(occurrence: Occurrence, branch: Branch) -> Any:
    return z3.And(occurrence.quiet, *branch.conditions, *branch.clock, *(term for _, term in occurrence.rules))


def _not_by(part: One, source: State, transition: Transition) -> Expr[bool]:
    """No step goes this way: from this state, on this event, to that one."""
    target = transition.target or source
    before, after = localize(inside(source), part), localize(inside(target), part)
    return Not(Junction("and", (Moment("before", before), happens(transition.event), Moment("after", after))))


def _line(source: State, transition: Transition) -> str:
    return f"{source.name} on {label(transition.event)} to {(transition.target or source).name}"


def _only(verifier: Verifier) -> One:
    (part,) = verifier.system.parts
    assert isinstance(part, One)
    return part


def _disjoint_guards(verifier: Verifier, induction: Induction) -> Verdict:
    """Of two guarded transitions on one event at most one is enabled; one without a guard comes last and means otherwise."""
    claim = _claim("no two guards of an event overlap")
    counting = induction.counting
    part = _only(verifier)
    overlaps: list[str] = []
    pairs = 0
    for place in counting.places(part):
        leaf = instance_leaf(place, counting.params, lambda ref: symbol(f"{ref.event.__name__}.{ref.name}", ref.domain))  # type: ignore[attr-defined]  # only fields come here
        guarded = [one for one in place.machine.leaving(place.state) if one.guard is not None and one.duration is None]
        for first, second in combinations(guarded, 2):
            if first.event is second.event and first.guard is not None and second.guard is not None:
                pairs += 1
                here = counting.state(part.inside(place.state))
                both = z3.And(here, *counting.field_bounds(first.event), translate(first.guard, leaf), translate(second.guard, leaf))
                if not isinstance(induction.asker.ask(both, [*induction.assumptions, *induction.invariants]), No):
                    overlaps.append(f"{_line(place.state, first)} and {_line(place.state, second)}")
    if overlaps:
        return Refuted(claim, f"both can hold: {'; '.join(overlaps)}")
    return Proved(claim, f"{pairs} pairs asked", verifier.covers)


def _disjoint_wires(verifier: Verifier, induction: Induction) -> Verdict:
    claim = _claim("no two wires of an event overlap")
    counting = induction.counting
    overlaps: list[str] = []
    wires = [one for one in verifier.system.all_wires if one.when is not None]
    for first, second in combinations(wires, 2):
        if first.event_class is second.event_class and first.when is not None and second.when is not None:
            both = z3.And(counting.condition(first.event_class, first.when), counting.condition(first.event_class, second.when))
            if not isinstance(induction.asker.ask(both, [*induction.assumptions]), No):
                overlaps.append(label(first.event_class))
    if overlaps:
        return Refuted(claim, f"two conditions can hold at once on {', '.join(overlaps)}")
    return Proved(claim, "their conditions exclude each other", verifier.covers)


def _timers(verifier: Verifier) -> Verdict:
    claim = _claim("nothing can stand in the way of a timer")
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
