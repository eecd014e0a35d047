"""What stands below a picture: notes in one column or two, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

import attrs

from fsm.diagrams.graphs.dot import Html, cell, row, styled, table
from fsm.diagrams.graphs.labels import Line, Span, flowed, line_width, sized
from fsm.diagrams.graphs.lettering import SLACK
from fsm.diagrams.graphs.style import GREY, SPACE_SIZE

__all__ = ["Item", "Section", "below"]

MARK = 21
"""The room of a number."""
GUTTER = 22
FEW = 9
"""So many lines stand in one column."""
NEARBY = 3
"""So far from the middle the best place to part two columns is looked for."""


@attrs.frozen
class Item:
    """A note: what stands in front of it, and its paragraphs."""

    mark: Span
    paragraphs: tuple[Line, ...]


@attrs.frozen
class Section:
    """Notes under a heading."""

    heading: str
    items: tuple[Item, ...]


def below(sections: Sequence[Section], remark: str, room: float) -> Html:
    """The table of the notes, and a remark under it.

    Args:
        room: of the page.
    """
    columns = _columns([block for section in sections for block in _blocks(section)], room - GUTTER)
    lines = [[line for block in column for line in _lines(block, wide)] for column, wide in columns]
    gap = cell([styled(" ", size=SPACE_SIZE)], WIDTH=GUTTER)
    rows = [row(*_beside(cells, gap)) for cells in zip_longest(*lines, fillvalue=EMPTY)]
    said = flowed([Span(remark, GREY, italic=True)], room / SLACK) if remark else []
    last = [row(sized(said, 3, COLSPAN=3 * len(lines) - 1 if rows else 1))] if said else []
    return Html(table([*rows, *last]))


def _beside(cells: Iterable[str], gap: str) -> list[str]:
    return [one for place, pair in enumerate(cells) for one in ([gap, pair] if place else [pair])]


@attrs.frozen
class Block:
    """A note that is not parted, with the heading that stands above it, which may be empty."""

    heading: str
    item: Item

    @property
    def width(self) -> float:
        """Of its longest paragraph on one line."""
        return max(map(line_width, self.item.paragraphs)) + MARK

    @property
    def narrowest(self) -> float:
        """The room of what no line break parts."""
        return max(map(line_width, self.flowed(0))) + MARK

    def flowed(self, room: float) -> list[Line]:
        return [line for spans in self.item.paragraphs for line in flowed(spans, (room - MARK) / SLACK)]

    def height(self, room: float) -> int:
        """In lines."""
        return len(self.flowed(room)) + bool(self.heading)


def _blocks(section: Section) -> list[Block]:
    return [Block("" if place else section.heading, item) for place, item in enumerate(section.items)]


def _lines(block: Block, room: float) -> list[str]:
    """The lines of a block, each as two cells: the mark and the text."""
    marks = [block.item.mark.markup, *([styled(" ", size=SPACE_SIZE)] * len(block.flowed(room)))]
    head = [sized([(Span(block.heading, GREY, bold=True),)], 2, COLSPAN=2)] if block.heading else []
    return [
        *head,
        *(cell([mark], WIDTH=MARK) + sized([line], 0) for mark, line in zip(marks, block.flowed(room), strict=False)),
    ]


EMPTY = cell([styled(" ", size=SPACE_SIZE)], COLSPAN=2)


Columns = list[tuple[list[Block], float]]
"""Blocks with the width of their column."""


def _columns(blocks: list[Block], room: float) -> Columns:
    """One column for few notes, or for what cannot be broken; else the two that are least high, the more equal before the others."""
    heights = [block.height(room / 2) for block in blocks]
    if sum(heights) <= FEW or len(blocks) < 2 or any(block.narrowest > room / 2 for block in blocks):
        return [(blocks, room)] if blocks else []
    middle = min(range(1, len(blocks)), key=lambda end: max(sum(heights[:end]), sum(heights[end:])))
    near = range(max(1, middle - NEARBY), min(len(blocks), middle + NEARBY + 1))
    return min((_halves(blocks[:end], blocks[end:], room) for end in near), key=_height)


def _halves(left: list[Block], right: list[Block], room: float) -> Columns:
    """Two columns; one that needs less than half of the room leaves it to the other."""
    half = room / 2
    needs = max(block.width for block in left), max(block.width for block in right)
    first = needs[0] if needs[0] <= half else room - min(half, needs[1])
    return [(left, first), (right, room - first)]


def _height(columns: Columns) -> list[int]:
    """Of the higher column, then of the other, in lines."""
    return sorted((sum(block.height(wide) for block in blocks) for blocks, wide in columns), reverse=True)
