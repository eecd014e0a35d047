"""What could help an explanation to show an observation: looked at backwards, from what stands in the way.

Most of what may happen unseen changes nothing that matters. An event that is refused wants its instances to be elsewhere, or what its rules ask for;
a state that is not as it was seen wants its instance to move; a timer that would have been seen wants it to have left. What moves those is tried, and
where that is refused, what that wants in its turn.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

import attrs

from fsm.language.traversal import walk
from fsm.verification.monitoring.declared.footprint import Footprint, parts_read
from fsm.verification.monitoring.explaining.explanation import Explanation, held_at
from fsm.verification.monitoring.explaining.run import Blocked, Broken, Mismatch, Refused, Run, Trouble

__all__ = ["Wanted", "helps", "wanted"]


@attrs.frozen
class Wanted:
    """What should be otherwise.

    Attributes:
        instances: by place and key.
        places: of parts, whichever of their instances.
    """

    instances: frozenset[tuple[int, Hashable]] = frozenset()
    places: frozenset[int] = frozenset()

    def without(self, other: Wanted) -> Wanted:
        return Wanted(self.instances - other.instances, self.places - other.places)

    def with_(self, other: Wanted) -> Wanted:
        return Wanted(self.instances | other.instances, self.places | other.places)

    def __bool__(self) -> bool:
        return bool(self.instances or self.places)


def wanted(run: Run, troubles: Iterable[Trouble]) -> Wanted:
    """What these want to be otherwise."""
    instances: set[tuple[int, Hashable]] = set()
    places: set[int] = set()
    for one in troubles:
        match one:
            case Refused(before=before, footprint=footprint, payload=payload):
                mine = list(_moved(run, footprint, payload))
                instances.update(mine)
                if all(_ready(run, before, footprint, place, key) for place, key in mine):
                    places.update(_read_by_rules(run, footprint))
            case Blocked(place=place, key=key) | Mismatch(place=place, key=key):
                instances.add((place, key))
            case Broken(number=number):
                places.update(run.claims.reads(number))
    return Wanted(frozenset(instances), frozenset(places))


def _moved(run: Run, footprint: Footprint, payload: object) -> Iterator[tuple[int, Hashable]]:
    """The instances that an event moves or names."""
    assert isinstance(payload, dict)
    for name, places in footprint.keys.items():
        yield from ((place, payload[name]) for place in places)
    yield from ((place, None) for place in footprint.places if run.declaration.initial[place] is None)


def _ready(run: Run, before: Explanation, footprint: Footprint, place: int, key: Hashable) -> bool:
    """Whether an instance is in a state in which it can take its action, its guards left aside."""
    actions = [action for where, action in footprint.actions if where == place]
    held = held_at(before, place, key)
    state = str(run.declaration.initial[place]) if held is None else held.state
    return not actions or any(run.declaration.lines_on(place, action, state) for action in actions)


def _read_by_rules(run: Run, footprint: Footprint) -> Iterator[int]:
    places = run.declaration.places
    for rule, _, _ in footprint.rules:
        yield from (places[name] for node in walk(rule.when) for name in parts_read(node))
    yield from footprint.counts
    yield from (place for place in footprint.reads if place not in footprint.places)


def helps(run: Run, footprint: Footprint, payload: dict[str, object], sought: Wanted) -> bool:
    """Whether an event moves something of this."""
    if sought.places.intersection(footprint.places):
        return True
    mine = set(_moved(run, footprint, payload))
    if mine & sought.instances:
        return True
    return any(place in footprint.every for place, _ in sought.instances)
