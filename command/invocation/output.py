"""What a command prints: its report on standard output, and everything else on standard error.

While a command runs as a program, file descriptor 1 leads to standard error for everybody but this module: what a
model file, a library or a process of ours prints cannot get into a report. Texts of the declaration
may hold anything; what a terminal would obey (escape sequences, bidirectional controls) or an
encoding has not (lone surrogates) is printed as its escape.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import click

__all__ = [
    "echo",
    "echo_file",
    "echo_json",
    "echo_lines",
    "has_colours",
    "is_terminal",
    "outsiders_print_to_stderr",
    "printable",
    "prints",
    "prompt",
    "width",
]

WIDEST = 100
"""A line of a report, where nothing is narrower: the same in a file and in a pipe, whatever the terminal."""
NARROWEST = 40
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, bidirectional controls, line and paragraph separators, lone surrogates."""
UNREADABLE_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_report: TextIO | None = None
"""Where a report goes while the command runs as a program; else where `sys.stdout` leads."""


def printable(text: str) -> str:
    """One line of text as a terminal can show it: what it would obey as `\\x1b` and the like."""
    return UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)


def echo_lines(text: str) -> None:
    """Print lines of a report."""
    for line in text.removesuffix("\n").split("\n"):
        echo(line)


def echo(line: str = "", *, err: bool = False, mark: tuple[str, str] | None = None) -> None:
    """Print one line of a report, or of what is said beside it.

    Args:
        mark: how the line begins, and the colour of that where there are colours.
    """
    text = printable(line)
    if mark is not None and has_colours() and text.startswith(mark[0]):
        text = click.style(mark[0], fg=mark[1], bold=True) + text[len(mark[0]) :]
    stream = sys.stderr if err else _report
    click.echo(text, file=stream, color=True if mark is not None else None, err=err)


def prompt(text: str) -> None:
    """Ask somebody at a terminal for a line, beside the report."""
    click.echo(printable(text), nl=False, err=True)


def echo_json(document: Any) -> None:
    """Print a document for machines, as ASCII where the encoding of the output is not UTF-8."""
    encoding = (getattr(_report or sys.stdout, "encoding", None) or "").lower().replace("-", "")
    most = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)  # what a declaration has is printed, however long
    text = json.dumps(document, indent=2, ensure_ascii=encoding != "utf8")
    sys.set_int_max_str_digits(most)
    click.echo(UNREADABLE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text), file=_report)


def echo_file(content: bytes) -> None:
    """Print what would go into a file, to the byte."""
    click.echo(content, nl=False, file=_report)


def is_terminal() -> bool:
    """Whether somebody reads the report in a terminal."""
    return bool((_report or sys.stdout).isatty())


def has_colours() -> bool:
    """Whether the report has colours: in a terminal that knows them, unless NO_COLOR (no-color.org) is set."""
    context = click.get_current_context(silent=True)
    if context is not None and context.color is not None:
        return context.color
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """The columns of a report: 100, or fewer in a narrow terminal."""
    if not is_terminal():
        return WIDEST
    given = os.environ.get("COLUMNS", "")
    columns = (
        int(given[:4]) if given.isascii() and given.isdigit() else os.get_terminal_size(_number_of_report()).columns
    )
    return min(WIDEST, max(NARROWEST, columns or WIDEST))


def _number_of_report() -> int:
    return (_report or sys.stdout).fileno()


@contextmanager
def prints() -> Iterator[None]:
    """The standard streams as a program of ours has them.

    A stream that was closed leads nowhere, so that no file that is opened later is taken for it; without
    standard output there is nowhere to print a report, which is wrong usage.

    Raises:
        OSError: what was printed could not be written.
    """
    global _report
    closed = [number for number in range(3) if not _is_open(number)]
    for _ in closed:
        os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: the one that was closed
    if 1 in closed:
        click.echo("Error: standard output is closed, so there is nowhere to print to.", file=sys.stderr)
        raise SystemExit(2)
    if sys.stderr is None:
        sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115  # as long as the program
    _report = open(os.dup(1), "w", encoding=sys.stdout.encoding, errors="backslashreplace")  # noqa: SIM115  # likewise
    os.dup2(2, 1)
    sys.stdout = _report  # click prints help and version there
    try:
        yield
    finally:
        try:
            _report.flush()
        except OSError as refused:
            os.dup2(os.open(os.devnull, os.O_WRONLY), _report.fileno())  # what is left is not tried again at the end
            if isinstance(refused, BrokenPipeError):
                raise
            raise OSError(refused.errno, f"cannot write standard output: {refused.strerror}") from refused


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


@contextmanager
def outsiders_print_to_stderr() -> Iterator[None]:
    """In this block, and from here on where the command runs as a program, `print` goes to standard error."""
    before, sys.stdout = sys.stdout, sys.stderr
    try:
        yield
    finally:
        if _report is None:
            sys.stdout = before
