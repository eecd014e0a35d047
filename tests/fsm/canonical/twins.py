"""The same things in a declaration and in the one that was read back from its text."""

from __future__ import annotations

from enum import Enum
from typing import Any

import attrs

from fsm import Snapshot, System
from fsm.canonical.carried import CarriedWriter
from fsm.canonical.tables import compact
from fsm.language.domains import Enumeration
from fsm.language.events import field_refs
from fsm.language.snapshot import Instance

__all__ = ["Twins", "told"]


@attrs.frozen
class Twins:
    """A system, and the one read back.

    Attributes:
        first: as declared.
        again: as read back.
    """

    first: System
    again: System

    def event(self, event: object) -> object:
        """An event of the first, as the second knows it."""
        kind = self.again.events[self.first.events.index(type(event))]
        domains = [ref.domain for ref in field_refs(kind).values()]
        values = [getattr(event, name) for name in field_refs(type(event))]
        return kind(*(self.value(domain, value) for domain, value in zip(domains, values, strict=True)))

    def value(self, domain: Any, value: Any) -> Any:
        """A value of the first, as the second knows it."""
        return domain.members[value.name] if isinstance(domain, Enumeration) and isinstance(value, Enum) else value

    def profile(self, values: dict[str, Any]) -> dict[str, Any]:
        """Values of parameters of the first, as the second knows them."""
        return {
            one.name: self.value(one.domain, values[one.name]) for one in self.again.parameters if one.name in values
        }


def told(snapshot: Snapshot, effects: tuple[object, ...]) -> str:
    """What is so after a step and what it emitted, in a text that does not depend on whose classes these are."""
    writer = CarriedWriter()
    parts = [
        {
            repr(key): _instance(writer, one)
            for key, one in ({None: part} if isinstance(part, Instance) else part).items()
        }
        for part in snapshot.parts
    ]
    emitted = [
        (type(one).__name__, [writer.value(getattr(one, field.name)) for field in attrs.fields(type(one))])  # type: ignore[arg-type]  # effects are attrs classes
        for one in effects
    ]
    return compact([snapshot.now, snapshot.due, parts, emitted, writer.types.rows, writer.values.rows])


def _instance(writer: CarriedWriter, one: Instance) -> list[Any]:
    return [one.state, one.since, one.spent, *(writer.value(value) for value in one[3:])]
