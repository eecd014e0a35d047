"""One position of a run after another.

Between two timers of one instant the system is in a snapshot like any other: every walk looks at it, and time
alone leads on from there. So a walk takes of several timers that fire the first alone.

Which of several instances goes first, where timers of them fall due at one instant, depends on the names of their keys alone, as far as their
order in a state does not say it; up to renaming each of them may, and whoever lapses may do so before or after.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
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
    part = str(step.timed[0].part)
    keys = sorted(engine.falling_due(snapshot, part, step.timed[0].at), key=repr)  # as the engine takes them
    kinds = {key: kind(part, key) for key in keys}
    lapses = any(
        one.duration is not None and one.guard is not None for one in engine.system.part(part).machine.transitions
    )
    tried = {_sequence(keys, kinds, lapses=lapses)}
    for arranged in _arrangements(keys, kinds) if lapses else _fronts(keys):
        if (sequence := _sequence(arranged, kinds, lapses=lapses)) not in tried:
            tried.add(sequence)
            names: Names = {old: new for old, new in zip(arranged, keys, strict=True) if old != new}
            called = _called(snapshot, names)
            yield names, called, next_step(engine, called, None, at)


def _sequence(keys: Sequence[Hashable], kinds: Names, *, lapses: bool) -> tuple[Hashable, ...]:
    """What tells one order from another: who is first, or, where some may lapse before that, all of it."""
    return tuple([kinds[key] for key in (keys if lapses else keys[:1])])


def _fronts(keys: Sequence[Hashable]) -> Iterator[list[Hashable]]:
    """The keys with each of them in front."""
    for place in range(1, len(keys)):
        yield [keys[place], *keys[1:place], keys[0], *keys[place + 1 :]]


def _arrangements(keys: Sequence[Hashable], kinds: Names) -> Iterator[list[Hashable]]:
    """The keys in every order that their kinds tell apart, each once."""
    if not keys:
        yield []
    first_of = {kinds[key]: key for key in reversed(keys)}
    for key in first_of.values():
        for rest in _arrangements([one for one in keys if one != key], kinds):
            yield [key, *rest]


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
    kind: type = type(event)
    keyed = key_fields(engine.system, kind)
    return attrs.evolve(event, **{name: names.get(getattr(event, name), getattr(event, name)) for name in keyed})
