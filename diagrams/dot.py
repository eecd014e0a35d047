"""Writing DOT: statements, quoting and the HTML-like labels of Graphviz. Knows no machine.

Text comes out in the order in which it goes in. Whatever a declaration says passes through
`escaped`, so that no name, value or sentence can break a picture; nothing else may write markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from textwrap import wrap

import attrs

__all__ = [
    "Html",
    "Value",
    "attributes",
    "block",
    "cell",
    "edge",
    "escaped",
    "lines",
    "node",
    "quoted",
    "row",
    "styled",
    "table",
]


@attrs.frozen
class Html:
    """An HTML-like label, written between angle brackets."""

    text: str


Value = str | int | float | bool | Html
"""What an attribute may be."""


def escaped(text: str) -> str:
    """Text that stands for itself in a label; characters that XML forbids are replaced."""
    return _legal(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _legal(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def quoted(text: str) -> str:
    """A name or a plain text between quotes."""
    return '"' + _legal(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(value: Value) -> str:
    match value:
        case Html(text=text):
            return f"<{text}>"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return quoted(value)


def attributes(given: Mapping[str, Value]) -> str:
    """`[label="free", width=0.9]`; nothing for no attributes."""
    return " [" + ", ".join(f"{name}={_value(value)}" for name, value in given.items()) + "]" if given else ""


def node(name: str, given: Mapping[str, Value]) -> str:
    return f"{quoted(name)}{attributes(given)};"


def edge(source: str, target: str, given: Mapping[str, Value]) -> str:
    return f"{quoted(source)} -> {quoted(target)}{attributes(given)};"


def indented(statements: Iterable[str]) -> list[str]:
    return [f"  {line}" for statement in statements for line in statement.split("\n")]


def block(head: str, statements: Iterable[str]) -> str:
    """`head { ... }` over several lines."""
    return "\n".join([f"{head} {{", *indented(statements), "}"])


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


def lines(text: str, width: int) -> list[str]:
    """Text cut at blanks into lines of at most `width` characters; a longer word stays whole."""
    return wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


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
