"""What can be sent from a snapshot, and when: the moves that a search tries."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import count, islice
from typing import Any

import attrs

from fsm.language.domains import Integers, Opaque
from fsm.language.expressions import Arithmetic, Choose, Compare, Const, Expr, Formula
from fsm.language.leaves import Clock, FieldRef, ForEach
from fsm.language.parts import Each, Part
from fsm.language.system import System
from fsm.language.traversal import bottom_up, walk
from fsm.semantics.simplification import with_values
from fsm.verification.search.goal import reads_clock

__all__ = ["ages_of", "new_keys", "sample"]


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
    """

    states: frozenset[str]
    points: tuple[int, ...]
    cap: int
    endless: bool = False


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
    for formula in (*guards, *spoken):
        points |= _around(formula, params)
        longest = _longest(formula, params)
        cap, endless = max(cap, longest or 0), endless or longest is None
    return _Ages(frozenset(states), tuple(sorted(points)), max([cap, *points]) + 1, endless)


def _speaks_of_time_in(part: Part, node: Expr[Any]) -> bool:
    return (isinstance(node, Clock) and node.part is part) or (
        isinstance(node, ForEach) and node.part is part and reads_clock(node.formula)
    )


def _around(formula: Formula, params: Mapping[str, Any]) -> set[int]:
    """The times in state among which a formula can change that compares them with constants, or with what has few values."""
    numbers: set[int] = set()
    for node in walk(with_values(formula, params)):
        match node:
            case Const(value=int() as value) if value is not True and value is not False:
                numbers.add(value)
            case Expr(domain=Integers(low=int() as low, high=int() as high)) if high - low < FEW:
                numbers |= set(range(low, high + 1))
    return {number + step for number in numbers for step in (0, 1)}


def _longest(formula: Formula, params: Mapping[str, Any]) -> int | None:
    """A time in state after which no comparison with it changes any more, milliseconds; None where there may be no such."""
    compared = [node for node in walk(with_values(formula, params)) if isinstance(node, Compare) and reads_clock(node)]
    bounds = [bottom_up(side, _greatest).bound for node in compared for side in (node.left, node.right)]
    return None if None in bounds else sum(bound for bound in bounds if bound is not None)


@attrs.frozen
class _Size:
    """How large everything but the time in state can be in an expression, whatever its sign; None where there is no end."""

    bound: int | None
    clocked: bool = False


def _greatest(expr: Expr[Any], below: tuple[_Size, ...]) -> _Size:
    clocked = any(one.clocked for one in below)
    match expr:
        case Clock():
            return _Size(0, True)
        case Const(value=value):
            return _Size(abs(int(value)) if isinstance(value, int) else None)
        case Arithmetic(op=op):
            one, other = below
            factor = isinstance(expr.left, Const) or isinstance(expr.right, Const)
            if one.bound is None or other.bound is None or (op == "*" and clocked and not factor):
                return _Size(None, clocked)
            return _Size(one.bound * other.bound if op == "*" else one.bound + other.bound, clocked)
        case Choose():
            _, one, other = below
            endless = one.bound is None or other.bound is None
            return _Size(None if endless else (one.bound or 0) + (other.bound or 0), clocked)
        case Expr(domain=Integers(low=int() as low, high=int() as high)):
            return _Size(max(abs(low), abs(high)), clocked)
        case _:
            return _Size(None, clocked)


def _value(expr: Expr[Any], params: Mapping[str, Any]) -> int:
    value = with_values(expr, params)
    assert isinstance(value, Const)
    return int(value.value)


def sample(domain: Opaque, name: str) -> Any:
    """Some value for a field that no condition reads."""
    if domain.type is str:
        return name
    return None if domain.type is object or not isinstance(domain.type, type) else domain.type()


def new_keys(name: str, domain: Any, used: set[Hashable], many: int) -> list[Hashable]:
    """Keys that no instance has: `c-3` for a third contact."""
    kind = getattr(domain, "type", str)
    keys: Iterator[Hashable] = (f"{name[0]}-{number}" if kind in (str, object) else kind(number) for number in count(1))
    return list(islice((key for key in keys if key not in used), many))


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
