"""Labels: what stands on an edge or inside a state, one entry for each transition or group of events.

An entry is the event in bold with the numbers of its notes, then remarks, each on lines of its own. Every
cell is as wide as its widest line, measured, with some slack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil

import attrs

from fsm.diagrams.graphs.dot import Html, cell, row, styled, table
from fsm.diagrams.graphs.lettering import SLACK, width
from fsm.diagrams.graphs.style import GREY, INK, SPACE_SIZE, STATE_PAD, STATE_SIZE, STATE_WIDTH, TEXT_SIZE
from fsm.diagrams.views.wording import KEPT, plain

__all__ = [
    "Entry",
    "Line",
    "Remark",
    "Span",
    "edge_label",
    "entry_lines",
    "flowed",
    "line_width",
    "sized",
    "state_label",
]


@attrs.frozen
class Span:
    """A piece of text in one look."""

    text: str
    color: str = INK
    size: float = TEXT_SIZE
    bold: bool = False
    italic: bool = False

    @property
    def markup(self) -> str:
        return styled(self.text, color=self.color, size=self.size, bold=self.bold, italic=self.italic)

    @property
    def width(self) -> float:
        """How wide it is."""
        return width(self.text, self.size, bold=self.bold, italic=self.italic)


Line = tuple[Span, ...]
"""What stands beside each other on a line."""


@attrs.frozen
class Remark:
    """A remark under an event."""

    text: str
    color: str = GREY
    italic: bool = False
    bold: bool = False

    @property
    def span(self) -> Span:
        return Span(self.text, self.color, TEXT_SIZE, self.bold, self.italic)


@attrs.frozen
class Entry:
    """What a label says of a transition, or of several that differ in their events alone.

    Attributes:
        events: their names.
        marks: numbers of notes, with their colours.
    """

    events: tuple[str, ...]
    color: str
    remarks: tuple[Remark, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()


def flowed(spans: Iterable[Span], room: float) -> list[Line]:
    """Texts one after the other, cut at their blanks into lines that fit the room.

    What is kept together and is wider than the room stays one line. One line at least comes back.
    """
    lines: list[Line] = []
    for word in _words(spans):
        longer = _joined(lines[-1], word) if lines else word
        if lines and sum(span.width for span in longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return [tuple(attrs.evolve(span, text=plain(span.text)) for span in line) for line in lines] or [(Span(""),)]


def _words(spans: Iterable[Span]) -> Iterator[Line]:
    """What no line break may part: pieces between blanks, each in its look."""
    word: Line = ()
    for span in spans:
        for place, text in enumerate(span.text.split(" ")):
            if place and word:
                yield word
                word = ()
            if text:
                word = (*word, attrs.evolve(span, text=text))
    if word:
        yield word


def _joined(line: Line, word: Line) -> Line:
    """A line and the next word, with a blank between them."""
    last, first = line[-1], word[0]
    if attrs.evolve(last, text="") == attrs.evolve(first, text=""):
        return (*line[:-1], attrs.evolve(last, text=f"{last.text} {first.text}"), *word[1:])
    return (*line, attrs.evolve(first, text=f"{KEPT}{first.text}"), *word[1:])


def entry_lines(entry: Entry, room: float) -> list[Line]:
    """The lines of an entry: names of events, the numbers behind the last of them, then the remarks."""
    names = Span(", ".join(entry.events), entry.color, TEXT_SIZE, bold=True)
    marks = [Span(f"{' ' if place else KEPT}{text}", color) for place, (text, color) in enumerate(entry.marks)]
    lines = flowed([names, *marks], room) if entry.events else []
    for remark in entry.remarks:
        lines += flowed([remark.span], room)
    return lines


def line_width(line: Line) -> float:
    """The room that a line takes, in pixels, with slack for other fonts."""
    return sum(span.width for span in line) * SLACK


def sized(lines: Sequence[Line], padding: int, align: str = "LEFT", least: float = 0, **given: str | int) -> str:
    """A cell of lines that is at least as wide as they may become in another font."""
    wide = ceil(max(least, max(map(line_width, lines)) + 2 * padding))
    marked = ["".join(span.markup for span in line) for line in lines]
    return cell(marked, align, WIDTH=wide, CELLPADDING=padding, **given)


def edge_label(entries: Iterable[Entry], room: float) -> Html:
    """The entries below each other."""
    return Html(table([row(sized(_stacked(entries, room), 2))]))


def state_label(name: str, inside: Sequence[Entry], remarks: Iterable[Remark], room: float) -> Html:
    """The name, with remarks on it; below a line, the transitions that stay in the state."""
    heading = flowed([Span(plain(name), size=STATE_SIZE, bold=True)], room)
    widest = max(line_width(line) for line in (*heading, *_stacked(inside, room))) + 2 * STATE_PAD
    for remark in remarks:
        heading += flowed([remark.span], room)
    staying = ["<HR/>", row(sized(_stacked(inside, room), STATE_PAD))] if inside else []
    return Html(table([row(sized(heading, STATE_PAD, "CENTER", least=max(widest, STATE_WIDTH))), *staying]))


def _stacked(entries: Iterable[Entry], room: float) -> list[Line]:
    """The lines of entries; those that have several are set apart from the others."""
    lines: list[Line] = []
    for entry in entries:
        own = entry_lines(entry, room)
        if lines and entry.remarks and entry.events:
            lines.append((Span(" ", size=SPACE_SIZE),))
        lines += own
    return lines
