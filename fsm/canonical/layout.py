"""JSON laid out for a person and for `diff`: what fits stands on a line, the rest a line for each field and item."""

from __future__ import annotations

from typing import Any

from fsm.canonical.tables import Row, compact

__all__ = ["laid_out"]

WIDTH = 100
"""Characters of what may stand on one line."""


def laid_out(tree: Row) -> str:
    """The text of a document, with an end of line: ASCII, equal for equal trees with their fields in one order."""
    return "".join(_lines(tree, 0)) + "\n"


def _lines(tree: Row, depth: int) -> list[str]:
    line = compact(tree)
    if len(line) <= WIDTH or not isinstance(tree, dict | list):
        return [line]
    opening, closing = ("{", "}") if isinstance(tree, dict) else ("[", "]")
    items: list[tuple[str, Any]] = (
        [(f"{compact(name)}: ", below) for name, below in tree.items()]
        if isinstance(tree, dict)
        else [("", below) for below in tree]
    )
    margin = "\n" + " " * (depth + 1)
    inside = [margin + name + "".join(_lines(below, depth + 1)) for name, below in items]
    return [opening, ",".join(inside), "\n" + " " * depth, closing]
