"""Runs that never end: a stem, then steps that lead back to where they began, again and again.

Two snapshots are taken for the same when no event, no timer and no formula that leaves out the time
in state can tell them apart: instants all shifted alike, carried data left out, and a stay that
no timer and no guard measures any more as long as it likes. Keys count: `c-1` is not `c-2`.

That a run returns is checked here, by comparing the snapshots that the runtime gave; it is never believed.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import attrs

from fsm.errors import BadRun, WiresOverlap
from fsm.language.machine import Machine
from fsm.language.snapshot import Instance, Snapshot, readable_places
from fsm.runtime.compiled_transitions import timers_of
from fsm.runtime.refusal import TimeStopped, TooManyFirings
from fsm.semantics.measured import longest_measured
from fsm.traces.trace import Trace

if TYPE_CHECKING:
    from fsm.runtime.engine import Engine

__all__ = ["for_ever", "shifted"]


def for_ever(engine: Engine, trace: Trace, loop: int) -> Trace:
    """The run that goes on for ever from this step (counted from nought): it ends where that step began.

    Raises:
        BadInput: it does not, or no time passes on the way round, so that it ends.
    """
    if not 0 <= loop < len(trace.steps):
        raise BadRun("loop", f"there is no step {loop}", f"The run has {len(trace.steps)} steps.")
    begins = trace.steps[loop].before
    if shifted(engine, _lapsed(engine, begins)) != shifted(engine, _lapsed(engine, trace.last)):
        raise BadRun("loop", f"the run does not return to where step {loop + 1} begins")
    if begins.now == trace.last.now:
        raise BadRun("loop", "no time passes on the way round", "A run that never ends takes more than any time.")
    return attrs.evolve(trace, loop=loop)


def _lapsed(engine: Engine, snapshot: Snapshot) -> Snapshot:
    """With the timers of this instant spent whose guards say no: that sends nothing, so that no step of a run tells it."""
    if snapshot.due is None or snapshot.due > snapshot.now:
        return snapshot
    try:
        step = engine.advance(snapshot, snapshot.now)
    except (TimeStopped, TooManyFirings, WiresOverlap):
        return snapshot
    return snapshot if step.timed else step.after


def shifted(engine: Engine, snapshot: Snapshot) -> Hashable:
    """The same for snapshots from which the same happens, each instant later by as much."""
    found: list[Hashable] = []
    for part, held in zip(engine.system.parts, snapshot.parts, strict=True):
        instances = (
            [(None, held)] if isinstance(held, Instance) else sorted(held.items(), key=lambda pair: repr(pair[0]))
        )
        found.append(tuple((key, _kind(engine, part.machine, one, snapshot.now)) for key, one in instances))
    return tuple(found)


def _kind(engine: Engine, machine: Machine, instance: Instance, now: int) -> Hashable:
    values = tuple(instance[place] for place in readable_places(machine))
    longest = _measured(engine, machine, instance.state)
    age = now - instance.since
    return (instance.state, instance.spent, age if longest is None else min(age, longest + 1), values)


def _measured(engine: Engine, machine: Machine, state: str) -> int | None:
    """Up to which age a stay is measured by timers and guards, milliseconds; None where there is no such end."""
    points = [-1, *(timer.offset for timer in timers_of(machine, engine.params).get(state, ()))]
    for transition in machine.transitions:
        if transition.guard is not None and state in [one.name for one in transition.sources]:
            longest = longest_measured(transition.guard, engine.params)
            if longest is None:
                return None
            points.append(longest)
    return max(points)
