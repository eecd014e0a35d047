"""`fsm monitor`: whether what really happened conforms to a declaration."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fsm.command.invocation.endings import BadFile, WrongUsage
from fsm.command.invocation.files import content_of, put
from fsm.command.invocation.output import echo_json, echo_lines
from fsm.command.invocation.target import resolve
from fsm.command.streams.kept import LIMITS, Mark, restored, save
from fsm.command.streams.records import Record, Records, records_of
from fsm.command.terminal.progress import Progress

if TYPE_CHECKING:
    from fsm.verification.monitoring import Judgement, Monitor, Watch
    from fsm.verification.monitoring.mapped.mapping import MappingData

__all__ = ["monitor"]

EVERY = 1_000
"""Records between two words on how far it has come; and at least so many between two times that the state is written."""


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
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Go on from what stands there, if anything does, and keep there how far it came.",
)
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
    state: Path | None,
    follow: bool,
    as_json: bool,
    junit: Path | None,
    quiet: bool,
) -> None:
    """Say whether the records of each FILE conform to a declaration, and where and why not. `-` is standard input.

    A FILE is JSON Lines, CSV where its name ends with .csv, or Parquet where it ends with .parquet. What nobody saw is searched for: a record violates where no run of the
    declaration shows it, whatever happened unseen that its source admits.

    With --state the state is written after every thousand records or more, when a followed FILE pauses, and at the end, whole or not at all. Whoever is
    killed goes on from there: the report has every verdict once. What waits for older records when FILEs end is judged, and waits on in the state.

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
    keeper = Keeper(watcher, state, quiet=as_json)
    with Progress(quiet=quiet or follow) as progress:
        try:
            records = records_of(
                files, sources, follow=follow, begun=keeper.marks, kept=state is not None, pause=keeper.keep
            )
            _watched(keeper, records, progress.say)
            keeper.end()
        finally:
            report = keeper.watch.report()
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
    if not file.exists():
        raise BadFile(f"there is no mapping {name}; with fsm come {', '.join(MAPPINGS)}")
    try:
        text = content_of(file).decode("utf-8")
    except UnicodeDecodeError:
        raise BadFile(f"the mapping {name} is not UTF-8") from None
    return parsed(text, form="json" if file.suffix == ".json" else "toml")


class Keeper:
    """A watch, and what is told of it; with a file, how far it came is kept there, and what was told is told then."""

    def __init__(self, monitor: Monitor, file: Path | None, *, quiet: bool) -> None:
        self._monitor, self._file, self._quiet = monitor, file, quiet
        self.watch, self.marks = (monitor.watch(), dict[str, Mark]()) if file is None else restored(file, monitor)
        self._waiting: list[Judgement] = []
        self._since = 0

    def take(self, record: Record, said: Iterable[Judgement]) -> None:
        """A record was read, and this was said."""
        if self._file is None:
            _tell(said, quiet=self._quiet)
            return
        self._waiting += said
        if record.mark is not None:
            self.marks[record.file] = record.mark
        self._since += 1
        if self._since >= max(EVERY, len(self.watch.machines)):
            self.keep()

    def keep(self) -> None:
        """Tell what waits to be told, and keep what is known, where anything is new."""
        if self._file is not None and self._since:
            _tell(self._waiting, quiet=self._quiet)
            sys.stdout.flush()
            save(self._file, self.watch, self.marks)
            self._waiting, self._since = [], 0

    def end(self) -> None:
        """The files have ended: what waits for older records is judged, though it goes on waiting in the file."""
        self.keep()
        if self._file is not None and any(one.lane.waiting for one in self.watch.machines.values()):
            self.watch = self._monitor.resume(self.watch.state(LIMITS), LIMITS)
        _tell(self.watch.end(), quiet=self._quiet)


def _watched(keeper: Keeper, records: Records, say: Callable[[str], None]) -> None:
    """Read every record."""
    watch = keeper.watch
    for count, one in enumerate(records, 1):
        keeper.take(one, _said(watch, one))
        if not count % EVERY:
            say(f"{count:,} records, {len(watch.machines):,} machines")


def _said(watch: Watch, one: Record) -> list[Judgement]:
    """What can be said after a record."""
    from fsm.verification.monitoring.mapped.files import Unreadable

    source, position = one.source, one.position
    if isinstance(one.content, Unreadable):
        return [watch.unreadable(source.source.name, position, one.content)]
    said: list[Judgement] = []
    for seen in source.read(one.content, position):
        if seen.trouble and seen.key is None and source.keyed:
            said.append(watch.unreadable(seen.source, position, "; ".join(seen.trouble)))
        else:
            said += watch.feed(seen)
    return said


def _tell(said: Iterable[Judgement], *, quiet: bool) -> None:
    from fsm.verification.monitoring import Conforms
    from fsm.verification.monitoring.telling import told

    for one in said:
        if not quiet and not isinstance(one, Conforms):
            echo_lines(told(one))
