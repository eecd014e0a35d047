"""What the checks of a definition ask, said without asking: pairs of conditions, states without a way on, runs that there should be.

Checks and certificates share it, so that a certificate asks of the declaration just what was checked.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import attrs
import z3

from fsm.language.composition import localize
from fsm.language.expressions import Const, Formula, Not
from fsm.language.formulas import after, before, happens, inside
from fsm.language.leaves import FieldRef
from fsm.language.machine import Machine, State, Transition
from fsm.language.parts import One, Part
from fsm.language.printing import label
from fsm.language.properties import Property
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.verification.definition import EVENTS, STATES, TRANSITIONS
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.instance import instance_leaf
from fsm.verification.encoding.places import Places
from fsm.verification.encoding.terms import conj, disj, negated
from fsm.verification.encoding.translation import translate
from fsm.verification.engines.enabledness import some_event
from fsm.verification.facts import FactId, Of
from fsm.verification.search.goal import Goal, goal_of

__all__ = [
    "ConditionPair", "Shown", "goals_of", "guard_pairs", "line_of", "stuck", "wire_pairs",
]  # fmt: skip


@attrs.frozen(eq=False)
class ConditionPair:
    """Two conditions of one event.

    Attributes:
        both: that both hold, as a term.
        said: the same as a formula.
        words: which two they are.
    """

    both: Any
    said: Formula
    words: str


def guard_pairs(counting: Counting, part: One) -> dict[FactId, ConditionPair]:
    """Of two guarded transitions on one event at most one is enabled; one without a guard comes last and means otherwise."""
    pairs: dict[FactId, ConditionPair] = {}
    for number, place in enumerate(counting.stays(part)):
        leaf = instance_leaf(place, counting.params, lambda ref: counting.places.field(ref.event, ref))  # type: ignore[attr-defined,arg-type]  # only fields come here
        leaving = enumerate(place.machine.leaving(place.state))
        guarded = [(line, one) for line, one in leaving if one.as_meant.guard is not None and one.duration is None]
        for (here_, first), (there, second) in combinations(guarded, 2):
            if first.event is second.event and first.guard is not None and second.guard is not None:
                here, bounds = counting.state(part.inside(place.state)), counting.places.field_bounds(first.event)
                term = z3.And(here, translate(first.guard, leaf), translate(second.guard, leaf), *bounds)
                said = localize(inside(place.state) & first.guard & second.guard, part)
                words = f"{line_of(place.state, first, part.machine)} and {line_of(place.state, second, part.machine)}"
                pairs[FactId(Of.GUARDS, (number, here_, there))] = ConditionPair(term, said, words)
    return pairs


def wire_pairs(counting: Counting) -> dict[FactId, ConditionPair]:
    """Of two wires of one event at most one applies."""
    pairs: dict[FactId, ConditionPair] = {}
    for (place, first), (other, second) in combinations(enumerate(counting.system.all_wires), 2):
        event = first.event_class
        if (
            event is second.event_class
            and first.sender is second.sender
            and first.when is not None
            and second.when is not None
        ):
            term = z3.And(
                counting.condition(event, first.when),
                counting.condition(event, second.when),
                *counting.places.field_bounds(event),
            )
            words = f"{label(event)} where {first.when} and where {second.when}"
            pairs[FactId(Of.WIRES, (place, other))] = ConditionPair(term, first.when & second.when, words)
    return pairs


def stuck(counting: Counting) -> Any:
    """Nothing can happen, and some instance stands in a state that a transition leaves (`fsm.verification.search.dead_ends`)."""
    ends = [counting.state(_at_its_end(part)) for part in counting.system.parts]
    return conj((counting.quiet, negated(disj((some_event(counting), conj(ends))))))


def _at_its_end(part: Part) -> Formula:
    """Every instance of the part is in a state that no transition leaves."""
    states = part.machine.states
    if isinstance(part, One):
        final = [one for one in states if not part.machine.leaving(one)]
        return part.inside(*final) if final else Const(False)
    going_on = [one for one in states if part.machine.leaving(one) and one != part.machine.initial]
    return part.none(*going_on) if going_on else Const(True)


@attrs.frozen(eq=False)
class Shown:
    """What one run shall show.

    Attributes:
        words: what that is.
    """

    goal: Goal
    words: str


def goals_of(claim: Property, system: System, *, of_definition: bool = True) -> dict[FactId, Shown]:
    """What runs shall show for a claim that something can happen.

    Args:
        of_definition: it is a check of the definition, and not a property that may be called the same.
    """
    if of_definition and claim.sentence == EVENTS:
        sent = [event for part in system.parts for event in part.machine.timed_events]
        places = Places(system).events
        return {
            FactId(Of.EVENT, (places[event],)): Shown(Goal(Not(happens(event)), of_steps=True), label(event))
            for event in (*system.events, *sent)
        }
    if not of_definition or claim.sentence not in (STATES, TRANSITIONS):
        return {FactId(Of.CLAIM, (system.properties.index(claim),)): Shown(goal_of(claim), claim.sentence)}
    (part,) = system.parts
    assert isinstance(part, One)
    machine = part.machine
    if claim.sentence == STATES:
        return {
            FactId(Of.STATE, (0, place)): Shown(Goal(part.inside(state)), state.name)
            for place, state in enumerate(machine.states)
            if state != machine.initial
        }
    return {
        FactId(Of.LINE, (place, machine.states.index(source))): Shown(
            Goal(_not_by(part, source, line), of_steps=True, line=line), line_of(source, line, machine)
        )
        for place, line in enumerate(machine.transitions)
        for source in line.sources
    }


def _not_by(part: One, source: State, transition: Transition) -> Formula:
    """No step goes this way: from this state where the guard holds, as far as it can be said of a step, on this event, to that one."""
    guard = transition.guard
    here = (
        inside(source)
        if guard is None or any(isinstance(node, FieldRef) for node in walk(guard))
        else inside(source) & guard
    )
    there = inside(transition.target or source)
    return ~(before(localize(here, part)) & happens(transition.event) & after(localize(there, part)))


def line_of(source: State, transition: Transition, machine: Machine) -> str:
    """The transition in a message; its guard stands there only where it tells it from others."""
    said = f"{source.name} on {label(transition.event)} to {(transition.target or source).name}"
    alike = [
        one for one in machine.leaving(source) if one.event is transition.event and one.target is transition.target
    ]
    return f"{said} when {transition.guard}" if len(alike) > 1 and transition.guard is not None else said
