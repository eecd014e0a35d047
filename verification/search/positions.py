"""One position of a run after another.

Between two timers of one instant the system is in a snapshot like any other: every walk looks at it, and time
alone leads on from there. So a walk takes of several timers that fire the first alone.

Which of several instances goes first, where the same timer of each falls due at one instant, depends on the names of their keys alone;
up to renaming each of them may.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from itertools import takewhile
from typing import Any

import attrs

from fsm.language.snapshot import Instance, Snapshot, Step, frozen_instances
from fsm.runtime.enabled import key_fields
from fsm.runtime.engine import Engine

__all__ = ["Names", "is_between", "next_step", "orders", "renamed"]

Names = Mapping[Hashable, Hashable]
"""For keys that are called otherwise from here on: how."""

SAME: Names = {}


def is_between(snapshot: Snapshot) -> bool:
    """Whether a timer is due that has not fired: what stands between two timers of one instant."""
    return snapshot.due is not None and snapshot.due <= snapshot.now


def next_step(engine: Engine, snapshot: Snapshot, event: object | None, at: int) -> Step:
    """What is taken first of what an event at an instant brings, or time alone (None), timers that fall due by then included.

    Raises:
        EventRefused, BadInput, TimeStopped: as `Engine.step` and `Engine.advance` do.
    """
    step = engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at)
    if len(step.timed) + (event is not None) <= 1 or not step.timed:
        return step
    first = step.timed[0]
    return Step(first.after, first.effects, (first,))


def orders(
    engine: Engine, snapshot: Snapshot, at: int, kind: Callable[[str, Hashable], Hashable]
) -> Iterator[tuple[Names, Snapshot, Step]]:
    """What time takes first until an instant, up to renaming: for each kind of instance whose timer may go first, one that does.

    Args:
        kind: tells instances apart, by part and key.

    Yields:
        How keys are called otherwise, the snapshot with its keys called so, and what is taken then.

    Raises:
        TimeStopped: as `Engine.advance` does.
    """
    step = engine.advance(snapshot, at)
    yield SAME, snapshot, next_step(engine, snapshot, None, at)
    if not step.timed or step.timed[0].key is None:
        return
    first = step.timed[0]
    alike = takewhile(lambda one: (one.at, one.part, one.event) == (first.at, first.part, first.event), step.timed)
    tried = {kind(first.part, first.key)}
    for other in alike:
        if (which := kind(other.part, other.key)) not in tried:
            tried.add(which)
            names: Names = {first.key: other.key, other.key: first.key}
            called = _called(snapshot, names)
            yield names, called, next_step(engine, called, None, at)


def _called(snapshot: Snapshot, names: Names) -> Snapshot:
    """The snapshot with its keys called otherwise."""
    parts = tuple(
        part
        if isinstance(part, Instance)
        else frozen_instances({names.get(key, key): instance for key, instance in part.items()})
        for part in snapshot.parts
    )
    return Snapshot(snapshot.layout, snapshot.now, snapshot.due, parts)


def renamed(engine: Engine, event: Any, names: Names) -> Any:
    """The event with the keys that it names called otherwise."""
    if event is None or not names:
        return event
    keyed = key_fields(engine.system, type(event))
    return attrs.evolve(event, **{name: names.get(getattr(event, name), getattr(event, name)) for name in keyed})
