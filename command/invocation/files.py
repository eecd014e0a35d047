"""The files that a command reads, as far as their size is sound; and those that it writes: whole, or not at all."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from fsm.command.invocation.endings import BadFile, Unwritable
from fsm.files import write_whole
from fsm.strict_json import LARGEST

__all__ = ["content_of", "put", "toml_in"]


def content_of(file: Path, most: int = LARGEST) -> bytes:
    """What stands in a file; of one that has no end no more is read than may stand there.

    Args:
        most: bytes.

    Raises:
        BadFile: it cannot be read, or is larger.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as refused:
        raise BadFile(f"cannot read {file}: {refused.strerror}") from refused
    if len(content) > most:
        raise BadFile(f"{file} is larger than {most:,} bytes")
    return content


def toml_in(file: Path, content: bytes) -> dict[str, Any]:
    """What a file says in TOML.

    Raises:
        BadFile: it is none.
    """
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadFile(f"{file} is not UTF-8.") from None
    except (ValueError, RecursionError) as wrong:
        raise BadFile(f"{file} is not TOML: {wrong}.") from None


def put(file: Path, content: bytes) -> None:
    """Write a file, and its folder where there is none; where that goes wrong, what stood there is as it was.

    Raises:
        WrongUsage: it cannot be written.
    """
    try:
        write_whole(file, content)
    except OSError as refused:
        raise Unwritable(f"cannot write {file}: {refused.strerror}") from refused
