"""The rules of a system as a table in its picture: number, sentence, what it refuses, unless what, and its sources."""

from __future__ import annotations

from fsm.diagrams.dot import Html, cell, lines, row, styled, table
from fsm.diagrams.style import EVENT_SIZE, FAINT, GREY, INK, NOTE_SIZE, RULE, SYSTEM_EVENT
from fsm.diagrams.wording import condition, event_name
from fsm.language.system import Rule, System

__all__ = ["rules_label"]

SENTENCE, EVENTS, CONDITION, SOURCES = 34, 14, 44, 9
"""Characters on a line of each column; together they fill a page of 800 pixels."""


def rules_label(system: System) -> Html:
    """The table; read along a row: the rule refuses these events unless this holds."""
    titles = ("", "rule", "refuses", "unless", "source" if any(rule.cites for rule in system.rules) else "")
    head = row(*(cell([styled(text, color=GREY, size=NOTE_SIZE, bold=True) if text else ""]) for text in titles))
    rows = [head, *(part for number, rule in enumerate(system.rules, 1) for part in ("<HR/>", _row(number, rule)))]
    return Html(table(rows, CELLPADDING=4, COLOR=FAINT))


def _row(number: int, rule: Rule) -> str:
    return row(
        cell([styled(str(number), color=RULE, size=EVENT_SIZE, bold=True)], VALIGN="TOP"),
        cell([styled(text, color=INK, size=EVENT_SIZE) for text in lines(rule.name, SENTENCE)], VALIGN="TOP"),
        cell(
            [styled(event_name(event), color=SYSTEM_EVENT, size=EVENT_SIZE, bold=True) for event in rule.on],
            VALIGN="TOP",
        ),
        cell(
            [styled(text, color=GREY, size=EVENT_SIZE, italic=True) for text in lines(condition(rule.when), CONDITION)],
            VALIGN="TOP",
        ),
        cell(
            [styled(text, color=GREY, size=EVENT_SIZE) for text in lines(", ".join(rule.cites), SOURCES)], VALIGN="TOP"
        ),
    )
