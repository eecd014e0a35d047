"""Records of files, of standard input, and of a file that grows."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from heapq import merge
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import attrs

from fsm.command.invocation.endings import BadFile
from fsm.command.streams.kept import Mark, digest

if TYPE_CHECKING:
    from fsm.verification.monitoring.mapped.binding import BoundSource

__all__ = ["Record", "Records", "records_of"]

PAUSE = 0.2
"""Seconds between two looks at a file that is followed."""


@attrs.frozen
class Record:
    """A record of a file.

    Attributes:
        content: JSON as Python has it, a row; or why it could not be read.
        mark: how far the file was read with it; None for standard input.
    """

    source: BoundSource
    position: str
    content: Any
    file: str
    mark: Mark | None


Records = Iterator[Record]


def records_of(
    files: tuple[Path, ...],
    sources: tuple[BoundSource, ...],
    *,
    follow: bool,
    begun: Mapping[str, Mark],
    kept: bool = False,
    pause: Callable[[], None] = lambda: None,
) -> Records:
    """The records of all files: one after the other where there is one source, else by their instants.

    Args:
        begun: how far files were read before.
        kept: somebody goes on later: a last line that is no record yet is left for then.
        pause: called before more is waited for.

    Raises:
        BadFile: a file cannot be read, or is another one than before.
    """
    streams = [_of_file(file, _source(sources, file), follow, begun.get(str(file)), kept, pause) for file in files]
    if len({id(_source(sources, file)) for file in files}) == 1:
        for stream in streams:
            yield from stream
        return
    lasts = [mark.instant if (mark := begun.get(str(file))) is not None else None for file in files]
    for _, one in merge(*map(_timed, streams, lasts), key=lambda pair: pair[0]):
        yield one


def _timed(stream: Records, before: int | None) -> Iterator[tuple[int, Record]]:
    """Each record with its instant; one that has none with that before it."""
    last = -sys.maxsize if before is None else before
    for one in stream:
        seen = one.source.read(one.content, one.position) if isinstance(one.content, dict) else ()
        last = max(last, *(each.at for each in seen if each.at is not None), last)
        mark = None if one.mark is None else attrs.evolve(one.mark, instant=last if last > -sys.maxsize else None)
        yield last, attrs.evolve(one, mark=mark)


def _source(sources: tuple[BoundSource, ...], file: Path) -> BoundSource:
    from fsm.verification.monitoring.mapped.binding import source_for

    found = source_for(sources, file.name)
    if found is None:
        raise BadFile(
            f"no source of the mapping reads {file}: their patterns are {', '.join(p for one in sources for p in one.form.files)}"
        )
    return found


def _of_file(
    file: Path, source: BoundSource, follow: bool, mark: Mark | None, kept: bool, pause: Callable[[], None]
) -> Records:
    from fsm.verification.monitoring.mapped.files import csv_records, format_of, json_records

    if format_of(file.name) == "parquet":
        yield from _of_table(file, source, follow, mark, kept)
        return
    form = source.form.format if source.form.format == "csv" else format_of(file.name) or "jsonl"
    named = file.name != "-"
    for opened in _opened(file, follow=follow, pause=pause):
        lines = Lines(opened, whole=kept and form == "csv")
        if form == "csv":
            records = csv_records(lines, file.name, 0 if mark is None else mark.line)  # type: ignore[arg-type]  # what readers ask of a file
        else:
            _skip(file, lines, mark)
            records = json_records(lines, file.name, 1 if mark is None else mark.line + 1, kept=kept)  # type: ignore[arg-type]  # as above
        for position, content in records:
            here = Mark(int(position.rpartition(":")[2]), digest(lines.last), None) if named and kept else None
            yield Record(source, position, content, str(file), here)
        mark = None  # what is opened next is another file of the same name


def _of_table(file: Path, source: BoundSource, follow: bool, mark: Mark | None, kept: bool) -> Records:
    """The rows of a file of Parquet."""
    from fsm.verification.monitoring.mapped.files import parquet_records

    if follow:
        raise BadFile(f"{file} is Parquet, which does not grow: --follow reads lines")
    read = 0 if mark is None else mark.line
    for line, (position, content) in enumerate(parquet_records(file), 1):
        if line > read:
            here = Mark(line, digest(repr(content)), None) if kept else None
            yield Record(source, position, content, str(file), here)
        elif mark is not None and line == read and digest(repr(content)) != mark.last:
            raise BadFile(f"{file} is another file than the one that was read before: its row {line} is not the same")


def _skip(file: Path, lines: Lines, mark: Mark | None) -> None:
    """Go past what was read before."""
    if mark is None or file.name == "-":
        return
    for _ in range(mark.line):
        lines.readline()
    if digest(lines.last) != mark.last:
        raise BadFile(f"{file} is another file than the one that was read before: its line {mark.line} is not the same")


def _opened(file: Path, *, follow: bool, pause: Callable[[], None]) -> Iterator[IO[str]]:
    """The file; where it is followed, also the next one of its name."""
    from fsm.verification.monitoring.mapped.files import ENCODING

    if file.name == "-":
        yield io.TextIOWrapper(sys.stdin.buffer, encoding=ENCODING, errors="replace", newline="")
        return
    again = True
    while again:
        with file.open(encoding=ENCODING, errors="replace", newline="") as lines:
            yield Tail(lines, file, pause) if follow else lines  # type: ignore[misc]  # what readers ask of a file: lines
        again = follow


class Lines:
    """The lines of a file, of which the last one that was read is known.

    Args:
        whole: a last line that has no end is left for later.
    """

    def __init__(self, file: IO[str], *, whole: bool = False) -> None:
        self._file, self._whole = file, whole
        self.last = ""

    def readline(self, limit: int = -1) -> str:
        line = self._file.readline(limit)
        if self._whole and not line.endswith("\n"):
            return ""
        if line:
            self.last = line
        return line

    def __iter__(self) -> Iterator[str]:
        while line := self.readline():
            yield line


class Tail:
    """A file that grows: at its end its lines are waited for, until another file has its name or it was cut off and begins anew."""

    def __init__(self, file: IO[str], path: Path, pause: Callable[[], None]) -> None:
        self._file, self._path, self._pause = file, path, pause
        self._begun = ""
        self._over = False

    def readline(self, limit: int = -1) -> str:
        while True:
            self._begun += self._file.readline(limit)
            if self._over or self._begun.endswith("\n") or 0 <= limit <= len(self._begun):
                line, self._begun = self._begun, ""
                return line
            self._over = self._rotated()  # and once more is read what was written until then
            if not self._over:
                self._pause()
                time.sleep(PAUSE)

    def _rotated(self) -> bool:
        """Whether the name is another file's by now, or the file is shorter than what was read of it."""
        mine = os.fstat(self._file.fileno())
        try:
            named = self._path.stat()
        except FileNotFoundError:
            return False  # the next one is not there yet
        return not os.path.samestat(mine, named) or named.st_size < os.lseek(self._file.fileno(), 0, os.SEEK_CUR)

    def __iter__(self) -> Iterator[str]:
        while line := self.readline():
            yield line
