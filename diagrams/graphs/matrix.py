"""A matrix as a picture: claims down the side, what they rest on across the top, by number, and the numbers below.

It knows neither claims nor rules: titles, names and marks are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fsm.diagrams.graphs.dot import Html, cell, row, styled, table
from fsm.diagrams.graphs.labels import Span, flowed, sized
from fsm.diagrams.graphs.machines import page
from fsm.diagrams.graphs.style import GRAPH, GREY, INK, PALE, RULE, TEXT_SIZE, TITLE_SIZE

__all__ = ["matrix_dot"]

ROOM = 440
"""Of a line of a claim."""

Columns = Sequence[tuple[str, str]]
"""Kind and name of each column."""


def matrix_dot(
    title: str, columns: Columns, rows: Iterable[tuple[str, Sequence[bool]]], idle: Sequence[str] = ()
) -> str:
    """The matrix as DOT.

    Args:
        columns: what is rested on.
        rows: each claim with a mark for each column.
        idle: names of what no claim rests on.
    """
    head = [cell([styled(title, size=TITLE_SIZE, bold=True)]), *(_number(place) for place, _ in enumerate(columns, 1))]
    body = [row(_text(sentence, INK), *(_mark(mark) for mark in marks)) for sentence, marks in rows]
    grid = table([row(*head), *body], CELLPADDING=3, CELLBORDER=1, COLOR=PALE)
    legend = [
        row(_number(place), _text(f"{kind}: {name}", RULE if kind == "rule" else GREY))
        for place, (kind, name) in enumerate(columns, 1)
    ]
    legend += [row(cell([""]), _text(f"no claim needs the rule: {name}", RULE)) for name in idle]
    whole = table(
        [
            row(cell([grid])),
            row(cell([styled(" ", size=TEXT_SIZE)])),
            *([row(cell([table(legend, CELLPADDING=2)]))] if legend else []),
        ]
    )
    graph = page("matrix", GRAPH)
    graph.node("matrix", {"shape": "plain", "style": "", "label": Html(whole)})
    return graph.source


def _text(text: str, color: str) -> str:
    return sized(flowed([Span(text, color, TEXT_SIZE)], ROOM), 3)


def _number(place: int) -> str:
    return cell([styled(str(place), color=GREY, size=TEXT_SIZE, bold=True)], "CENTER", WIDTH=20)


def _mark(mark: bool) -> str:
    return cell([styled("●", color=RULE, size=TEXT_SIZE)] if mark else [""], "CENTER")
