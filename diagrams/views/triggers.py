"""What sets off the transitions of a part: the events of the system that are wired to it, and time.

A trigger tells whatever a reader of the system needs and the machine alone does not know: how the
event is called outside, under which condition of its wire, what moves with it, and which rules stand before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import attrs

from fsm.diagrams.views.views import SystemView
from fsm.language.expressions import Formula, Junction
from fsm.language.leaves import InState
from fsm.language.machine import State, Transition
from fsm.language.parts import Move, Part, Sent
from fsm.language.system import Wire

__all__ = ["Trigger", "triggers"]


@attrs.frozen(eq=False)
class Trigger:
    """One way in which a transition of a part is set off.

    Attributes:
        part: that moves.
        event: the class of the event: that of the caller, or that which time sends.
        wire: by which the system moves the part; None where the part's own timer moves it.
        move: the move of the wire; None likewise.
        sender: the part whose timer sends the event; None where a caller does.
        partners: the parts that move with it, each once.
        rules: the numbers of the rules that can refuse the event.
    """

    part: Part
    event: type
    wire: Wire | None
    move: Move | None
    sender: Part | None
    partners: tuple[Part, ...]
    rules: tuple[int, ...]


def triggers(
    view: SystemView, part: Part, transition: Transition, sources: Collection[State] | None = None
) -> list[Trigger]:
    """Every way in which the system takes a transition of a part; none where nothing sends its event.

    Args:
        sources: from these states alone; None stands for all of its sources.
    """
    event = transition.event
    if transition.duration is not None:
        sent = [wire for wire in view.wires if _is_sent_by(wire, part, event)]
        return [Trigger(part, event, None, None, part, _once(move.part for wire in sent for move in wire.moves), ())]
    return [
        Trigger(
            part,
            wire.event_class,
            wire,
            move,
            wire.sender,
            _partners(wire, move),
            tuple(view.rules_on(wire.event_class)),
        )
        for wire in view.wires
        for move in wire.moves
        if move.part is part and move.action is event and _may_be_in(move.where, sources or transition.sources)
    ]


def _may_be_in(where: Formula | None, states: Collection[State]) -> bool:
    """Whether instances that satisfy this may be in one of these states."""
    match where:
        case InState(states=named):
            return any(state in named for state in states)
        case Junction(op="and", parts=parts):
            return all(_may_be_in(part, states) for part in parts)
        case _:
            return True


def _is_sent_by(wire: Wire, part: Part, event: type) -> bool:
    return isinstance(wire.event, Sent) and wire.event.part is part and wire.event.event is event


def _partners(wire: Wire, move: Move) -> tuple[Part, ...]:
    senders = [] if wire.sender is None else [wire.sender]
    return _once([*senders, *(other.part for other in wire.moves if other is not move)])


def _once(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(dict.fromkeys(parts))
