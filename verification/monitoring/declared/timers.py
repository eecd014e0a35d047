"""The timers of a declaration, under the values of parameters that are left: how long each can last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.language.expressions import Const, Expr, Param
from fsm.language.machine import Machine
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.semantics.simplification import with_values
from fsm.verification.monitoring.declared.boxes import LAST, Box
from fsm.verification.monitoring.declared.intervals import FAR, Interval

__all__ = ["Timer", "Timers", "length_under"]


KNOWN = 1_024
"""Of so many choices of values it is remembered how long timers last."""


@attrs.frozen
class Timer:
    """A timed transition of a state.

    Attributes:
        bit: what it sets in `spent`.
        event: what time sends.
        duration: milliseconds in state, the least and the most that the values left allow.
        order: among those of its state.
        param: the place of the parameter that is its duration; None where it is no parameter.
    """

    bit: int
    event: type
    duration: Interval
    order: int
    param: int | None = None


class Timers:
    """The timers of the parts of a system.

    Attributes:
        params: places of the parameters that say how long they last.
    """

    def __init__(self, system: System) -> None:
        self._machines = tuple(part.machine for part in system.parts)
        nodes = [
            node
            for machine in self._machines
            for one in machine.transitions
            if one.duration is not None
            for node in walk(one.duration)
        ]
        names = {node.name for node in nodes if isinstance(node, Param)}
        self._durations = {param.name: place for place, param in enumerate(system.parameters) if param.name in names}
        self.params = frozenset(self._durations.values())
        self._known: dict[Any, tuple[dict[str, tuple[Timer, ...]], ...]] = {}

    def of(self, box: Box) -> tuple[dict[str, tuple[Timer, ...]], ...]:
        """For each part, by state, its timers in the order in which they fall due."""
        key = tuple(box[place] for place in self._durations.values())
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= KNOWN:
                self._known.clear()
            found = self._known[key] = tuple(self._timers(machine, box) for machine in self._machines)
        return found

    def _timers(self, machine: Machine, box: Box) -> dict[str, tuple[Timer, ...]]:
        found = {}
        for state in machine.states:
            made = [
                Timer(1 << order, one.event, self._span(one.duration, box), order, self._param(one.duration))
                for order, one in enumerate(machine.timers(state))
                if one.duration is not None
            ]
            if made:
                found[state.name] = tuple(sorted(made, key=lambda timer: (timer.duration, timer.order)))
        return found

    def _param(self, duration: Expr[int]) -> int | None:
        return self._durations[duration.name] if isinstance(duration, Param) else None

    def _span(self, duration: Expr[int], box: Box) -> Interval:
        """The least and the most of a duration; anything where it is computed of a parameter that nobody saw."""
        read = {node.name: box[self._durations[node.name]] for node in walk(duration) if isinstance(node, Param)}
        if all(len(values) == 1 for values in read.values()):
            length = length_under(duration, {name: values[0] for name, values in read.items()})
            return (length, length)
        if not isinstance(duration, Param):
            return (1, FAR)
        values = read[duration.name]
        return (max(1, values[0]), FAR if values[-1] == LAST else values[-1])

    def offset(self, place: int, state: str, timer: Timer, params: Mapping[str, Any]) -> int:
        """After how long (milliseconds) the timer fires under these values."""
        machine = self._machines[place]
        inside = next(one for one in machine.states if one.name == state)
        duration = machine.timers(inside)[timer.order].duration
        assert duration is not None
        return length_under(duration, params)


def length_under(duration: Expr[int], params: Mapping[str, Any]) -> int:
    """A duration under values of its parameters, milliseconds."""
    length = with_values(duration, params)
    assert isinstance(length, Const)
    return int(length.value)
