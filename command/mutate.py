"""`fsm mutate`: plant small faults in a declaration and say which property catches each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.status import Status

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.output import echo_json, echo_lines
from fsm.command.invocation.target import targets_argument
from fsm.command.prove import targets as targets_of
from fsm.language.machine import Machine
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.verification.mutants.generate import Mutant
    from fsm.verification.mutants.report import Entry, Result
    from fsm.verification.mutants.subjects import Page

__all__ = ["mutate"]

PROCESSES = 2
"""How many mutants are judged at once."""
TOGETHER = 4
"""How many a process takes at a time."""


@click.command()
@targets_argument()
@click.option("--profile", metavar="NAME", help="The version to judge; without it, the first one.")
@click.option(
    "--reasons",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="TOML: for each machine or system a table of mutants that may survive, each with its reason.",
)
@click.option("--all", "everything", is_flag=True, help="Print every mutant, also those killed, with their runs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: every mutant with what became of it.")
@click.pass_context
def mutate(
    ctx: click.Context,
    targets: tuple[str, ...],
    profile: str | None,
    reasons: Path | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Plant every small fault in TARGET, one at a time, and say which property catches it, by which run.

    TARGET is package.module:NAME or path/to/machine.py:NAME, a machine or a system; of a system, faults are planted
    in its machines too; of several, what they share is judged by the claims of all. A fault that changes nothing is shown
    to change nothing; one that survives needs a reason. A property counts only where it cites what it comes from.

    Exit status: 0 every mutant is killed, equivalent or listed with a reason, 1 one survives without a reason or a
    reason is stale, 3 nobody knows of one, 2 wrong usage, 70 a mutant made fsm crash.
    """
    from fsm.verification.mutants import report

    known = [name for one in targets_of(targets) for name in (profile.name for profile in one.profiles)]
    if profile is not None and profile not in known:
        raise WrongUsage(f"there is no profile {profile!r}. There is {', '.join(dict.fromkeys(known)) or 'none'}.")
    given = _from_file(reasons) if reasons is not None else _of_the_desk(targets_of(targets))
    entries: list[Entry] = []
    with Status("", console=Console(stderr=True)) as status:
        many = len(_planted(targets))
        for entry in _judged(targets, profile, many):
            entries.append(entry)
            status.update(f"{len(entries)} of {many}: {entry.home}: {entry.mutant}"[:150])
    result = _result(targets, profile, tuple(entries), given)
    if as_json:
        echo_json(report.to_plain(result))
    else:
        echo_lines(report.render(result, everything=everything))
    ctx.exit(report.exit_status(result))


def _judged(targets: tuple[str, ...], version: str | None, many: int) -> Iterator[Entry]:
    """Every mutant's outcome, in the order of the pages, whoever was first."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        yield from pool.map(_one, [targets] * many, [version] * many, range(many), chunksize=TOGETHER)


def _one(targets: tuple[str, ...], version: str | None, place: int) -> Entry:
    """What became of one mutant, by its place."""
    from fsm.verification.mutants.judge import judge
    from fsm.verification.mutants.report import entry_of

    return entry_of(judge(_planted(targets)[place], _pages(targets, version)))


@cache
def _planted(targets: tuple[str, ...]) -> list[Mutant]:
    from fsm.verification.mutants.generate import mutants_of

    return [mutant for one in targets_of(targets) for mutant in mutants_of(one)]


@cache
def _pages(targets: tuple[str, ...], version: str | None) -> tuple[Page, ...]:
    from fsm.verification.mutants.subjects import pages_of

    return pages_of(tuple(targets_of(targets)), version)


def _result(
    targets: tuple[str, ...], version: str | None, entries: tuple[Entry, ...], reasons: dict[tuple[str, str], str]
) -> Result:
    from fsm.verification.mutants.report import Result

    pages = _pages(targets, version)
    named = next((page.version.name for page in pages if page.version is not None), "")
    claims = tuple((page.name, sentence) for page in pages for sentence in page.claims)
    return Result(tuple(page.name for page in pages), named, claims, entries, reasons)


def _of_the_desk(declared: list[Machine | System]) -> dict[tuple[str, str], str]:
    """The reasons that stand beside the desk, for what of it is judged."""
    from fsm.desk.known_mutants import REASONS

    return {(home.name, name): reason for home, reason, names in REASONS if home in declared for name in names}


def _from_file(path: Path) -> dict[tuple[str, str], str]:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise WrongUsage(f"{path} is not TOML: {wrong}.") from wrong
    for home, table in read.items():
        if not isinstance(table, dict) or not all(isinstance(reason, str) for reason in table.values()):
            raise WrongUsage(
                f'{path}: {home} is no table of reasons. Write [{home}], then "the mutant" = "the reason".'
            )
    return {(home, name): reason for home, table in read.items() for name, reason in table.items()}
