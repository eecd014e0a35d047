"""What callers hand in, distrusted: instants, snapshots and events, before anything is judged.

Shared by everything that runs a system, so that the same mistake is told in the same words.
Nothing here decides whether a well-formed event is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Protocol, TypeGuard

import attrs

from fsm.errors import BadEvent, BadInput, BadInstant, ForeignSnapshot
from fsm.language.domains import Booleans, Domain, Enumeration, Opaque
from fsm.language.events import field_refs, is_event
from fsm.language.leaves import FieldRef
from fsm.language.printing import label, value_in_words
from fsm.language.snapshot import Layout, Snapshot
from fsm.language.system import System
from fsm.language.values.brief import brief, some
from fsm.language.values.limits import is_short
from fsm.language.values.types import Anything, AsText, Plain, is_steady
from fsm.semantics.situation import Configured

__all__ = [
    "Accepts",
    "Arguments",
    "Check",
    "check_fields",
    "check_instant",
    "check_not_before",
    "checks_of",
    "exact_class",
    "is_whole",
]

Check = tuple[str, Callable[[object], bool], type | None]
"""A field's name, whether a value fits it, and the class of which every object fits (None when each must be looked at)."""


class Accepts(Configured, Protocol):
    """What takes snapshots and events of one system, as an `Engine` does."""

    @property
    def layout(self) -> Layout: ...
    @property
    def arguments(self) -> Arguments: ...


def check_instant(where: str, at: object) -> None:
    """Raise BadInput unless `at` is an instant: an int, and no bool, of no more digits than can be stored."""
    if type(at) is not int or not is_short(at):
        raise BadInstant(where, f"{brief(at)} is not an instant", "Instants are whole milliseconds, as int.")


def check_not_before(where: str, at: Any, now: int, whose: str) -> None:
    """Raise BadInput unless `at` is an instant that does not lie before another, which is that of something."""
    check_instant(where, at)
    if at < now:
        raise BadInstant(where, f"{brief(at)} lies before the {whose}'s {brief(now)}: time does not run backwards")


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
        return {event: checks_of(event, _keys(self.system, event)) for event in self.system.events}

    def check_snapshot(self, snapshot: object) -> None:
        """Raise BadInput unless the snapshot is of this system."""
        if not is_whole(snapshot) or snapshot.layout != self.layout:
            raise self._stranger(snapshot)

    def check_time(self, snapshot: object, at: object, where: str = "at") -> None:
        """Raise BadInput unless the snapshot is of this system and the instant is one that does not lie before it."""
        self.check_snapshot(snapshot)
        assert isinstance(snapshot, Snapshot)
        check_not_before(where, at, snapshot.now, "snapshot")

    def _stranger(self, snapshot: object) -> BadInput:
        if not is_whole(snapshot):
            said = "a half-made snapshot" if isinstance(snapshot, Snapshot) else brief(snapshot)
        elif snapshot.layout.fingerprint == self.layout.fingerprint:
            mine = dict(self.layout.profile)
            other = [(name, value) for name, value in snapshot.layout.profile if value != mine.get(name)]
            here = some(
                (f"{name} = {value_in_words(value)}, here {value_in_words(mine.get(name))}" for name, value in other), 3
            )
            return ForeignSnapshot(
                "snapshot",
                f"was made under other parameters: {here}",
                "Take it over with fsm.storage.take_over(engine, snapshot, at).",
            )
        else:
            otherwise = " as declared otherwise" if snapshot.layout.system == self.system.name else ""
            said = f"a snapshot of {snapshot.layout.system}{otherwise}"
        return ForeignSnapshot(
            "snapshot", f"{said} is no snapshot of this {self.system.name}", "Stored ones are read with load()."
        )

    def check_event(self, event: object) -> None:
        """Raise BadInput unless the event is one that callers send, each field of its type."""
        kind = type(event)
        if kind not in self.fields:
            raise self.foreign(event)
        check_fields(event, self.fields[kind])

    def foreign(self, event: object) -> BadInput:
        """What to tell a caller who sent something that is no event of the system's callers."""
        known = some(label(one) for one in self.system.events)
        kind = type(event)
        if any(kind in part.machine.timed_events for part in self.system.parts):
            return BadEvent(
                "event", f"{label(kind)} is sent by time and cannot be sent by a caller", f"Callers send: {known}."
            )
        if isinstance(event, type) and is_event(event):
            return BadEvent("event", f"{label(event)} is a class of events", f"Send an object: {event.__name__}(...).")
        return BadEvent("event", f"{brief(event)} is no event of {self.system.name}", f"Its events: {known}.")


def is_whole(snapshot: object) -> TypeGuard[Snapshot]:
    """Whether something is a snapshot with all that one has."""
    if type(snapshot) is not Snapshot or len(tuple(snapshot)) != 4:
        return False
    layout, now, due, parts = snapshot
    return (
        type(layout) is Layout
        and type(now) is int
        and (due is None or type(due) is int)
        and type(parts) is tuple
        and len(parts) == len(layout.parts)
    )


def checks_of(event: type, keys: Collection[str] = ()) -> tuple[Check, ...]:
    """The checks of an event's fields.

    Args:
        keys: the fields that name instances.
    """
    return tuple(_check(name, ref.domain, name in keys) for name, ref in field_refs(event).items())


def check_fields(event: object, checks: tuple[Check, ...]) -> None:
    """Raise BadInput for the first field that an object of an event class lacks, or that does not fit."""
    given = vars(event)
    for name, fits, exact in checks:
        if name not in given:
            kind = type(event)
            where = f"{label(kind)}.{name}"
            raise BadEvent(where, "is missing: the event is half made", f"Make it by calling {kind.__name__}(...).")
        value = given[name]
        if type(value) is not exact and not fits(value):
            kind = type(event)
            raise BadEvent(f"{label(kind)}.{name}", *_misfit(field_refs(kind)[name].domain, value))


def _keys(system: System, event: type) -> set[str]:
    """The fields of an event by which wires name instances."""
    moves = [move for wire in system.all_wires if wire.event is event for move in wire.moves]
    return {move.key.name for move in moves if isinstance(move.key, FieldRef)}


def _check(name: str, domain: Domain, is_key: bool) -> Check:
    if is_key and isinstance(domain, Opaque):
        kind = domain.kind
        if not isinstance(kind, Plain | AsText) or kind in (Plain(float), Plain(int)):
            return name, lambda value: kind.contains(value) and is_steady(value, kind), None
    return name, domain.contains, exact_class(domain)


def _misfit(domain: Domain, value: object) -> tuple[str, str]:
    if domain.contains(value):
        return f"{brief(value)} equals nothing, not even itself, so that it cannot be a key", ""
    said = f"{brief(value)} is not {domain}"
    if isinstance(domain, Opaque) and isinstance(domain.kind, Anything):
        return said, "As any object go what Python itself has that cannot change; declare a class of yours by its name."
    return said, ""


def exact_class(domain: Domain) -> type | None:
    """The class of which every object lies in the domain; None when each value must be looked at."""
    match domain:
        case Booleans():
            return bool
        case Enumeration(members=members):
            return members
        case Opaque(kind=Plain(type=plain)) if plain is not int:
            return plain
        case _:
            return None
