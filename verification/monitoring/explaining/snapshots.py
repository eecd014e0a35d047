"""An explanation as the runtime takes it, and back: one snapshot of those that it stands for."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import Any

import attrs

from fsm.language.snapshot import Instance, Layout, Snapshot, frozen_instances, new
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.declared.intervals import Interval
from fsm.verification.monitoring.explaining.explanation import Explanation, Held

__all__ = ["AT", "Ages", "event_of", "snapshot_of", "step_parts"]

AT = 1 << 44
"""The instant at which the runtime is asked."""

Ages = Mapping[tuple[int, Hashable], int]
"""Times in state, milliseconds, where a condition reads them."""


def event_of(event: type, payload: Mapping[str, Any]) -> Any:
    """An event with these fields; those not seen are there as well, for the runtime to hand on."""
    made: Any = object.__new__(event)
    made.__dict__.update(payload)
    return made


def snapshot_of(declaration: Declaration, layout: Layout, one: Explanation, ages: Ages, at: int = AT) -> Snapshot:
    """The explanation as a snapshot of the runtime: a millisecond in every state, but where ages say otherwise."""
    parts: list[Any] = []
    for place, part in enumerate(one.parts):
        first = declaration.first(place)
        if part is None:
            parts.append(new(type(first), (first[0], at - 1, *first[2:])))
        elif isinstance(part, Held):
            parts.append(_instance(first, part, at - ages.get((place, None), 1)))
        else:
            parts.append(
                frozen_instances(
                    {key: _instance(first, held, at - ages.get((place, key), 1)) for key, held in part.items()}
                )
            )
    return new(Snapshot, (layout, at, None, tuple(parts)))


def _instance(first: Instance, held: Held, since: int) -> Instance:
    return new(type(first), (held.state, since, held.spent, *held.values))


def step_parts(declaration: Declaration, before: Explanation, parts: Collection[Any], at: Interval) -> Explanation:
    """The explanation after a step of the runtime at `AT`: what entered a state then did so at `at`."""
    made: list[Any] = []
    for old, new_part in zip(before.parts, parts, strict=True):
        if old is None:
            made.append(None)
        elif isinstance(old, Held):
            made.append(_held(old, new_part, at))
        else:
            made.append({key: _held(old.get(key), each, at) for key, each in new_part.items()})
    return attrs.evolve(before, parts=tuple(made))


def _held(old: Held | None, instance: Instance, at: Interval) -> Held:
    since = at if old is None or instance[1] == AT else old.since
    return Held(instance[0], instance[2], tuple(instance[3:]), since)
