"""A run as data: what was sent, by whom, and what it changed. Pictures, proofs and reports show these.

    trace = replay(engine, [(SetStatus(Status.AVAILABLE), 0), (OfferChat("c-1", "Ann", arrived_at=0), 0), (None, 20_000)])
    print(trace)

Every step of a trace was taken by `Engine.step` or `Engine.advance`: a run that cannot happen
has no trace. The words of the page are in `fsm.traces.page`, the form for JSON in `fsm.storage.traces`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from fsm.language.parts import Each, Part
from fsm.language.snapshot import Instance, Snapshot, Taken, initial_instance
from fsm.runtime.compiled_transitions import Timer, timers_of

if TYPE_CHECKING:
    from fsm.runtime.engine import Engine

__all__ = ["Moved", "Running", "Trace", "TraceStep", "replay"]


@attrs.frozen
class Running:
    """A timer that runs: the event that time will send, and when (milliseconds)."""

    event: type
    due: int


@attrs.frozen
class Moved:
    """An instance that is another after a step than before it.

    Attributes:
        part: the name of its part.
        key: its key; None for a part made by `one`.
        before: what it was; in its initial state where it did not exist.
        after: what it is; in its initial state where it exists no more.
        running: its timers, in the order they fall due.
        lapsed: what its timers would have sent that fell due while their guard said no.
    """

    part: str
    key: Hashable
    before: Instance
    after: Instance
    running: tuple[Running, ...]
    lapsed: tuple[type, ...]


@attrs.frozen
class TraceStep:
    """One step: an event that a caller sent, one that time sent, or neither when time alone passed.

    Attributes:
        at: the instant, milliseconds.
        event: what a caller sent; None when time did.
        sent: the class of the event that time sent; None when a caller did, or when nothing fell due.
        part, key: the instance to which time sent it; both None for other steps.
        before, after: the snapshots around it.
        effects: what it emitted.
        moved: every instance that changed, in the order of the parts, then of the keys.
    """

    at: int
    event: object | None
    sent: type | None
    part: str | None
    key: Hashable
    before: Snapshot
    after: Snapshot
    effects: tuple[object, ...]
    moved: tuple[Moved, ...]


@attrs.frozen
class Trace:
    """A run of a system from a snapshot, step by step.

    Attributes:
        system: its name.
        profile: the value of every parameter, by name, as declared.
        start: the snapshot before the first step.
        steps: in order, those of time among them.
        loop: the place in `steps` of the one from which the run goes round for ever (`fsm.traces.lasso`); None for a run that ends.
        usual: the default of every parameter, by name: what goes without saying.
    """

    system: str
    profile: tuple[tuple[str, Any], ...]
    start: Snapshot
    steps: tuple[TraceStep, ...]
    loop: int | None = None
    usual: tuple[tuple[str, Any], ...] = ()

    @property
    def last(self) -> Snapshot:
        """The snapshot after the last step."""
        return self.steps[-1].after if self.steps else self.start

    @property
    def events(self) -> tuple[tuple[object | None, int], ...]:
        """What `replay` needs to make this trace again."""
        return tuple((step.event, step.at) for step in self.steps)

    def __str__(self) -> str:
        from fsm.traces.page import page

        return page(self)


def replay(engine: Engine, events: Sequence[tuple[object | None, int]], *, start: Snapshot | None = None) -> Trace:
    """Take these events one after the other; timers that fall due on the way become steps of their own.

    Args:
        events: each with its instant (milliseconds); None in place of an event lets time alone pass.
        start: where to begin; the first snapshot of the system, at 0, unless given.

    Raises:
        EventRefused, BadInput, TimeStopped: as `Engine.step` does.
    """
    first = snapshot = engine.start() if start is None else start
    timers = tuple(timers_of(part.machine, engine.params) for part in engine.system.parts)
    steps: list[TraceStep] = []
    for event, at in events:
        taken = engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at)
        for one in taken.timed:
            steps.append(_timed_step(engine, timers, snapshot, one))
            snapshot = one.after
        if event is not None or taken.after.now != snapshot.now:
            own = taken.effects[sum(len(one.effects) for one in taken.timed) :]
            moved = tuple(_moved(engine, timers, snapshot, taken.after, None))
            steps.append(TraceStep(at, event, None, None, None, snapshot, taken.after, own, moved))
            snapshot = taken.after
    usual = tuple((param.name, param.default) for param in engine.system.parameters)
    return Trace(engine.system.name, tuple(engine.params.items()), first, tuple(steps), usual=usual)


Timers = tuple[Mapping[str, tuple[Timer, ...]], ...]
"""For each part, the timers of each state under the profile."""


def _timed_step(engine: Engine, timers: Timers, before: Snapshot, one: Taken) -> TraceStep:
    moved = tuple(_moved(engine, timers, before, one.after, one))
    return TraceStep(one.at, None, one.event, one.part, one.key, before, one.after, one.effects, moved)


def _moved(engine: Engine, timers: Timers, before: Snapshot, after: Snapshot, taken: Taken | None) -> Iterator[Moved]:
    """What differs between two snapshots; `taken` is the step of time between them, if it was one."""
    for place, (part, known) in enumerate(zip(engine.system.parts, timers, strict=True)):
        for key, old, new in _pairs(part, before.parts[place], after.parts[place]):
            if old != new:
                fired = taken.event if taken is not None and (taken.part, taken.key) == (part.name, key) else None
                due = known.get(new.state, ())
                running = tuple(
                    Running(timer.event, new.since + timer.offset) for timer in due if not new.spent & timer.bit
                )
                lapsed = tuple(
                    timer.event
                    for timer in due
                    if timer.bit & new.spent & ~_spent(old, new) and timer.event is not fired
                )
                yield Moved(part.name, key, old, new, running, lapsed)


def _pairs(part: Part, old: Any, new: Any) -> Iterator[tuple[Hashable, Instance, Instance]]:
    """Every instance of a part, before and after, by key."""
    if isinstance(part, Each):
        absent = initial_instance(part.machine, 0)
        for key in sorted({**old, **new}, key=repr):
            yield key, old.get(key, absent), new.get(key, absent)
    else:
        yield None, old, new


def _spent(old: Instance, new: Instance) -> int:
    """The timers of the new stay that had fired before the step: those of another stay do not count."""
    return old.spent if (old.state, old.since) == (new.state, new.since) else 0
