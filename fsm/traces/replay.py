"""Running a system along given events: the only way in which a trace is made.

    trace = replay(engine, [(SetStatus(Status.AVAILABLE), 0), (OfferChat("c-1", "Ann", arrived_at=0), 0), (None, 20_000)])

Every step of a trace was taken by `Engine.step` or `Engine.advance`: a run that cannot happen has no trace.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from fsm.language.parts import Each, Part
from fsm.language.snapshot import Instance, Snapshot, Taken, initial_instance, taken_in_turn
from fsm.runtime.compiled_transitions import Timer, timers_of
from fsm.runtime.engine import Engine
from fsm.traces.steps import Moved, Running, TraceStep
from fsm.traces.trace import Trace

__all__ = ["replay"]


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
        step = engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at)
        for one in taken_in_turn(snapshot, event, at, step):
            known = (one.at, one.event, one.part, one.key, one.before, one.after, one.effects)
            steps.append(TraceStep(*known, tuple(_moved(engine, timers, one))))
            snapshot = one.after  # a timer that lapses after it is told of the step that comes next
    usual = tuple((param.name, param.default) for param in engine.system.parameters)
    return Trace(engine.system.name, tuple(engine.params.items()), first, tuple(steps), usual=usual)


Timers = tuple[Mapping[str, tuple[Timer, ...]], ...]
"""For each part, the timers of each state under the profile."""


def _moved(engine: Engine, timers: Timers, step: Taken) -> Iterator[Moved]:
    """The instances that differ before and after a step."""
    for place, (part, known) in enumerate(zip(engine.system.parts, timers, strict=True)):
        for key, old, new in _pairs(part, step.before.parts[place], step.after.parts[place]):
            if old != new:
                fired = step.event if (step.part, step.key) == (part.name, key) else None
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
