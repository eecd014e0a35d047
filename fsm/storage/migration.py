"""Bringing snapshots over that an older declaration wrote: what became of its states, variables and timers, said once.

    to_refused = Migration("rejected is called refused now", OLD_FINGERPRINT, NEW_FINGERPRINT, rename)
    snapshot = load(engine, text, now, migrations=Migrations(to_refused))

A migration is a pure function from the `parts` of an older document to those of a newer one. It is
believed as little as the document: the outcome is read as strictly as any snapshot, and every
property that must always hold is checked on it. Nothing is registered anywhere but in the
`Migrations` that are handed in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import attrs

from fsm.errors import BadMigration, BadSnapshot, MigrationFailed
from fsm.language.values.brief import brief, said_by
from fsm.storage.codec import difference
from fsm.strict_json import LIMITS, Limits, parse

__all__ = ["Migration", "Migrations"]

Parts = dict[str, Any]
FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@attrs.frozen
class Migration:
    """What became of a declaration's snapshots when it changed.

    Attributes:
        name: what changed, in words; errors quote it.
        source: the fingerprint of the older declaration: 64 hexadecimal digits, as its documents have it.
        target: the fingerprint of the newer one, `engine.layout.fingerprint`.
        change: from the `parts` of an older document, and its `now` in milliseconds, to those of a newer one. Dicts,
            lists, strings, numbers, booleans and None, as JSON has them; it may change what it is given. A state with
            timers lists in `spent` exactly those whose deadline has passed by `now`.

    Raises:
        DefinitionError: it has no name, a fingerprint is none, or both are the same.
    """

    name: str
    source: str
    target: str
    change: Callable[[Parts, int], Parts]

    def __attrs_post_init__(self) -> None:
        if not self.name.strip():
            raise BadMigration("migration", "has no name", "Say what changed, in words.")
        ends: tuple[tuple[str, object], ...] = (("source", self.source), ("target", self.target))
        for which, given in ends:
            if not (isinstance(given, str) and FINGERPRINT.fullmatch(given)):
                said = f"its {which} {brief(given)} is no fingerprint"
                raise BadMigration(
                    f"migration {self.name!r}",
                    said,
                    "Write the 64 digits that a document or engine.layout.fingerprint has.",
                )
        if self.source == self.target:
            raise BadMigration(f"migration {self.name!r}", "leads from a declaration to itself")


class Migrations:
    """The migrations that a service knows, as a value: one way from each older declaration, one after the other.

    Attributes:
        migrations: as handed in.

    Raises:
        DefinitionError: two lead away from the same declaration, or they run in a circle.
    """

    def __init__(self, *migrations: Migration) -> None:
        self.migrations = migrations
        self._from: dict[str, Migration] = {}
        for one in migrations:
            if one.source in self._from:
                said = f"leads away from the same declaration as {self._from[one.source].name!r}"
                raise BadMigration(f"migration {one.name!r}", said, "Keep one: a snapshot is brought over in one way.")
            self._from[one.source] = one
        for one in migrations:
            if one in (way := self._way(one.target)):
                names = ", ".join(repr(step.name) for step in way)
                raise BadMigration(f"migration {one.name!r}", f"runs in a circle: {names}")

    def __repr__(self) -> str:
        return f"Migrations({', '.join(repr(one.name) for one in self.migrations)})"

    def _way(self, source: str) -> tuple[Migration, ...]:
        """Every migration on the way from a declaration; a circle is walked once."""
        way: list[Migration] = []
        while source in self._from and self._from[source] not in way:
            way.append(self._from[source])
            source = way[-1].target
        return tuple(way)

    def way(self, source: object, target: str) -> tuple[Migration, ...]:
        """The migrations from one declaration to another, in order; none when they do not lead there."""
        way = self._way(source) if isinstance(source, str) else ()
        reached = [place for place, one in enumerate(way, 1) if one.target == target]
        return way[: reached[0]] if reached else ()

    def leading_to(self, target: str) -> tuple[str, ...]:
        """The fingerprints from which they lead to a declaration, in the order of the migrations."""
        return tuple(one.source for one in self.migrations if self.way(one.source, target))


def migrated(parts: Any, now: int, way: tuple[Migration, ...], limits: Limits = LIMITS) -> Parts:
    """The `parts` of a document after every migration of the way.

    Raises:
        BadSnapshot: one of them raised, or gave something that JSON has not; it is named.
    """
    for one in way:
        try:
            given = one.change(parts, now)
        except Exception as other:  # whatever it is, the service is told which migration and what
            raise MigrationFailed("parts", f"the migration {one.name!r} raised {said_by(other)}") from other
        parts = _plain(given, one, limits)
    made: Parts = parts
    return made


def _plain(given: object, one: Migration, limits: Limits) -> Parts:
    """What a migration gave, as JSON has it; a tuple is no list, and 1 is no name of a field."""
    try:
        again = parse(json.dumps({"parts": given}, allow_nan=False), limits)["parts"]
    except (BadSnapshot, RecursionError, TypeError, ValueError) as other:
        raise MigrationFailed(
            "parts", f"the migration {one.name!r} gave what JSON has not: {said_by(other)}"
        ) from other
    differs = difference(given, again, "parts")
    if differs is not None:
        where, what, _ = differs
        raise MigrationFailed(where, f"the migration {one.name!r} gave {brief(what)}, which JSON has not")
    if not isinstance(again, dict):
        raise MigrationFailed("parts", f"the migration {one.name!r} gave {brief(given)}, which is not an object")
    return again
