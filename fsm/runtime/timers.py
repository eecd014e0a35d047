"""When time will send something: the timers that instances have running, for one profile.

A snapshot keeps its earliest deadline, so a step looks for it anew only when it may be gone.
What a timer does when it falls due is in `fsm.runtime.engine`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from fsm.language.snapshot import Instance
from fsm.language.system import System
from fsm.runtime.compiled_moves import Change
from fsm.runtime.compiled_transitions import Timer, timers_of

__all__ = ["Deadlines"]

Parts = tuple[Any, ...]
Running = Mapping[str, Mapping[int, tuple[int, int, Timer] | None]]
"""By state, then by the timers of the stay that have fired: the next timer, with its milliseconds in state and its order there."""


@attrs.frozen(eq=False)
class Deadlines:
    """The timers of a system's parts for one profile.

    Attributes:
        timers: for each part, by state, the timers in the order they fall due.
    """

    timers: tuple[dict[str, tuple[Timer, ...]], ...]
    _running: tuple[Running, ...] = attrs.field(init=False)
    _ticking: tuple[tuple[int, Running], ...] = attrs.field(init=False)
    """Of the parts that have timers: where each stands."""

    @classmethod
    def of(cls, system: System, params: Mapping[str, Any]) -> Deadlines:
        return cls(tuple(timers_of(part.machine, params) for part in system.parts))

    @_running.default
    def _tables(self) -> tuple[Running, ...]:
        return tuple({state: Stay(due) for state, due in timers.items()} for timers in self.timers)

    @_ticking.default
    def _places(self) -> tuple[tuple[int, Running], ...]:
        return tuple((place, running) for place, running in enumerate(self._running) if running)

    def earliest(self, parts: Parts) -> int | None:
        """The earliest deadline of all instances; None when no timer runs."""
        earliest: int | None = None
        for place, running in self._ticking:
            part = parts[place]
            for instance in (part,) if isinstance(part, Instance) else part.values():
                stay = running.get(instance[0])
                if stay is not None:
                    timer = stay[instance[2]]
                    if timer is not None and (earliest is None or instance[1] + timer[0] < earliest):
                        earliest = instance[1] + timer[0]
        return earliest

    def after(self, due: int | None, parts: Parts, changes: Iterable[Change]) -> int | None:
        """The earliest deadline of the parts, which came by these changes from parts whose earliest was `due`."""
        for place, _, before, after, _ in changes:
            running = self._running[place]
            if not running:
                continue
            stay = running.get(before[0])
            if stay is not None:
                gone = stay[before[2]]
                if gone is not None and before[1] + gone[0] == due:
                    return self.earliest(parts)
            stay = running.get(after[0])
            if stay is not None:
                timer = stay[after[2]]
                if timer is not None and (due is None or after[1] + timer[0] < due):
                    due = after[1] + timer[0]
        return due

    def first(self, parts: Parts, at: int) -> tuple[int, Hashable, Instance, Timer]:
        """The timer that fires next at the earliest deadline: by part, then as declared, then by key, whose order must not matter."""
        place, _, key, instance, timer = min(self._due(parts, at), key=lambda one: (one[0], one[1], repr(one[2])))
        return place, key, instance, timer

    def _due(self, parts: Parts, at: int) -> Iterator[tuple[int, int, Hashable, Instance, Timer]]:
        for place, (part, running) in enumerate(zip(parts, self._running, strict=True)):
            if running:
                for key, instance in ((None, part),) if isinstance(part, Instance) else part.items():
                    stay = running.get(instance[0])
                    timer = None if stay is None else stay[instance[2]]
                    if timer is not None and instance[1] + timer[0] == at:
                        yield place, timer[1], key, instance, timer[2]


class Stay(dict[int, tuple[int, int, Timer] | None]):
    """The timers of a state: for each set of those that have fired the next one, None when all have.

    They fire in one order, so that few sets are met; those are kept, any other is looked up.
    """

    def __init__(self, due: tuple[Timer, ...]) -> None:
        self.ordered = [(timer.offset, order, timer) for order, timer in enumerate(due)]
        spent = 0
        for one in self.ordered:
            self[spent] = one
            spent |= one[2].bit
        self[spent] = None

    def __missing__(self, spent: int) -> tuple[int, int, Timer] | None:
        return next((one for one in self.ordered if not spent & one[2].bit), None)
