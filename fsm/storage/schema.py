"""The form in which snapshots and traces travel: what there is besides the values of a declaration.

Enumerations go by member name, timers by the events they send, instances as a list with their
keys. Snapshots are read and written by `fsm.storage.snapshots`, one value of a declared type by `fsm.storage.codec`.
"""

from __future__ import annotations

from typing import Any, Union

import attrs

from fsm.language.domains import type_of
from fsm.language.leaves import FieldRef, Stamp
from fsm.language.machine import Machine
from fsm.language.parts import Part, Sent
from fsm.language.printing import label
from fsm.language.system import System
from fsm.language.values.annotations import Raw, kind_of
from fsm.language.values.types import Kind

__all__ = ["VERSION", "EndlessDocument", "EventDocument", "StepDocument", "TraceDocument", "key_kind", "timer_names"]

VERSION = 2
"""Of the form. A reader of one version refuses every other."""


@attrs.frozen
class EventDocument:
    """An event or an effect: its label and its fields, which have the types of its class."""

    name: str
    fields: Raw


@attrs.frozen
class StepDocument:
    """A step of a trace; what it changed stands there for readers and is not believed when it is read back."""

    at: int
    event: EventDocument | None
    sent: str | None
    part: str | None
    key: Raw
    effects: Raw
    changes: tuple[str, ...]


@attrs.frozen
class TraceDocument:
    """A whole trace."""

    version: int
    system: str
    fingerprint: str
    profile: Raw
    start: Raw
    steps: tuple[StepDocument, ...]


@attrs.frozen
class EndlessDocument(TraceDocument):
    """A trace that goes round for ever from the step at `loop`, counted from nought."""

    loop: int


def key_kind(system: System, part: Part) -> Kind:
    """The kind of a part's keys: that of the event fields by which wires name its instances."""
    kinds: dict[Any, None] = {}
    asked: list[Part] = [part]
    for one in asked:
        moves = [(wire, move) for wire in system.wires for move in wire.moves if move.part is one]
        for wire, move in moves:
            if isinstance(move.key, FieldRef):
                kinds[type_of(move.key.domain)] = None
            elif isinstance(move.key, Stamp) and isinstance(wire.event, Sent) and wire.event.part not in asked:
                asked.append(wire.event.part)
    return kind_of(Union[tuple(kinds)] if kinds and object not in kinds else object)  # noqa: UP007  # its members are known at run time only


def timer_names(machine: Machine, state: str) -> tuple[str, ...]:
    """The timers of a state by the events they send, in the order of `spent`; the second on the same event is `event#2`."""
    (inside,) = (one for one in machine.states if one.name == state)
    labels = [label(one.event) for one in machine.timers(inside)]
    return tuple(
        f"{name}#{count}" if (count := labels[: place + 1].count(name)) > 1 else name
        for place, name in enumerate(labels)
    )
