"""The files that a command writes."""

from __future__ import annotations

from pathlib import Path

from fsm.command.invocation.endings import WrongUsage

__all__ = ["put"]


def put(file: Path, content: bytes) -> None:
    """Write a file, and its folder where there is none.

    Raises:
        WrongUsage: it cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as refused:
        raise WrongUsage(f"cannot write {file}: {refused.strerror}") from refused
