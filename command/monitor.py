"""`fsm monitor`: whether what really happened conforms to a declaration."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from fsm.command.invocation.endings import BadFile, WrongUsage
from fsm.command.invocation.files import put
from fsm.command.invocation.output import echo_json, echo_lines
from fsm.command.invocation.target import resolve
from fsm.command.terminal.progress import Progress

if TYPE_CHECKING:
    from fsm.verification.monitoring import Judgement, Watch
    from fsm.verification.monitoring.mapped.binding import BoundSource
    from fsm.verification.monitoring.mapped.mapping import MappingData

__all__ = ["monitor"]

PAUSE = 0.2
"""Seconds between two looks at a file that is followed."""

EVERY = 1_000
"""Records between two words on how far it has come."""

Records = Iterator[tuple["BoundSource", str, Any]]


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option("--declaration", metavar="TARGET", help="What was declared; left out, the mapping's.")
@click.option(
    "--mapping",
    metavar="FILE",
    required=True,
    help="What the records mean: TOML or JSON, or the name of one that comes with fsm.",
)
@click.option("--profile", metavar="NAME", help="The version of the business; left out, the mapping's, else the first.")
@click.option("--follow", is_flag=True, help="Wait for more at the end of the one FILE, until interrupted.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--junit", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a JUnit file too."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of how far it has come.")
@click.pass_context
def monitor(
    ctx: click.Context,
    files: tuple[Path, ...],
    declaration: str | None,
    mapping: str,
    profile: str | None,
    follow: bool,
    as_json: bool,
    junit: Path | None,
    quiet: bool,
) -> None:
    """Say whether the records of each FILE conform to a declaration, and where and why not. `-` is standard input.

    A FILE is JSON Lines, or CSV where its name ends with .csv. What nobody saw is searched for: a record violates where no run of the
    declaration shows it, whatever happened unseen that its source admits.

    Mappings that come with fsm: connect-agent-events, connect-user-data, connect-contact-events (Amazon Connect).

    Exit status: 0 everything conforms, 1 something violates, 3 nothing of that, but something could not be said; 2 wrong usage.
    """
    from fsm.verification.monitoring.mapped.binding import bound
    from fsm.verification.monitoring.telling import junit as as_junit
    from fsm.verification.monitoring.telling import page, plain

    if follow and len(files) > 1:
        raise WrongUsage("--follow reads one FILE")
    data = _mapping(mapping)
    target = declaration or data.declaration
    if target is None:
        raise WrongUsage("the mapping names no declaration: give --declaration TARGET")
    watcher, sources = bound(data, resolve(target), profile=profile)
    watch = watcher.watch()
    with Progress(quiet=quiet or follow) as progress:
        try:
            _watched(watch, _records(files, sources, follow=follow), progress.say, quiet=as_json)
        finally:
            report = watch.report()
            echo_json(plain(report)) if as_json else echo_lines(page(report))
            if junit is not None:
                put(junit, as_junit(report).encode())
    ctx.exit(report.exit_status)


def _mapping(name: str) -> MappingData:
    """The mapping of a file, or one that comes with fsm."""
    from fsm.verification.monitoring.connect import MAPPINGS
    from fsm.verification.monitoring.mapped.mapping import mapping_of, parsed

    if name in MAPPINGS:
        return mapping_of(MAPPINGS[name])
    file = Path(name)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise BadFile(
            f"the mapping {name} cannot be read ({unreadable}); with fsm come {', '.join(MAPPINGS)}"
        ) from unreadable
    return parsed(text, form="json" if file.suffix == ".json" else "toml")


def _watched(watch: Watch, records: Records, say: Callable[[str], None], *, quiet: bool) -> None:
    """Read every record, and tell what does not conform as it comes."""
    from fsm.verification.monitoring.mapped.files import Unreadable

    for count, (source, position, record) in enumerate(records, 1):
        if isinstance(record, Unreadable):
            _tell([watch.unreadable(source.source.name, position, record)], quiet=quiet)
            continue
        for one in source.read(record, position):
            if one.trouble and one.key is None and source.keyed:
                _tell([watch.unreadable(one.source, position, "; ".join(one.trouble))], quiet=quiet)
            else:
                _tell(watch.feed(one), quiet=quiet)
        if not count % EVERY:
            say(f"{count:,} records, {len(watch.machines):,} machines")
    _tell(watch.end(), quiet=quiet)


def _tell(said: Iterable[Judgement], *, quiet: bool) -> None:
    from fsm.verification.monitoring import Conforms
    from fsm.verification.monitoring.telling import told

    for one in said:
        if not quiet and not isinstance(one, Conforms):
            echo_lines(told(one))


# Records


def _records(files: tuple[Path, ...], sources: tuple[BoundSource, ...], *, follow: bool) -> Records:
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
