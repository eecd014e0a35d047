"""Records of files, of standard input, and of a file that grows."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterator
from heapq import merge
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from fsm.command.invocation.endings import BadFile

if TYPE_CHECKING:
    from fsm.verification.monitoring.mapped.binding import BoundSource

__all__ = ["Records", "records_of"]

PAUSE = 0.2
"""Seconds between two looks at a file that is followed."""

Records = Iterator[tuple["BoundSource", str, Any]]
"""Each record with its source and its position."""


def records_of(files: tuple[Path, ...], sources: tuple[BoundSource, ...], *, follow: bool) -> Records:
    """The records of all files: one after the other where there is one source, else by their instants."""
    streams = [_of_file(file, _source(sources, file), follow=follow) for file in files]
    if len({id(_source(sources, file)) for file in files}) == 1:
        for stream in streams:
            yield from stream
        return
    for _, one in merge(*(_timed(stream) for stream in streams), key=lambda pair: pair[0]):
        yield one


def _timed(stream: Records) -> Iterator[tuple[int, tuple[BoundSource, str, Any]]]:
    """Each record with its instant; one that has none with that before it."""
    last = -sys.maxsize
    for source, position, record in stream:
        instants = (
            [one.at for one in source.read(record, position) if one.at is not None] if isinstance(record, dict) else []
        )
        last = max(last, *instants, last)
        yield last, (source, position, record)


def _source(sources: tuple[BoundSource, ...], file: Path) -> BoundSource:
    from fsm.verification.monitoring.mapped.binding import source_for

    found = source_for(sources, file.name)
    if found is None:
        raise BadFile(
            f"no source of the mapping reads {file}: their patterns are {', '.join(p for one in sources for p in one.form.files)}"
        )
    return found


def _of_file(file: Path, source: BoundSource, *, follow: bool) -> Records:
    from fsm.verification.monitoring.mapped.files import FORMAT_OF, csv_records, json_records

    form = source.form.format if source.form.format == "csv" else FORMAT_OF.get(file.suffix, "jsonl")
    reader = csv_records if form == "csv" else json_records
    for lines in _opened(file, follow=follow):
        for position, record in reader(lines, file.name):
            yield source, position, record


def _opened(file: Path, *, follow: bool) -> Iterator[IO[str]]:
    if file.name == "-":
        yield io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="")
        return
    with file.open(encoding="utf-8", errors="replace", newline="") as lines:
        yield Tail(lines) if follow else lines  # type: ignore[misc]  # what readers ask of a file: lines


class Tail:
    """A file that grows: at its end its lines are waited for."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._begun = ""

    def readline(self, limit: int = -1) -> str:
        while True:
            self._begun += self._file.readline(limit)
            if self._begun.endswith("\n") or 0 <= limit <= len(self._begun):
                line, self._begun = self._begun, ""
                return line
            time.sleep(PAUSE)

    def __iter__(self) -> Iterator[str]:
        while line := self.readline():
            yield line
