"""How far a monitor has come, in a file: what it knows, and up to where each file was read. Written whole or not at all.

The first line says of each file how many lines were read and what the last of them was, so that another file of the same name is noticed. The
second is what the watch knows (`Watch.state`).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from fsm.command.invocation.endings import BadFile
from fsm.command.invocation.files import content_of, put
from fsm.strict_json import Limits, parse, write

if TYPE_CHECKING:
    from fsm.verification.monitoring import Monitor, Watch

__all__ = ["LIMITS", "Mark", "digest", "restored", "save"]

VERSION = 1
"""Of the first line."""

LIMITS = Limits(characters=1 << 30, instances=10_000_000)
"""A state that the user keeps may be large."""


@attrs.frozen
class Mark:
    """How far a file was read.

    Attributes:
        line: of the last record.
        last: a digest of what stood there.
        instant: the latest so far, milliseconds; None where no record had any.
    """

    line: int
    last: str
    instant: int | None


def digest(line: str) -> str:
    return sha256(line.rstrip("\r\n").encode("utf-8", "replace")).hexdigest()[:16]


def save(file: Path, watch: Watch, marks: Mapping[str, Mark]) -> None:
    """Keep what a watch knows.

    Raises:
        BadSnapshot: a key or a value that has no form in JSON.
        WrongUsage: the file cannot be written.
    """
    head = {"version": VERSION, "files": {name: [mark.line, mark.last, mark.instant] for name, mark in marks.items()}}
    put(file, f"{write(head)}\n{watch.state(LIMITS)}\n".encode("ascii"))


def restored(file: Path, monitor: Monitor) -> tuple[Watch, dict[str, Mark]]:
    """The watch of a file, and how far it had come; a new one where there is no file.

    Raises:
        BadSnapshot: what stands there is no state of this monitor's.
        BadFile: it cannot be read, or its first line is not of its form.
    """
    if not file.exists():
        return monitor.watch(), {}
    head, _, state = content_of(file, LIMITS.characters).partition(b"\n")
    tree = parse(head)
    if type(tree) is not dict or tree.get("version") != VERSION or type(tree.get("files")) is not dict:
        raise BadFile(f"{file} is no state of fsm monitor of version {VERSION}")
    return monitor.resume(state, LIMITS), {name: _mark(file, name, one) for name, one in tree["files"].items()}


def _mark(file: Path, name: str, tree: Any) -> Mark:
    if type(tree) is list and len(tree) == 3:
        line, last, instant = tree
        whole = type(line) is int and line >= 0 and type(last) is str and (instant is None or type(instant) is int)
        if whole:
            return Mark(line, last, instant)
    raise BadFile(f"{file}: how far {name} was read is not of its form")
