"""What may go unseen: an event that no source always shows, a change of which no record tells, anything where records were lost."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import attrs

from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.explaining.explanation import Explanation, Held, held_at, with_held
from fsm.verification.monitoring.explaining.run import Permit

__all__ = ["permitted"]


def permitted(
    declaration: Declaration, before: Explanation, after: Explanation, event: type, permit: Permit
) -> Explanation | None:
    """What a step leaves, where it may go unseen or is what the record tells; None where somebody would have seen it."""
    if permit.gap:
        return after
    if event in declaration.always:
        return None
    changed = frozenset(_changed(declaration, before, after))
    if not changed:
        return after
    if (
        not permit.telling.issuperset(place for place, _ in changed)
        or changed & after.changed
        or after.now[1] < permit.low
    ):
        return None
    now = (max(after.now[0], permit.low), after.now[1])
    made = attrs.evolve(after, now=now, changed=after.changed | changed)
    for place, key in changed:
        held = held_at(made, place, key)
        if held is not None and held.since == after.now:  # it entered its state in this step
            made = with_held(declaration, made, place, key, held._replace(since=now))
    return made


def _changed(declaration: Declaration, before: Explanation, after: Explanation) -> Iterator[tuple[int, Hashable]]:
    """Instances of parts whose every change is told that show otherwise."""
    for place in declaration.told:
        old, now = before.parts[place], after.parts[place]
        if old is None or old is now:
            continue
        if isinstance(old, Held):
            if not _alike(declaration, place, old, now):
                yield place, None
            continue
        for key in {**old, **now}:
            if not _alike(declaration, place, old.get(key), now.get(key)):
                yield place, key


def _alike(declaration: Declaration, place: int, one: Held | None, other: Held | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.state == other.state and all(one.values[slot] == other.values[slot] for slot in declaration.shown[place])
