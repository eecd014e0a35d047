"""Who keeps time, and whether a walk from change to change misses nothing of it.

Between two neighbours of the numbers with which a time in state is compared, and at which a timer falls due, nothing tells two times
apart, and from each of them time goes on to the next. So where one instance alone keeps time, one time of each such span is enough.

What it can never say: that anything is enough where two instances keep time, since what matters then is also who began first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fsm.language.expressions import Compare, Const, Expr, Formula, Param
from fsm.language.leaves import Clock
from fsm.language.parts import One, Part
from fsm.language.system import System
from fsm.language.traversal import walk

__all__ = ["has_one_clock", "keeps_time", "reads_clock"]


def reads_clock(expr: Expr[Any]) -> bool:
    """Whether a formula speaks of the time in state."""
    return any(isinstance(node, Clock) for node in walk(expr))


def keeps_time(system: System, formulas: Iterable[Formula]) -> bool:
    """Whether there are timers, or the time in state is read."""
    read = (*_of_machines(system), *_of_system(system), *formulas)
    return any(map(_has_timers, system.parts)) or any(map(reads_clock, read))


def has_one_clock(system: System, formulas: Iterable[Formula]) -> bool:
    """Whether the only instance of one part alone keeps time, and that is just compared with numbers."""
    said = [*_of_system(system), *formulas]
    own = {part for part in system.parts if _has_timers(part) or any(map(reads_clock, _guards(part)))}
    spoken = {node.part for one in said for node in walk(one) if isinstance(node, Clock)}  # None: of each of many
    timed = own | spoken
    read = [*_of_machines(system), *said]
    return len(timed) == 1 and all(isinstance(part, One) for part in timed) and all(map(_is_just_compared, read))


def _has_timers(part: Part) -> bool:
    return any(one.duration is not None for one in part.machine.transitions)


def _guards(part: Part) -> Iterator[Formula]:
    return (one.guard for one in part.machine.transitions if one.guard is not None)


def _of_machines(system: System) -> Iterator[Expr[Any]]:
    """The expressions of lines on which it depends what happens."""
    for part in system.parts:
        yield from _guards(part)
        yield from (value for one in part.machine.transitions for _, value in one.updates)


def _of_system(system: System) -> Iterator[Expr[Any]]:
    """Those of rules and wires."""
    yield from (rule.when for rule in system.rules)
    for wire in system.all_wires:
        yield from () if wire.when is None else (wire.when,)
        for move in wire.moves:
            yield from (one for one in (move.key, move.where) if one is not None)
            yield from (value for _, value in move.payload)


def _is_just_compared(expr: Expr[Any]) -> bool:
    """Whether each time in state that is read stands beside a number, in a comparison."""
    if isinstance(expr, Clock):
        return False
    for node in walk(expr):
        clocks = [one for one in node.below() if isinstance(one, Clock)]
        others = [one for one in node.below() if not isinstance(one, Clock)]
        if clocks and not (isinstance(node, Compare) and len(others) == 1 and isinstance(others[0], Const | Param)):
            return False
    return True
