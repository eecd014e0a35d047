"""The mutable object: a snapshot that moves, callbacks around each step, all of a call or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from fsm.errors import BadArgument
from fsm.language.machine import Machine
from fsm.language.parameters import Profile
from fsm.language.parts import Each, One
from fsm.language.printing import instance_in_words
from fsm.language.snapshot import Instance, Snapshot, Taken, frozen_instances
from fsm.language.system import System
from fsm.live.moves import InstanceChange, Judge, first_instance
from fsm.live.timers import Due, fire, lapsed, next_due
from fsm.runtime.engine import compile
from fsm.runtime.explanation import explain, explain_sent
from fsm.runtime.inputs import check_instant
from fsm.runtime.refusal import FIRINGS, EventRefused, TimeStopped, TooManyFirings

__all__ = ["Live"]


Callback = Callable[[Taken], object]


class Live:
    """A machine or system that lives: `send` changes it.

    A call that raises anything but EventRefused or TooManyFirings leaves everything as it was; a refused event
    changes nothing but time, and an instant that is too far away brings time as far as the error says. Not for several threads at once.
    """

    def __init__(self, target: Machine | System, profile: Profile | None = None, at: int = 0) -> None:
        """Start anew.

        Args:
            target: what was declared.
            profile: values of parameters by name; those not named have their defaults.
            at: the instant, milliseconds.

        Raises:
            BadInput: the profile or the instant is wrong.
        """
        self._engine = compile(target, profile)  # checks arguments and words refusals; judges nothing here
        self._judge = Judge(self._engine.system, self._engine.params)
        check_instant("at", at)
        self._snapshot = self._at(
            at,
            tuple(
                {} if isinstance(part, Each) else first_instance(part.machine, at) for part in self._judge.system.parts
            ),
        )
        self._before: tuple[Callback, ...] = ()
        self._after: tuple[Callback, ...] = ()
        self._busy = False

    def __repr__(self) -> str:
        return f"Live({self._snapshot!r})"

    @property
    def snapshot(self) -> Snapshot:
        """Everything it remembers, as a value; equal to what the pure `step` gives."""
        return self._snapshot

    def resume(self, snapshot: Snapshot) -> None:
        """Go on from a snapshot of the same system, for example a stored one.

        Raises:
            BadInput: it is of another system.
        """
        self._check_idle()
        self._engine.arguments.check_snapshot(snapshot)
        self._snapshot = snapshot

    def before(self, callback: Callback) -> None:
        """Call this before each step, while the snapshot is still the old one. When it raises, nothing is taken."""
        self._before += (callback,)

    def after(self, callback: Callback) -> None:
        """Call this after each step, when the snapshot is the new one. When it raises, nothing was taken."""
        self._after += (callback,)

    def send(self, event: object, at: int, *, firings: int = FIRINGS) -> tuple[object, ...]:
        """Take the event, after every timer due by its instant, and give what was emitted on the way.

        Args:
            firings: so many timers of one instance fire in this call at most.

        Raises:
            EventRefused: something stands in its way; time has passed.
            BadInput: a foreign event, a field of a wrong type, an instant that is no int or runs back.
            TimeStopped: a timer fell due that something stands in the way of.
            TooManyFirings: the instant is very far away; time has passed as far as it says, and sending again goes on.
        """
        self._engine.arguments.check_time(self._snapshot, at)
        self._engine.arguments.check_event(event)
        with self._all_or_nothing():
            timed = self._wait(at, firings, "at")
            moves = self._judge.sent(self._snapshot, event, at)
            if moves is not None:
                return (*_emitted(timed), *self._step(event, at, None, None, self._snapshot, moves).effects)
        raise EventRefused(explain(self._engine, self._snapshot, event, at), self._snapshot, _emitted(timed), timed)

    def advance(self, to: int, *, firings: int = FIRINGS) -> tuple[object, ...]:
        """Let time alone pass to an instant (milliseconds) and give what was emitted on the way.

        Args:
            firings: so many timers of one instance fire in this call at most.

        Raises:
            BadInput: `to` is no int or lies in the past.
            TimeStopped: a timer fell due that something stands in the way of.
            TooManyFirings: `to` is very far away; time has passed as far as it says, and calling again goes on.
        """
        self._engine.arguments.check_time(self._snapshot, to, "to")
        with self._all_or_nothing():
            return _emitted(self._wait(to, firings, "to"))

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """What is raised inside leaves the old snapshot; callbacks may look, but not move."""
        self._check_idle()
        old, self._busy = self._snapshot, True
        try:
            yield
        except TooManyFirings:  # time has come as far as it says
            raise
        except BaseException:
            self._snapshot = old
            raise
        finally:
            self._busy = False

    def _check_idle(self) -> None:
        if self._busy:
            raise BadArgument(
                "callback",
                "moves the object whose step called it",
                "Send when the call that is under way has returned.",
            )

    def _wait(self, to: int, firings: int, where: str) -> tuple[Taken, ...]:
        """Let every timer due by an instant fire, in the order they fall due."""
        timed: list[Taken] = []
        fired: Counter[tuple[str, Hashable]] = Counter()
        before = self._snapshot
        while (
            due := next_due(self._judge.system, self._snapshot.parts, self._judge.params)
        ) is not None and due.at <= to:
            fired[due.part.name, due.key] += 1
            if fired[due.part.name, due.key] > firings:
                who = instance_in_words(due.part.name, due.key)
                raise TooManyFirings.of(where, who, firings, self._snapshot, tuple(timed))
            moves = self._fire(due)
            if moves is None:
                self._snapshot = self._moved(due.at, [lapsed(due)])
            else:
                timed.append(self._step(due.transition.event, due.at, due.part.name, due.key, before, moves))
                before = self._snapshot
        self._snapshot = self._moved(to, [])
        return tuple(timed)

    def _fire(self, due: Due) -> list[InstanceChange] | None:
        """What a timer moves: its own instance and those wired to what it sends; None when its guard says no."""
        own = fire(self._judge, due)
        if own is None:
            return None
        event = due.transition.event
        others = self._judge.timed(self._snapshot, due.part, due.key, event, due.at)
        if others is None:
            raise TimeStopped(explain_sent(self._engine, self._snapshot, due.part.name, due.key, event, due.at))
        return [own, *others]

    def _step(
        self, event: object, at: int, part: str | None, key: Hashable, before: Snapshot, moves: list[InstanceChange]
    ) -> Taken:
        """Make the moves, between the callbacks."""
        effects = tuple(effect for one in moves for effect in one.effects)
        step = Taken(at, event, part, key, before, self._moved(at, moves), effects)
        for callback in self._before:
            callback(step)
        self._snapshot = step.after
        for callback in self._after:
            callback(step)
        return step

    def _moved(self, at: int, moves: list[InstanceChange]) -> Snapshot:
        """The snapshot at an instant with the moves made; an instance back in its initial state is forgotten."""
        system = self._judge.system
        parts: list[Any] = [
            dict(held) if isinstance(part, Each) else held
            for part, held in zip(system.parts, self._snapshot.parts, strict=True)
        ]
        for one in moves:
            place = system.parts.index(one.part)
            if isinstance(one.part, One):
                parts[place] = one.after
            elif one.after.state == one.part.machine.initial.name:
                parts[place].pop(one.key, None)
            else:
                parts[place][one.key] = one.after
        return self._at(at, tuple(parts))

    def _at(self, now: int, parts: tuple[Any, ...]) -> Snapshot:
        due = next_due(self._judge.system, parts, self._judge.params)
        kept = tuple(part if isinstance(part, Instance) else frozen_instances(part) for part in parts)
        return Snapshot(self._engine.layout, now, None if due is None else due.at, kept)


def _emitted(timed: tuple[Taken, ...]) -> tuple[object, ...]:
    return tuple(effect for taken in timed for effect in taken.effects)
