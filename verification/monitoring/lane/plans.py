"""What of an event is worked out once, before any of it is seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from fsm.language.events import field_refs
from fsm.verification.monitoring.declared.declaration import UNKNOWN, Declaration
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.lane.kinds import place_of

__all__ = ["Plan", "planned"]


class Plan(NamedTuple):
    """What of an event is worked out once.

    Attributes:
        footprint: of the event.
        decided: whatever decides what it does is known, where these fields were seen; but for parameters.
        params: places of parameters that decide what it does.
        fields: that decide something.
        keys: the fields that name instances, each with the places of parts that have several.
        unseen: a record of all its fields, of which none was seen.
        clocks: it reads the time in some state.
    """

    footprint: Footprint
    decided: bool
    params: frozenset[int]
    fields: tuple[str, ...]
    keys: tuple[tuple[str, tuple[int, ...]], ...]
    unseen: dict[str, Any]
    clocks: bool

    def named(self, fields: Mapping[str, Any], parts: Any) -> list[int]:
        """Which of its keys are the same, and which instances they name, by their order."""
        given = [fields[name] for name, _ in self.keys]
        found = [given.index(key) for key in given]
        for key, (_, places) in zip(given, self.keys, strict=True):
            found += [place_of(key, parts[place]) for place in places]
        return found


def planned(declaration: Declaration, footprint: Footprint, each: tuple[bool, ...]) -> Plan:
    """The plan of an event.

    Args:
        each: for each place, whether keys tell the instances of the part apart.
    """
    params = frozenset(footprint.params)
    # what is unseen of it is nothing that is kept: the declaration is sliced, and fields that decide something are seen
    return Plan(
        footprint,
        not (footprint.computes and footprint.clocks) and params.isdisjoint(declaration.gaps),
        params,
        footprint.fields,
        tuple((name, tuple(place for place in places if each[place])) for name, places in footprint.keys.items()),
        dict.fromkeys(field_refs(footprint.event), UNKNOWN),
        bool(footprint.clocks),
    )
