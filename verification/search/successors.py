"""What can be sent from a snapshot, and when: the moves that a search tries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from fsm.language.domains import Integers
from fsm.language.expressions import Compare, Const, Expr, Formula, Var
from fsm.language.leaves import Clock, FieldRef, ForEach, PartVar
from fsm.language.parts import Each, Part
from fsm.language.snapshot import places
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.semantics.measured import longest_measured
from fsm.semantics.simplification import with_values
from fsm.verification.search.clocks import reads_clock

__all__ = ["ages_of"]


FEW = 16
"""Values that a time in state is compared with are tried one by one where they are not more."""


@attrs.frozen
class _Ages:
    """Where the time in state matters.

    Attributes:
        states: in which states.
        points: times in state, milliseconds, around which something changes.
        cap: after so long nothing measures how much longer.
        endless: a time in state is compared with what has no end, so that there is no such cap.
        compared: where the variables stand in an instance, with many values, that its time in state is compared with:
            something changes around what they are then.
    """

    states: frozenset[str]
    points: tuple[int, ...]
    cap: int
    endless: bool = False
    compared: tuple[int, ...] = ()


def ages_of(part: Part, params: Mapping[str, Any], goals: Iterable[Formula]) -> _Ages:
    """What guards and timers of a part say of its time in state, and what the goals do."""
    states: set[str] = set()
    points: set[int] = set()
    cap, endless = 0, False
    for transition in part.machine.transitions:
        clocked = transition.guard is not None and reads_clock(transition.guard)
        if transition.duration is not None or clocked:
            states |= {state.name for state in transition.sources}
        if transition.duration is not None:
            cap = max(cap, _value(transition.duration, params))
    guards = [one.guard for one in part.machine.transitions if one.guard is not None and reads_clock(one.guard)]
    spoken = [goal for goal in goals if any(_speaks_of_time_in(part, node) for node in walk(goal))]
    states |= {state.name for state in part.machine.states} if spoken else set()
    compared: set[int] = set()
    for formula in (*guards, *spoken):
        compared |= _compared(part, formula)
        points |= _around(formula, params)
        longest = longest_measured(formula, params)
        cap, endless = max(cap, longest or 0), endless or longest is None
    return _Ages(frozenset(states), tuple(sorted(points)), max([cap, *points]) + 1, endless, tuple(sorted(compared)))


def _compared(part: Part, formula: Formula) -> set[int]:
    """The places of a part's own variables, with many values, in comparisons with a time in state."""
    where = places(part.machine)
    nodes = [node for one in walk(formula) if isinstance(one, Compare) and reads_clock(one) for node in walk(one)]
    own = [node.var if isinstance(node, PartVar) and node.part is part else node for node in nodes]
    return {
        where[node]
        for node in own
        if isinstance(node, Var) and node in where and isinstance(node.domain, Integers) and not _has_few(node.domain)
    }


def _speaks_of_time_in(part: Part, node: Expr[Any]) -> bool:
    return (isinstance(node, Clock) and node.part is part) or (
        isinstance(node, ForEach) and node.part is part and reads_clock(node.formula)
    )


def _around(formula: Formula, params: Mapping[str, Any]) -> set[int]:
    """The times in state among which a formula can change that compares them with constants, or with what has few values."""
    numbers: set[int] = set()
    said = with_values(formula, params)
    compared = [one for one in walk(said) if isinstance(one, Compare) and reads_clock(one)]
    for node in (node for one in compared for node in walk(one)):
        match node:
            case Const(value=int() as value) if value is not True and value is not False:
                numbers.add(value)
            case Expr(domain=Integers(low=int() as low, high=int() as high) as domain) if _has_few(domain):
                numbers |= set(range(low, high + 1))
    return {
        number + step for number in numbers for step in (-1, 0, 1)
    }  # the last of a span, too: a run that goes round takes time


def _has_few(domain: Integers) -> bool:
    return domain.low is not None and domain.high is not None and domain.high - domain.low < FEW


def _value(expr: Expr[Any], params: Mapping[str, Any]) -> int:
    value = with_values(expr, params)
    assert isinstance(value, Const)
    return int(value.value)


def linked_parts(system: System) -> tuple[tuple[Each, ...], ...]:
    """The `each` parts, those together whose instances one field of an event names, in the order of the declaration."""
    order = [part for part in system.parts if isinstance(part, Each)]
    sets = [{part} for part in order]
    for event in dict.fromkeys(one.event_class for one in system.all_wires):
        named: dict[object, set[Each]] = {}
        for one in system.all_wires:
            for move in one.moves if one.event_class is event else ():
                if isinstance(move.part, Each) and move.key is not None:
                    named.setdefault(move.key.name if isinstance(move.key, FieldRef) else one.sender, set()).add(
                        move.part
                    )
        for sender, parts in named.items():
            parts |= {sender} if isinstance(sender, Each) else set()
            sets = [*(one for one in sets if not one & parts), set().union(*(one for one in sets if one & parts))]
    grouped = [tuple(part for part in order if part in one) for one in sets]
    return tuple(sorted(grouped, key=lambda parts: order.index(parts[0])))
