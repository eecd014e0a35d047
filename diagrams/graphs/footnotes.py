"""What stands below a picture: its notes, what several parts do together, every rule, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fsm.diagrams.graphs.dot import Html, cell, row, styled, table
from fsm.diagrams.graphs.footnote_columns import Item, Section, below
from fsm.diagrams.graphs.labels import Line, Span, flowed, sized
from fsm.diagrams.graphs.style import (
    CHANGED,
    CONDITION,
    FAINT,
    FAR,
    GREY,
    INK,
    RULE,
    SYSTEM_EVENT,
    TEXT_SIZE,
    TIME,
)  # fmt: skip
from fsm.diagrams.views.notes import Note, Notes, Sentence
from fsm.diagrams.views.together import Together
from fsm.diagrams.views.views import SystemView
from fsm.diagrams.views.wording import condition, event_name
from fsm.language.expressions import Formula
from fsm.language.system import Rule

__all__ = ["below_each_other", "footnotes", "rules_table"]


def footnotes(notes: Notes, joint: Sequence[Together], remark: str, room: float) -> Html | None:
    """The notes of an overview; None where there is nothing to say.

    Args:
        remark: what was left out.
        room: of the page.
    """
    sections = [
        Section("what several parts do together", tuple(_together(one, notes) for one in joint)),
        Section("rules", tuple(_note(one) for one in notes.all if one.of_rules)),
        Section("conditions", tuple(_note(one) for one in notes.all if not one.of_rules)),
    ]
    shown = [section for section in sections if section.items]
    return below(shown, remark, room) if shown or remark else None


def _note(note: Note) -> Item:
    color = RULE if note.of_rules else CONDITION
    paragraphs = [_paragraph(one) for one in note.sentences]
    for number in note.also:
        paragraphs[-1] = (*paragraphs[-1], Span(" and ", GREY), Span(str(number), color, bold=True))
    return Item(Span(str(note.number), color, bold=True), tuple(paragraphs))


def _paragraph(sentence: Sentence) -> Line:
    ink = CHANGED if sentence.changed else INK
    if not sentence.explained:
        return (Span(sentence.text, ink),)
    return (Span(f"{sentence.text}: ", ink), Span(sentence.explained, GREY, italic=True))


def _together(joint: Together, notes: Notes) -> Item:
    color = TIME if joint.by_time else SYSTEM_EVENT
    names = Span(f"{', '.join(joint.events)}: ", color, bold=True)
    ways = [(Span(text), *([] if when is None else _provided(when, notes))) for text, when in joint.ways]
    return Item(Span("+", FAR, bold=True), ((names, *ways[0]), *ways[1:]))


def _provided(when: Formula, notes: Notes) -> Line:
    explained = notes.explained(when)
    told = f"{notes.brief(when)}: {explained}" if explained else notes.brief(when)
    return (Span(" if ", GREY), Span(told, GREY, italic=True))


TITLES = ("", "rule", "refuses", "unless", "source")
SHARES = (0.0, 0.36, 0.17, 0.36, 0.11)
"""How the columns share the page."""


def rules_table(view: SystemView, changed: frozenset[int], room: float) -> Html | None:
    """Every rule, read along a row: it refuses these events unless this holds. None where there is none."""
    cited = any(rule.cites for rule in view.rules.values())
    titles = [*TITLES[:-1], TITLES[-1] if cited else ""]
    head = row(*(cell([styled(text, color=GREY, size=TEXT_SIZE, bold=True) if text else ""]) for text in titles))
    rows = [
        part
        for number, rule in view.rules.items()
        for part in ("<HR/>", _row(number, rule, room, changed=id(view.declared[id(rule)]) in changed))
    ]
    return Html(table([head, *rows], CELLPADDING=4, COLOR=FAINT)) if rows else None


def below_each_other(tables: Iterable[Html]) -> Html | None:
    """Tables one below the other; None where there is none."""
    rows = [row(cell([one.text])) for one in tables]
    return Html(table(rows)) if rows else None


def _row(number: int, rule: Rule, room: float, *, changed: bool) -> str:
    ink = CHANGED if changed else INK
    columns: tuple[list[Span], ...] = (
        [Span(str(number), RULE, TEXT_SIZE, bold=True)],
        [Span(rule.name, ink, TEXT_SIZE)],
        [Span(event_name(event), SYSTEM_EVENT, TEXT_SIZE, bold=True) for event in rule.on],
        [Span(condition(rule.when), GREY, TEXT_SIZE, italic=True)],
        [Span(", ".join(rule.cites), GREY, TEXT_SIZE)],
    )
    return row(
        *(
            sized([line for span in spans for line in flowed([span], room * share)], 4, VALIGN="TOP")
            for spans, share in zip(columns, SHARES, strict=True)
        )
    )
