"""One instance at one place: what its machine does there on an event or when a timer falls due.

A place is one concrete state with a term for each variable, for each timer of the stay that may
have fired, and for the time in state. Both the counting and the clocked encoding are made of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.language.domains import Opaque
from fsm.language.expressions import Expr, Param, Var
from fsm.language.leaves import Clock, FieldRef, InState
from fsm.language.machine import Machine, State, Transition
from fsm.verification.encoding.places import place_of_value, worth_naming
from fsm.verification.encoding.terms import FALSE, TRUE, Unencodable, conj, disj, equal, implies, less, negated
from fsm.verification.encoding.translation import Leaf, of_value, translate
from fsm.verification.facts import FactId, Of

__all__ = [
    "InstanceTerms",
    "NextInstance",
    "Params",
    "clock_fits",
    "fresh",
    "in_order",
    "instance_leaf",
    "lapses",
    "lengths_of",
    "on_event",
    "on_time",
    "readable",
    "settled",
]

Term = Any
Params = Mapping[Param[Any], Term]
"""What stands for each parameter."""


def readable(machine: Machine) -> tuple[Var[Any], ...]:
    """The variables that conditions may read; the others are carried data and left out."""
    return tuple(variable for variable in machine.variables if not isinstance(variable.domain, Opaque))


@attrs.frozen(eq=False)
class InstanceTerms:
    """Where an instance is.

    Attributes:
        spent: for each timer of the state, whether it has fired in this stay.
        elapsed: milliseconds in state.
    """

    machine: Machine
    state: State
    values: Mapping[Var[Any], Term]
    spent: tuple[Term, ...]
    elapsed: Term


@attrs.frozen(eq=False)
class NextInstance:
    """One way an instance can move.

    Attributes:
        condition: when this happens.
        state, values, spent: where it is then.
        anew: its time in state starts again.
        transition: None for a timer that lapses because its guard says no.
    """

    condition: Term
    state: State
    values: Mapping[Var[Any], Term]
    spent: tuple[Term, ...]
    anew: bool
    transition: Transition | None


def fresh(machine: Machine, state: State) -> tuple[Term, ...]:
    """The timers of a stay that has just begun: none has fired."""
    return tuple(FALSE for _ in machine.timers(state))


def instance_leaf(place: InstanceTerms, params: Params, fields: Leaf) -> Leaf:
    """What the machine's own expressions read at a place."""

    def leaf(expr: Expr[Any]) -> Term:
        match expr:
            case Var() if expr in place.values:
                return place.values[expr]
            case InState(states=states):
                return TRUE if place.state in states else FALSE
            case Clock():
                return place.elapsed
            case Param():
                return params[expr]
            case FieldRef():
                return fields(expr)
            case _:
                raise Unencodable(str(expr))

    return leaf


def no_fields(expr: Expr[Any]) -> Term:
    raise Unencodable(str(expr))


def on_event(place: InstanceTerms, event: type, params: Params, fields: Leaf) -> list[NextInstance]:
    """What happens on an event that a caller or a wire gives; the first transition whose guard holds."""
    leaf = instance_leaf(place, params, fields)
    found: list[NextInstance] = []
    earlier: list[Term] = []
    for transition in place.machine.leaving(place.state):
        if transition.event is event and transition.duration is None:
            guard = TRUE if transition.guard is None else translate(transition.guard, leaf)
            condition = conj([*(negated(one) for one in earlier), guard])
            if condition is not FALSE:
                found.append(_outcome(place, transition, condition, leaf, place.spent))
            earlier.append(guard)
    return found


def on_time(place: InstanceTerms, params: Params) -> list[tuple[Transition, list[NextInstance]]]:
    """For each timer of the stay, what happens at the moment it falls due; at most one outcome's condition holds.

    A timer goes before those that fall due later, and before those of the same instant that are declared later.
    """
    found: list[tuple[Transition, list[NextInstance]]] = []
    timers = place.machine.timers(place.state)
    lengths = lengths_of(place, params)
    for order, transition in enumerate(timers):
        leaf = instance_leaf(attrs.evolve(place, elapsed=lengths[order]), params, no_fields)
        due = [negated(place.spent[order])]
        for other, length in enumerate(lengths):
            if other != order:
                first = less(length, lengths[order], strictly=other > order)
                due.append(disj((place.spent[other], negated(first))))
        spent = tuple(TRUE if which == order else bit for which, bit in enumerate(place.spent))
        guard = TRUE if transition.guard is None else translate(transition.guard, leaf)
        taken = _outcome(place, transition, conj([*due, guard]), leaf, spent)
        outcomes = [taken]
        if transition.guard is not None:
            lapse = conj([*due, negated(guard)])
            outcomes.append(NextInstance(lapse, place.state, place.values, spent, False, None))
        found.append((transition, [one for one in outcomes if one.condition is not FALSE]))
    return found


