"""One drawing: what it is of, in which file it goes, and how it is made; and whether the one that stands there is stale."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs

from fsm.command.invocation.endings import BadFile, MissingExtra

__all__ = ["FORMATS", "Drawing", "is_stale"]

FORMATS = ("svg", "png", "dot", "mmd", "md")


@attrs.frozen(eq=False)
class Drawing:
    """A picture or a text that can be made.

    Attributes:
        stem: the name of its file, without the ending.
        kind: one of `FORMATS`.
        about: what it is of, for `--json`.
        make: its content.
    """

    stem: str
    kind: str
    about: dict[str, str]
    make: Callable[[], str | bytes]

    def content(self) -> bytes:
        """What goes into the file.

        Raises:
            WrongUsage: what draws is not installed.
        """
        try:
            made = self.make()
        except ImportError as missing:
            raise MissingExtra(f"fsm draw needs an extra: {missing}") from missing
        return made if isinstance(made, bytes) else made.encode("utf-8")

    def file_in(self, folder: Path) -> Path:
        return folder / f"{self.stem}.{self.kind}"


def is_stale(file: Path, drawing: Drawing) -> bool:
    """Whether a file is not what the declaration gives; an SVG that another version of Graphviz laid out is current.

    Raises:
        WrongUsage: the file cannot be read.
    """
    try:
        before = file.read_bytes()
    except FileNotFoundError:
        return True
    except OSError as refused:
        raise BadFile(f"cannot read {file}: {refused.strerror}") from refused
    from fsm.diagrams import is_current

    return not is_current(before, drawing.content())
