"""Writing DOT, by the `graphviz` library, and the HTML-like labels of Graphviz. Knows no machine.

The library quotes and lays out the statements; nothing comes out in another order than it goes in.
Whatever a declaration says passes through `escaped` or becomes a plain text that the library
quotes, so that no name, value or sentence can break a picture; nothing else may write markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from typing import Any

import attrs
import graphviz

__all__ = ["Graph", "Html", "Look", "Value", "cell", "escaped", "printable", "row", "styled", "table"]


@attrs.frozen
class Html:
    """An HTML-like label, written between angle brackets."""

    text: str


Value = str | int | float | bool | Html
"""What an attribute may be."""

Look = Mapping[str, Value]
"""Attributes of a graph, a node or an edge, by name."""


class Graph:
    """A directed graph in the making.

    Args:
        name: of the graph; a frame is drawn around a part whose name starts with `cluster`.
        look: attributes of the graph itself.
        nodes, edges: what all of them have in common.
    """

    def __init__(self, name: str, look: Look, *, nodes: Look | None = None, edges: Look | None = None) -> None:
        self._written: Any = graphviz.Digraph(
            name=_plain(name),
            graph_attr=_attributes(look),
            node_attr=_attributes(nodes or {}),
            edge_attr=_attributes(edges or {}),
        )

    def look(self, look: Look) -> None:
        """Set attributes of the graph itself; they stand at its beginning, whenever they are set."""
        self._written.graph_attr.update(_attributes(look))

    def node(self, name: str, look: Look) -> None:
        self._written.node(_plain(name), _attributes=_attributes(look))

    def edge(self, source: str, target: str, look: Look) -> None:
        self._written.edge(_plain(source), _plain(target), _attributes=_attributes(look))

    @contextmanager
    def part(self, name: str, look: Look) -> Iterator[Graph]:
        """A graph inside this one, which is written when the block ends."""
        inner = Graph(name, look)
        yield inner
        self._written.subgraph(inner._written)

    @property
    def source(self) -> str:
        """The graph as DOT."""
        text: str = self._written.source
        return text


def escaped(text: str) -> str:
    """Text that stands for itself in a label; also behind a backslash, where Graphviz would put names of its own.

    A bracket that closes is written by its number: Graphviz takes one at the end of a text for that of a section of XML.
    """
    return escape(printable(text)).replace("\\", "\\\\").replace("]", "&#93;")


def printable(text: str) -> str:
    """The text with blanks for what no page can show: controls, and characters that XML forbids."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _plain(text: str) -> str:
    """A text that means itself: no escape sequence of Graphviz, no label of markup."""
    written: str = graphviz.escape(printable(text))
    return written


def _attributes(look: Look) -> dict[str, str]:
    return {name: _value(value) for name, value in look.items()}


def _value(value: Value) -> str:
    match value:
        case Html(text=text):
            return f"<{text}>"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return _plain(value)


# Labels


def styled(text: str, *, color: str = "", size: float = 0, bold: bool = False, italic: bool = False) -> str:
    """Plain text as markup; none for none, since Graphviz refuses an empty element."""
    if not text:
        return ""
    marked = escaped(text)
    marked = f"<B>{marked}</B>" if bold else marked
    marked = f"<I>{marked}</I>" if italic else marked
    font = (f' COLOR="{color}"' if color else "") + (f' POINT-SIZE="{size}"' if size else "")
    return f"<FONT{font}>{marked}</FONT>" if font else marked


def stacked(marked: Iterable[str], align: str = "LEFT") -> str:
    """Marked lines below each other."""
    end = f'<BR ALIGN="{align}"/>'
    return end.join(marked) + end


def cell(marked: Iterable[str], align: str = "LEFT", **given: str | int) -> str:
    """One cell with its lines."""
    rows = list(marked)
    more = "".join(f' {name}="{value}"' for name, value in given.items())
    content = stacked(rows, align) if len(rows) > 1 else "".join(rows)
    return f'<TD ALIGN="{align}" BALIGN="{align}"{more}>{content}</TD>'


def table(rows: Iterable[str], **given: str | int) -> str:
    """A table of rows that are written already: `<TR>...</TR>` or `<HR/>`."""
    options = {"BORDER": 0, "CELLBORDER": 0, "CELLSPACING": 0, "CELLPADDING": 0, **given}
    return (
        "<TABLE" + "".join(f' {name}="{value}"' for name, value in options.items()) + ">" + "".join(rows) + "</TABLE>"
    )


def row(*cells: str) -> str:
    return "<TR>" + "".join(cells) + "</TR>"
