"""Which parts share their keys: a key is known to be one in two parts only where an event may name it in both."""

from __future__ import annotations

from fsm.language.leaves import FieldRef
from fsm.language.parts import Each
from fsm.language.system import System

__all__ = ["linked_parts"]


def linked_parts(system: System) -> tuple[tuple[Each, ...], ...]:
    """The `each` parts, those together whose instances one field of an event names, in the order of the page."""
    order = [part for part in system.parts if isinstance(part, Each)]
    sets = [{part} for part in order]
    for event in dict.fromkeys(one.event_class for one in system.all_wires):
        named: dict[object, set[Each]] = {}
        for one in system.all_wires:
            for move in one.moves if one.event_class is event else ():
                if isinstance(move.part, Each) and move.key is not None:
                    named.setdefault(move.key.name if isinstance(move.key, FieldRef) else one.sender, set()).add(
                        move.part
                    )
        for sender, parts in named.items():
            parts |= {sender} if isinstance(sender, Each) else set()
            sets = [*(one for one in sets if not one & parts), set().union(*(one for one in sets if one & parts))]
    grouped = [tuple(part for part in order if part in one) for one in sets]
    return tuple(sorted(grouped, key=lambda parts: order.index(parts[0])))
