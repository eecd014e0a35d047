"""What is left of a declaration where some parameters have given values.

No guard is left that always holds, and nothing that can never come about: no transition whose guard
never holds, no wire with such a condition, no event that a rule always refuses, no state to which no
transition leads. A variable that no transition left ever changes has its first value for good, which may
settle more; so it goes on until nothing more is found. Without values everything is left as it is declared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import attrs

from fsm.diagrams.views.folding import folded, never_holds, valued
from fsm.diagrams.views.triggers import triggers
from fsm.diagrams.views.views import MachineView, PartView, SystemView
from fsm.language.domains import Opaque
from fsm.language.expressions import Const, Expr, Formula, Param, Var
from fsm.language.leaves import PartVar
from fsm.language.machine import Machine, State, Transition
from fsm.language.parts import Part
from fsm.language.system import Rule, System, Wire

__all__ = ["machine_view", "system_view"]

Settled = Mapping[tuple[str, str], Any]
"""Values of variables that never change, by the names of part and variable."""
Known = Callable[[Expr[Any]], Any]


def machine_view(machine: Machine, values: Mapping[str, Any]) -> MachineView:
    """A machine where some parameters have values, by name; without any, as it is declared."""
    view, settled = _whole(machine), dict[tuple[str, str], Any]()
    while values:
        less = _less(view, _known(values, settled, ""), None)
        more = dict(_settled(less, ""))
        if (len(less.transitions), more) == (len(view.transitions), settled):
            return less
        view, settled = less, more
    return view


def system_view(system: System, values: Mapping[str, Any], *, sent_only: bool = False) -> SystemView:
    """A system where some parameters have values, by name.

    Args:
        sent_only: whether transitions are left out that nothing sends in this system, though nothing else is.
    """
    declared: dict[int, Wire | Rule] = {id(wire): wire for wire in system.all_wires}
    declared |= {id(rule): rule for rule in system.rules}
    whole = tuple(PartView(part, _whole(part.machine)) for part in system.parts)
    view = SystemView(system, whole, system.all_wires, dict(enumerate(system.rules, 1)), declared)
    if not values:
        return attrs.evolve(view, parts=tuple(_sent(view))) if sent_only else view
    settled: Settled = {}
    while True:
        less = _less_of_system(view, values, settled)
        more = {name: value for one in less.parts for name, value in _settled(one.machine, one.part.name)}
        if (less.left_out, more) == (view.left_out, settled):
            return attrs.evolve(less, parts=tuple(_sent(less)))
        view, settled = less, more


def _sent(view: SystemView) -> Iterator[PartView]:
    """The parts with what something sends, from the states where it can be sent."""
    for one in view.parts:
        left = [
            (_from(moved, sources), one.machine.declared[id(moved)])
            for moved in one.machine.transitions
            if (sources := [state for state in moved.sources if triggers(view, one.part, moved, (state,))])
        ]
        transitions, declared = tuple(moved for moved, _ in left), {id(moved): before for moved, before in left}
        yield PartView(one.part, attrs.evolve(one.machine, transitions=transitions, declared=declared))


def _actions(wires: Iterable[Wire], part: Part) -> set[type]:
    return {move.action for wire in wires for move in wire.moves if move.part is part}


def _whole(machine: Machine) -> MachineView:
    return MachineView(machine, machine.states, machine.transitions, {id(one): one for one in machine.transitions})


def _known(values: Mapping[str, Any], settled: Settled, own: str) -> Known:
    """Values of leaves, for `folded`; `own` is the part whose variables a formula reads bare."""

    def known(leaf: Expr[Any]) -> Any:
        match leaf:
            case Param(name=name) if name in values:
                return Const(values[name])
            case Var(name=name) if (own, name) in settled:
                return Const(settled[own, name])
            case PartVar(part=part, var=var) if (part.name, var.name) in settled:
                return Const(settled[part.name, var.name])
            case _:
                return None

    return known


def _settled(view: MachineView, part: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """The variables that conditions can read and that are never given another value than their first."""
    for variable in view.machine.variables:
        written = [given for one in view.transitions for name, given in one.updates if name is variable]
        if not isinstance(variable.domain, Opaque) and all(
            isinstance(given, Const) and given.value == variable.initial for given in written
        ):
            yield (part, variable.name), variable.initial


def _less(view: MachineView, known: Known, arriving: Collection[type] | None) -> MachineView:
    """What is left of a machine.

    Args:
        arriving: the events that can arrive; None where all can.
    """
    left = [
        (_under(one, guard, known), view.declared[id(one)])
        for one in view.transitions
        if not never_holds(guard := folded(one.guard, known))
        and (arriving is None or one.event in arriving or one.duration is not None)
    ]
    states = _reached(view.machine.initial, [one for one, _ in left])
    kept = [(_from(one, states), declared) for one, declared in left if any(state in states for state in one.sources)]
    return MachineView(
        view.machine,
        tuple(state for state in view.states if state in states),
        tuple(one for one, _ in kept),
        {id(one): declared for one, declared in kept},
    )


def _on(rule: Rule, sent: Collection[type]) -> Rule:
    """The rule on those of its events that are sent."""
    events = tuple(event for event in rule.on if event in sent)
    return rule if events == rule.on else attrs.evolve(rule, on=events)


def _under(transition: Transition, guard: Formula | None, known: Known) -> Transition:
    """The transition with what is left of its guard, and with the known values in its duration and in what it writes."""
    duration = None if transition.duration is None else valued(transition.duration, known)
    updates = tuple((variable, valued(given, known)) for variable, given in transition.updates)
    same = guard is transition.guard and duration is transition.duration
    if same and all(new is old for (_, new), (_, old) in zip(updates, transition.updates, strict=True)):
        return transition
    return attrs.evolve(transition, guard=guard, duration=duration, updates=updates)


def _from(transition: Transition, states: Collection[State]) -> Transition:
    """The transition from those of its sources that are left."""
    sources = tuple(state for state in transition.sources if state in states)
    return transition if sources == transition.sources else attrs.evolve(transition, sources=sources)


def _reached(initial: State, transitions: Iterable[Transition]) -> list[State]:
    """The states to which transitions lead from the initial one."""
    reached = [initial]
    for state in reached:  # grows on the way
        for one in transitions:
            if state in one.sources and one.target is not None and one.target not in reached:
                reached.append(one.target)
    return reached


def _less_of_system(view: SystemView, values: Mapping[str, Any], settled: Settled) -> SystemView:
    known = _known(values, settled, "")
    rules = {
        number: rule if when is rule.when else attrs.evolve(rule, when=when)
        for number, rule in view.rules.items()
        if (when := folded(rule.when, known)) is not None
    }
    refused = {event for rule in rules.values() if never_holds(rule.when) for event in rule.on}
    takes = {id(one.part): {moved.event for moved in one.machine.transitions} for one in view.parts}
    wires = {
        id(wire): wire if when is wire.when else attrs.evolve(wire, when=when)
        for wire in view.wires
        if not never_holds(when := folded(wire.when, known))
        and wire.event_class not in refused
        and all(move.where is not None or move.action in takes[id(move.part)] for move in wire.moves)
    }
    parts = tuple(
        PartView(
            one.part,
            _less(one.machine, _known(values, settled, one.part.name), _actions(wires.values(), one.part)),
        )
        for one in view.parts
    )
    sent = {wire.event_class for wire in wires.values()}
    left = {number: _on(rule, sent) for number, rule in rules.items() if any(event in sent for event in rule.on)}
    declared: dict[int, Wire | Rule] = {id(wire): view.declared[before] for before, wire in wires.items()}
    declared |= {id(rule): view.declared[id(view.rules[number])] for number, rule in left.items()}
    return SystemView(view.system, parts, tuple(wires.values()), left, declared)
