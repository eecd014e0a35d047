"""Where a line of a declaration is written: the file and the line from which it was made, for messages.

It is no part of what a declaration means: two lines that say the same are the same wherever they stand.
"""

from __future__ import annotations

from inspect import currentframe
from typing import Any

import attrs

from fsm.errors import DefinitionError

__all__ = ["Faults", "Origin", "frame_here", "written_here"]

Origin = tuple[str, int]
"""A file and a line in it."""
OURS = ("fsm.language", "fsm.checks", "fsm.canonical", "fsm.variants", "fsm.patterns")
"""The rooms that make what others declare."""


def frame_here() -> Any:
    """What is being executed in the innermost place outside the language; None where there is none."""
    frame: Any = currentframe()
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith("<attrs ") and not frame.f_globals.get("__name__", "").startswith(OURS):
            return frame
        frame = frame.f_back
    return None


def written_here() -> Origin | None:
    """The innermost place outside the language that is being executed; None where there is none."""
    frame = frame_here()
    return None if frame is None else (frame.f_code.co_filename, frame.f_lineno)


class Faults:
    """What is wrong with a declaration, gathered while it is checked and told together.

    faults = Faults()
    with faults.of(line):
        check(line)         # the first thing that is wrong with it ends this block, and is kept
    faults.tell()
    """

    __slots__ = ("_line", "known")

    def __init__(self) -> None:
        self.known: list[DefinitionError] = []
        self._line: Any = None

    def of(self, line: Any = None) -> Faults:
        """A block that checks a line of a declaration, or what stands on none; such blocks are not nested."""
        self._line = line
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, where: object) -> bool:
        if not isinstance(fault, DefinitionError):
            return False
        if fault.written is None and self._line is not None:
            fault = attrs.evolve(fault, written=self._line.written)
        self.known.append(fault)
        return True

    def tell(self) -> None:
        """Raise DefinitionError for all that is wrong, the first thing first; nothing where nothing is."""
        if self.known:
            first, *others = {(one.said, one.written): one for one in self.known}.values()
            raise attrs.evolve(first, others=tuple(others))
