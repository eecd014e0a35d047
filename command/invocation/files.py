"""The files that a command writes: whole, or not at all."""

from __future__ import annotations

from pathlib import Path

from fsm.command.invocation.endings import Unwritable
from fsm.files import write_whole

__all__ = ["put"]


def put(file: Path, content: bytes) -> None:
    """Write a file, and its folder where there is none; where that goes wrong, what stood there is as it was.

    Raises:
        WrongUsage: it cannot be written.
    """
    try:
        write_whole(file, content)
    except OSError as refused:
        raise Unwritable(f"cannot write {file}: {refused.strerror}") from refused
