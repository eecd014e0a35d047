"""`fsm monitor`: whether what really happened conforms to a declaration."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fsm.command.invocation.endings import BadFile, WrongUsage
from fsm.command.invocation.files import content_of, put
from fsm.command.invocation.output import echo_json, echo_lines
from fsm.command.invocation.target import resolve
from fsm.command.streams.records import Records, records_of
from fsm.command.terminal.progress import Progress

if TYPE_CHECKING:
    from fsm.verification.monitoring import Judgement, Watch
    from fsm.verification.monitoring.mapped.mapping import MappingData

__all__ = ["monitor"]

EVERY = 1_000
"""Records between two words on how far it has come."""


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
            _watched(watch, records_of(files, sources, follow=follow), progress.say, quiet=as_json)
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
    if not file.exists():
        raise BadFile(f"there is no mapping {name}; with fsm come {', '.join(MAPPINGS)}")
    try:
        text = content_of(file).decode("utf-8")
    except UnicodeDecodeError:
        raise BadFile(f"the mapping {name} is not UTF-8") from None
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
