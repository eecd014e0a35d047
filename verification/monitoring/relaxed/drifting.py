"""To which states what nobody sees can bring an instance: timers, events that are not always shown, events that name no instance."""

from __future__ import annotations

from collections.abc import Iterator

from fsm.verification.monitoring.declared.boxes import Box
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.worth import may_be, worth
from fsm.verification.monitoring.relaxed.state import Relaxed

__all__ = ["drifting"]

KNOWN = 1_024
"""Of so many parts and choices of values it is remembered."""


def drifting(declaration: Declaration, place: int, box: Box) -> frozenset[str]:
    """The names of these states, of a part."""
    found = declaration.drifts.get((place, box))
    if found is None:
        if len(declaration.drifts) >= KNOWN:
            declaration.drifts.clear()
        actions = frozenset(_unseen(declaration, place, box))
        found = declaration.drifts[place, box] = frozenset(
            line.target.name
            for line in declaration.machines[place].transitions
            if line.target is not None and (line.duration is not None or line.event in actions)
        )
    return found


def _unseen(declaration: Declaration, place: int, box: Box) -> Iterator[type]:
    """What instances of a part may do without being named by what is seen."""
    free = Relaxed.anything(declaration, 0, [box, declaration.any_box]).leaf({})
    for footprint in declaration.footprints.values():
        seen = footprint.event in declaration.always and _names(footprint, place)
        if not seen and all(may_be(worth(rule.when, free), True) for rule, _, _ in footprint.rules):
            yield from (action for where, action in footprint.actions if where == place)
    for footprint in declaration.sent.values():
        yield from (action for where, action in footprint.actions if where == place)


def _names(footprint: Footprint, place: int) -> bool:
    return place not in footprint.every and any(place in places for places in footprint.keys.values())
