"""What callers hand in, distrusted: instants, snapshots and events, before anything is judged.

Shared by everything that runs a system, so that the same mistake is told in the same words.
Nothing here decides whether a well-formed event is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import attrs

from fsm.errors import BadInput
from fsm.language.domains import Booleans, Domain, Enumeration, Integers, Opaque
from fsm.language.events import field_refs, is_event
from fsm.language.printing import label
from fsm.language.snapshot import Layout, Snapshot
from fsm.language.system import System
from fsm.semantics.situation import Configured

__all__ = ["Accepts", "Arguments", "Check", "check_instant", "checks_of", "misfit"]

Check = tuple[str, Callable[[object], bool], type | None]
"""A field's name, whether a value fits it, and the class of which every object fits (None when each must be looked at)."""

UNCHANGING = (str, int, float, bytes, bool)
"""Classes of which every object can be a key or be kept in a snapshot that is hashed."""


class Accepts(Configured, Protocol):
    """What takes snapshots and events of one system, as an `Engine` does."""

    @property
    def layout(self) -> Layout: ...
    @property
    def arguments(self) -> Arguments: ...


def check_instant(where: str, at: object) -> None:
    """Raise BadInput unless `at` is an instant: an int, and no bool."""
    if type(at) is not int:
        raise BadInput(where, f"{at!r} is not an instant", "Instants are whole milliseconds, as int.")


@attrs.frozen(eq=False)
class Arguments:
    """The checks of one system.

    Attributes:
        system: whose events are known.
        layout: what its snapshots carry.
        fields: for each event class, the checks of its fields.
    """

    system: System
    layout: Layout
    fields: dict[type, tuple[Check, ...]] = attrs.field(init=False)

    @fields.default
    def _fields(self) -> dict[type, tuple[Check, ...]]:
        return {event: checks_of(event) for event in self.system.events}

    def check_snapshot(self, snapshot: object) -> None:
        """Raise BadInput unless the snapshot is of this system."""
        if not isinstance(snapshot, Snapshot) or snapshot.layout != self.layout:
            raise BadInput(
                "snapshot",
                f"{self._stranger(snapshot)} is no snapshot of this {self.system.name}",
                "Stored ones are read with load().",
            )

    def check_time(self, snapshot: Snapshot, at: int, where: str = "at") -> None:
        """Raise BadInput unless the snapshot is of this system and the instant is one that does not lie before it."""
        self.check_snapshot(snapshot)
        check_instant(where, at)
        if at < snapshot.now:
            raise BadInput(where, f"{at} lies before the snapshot's {snapshot.now}: time does not run backwards")

    def _stranger(self, snapshot: object) -> str:
        if not isinstance(snapshot, Snapshot):
            return repr(snapshot)
        if snapshot.layout.fingerprint == self.layout.fingerprint:
            return "a snapshot made under a profile of other durations"
        return f"a snapshot of {snapshot.layout.system}" + (
            " as declared otherwise" if snapshot.layout.system == self.system.name else ""
        )

    def check_event(self, event: object) -> None:
        """Raise BadInput unless the event is one that callers send, each field of its type."""
        kind = type(event)
        if kind not in self.fields:
            raise self.foreign(event)
        for name, fits, _ in self.fields[kind]:
            if not fits(getattr(event, name)):
                raise misfit(event, name)

    def foreign(self, event: object) -> BadInput:
        """What to tell a caller who sent something that is no event of the system's callers."""
        known = ", ".join(label(one) for one in self.system.events)
        kind = type(event)
        if any(kind in part.machine.timed_events for part in self.system.parts):
            return BadInput(
                "event", f"{label(kind)} is sent by time and cannot be sent by a caller", f"Callers send: {known}."
            )
        if isinstance(event, type) and is_event(event):
            return BadInput("event", f"{label(event)} is a class of events", f"Send an object: {event.__name__}(...).")
        return BadInput("event", f"{event!r} is no event of {self.system.name}", f"Its events: {known}.")


def checks_of(event: type) -> tuple[Check, ...]:
    """The checks of an event's fields."""
    return tuple(_check(name, ref.domain) for name, ref in field_refs(event).items())


def misfit(event: object, name: str) -> BadInput:
    """What to tell a caller whose event has a field of another type."""
    return BadInput(f"{label(type(event))}.{name}", _misfit(field_refs(type(event))[name].domain, getattr(event, name)))


def _check(name: str, domain: Domain) -> Check:
    exact = _exact(domain)
    if isinstance(domain, Opaque) and exact not in UNCHANGING:
        return name, lambda value: domain.contains(value) and _hashable(value), None
    return name, domain.contains, exact


def _misfit(domain: Domain, value: object) -> str:
    if domain.contains(value):
        return f"{value!r} cannot be hashed, so it could change under a snapshot"
    return f"{value!r} is not {domain}"


def _exact(domain: Domain) -> type | None:
    """The class of which every object lies in the domain; None when each value must be looked at."""
    match domain:
        case Booleans():
            return bool
        case Enumeration(members=members):
            return members
        case Integers(low=None, high=None):
            return int
        case Opaque(type=kind) if isinstance(kind, type) and kind is not object:
            return kind
        case _:
            return None


def _hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
