"""Labels: what stands on an edge or inside a state, one entry for each transition.

An entry is the event in bold, then when time sends it, then the guard in grey italics, then
what changes, in grey. `entry_of` says what a machine alone shows; systems make their own.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from fsm.diagrams.dot import Html, cell, lines, row, styled, table
from fsm.diagrams.style import EVENT, EVENT_SIZE, GREY, INK, NOTE_SIZE, STATE_SIZE, TIME
from fsm.diagrams.wording import changes, condition, deadline, event_name, spaced
from fsm.language.expressions import Expr
from fsm.language.machine import State, Transition

__all__ = ["Entry", "Note", "edge_label", "entry_of", "state_label"]

WIDTH = 20
"""Characters on a line of a label."""


@attrs.frozen
class Note:
    """A remark under an event."""

    text: str
    color: str = GREY
    italic: bool = False
    bold: bool = False


@attrs.frozen
class Entry:
    """What a label says of one transition."""

    event: str
    color: str
    notes: tuple[Note, ...] = ()


def entry_of(transition: Transition) -> Entry:
    """What the picture of a machine says of a transition."""
    ink = INK if transition.happy else EVENT
    return Entry(
        event_name(transition.event), ink, (*conditions_of(transition), *(Note(text) for text in changes(transition)))
    )


def conditions_of(transition: Transition) -> tuple[Note, ...]:
    """When a transition is taken: its deadline, then its guard."""
    when = () if transition.duration is None else deadline_notes(transition.duration)
    guard = () if transition.guard is None else (Note(condition(transition.guard), italic=True),)
    return when + guard


def deadline_notes(duration: Expr[int]) -> tuple[Note, ...]:
    """When time sends the event; the name of the parameter that says so stands on its own line."""
    when, _, parameter = deadline(duration).partition(" (")
    return (Note(when, TIME, italic=True), *([Note(f"({parameter}", TIME, italic=True)] if parameter else []))


def marked(entry: Entry) -> list[str]:
    """The lines of an entry."""
    head = [styled(entry.event, color=entry.color, size=EVENT_SIZE, bold=True)]
    for note in entry.notes:
        head.extend(
            styled(text, color=note.color, size=NOTE_SIZE, italic=note.italic, bold=note.bold)
            for text in lines(note.text, WIDTH)
        )
    return head


def edge_label(entries: Iterable[Entry]) -> Html:
    """One table with a row for each transition from a state to another."""
    return Html(table((row(cell(marked(entry))) for entry in entries), CELLPADDING=3))


def state_label(state: State, inside: Iterable[Entry]) -> Html:
    """The name; below a line, the transitions that stay in the state."""
    name = row(cell([styled(spaced(state.name), size=STATE_SIZE, bold=True)], "CENTER", CELLPADDING=5, WIDTH=54))
    staying = [row(cell(marked(entry), CELLPADDING=4)) for entry in inside]
    return Html(table([name, *(["<HR/>"] if staying else []), *staying]))
