"""A run by places of the canonical form, as the checker takes it again: what comes at which instant, and nothing of what was found on it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any

import attrs

from fsm.canonical.writing import classes
from fsm.language.domains import Domain, Enumeration, Opaque
from fsm.language.events import field_refs
from fsm.language.machine import Machine
from fsm.language.system import System
from fsm.runtime.enabled import key_fields
from fsm.traces.trace import Trace

__all__ = ["ComesDocument", "RunDocument", "RunWriter"]


@attrs.frozen
class ComesDocument:
    """What comes at an instant: an event of the canonical form with its fields, or time alone; see `RunDocument` for values."""

    at: int
    event: int | None
    fields: tuple[int, ...]


@attrs.frozen
class RunDocument:
    """A run from the first snapshot at 0. A value is a number: 0 or 1, the place of a member, an integer, or what stands for a key."""

    shows: str
    parameters: tuple[int, ...]
    steps: tuple[ComesDocument, ...]


@attrs.frozen(eq=False)
class RunWriter:
    """Writes runs of a declaration.

    Attributes:
        declaration: of which the canonical form is.
        system: the same, a machine as the only part of a system.
    """

    declaration: Machine | System
    system: System

    @cached_property
    def _events(self) -> tuple[type, ...]:
        return classes(self.declaration).events

    def values(self, given: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
        """Values of parameters, by place."""
        return tuple(
            (place, _number(one.domain, given[one.name], {}))
            for place, one in enumerate(self.system.parameters)
            if one.name in given
        )

    def run(self, shows: str, trace: Trace) -> RunDocument:
        """A run that begins at the start."""
        keys = {key for event, _ in trace.events if event is not None for key in self._keys(event)}
        numbers = {key: place for place, key in enumerate(sorted(keys, key=repr))}  # the order in which time takes them
        steps = tuple(
            ComesDocument(at, None, ())
            if event is None
            else ComesDocument(at, self._events.index(type(event)), self._fields(event, numbers))
            for event, at in trace.events
        )
        return RunDocument(shows, tuple(value for _, value in self.values(dict(trace.profile))), steps)

    def _keys(self, event: object) -> list[Hashable]:
        kind: type = type(event)
        return [getattr(event, name) for name in key_fields(self.system, kind)]

    def _fields(self, event: object, keys: Mapping[Hashable, int]) -> tuple[int, ...]:
        kind: type = type(event)
        named = key_fields(self.system, kind)
        return tuple(
            _number(ref.domain, getattr(event, name), keys if name in named else {})
            for name, ref in field_refs(kind).items()
        )


def _number(domain: Domain, value: Any, keys: Mapping[Hashable, int]) -> int:
    if isinstance(domain, Opaque):
        return keys[value] if keys else 0
    return list(domain.members).index(value) if isinstance(domain, Enumeration) else int(value)
