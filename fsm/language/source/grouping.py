"""`a & b >> c` without parentheses: Python reads `a & (b >> c)`, which nobody means who writes it so.

The line is looked up where it is written, as tracebacks do; where it cannot be read, nothing is said.
"""

from __future__ import annotations

import ast
import re
from linecache import getlines
from typing import Any

from fsm.errors import WrongType
from fsm.language.source.origin import frame_here

__all__ = ["check_grouping"]

SIGNS: dict[type[ast.operator], str] = {ast.BitAnd: "&", ast.BitOr: "|"}


def check_grouping() -> None:
    """That what is being executed there says by parentheses what `>>` belongs to.

    Raises:
        WrongType: it stands beside `&` or `|` without any.
    """
    text = _text_of(frame_here())
    try:
        node = ast.parse(f"({text})", mode="eval").body
    except (SyntaxError, ValueError):  # the line is there no more, or is another one
        return
    sign = SIGNS.get(type(node.op)) if isinstance(node, ast.BinOp) else None
    if sign is None or not isinstance(node, ast.BinOp):
        return
    source = f"({text})".encode()
    lines = source.splitlines(keepends=True)
    left, right = _span(node.left, lines), _span(node.right, lines)
    between = re.sub(
        rb"#[^\n]*", b"", source[left[1] : right[0]]
    )  # the sign, and where the parentheses of a side end and begin
    before, after = b")" in between, b"(" in between
    if _implies(node.right) and not after:
        read = f"{_said(source, left)} {sign} ({_said(source, right)})"
        meant = f"({_said(source, left)} {sign} {ast.unparse(node.right.left)}) >> {ast.unparse(node.right.right)}"  # type: ignore[attr-defined]  # an implication
    elif _implies(node.left) and not before:
        read = f"({_said(source, left)}) {sign} {_said(source, right)}"
        meant = f"{ast.unparse(node.left.left)} >> ({ast.unparse(node.left.right)} {sign} {_said(source, right)})"  # type: ignore[attr-defined]  # likewise
    else:
        return
    raise WrongType(
        f"{' '.join(text.split())}",
        f"to Python `>>` binds closer than `{sign}`: it reads {read}",
        f"Write {meant}, or the parentheses that you mean.",
    )


def _implies(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift)


def _said(source: bytes, span: tuple[int, int]) -> str:
    return " ".join(source[slice(*span)].decode().split())


def _span(node: ast.expr, lines: list[bytes]) -> tuple[int, int]:
    """Where a node begins and ends in the text, in bytes."""
    starts = [sum(map(len, lines[:place])) for place in range(len(lines))]
    return starts[node.lineno - 1] + node.col_offset, starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)


def _text_of(frame: Any) -> str:
    """The text of the operation that a frame executes; empty where it is not known."""
    if frame is None:
        return ""
    positions = list(frame.f_code.co_positions())
    line, last, start, end = positions[frame.f_lasti // 2]
    lines = getlines(frame.f_code.co_filename, frame.f_globals)
    if None in (line, last, start, end) or last > len(lines):
        return ""
    rows = [one.encode() for one in lines[line - 1 : last]]
    rows[-1] = rows[-1][:end]
    rows[0] = rows[0][start:]
    return b"".join(rows).decode(errors="replace")