def _outcome(
    place: InstanceTerms, transition: Transition, condition: Term, leaf: Leaf, spent: tuple[Term, ...]
) -> NextInstance:
    values = dict(place.values)
    for variable, value in transition.updates:
        if variable in values:
            values[variable] = translate(value, leaf)
    if transition.target is None:
        return NextInstance(condition, place.state, values, spent, False, transition)
    return NextInstance(condition, transition.target, values, fresh(place.machine, transition.target), True, transition)


def lengths_of(place: InstanceTerms, params: Params) -> list[Term]:
    leaf = instance_leaf(place, params, no_fields)
    return [translate(one.duration, leaf) for one in place.machine.timers(place.state) if one.duration is not None]


def clock_fits(place: InstanceTerms, params: Params, *, sent: bool = False) -> list[Term]:
    """What the timers of the stay say of the time in state: fired ones were due, the others are not yet.

    Args:
        sent: time moves the instance, by a timer of another one: then its own timers may be due at the same instant, and come later.
    """
    said = [place.elapsed >= 0]
    for bit, length in zip(place.spent, lengths_of(place, params), strict=True):
        overdue = less(length, place.elapsed, strictly=sent)
        said += [implies(bit, less(length, place.elapsed, strictly=False)), disj((bit, negated(overdue)))]
    return said


def settled(place: InstanceTerms, params: Params) -> Term:
    """No timer is due that another, already fired, shows to be due: true whenever a caller's event is judged."""
    return _no_pair(place, params, lambda fired, waiting, _: less(waiting, fired, strictly=False))


def in_order(place: InstanceTerms, params: Params) -> Term:
    """No timer has fired before one that goes first: true also between two timers of one instant."""
    return _no_pair(place, params, lambda fired, waiting, later: less(waiting, fired, strictly=later))


def _no_pair(place: InstanceTerms, params: Params, wrong: Any) -> Term:
    lengths = lengths_of(place, params)
    pairs = [
        conj(
            (
                place.spent[fired],
                negated(place.spent[waiting]),
                wrong(lengths[fired], lengths[waiting], waiting > fired),
            )
        )
        for fired in range(len(lengths))
        for waiting in range(len(lengths))
        if fired != waiting
    ]
    return negated(disj(pairs))


def initial_values(machine: Machine) -> dict[Var[Any], Term]:
    return {variable: of_value(variable.initial) for variable in readable(machine)}


def marks(place: InstanceTerms, *at: int) -> list[tuple[FactId, Term]]:
    """A timer of the stay that has fired, or not, may show in a variable; candidates for invariants.

    Args:
        at: the part and the state.
    """
    found: list[tuple[FactId, Term]] = []
    for timer, bit in enumerate(place.spent):
        for number, (variable, term) in enumerate(place.values.items()):
            for value in worth_naming(variable.domain):
                same, of = equal(term, of_value(value)), (*at, timer, number, place_of_value(variable.domain, value))
                found.append((FactId(Of.FIRED_VALUE, of), implies(bit, same)))
                found.append((FactId(Of.WAITING_VALUE, of), disj((bit, same))))
        found.append((FactId(Of.UNFIRED, (*at, timer)), negated(bit)))
    return found


def lapses(place: InstanceTerms, params: Params, *at: int) -> list[tuple[FactId, Term]]:
    """A timer of the stay that has fired and would have ended it has lapsed: its guard did not hold, and does not; candidates for invariants.

    Args:
        at: the part and the state.
    """
    found: list[tuple[FactId, Term]] = []
    timers = zip(place.machine.timers(place.state), place.spent, lengths_of(place, params), strict=True)
    for timer, (transition, bit, length) in enumerate(timers):
        if transition.guard is not None and transition.target is not None:
            leaf = instance_leaf(attrs.evolve(place, elapsed=length), params, no_fields)
            found.append((FactId(Of.LAPSED, (*at, timer)), implies(bit, negated(translate(transition.guard, leaf)))))
    return found
