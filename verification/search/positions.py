"""One position of a run after another.

Between two timers of one instant the system is in a snapshot like any other: every walk looks at it, and time
alone leads on from there. So a walk takes of several timers that fire the first alone.

Which of several instances goes first, where the same timer of each falls due at one instant, depends on the names of their keys alone;
up to renaming each of them may.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

import attrs

from fsm.language.snapshot import Instance, Snapshot, Step, frozen_instances
from fsm.runtime.enabled import key_fields
from fsm.runtime.engine import Engine

__all__ = ["Names", "Stimulus", "instances_in", "is_between", "next_step", "orders", "sendings"]

Names = Mapping[Hashable, Hashable]
"""For keys that are called otherwise from here on: how."""

SAME: Names = {}


class Stimulus(NamedTuple):
    """What a step of a walk was.

    Attributes:
        event: what was sent; None where time passes.
        at: the instant, milliseconds.
        names: how keys are called from there on, where otherwise than before.
    """

    event: object | None
    at: int
    names: Names = SAME


def instances_in(snapshot: Snapshot) -> int:
    """How many instances there are, of all parts: what a look at the snapshot costs."""
    return sum(1 if isinstance(part, Instance) else len(part) for part in snapshot.parts)


def is_between(snapshot: Snapshot) -> bool:
    """Whether a timer is due that has not fired: what stands between two timers of one instant."""
    return snapshot.due is not None and snapshot.due <= snapshot.now


def next_step(engine: Engine, snapshot: Snapshot, event: object | None, at: int) -> Step:
    """What is taken first of what an event at an instant brings, or time alone (None), timers that fall due by then included.

    Raises:
        EventRefused, BadInput, TimeStopped: as `Engine.step` and `Engine.advance` do.
    """
    return _first(engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at), event)


def _first(step: Step, event: object | None = None) -> Step:
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
    yield SAME, snapshot, _first(step)
    if not step.timed or step.timed[0].key is None:
        return
    first = step.timed[0]
    alike = takewhile(lambda one: (one.at, one.part, one.event) == (first.at, first.part, first.event), step.timed)
    tried = {kind(str(first.part), first.key)}
    for other in alike:
        if (which := kind(str(other.part), other.key)) not in tried:
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


def sendings(engine: Engine, ways: Sequence[Stimulus]) -> list[tuple[object | None, int]]:
    """What was sent on a way, with the names that keys have at its end; of time that passes again and again, until when."""
    found: list[tuple[object | None, int]] = []
    names: dict[Hashable, Hashable] = {}
    for sent in reversed(ways):
        if sent.event is not None or not found or found[-1][0] is not None:
            found.append((_renamed(engine, sent.event, names), sent.at))
        names |= {old: names.get(new, new) for old, new in sent.names.items()}
    return found[::-1]


def _renamed(engine: Engine, event: Any, names: Names) -> Any:
    """The event with the keys that it names called otherwise."""
    if event is None or not names:
        return event
    keyed = key_fields(engine.system, type(event))
    return attrs.evolve(event, **{name: names.get(getattr(event, name), getattr(event, name)) for name in keyed})
