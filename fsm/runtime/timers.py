"""When time will send something: the timers that instances have running, for one profile.

A snapshot keeps its earliest deadline, so a step looks for it anew only when it may be gone.
What a timer does when it falls due is in `fsm.runtime.engine`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from itertools import count
from typing import Any

import attrs

from fsm.language.snapshot import Instance
from fsm.language.system import System
from fsm.runtime.compiled_moves import Change
from fsm.runtime.compiled_transitions import Timer, timers_of

__all__ = ["Agenda", "Deadlines"]

Parts = tuple[Any, ...]
Running = Mapping[str, Mapping[int, tuple[int, int, Timer] | None]]
"""By state, then by the timers of the stay that have fired: the next timer, with its milliseconds in state and its order there."""

Entry = tuple[tuple[int, int, int, str, int], Hashable, Instance, Timer]
"""When a timer falls due, in which order, and whose it is; a number tells entries apart that are alike in all of it."""


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

    def timer(self, place: int, instance: Instance) -> tuple[int, int, Timer] | None:
        """The next timer of an instance, with its milliseconds in state and its order there."""
        stay = self._running[place].get(instance[0])
        return None if stay is None else stay[instance[2]]

    def agenda(self, parts: Parts, to: int) -> Agenda:
        """What falls due of the parts up to an instant."""
        return Agenda(self, parts, to)

    def running(self, parts: Parts) -> Iterator[tuple[int, Hashable, Instance]]:
        """Every instance of the parts that have timers, with its part's place and its key."""
        for place, _ in self._ticking:
            part = parts[place]
            if isinstance(part, Instance):
                yield place, None, part
            else:
                for key, instance in part.items():
                    yield place, key, instance


class Agenda:
    """What falls due while time passes to an instant: by deadline, then by part, as declared, by key, whose order must not matter.

    Every instance is looked at once, then only those that move: an entry stands as long as the instance does that it was made for.

    Args:
        to: milliseconds; what falls due later is not on it.
    """

    def __init__(self, deadlines: Deadlines, parts: Parts, to: int) -> None:
        self._deadlines, self._to = deadlines, to
        self._numbers = count()
        self._entries: list[Entry] = []
        for place, key, instance in deadlines.running(parts):
            self._note(place, key, instance)

    def first(self, parts: Parts) -> tuple[int, Hashable, Instance, Timer]:
        """What fires next; it stays on the agenda until its instance moves."""
        entry = self._top(parts)
        assert entry is not None, "a timer is due and not on the agenda"
        (_, place, _, _, _), key, instance, timer = entry
        return place, key, instance, timer

    def after(self, parts: Parts, changes: Iterable[Change]) -> int | None:
        """The earliest deadline of the parts, which these changes have led to."""
        for place, key, _, instance, _ in changes:
            self._note(place, key, instance)
        entry = self._top(parts)
        return self._deadlines.earliest(parts) if entry is None else entry[0][0]

    def _top(self, parts: Parts) -> Entry | None:
        while self._entries:
            (_, place, _, _, _), key, instance, _ = self._entries[0]
            part = parts[place]
            if (part if isinstance(part, Instance) else part.get(key)) is instance:
                return self._entries[0]
            heappop(self._entries)
        return None

    def _note(self, place: int, key: Hashable, instance: Instance) -> None:
        running = self._deadlines.timer(place, instance)
        if running is not None and (at := instance[1] + running[0]) <= self._to:
            heappush(
                self._entries, ((at, place, running[1], repr(key), next(self._numbers)), key, instance, running[2])
            )


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
