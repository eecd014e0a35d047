"""What drives the transitions of a part: the events of the system that are wired to it, and time.

Each entry is a wire. It tells whatever a reader of the system needs and the machine alone does
not know: how the event is called outside, what moves with it, and which rules stand before it.
"""

from __future__ import annotations

from fsm.diagrams.labels import Entry, Note, conditions_of
from fsm.diagrams.style import FAINT, RULE, SYSTEM_EVENT, TIME
from fsm.diagrams.wording import condition, event_name, listed, spaced, value
from fsm.language.expressions import Const
from fsm.language.machine import Transition
from fsm.language.parts import Move, Part, Sent
from fsm.language.system import System, Wire

__all__ = ["driven", "rules_on"]


def driven(system: System, part: Part, transition: Transition) -> list[Entry]:
    """An entry for each way in which the system takes a transition of a part."""
    if transition.duration is not None:
        partners = [
            move.part for wire in system.all_wires if _is_sent_by(wire, part, transition.event) for move in wire.moves
        ]
        return [Entry(event_name(transition.event), TIME, (*conditions_of(transition), *_together(partners)))]
    moves = [
        (wire, move)
        for wire in system.all_wires
        for move in wire.moves
        if move.part is part and move.action is transition.event
    ]
    found = [_entry(system, wire, move, transition) for wire, move in moves]
    return found or [Entry(event_name(transition.event), FAINT, (Note("nothing sends it here"),))]


def _is_sent_by(wire: Wire, part: Part, event: type) -> bool:
    return isinstance(wire.event, Sent) and wire.event.part is part and wire.event.event is event


def _entry(system: System, wire: Wire, move: Move, transition: Transition) -> Entry:
    name = event_name(wire.event_class)
    action = event_name(move.action)
    chosen = [Note(f"{spaced(field)} = {value(given)}") for field, given in move.payload if isinstance(given, Const)]
    partners = [other.part for other in wire.moves if other is not move]
    sender = [Note(f"of {spaced(wire.event.part.name)}", TIME, italic=True)] if isinstance(wire.event, Sent) else []
    notes = (
        *sender,
        *([Note(f"as {action}")] if action != name else []),
        *chosen,
        *([Note(f"every one that is {condition(move.where)}")] if move.where is not None else []),
        *([Note(condition(wire.when), italic=True)] if wire.when is not None else []),
        *conditions_of(transition),
        *_together(partners),
        *_under(rules_on(system, wire.event_class)),
    )
    return Entry(name, TIME if sender else SYSTEM_EVENT, notes)


def _together(partners: list[Part]) -> tuple[Note, ...]:
    names = list(dict.fromkeys(spaced(part.name) for part in partners))
    return (Note(f"together with {listed(names)}", SYSTEM_EVENT),) if names else ()


def _under(rules: list[int]) -> tuple[Note, ...]:
    return (Note(f"{'rule' if len(rules) == 1 else 'rules'} {', '.join(map(str, rules))}", RULE),) if rules else ()


def rules_on(system: System, event: type) -> list[int]:
    """The numbers, from 1, of the rules that can forbid an event."""
    return [number for number, rule in enumerate(system.rules, 1) if event in rule.on]
