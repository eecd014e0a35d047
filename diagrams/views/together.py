"""What several parts of a system do together, told once for each event."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from fsm.diagrams.views.views import SystemView
from fsm.diagrams.views.wording import KEPT, condition, event_name, listed, spaced
from fsm.language.expressions import Formula
from fsm.language.parts import Move
from fsm.language.system import Wire

__all__ = ["Together", "together"]


@attrs.frozen(eq=False)
class Together:
    """What events do that move several parts.

    Attributes:
        events: their names; several where they do the same.
        by_time: whether time sends them.
        ways: who moves and by what, and under which condition.
        wires: of which this tells.
    """

    events: tuple[str, ...]
    by_time: bool
    ways: tuple[tuple[str, Formula | None], ...]
    wires: tuple[Wire, ...]


def together(view: SystemView) -> list[Together]:
    """Every event of which some wire moves several parts, in the order of the wires; those that do the same as one."""
    wires: dict[object, list[Wire]] = {}
    for wire in view.wires:
        wires.setdefault((wire.event_class, wire.sender), []).append(wire)
    told: dict[object, Together] = {}
    for group in wires.values():
        if any(_moved(wire) > 1 for wire in group):
            one = _told(group)
            same = (one.by_time, tuple((text, None if when is None else condition(when)) for text, when in one.ways))
            before = told.get(same)
            told[same] = (
                one
                if before is None
                else attrs.evolve(before, events=before.events + one.events, wires=before.wires + one.wires)
            )
    return list(told.values())


def _moved(wire: Wire) -> int:
    return len(wire.moves) + (wire.sender is not None)


def _told(wires: list[Wire]) -> Together:
    first = wires[0]
    name = event_name(first.event_class)
    sender = [] if first.sender is None else [spaced(first.sender.name)]
    ways = tuple((_moves(wire.moves, name, sender), wire.when) for wire in wires)
    return Together((name,), first.sender is not None, ways, tuple(wires))


def _moves(moves: Iterable[Move], event: str, sender: list[str]) -> str:
    """`agent and all tiles after work: clear`; an action that is called like the event goes without saying."""
    return listed([*sender, *(_move(move, event) for move in moves)])


def _move(move: Move, event: str) -> str:
    action = event_name(move.action)
    who = spaced(move.part.name) if move.where is None else f"all {spaced(move.part.name)} {condition(move.where)}"
    return who if action == event else f"{who}{KEPT}({action})"
