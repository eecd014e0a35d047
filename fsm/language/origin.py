"""Where a line of a declaration is written: the file and the line from which it was made, for messages.

It is no part of what a declaration means: two lines that say the same are the same wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from inspect import currentframe
from typing import Any

import attrs

from fsm.errors import DefinitionError

__all__ = ["Origin", "told_of", "written_here"]

Origin = tuple[str, int]
"""A file and a line in it."""
OURS = ("fsm.language", "fsm.checks", "fsm.canonical", "fsm.variants")
"""The rooms that make what others declare."""


def written_here() -> Origin | None:
    """The innermost place outside the language that is being executed; None where there is none."""
    frame: Any = currentframe()
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith("<attrs ") and not frame.f_globals.get("__name__", "").startswith(OURS):
            return file, frame.f_lineno
        frame = frame.f_back
    return None


@contextmanager
def told_of(line: Any) -> Iterator[None]:
    """A block that checks a line of a declaration: what is wrong there is told with where it is written."""
    try:
        yield
    except DefinitionError as wrong:
        if wrong.written is not None or line.written is None:
            raise
        raise attrs.evolve(wrong, written=line.written) from None
