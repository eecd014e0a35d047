"""The form in which snapshots and traces travel: frozen document classes, made from a declaration.

Enumerations go by member name, timers by the events they send, instances as a list with their
keys. What the values mean together is not judged here but in `fsm.storage.snapshots`; reading and writing
one value of a declared type is `fsm.storage.codec`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Generic, TypeVar, Union

import attrs

from fsm.language.domains import type_of
from fsm.language.events import field_refs
from fsm.language.leaves import FieldRef, Stamp
from fsm.language.machine import Machine
from fsm.language.parts import Each, Part, Sent
from fsm.language.printing import label
from fsm.language.system import System

__all__ = [
    "VERSION", "EndlessDocument", "EventDocument", "InstanceDocument", "KeyedDocument", "SnapshotDocument", "StepDocument", "TraceDocument",
    "fields_type", "key_type", "snapshot_type", "timer_names",
]  # fmt: skip

VERSION = 1
"""Of the form. A reader of one version refuses every other."""

K = TypeVar("K")
V = TypeVar("V")
P = TypeVar("P")


@attrs.frozen
class InstanceDocument(Generic[V]):
    """The instance of a part made by `one`. `spent` names the timers of this stay that have fired."""

    state: str
    since: int
    spent: tuple[str, ...]
    variables: V


@attrs.frozen
class KeyedDocument(Generic[K, V]):
    """One instance of a part made by `each`."""

    key: K
    state: str
    since: int
    spent: tuple[str, ...]
    variables: V


@attrs.frozen
class SnapshotDocument(Generic[P]):
    """A whole snapshot; `parts` has a field for each part, with an instance or a list of them."""

    version: int
    system: str
    fingerprint: str
    now: int
    parts: P


@attrs.frozen
class EventDocument:
    """An event or an effect: its label and its fields, which have the types of its class."""

    name: str
    fields: Any


@attrs.frozen
class StepDocument:
    """A step of a trace; what it changed stands there for readers and is not believed when it is read back."""

    at: int
    event: EventDocument | None
    sent: str | None
    part: str | None
    key: Any
    effects: Any
    changes: tuple[str, ...]


@attrs.frozen
class TraceDocument:
    """A whole trace."""

    version: int
    system: str
    fingerprint: str
    profile: Any
    start: Any
    steps: tuple[StepDocument, ...]


@attrs.frozen
class EndlessDocument(TraceDocument):
    """A trace that goes round for ever from the step at `loop`, counted from nought."""

    loop: int


@lru_cache(maxsize=64)
def snapshot_type(system: System) -> Any:
    """The class of the documents of a system's snapshots."""
    keyed: Any = KeyedDocument
    alone: Any = InstanceDocument
    several: Any = tuple
    parts: dict[str, Any] = {}
    for part in system.parts:
        variables = _record(
            part.machine.name, {variable.name: type_of(variable.domain) for variable in part.machine.variables}
        )
        parts[part.name] = (
            several[keyed[key_type(system, part), variables], ...] if isinstance(part, Each) else alone[variables]
        )
    whole: Any = SnapshotDocument
    return whole[_record(system.name, parts)]


@lru_cache(maxsize=256)
def fields_type(event: type) -> Any:
    """The class of the fields of an event."""
    return _record(event.__name__, {name: type_of(ref.domain) for name, ref in field_refs(event).items()})


def _record(name: str, kinds: dict[str, Any]) -> Any:
    return attrs.make_class(
        name, {field: attrs.field(type=kind, alias=field) for field, kind in kinds.items()}, frozen=True
    )


def key_type(system: System, part: Part) -> Any:
    """The type of a part's keys: that of the event fields by which wires name its instances."""
    kinds: dict[Any, None] = {}
    asked: list[Part] = [part]
    for one in asked:
        moves = [(wire, move) for wire in system.wires for move in wire.moves if move.part is one]
        for wire, move in moves:
            if isinstance(move.key, FieldRef):
                kinds[type_of(move.key.domain)] = None
            elif isinstance(move.key, Stamp) and isinstance(wire.event, Sent) and wire.event.part not in asked:
                asked.append(wire.event.part)
    return Union[tuple(kinds)] if kinds and object not in kinds else object  # noqa: UP007  # its members are known at run time only


def timer_names(machine: Machine, state: str) -> tuple[str, ...]:
    """The timers of a state by the events they send, in the order of `spent`; the second on the same event is `event#2`."""
    (inside,) = (one for one in machine.states if one.name == state)
    labels = [label(one.event) for one in machine.timers(inside)]
    return tuple(
        f"{name}#{count}" if (count := labels[: place + 1].count(name)) > 1 else name
        for place, name in enumerate(labels)
    )
