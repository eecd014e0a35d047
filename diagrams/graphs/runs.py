"""A run as one picture: instants and events down the side, a coloured band for each instance, what is broken at its end."""

from __future__ import annotations

from collections.abc import Iterable

from fsm.diagrams.graphs.dot import Html, cell, row, styled, table
from fsm.diagrams.graphs.labels import Line, Span, flowed, sized
from fsm.diagrams.graphs.lettering import SLACK
from fsm.diagrams.graphs.machines import heading, page
from fsm.diagrams.graphs.style import (
    EVENT,
    FILLS,
    GRAPH,
    GREY,
    INK,
    LABEL_MARGIN,
    PAD,
    SPACE_SIZE,
    STATE_SIZE,
    TAKEN,
    TEXT_SIZE,
    TIME,
    Fill,
)  # fmt: skip
from fsm.diagrams.views.runs import Cell, Lane, Row, RunView, run_view
from fsm.diagrams.views.wording import plain
from fsm.language.machine import Kind
from fsm.runtime.engine import Engine
from fsm.traces.trace import Trace

__all__ = ["graph_of_run", "view_of_run"]

INSTANT, EVENTS, NARROWEST, WIDEST, GAP, ROUND = 62, 160, 80, 190, 8, 5
"""Widths of the columns: instants, events, a band at least and at most, what is between bands, the mark of what is repeated."""


STRESSED = ("broken", "for ever", "never", "never again")


def view_of_run(engine: Engine | None, trace: Trace, sentence: str, wide: int) -> RunView:
    """What of a run is shown on a page of this width."""
    return run_view(engine, trace, sentence, max(1, _bands(wide) // (NARROWEST + GAP)))


def graph_of_run(view: RunView, wide: int) -> str:
    """A run as a DOT graph, the same text in every process."""
    band = min(WIDEST, _bands(wide) // max(1, len(view.lanes)) - GAP)
    graph = page(
        view.name,
        {
            **GRAPH,
            "label": Html(table(heading(view.name, view.claim, wide - 2 * (PAD + LABEL_MARGIN)))),
            "labelloc": "t",
        },
    )
    rows = [_titles(view.lanes, band)]
    for place, one in enumerate(view.rows):
        after = view.rows[place + 1] if place + 1 < len(view.rows) else None
        rows.append(_row(view, one, after, band))
    span = 3 + 2 * len(view.lanes)
    room = INSTANT + EVENTS + len(view.lanes) * (band + GAP)
    rows += [_remark(title, text, span, room) for title, text in view.ending]
    rows += [_remark("", view.left_out, span, room)] if view.left_out else []
    graph.node("run", {"shape": "plain", "style": "", "label": Html(table(rows))})
    return graph.source


def _bands(wide: int) -> int:
    """The room of all bands."""
    return wide - 2 * PAD - INSTANT - EVENTS - ROUND - 2


def _titles(lanes: Iterable[Lane], band: int) -> str:
    cells = [cell([styled(" ", size=SPACE_SIZE)], COLSPAN=3)]
    for lane in lanes:
        title = flowed([Span(lane.title, INK, STATE_SIZE, bold=True)], band / SLACK)
        cells += [_gap(), sized(title, 3, "CENTER", band)]
    return row(*cells)


def _row(view: RunView, one: Row, after: Row | None, band: int) -> str:
    ink = TIME if one.by_time else EVENT
    number = "" if not one.number else f"{one.number}"
    instant: Line = (Span(one.at, TIME if one.by_time else GREY),) if one.at else (Span(" "),)
    head: Line = (*([Span(f"{number} ", GREY)] if number else []), Span(one.event, ink, bold=True))
    said = flowed(head, EVENTS / SLACK)
    for text in one.details:
        said += flowed([Span(text, GREY)], EVENTS / SLACK)
    mark = {"BGCOLOR": TAKEN} if one.round else {}
    cells = [
        cell([styled(" ", size=SPACE_SIZE)], WIDTH=ROUND, **mark),
        sized([instant], 4, "RIGHT", INSTANT, VALIGN="TOP"),
        sized(said, 4, "LEFT", EVENTS, VALIGN="TOP"),
    ]
    for place, here in enumerate(one.cells):
        follows = None if after is None else after.cells[place]
        kind = view.kinds.get((view.lanes[place].part, here.state), Kind.ACTIVE)
        cells += [_gap(), _band(here, follows, FILLS[kind], band)]
    return row(*cells)


def _band(here: Cell, follows: Cell | None, fill: Fill, band: int) -> str:
    """A piece of a band: closed where a state begins and ends, open where it goes on."""
    if not here.state:
        return cell([styled(" ", size=SPACE_SIZE)], WIDTH=band)
    lines: list[Line] = []
    if here.entered:
        lines += flowed([Span(plain(here.state.replace("_", " ")), INK, TEXT_SIZE, bold=True)], band / SLACK)
    for text in here.changes:
        lines += flowed([Span(text, GREY)], band / SLACK)
    ends = follows is None or follows.entered or not follows.state
    sides = f"L{'T' if here.entered else ''}R{'B' if ends else ''}"
    return sized(
        lines or [(Span(" ", size=SPACE_SIZE),)],
        4,
        "LEFT",
        band,
        VALIGN="TOP",
        BGCOLOR=fill.inside,
        COLOR=fill.border,
        BORDER=1,
        SIDES=sides,
    )


def _gap() -> str:
    return cell([styled(" ", size=SPACE_SIZE)], WIDTH=GAP)


def _remark(title: str, text: str, span: int, room: float) -> str:
    color = TAKEN if title in STRESSED else GREY
    said = flowed(
        [Span(f"{title}  ", color, bold=True), Span(text, INK if title else GREY, italic=not title)], room / SLACK
    )
    return row(sized(said, 3, "LEFT", COLSPAN=span))
