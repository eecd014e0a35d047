"""`fsm verify`: prove every property of a machine or system, or refute it with a trace."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.status import Status

from fsm.command.faults import WrongUsage
from fsm.command.target import resolve
from fsm.machine import Machine
from fsm.parameters import NamedProfile
from fsm.system import System

if TYPE_CHECKING:
    from fsm.verification.report import Page

__all__ = ["groups", "prove", "verify"]

Progress = Callable[[str], None]

@click.command()
@click.argument("target", required=False)
@click.option("--profile", metavar="NAME", help="The version to prove; without it, the first one of TARGET.")
@click.option("--all-profiles", is_flag=True, help="Prove every version; of later ones the page tells what is new.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def verify(ctx: click.Context, target: str | None, profile: str | None, all_profiles: bool, as_json: bool) -> None:
    """Prove every property of TARGET, for every value of its parameters and any number of instances.

    TARGET is package.module:NAME or path/to/machine.py:NAME, a machine or a system; of a system its machines
    are proved first. Without TARGET: the agent desk, and a contact's journey over the desks of all agents. Where TARGET has
    profiles, the first one fixes the parameters that it names; what the page says not to hold in a later
    one is expected to be refuted there.

    Exit status: 0 everything is as the page says, 1 something is refuted, or proved, against it, 3 nothing of that
    but something unknown, 2 wrong usage.
    """
    from fsm.verification import report

    versions = _versions(_resolved(target), profile, all_profiles)
    names = [None if one is None else one.name for one in versions]
    with Status("", console=Console(stderr=True)) as status:
        pages = _at_once(target, names, status.update)
    if as_json:
        click.echo(json.dumps(report.to_plain(pages), indent=2, ensure_ascii=False))
    else:
        for line in report.render(pages).splitlines():
            click.echo(_coloured(line))
    sys.stdout.flush()
    ctx.exit(report.exit_status(pages))


def _versions(found: Machine | System, named: str | None, all_of_them: bool) -> Sequence[NamedProfile | None]:
    """The versions that are asked for; None where the target has none."""
    if named is not None and all_of_them:
        raise WrongUsage("--profile and --all-profiles exclude each other")
    known = {one.name: one for one in found.profiles}
    if (named is not None or all_of_them) and not known:
        raise WrongUsage(f"{found.name} has no profiles")
    if named is not None and named not in known:
        raise WrongUsage(f"{found.name} has no profile {named!r}. It has {', '.join(known)}.")
    if all_of_them:
        return found.profiles
    return [known[named]] if named is not None else [*found.profiles[:1]] or [None]


def _at_once(target: str | None, versions: Sequence[str | None], progress: Progress) -> list[Page]:
    """The pages in the order of versions, then of targets; each system with its machines in a process of its own."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    others = range(1, len(groups(target)))
    if not others:
        return [page for pages in prove(target, 0, versions, progress) for page in pages]
    with ProcessPoolExecutor(len(others), get_context("spawn")) as pool:
        waiting = [pool.submit(prove, target, place, versions) for place in others]
        found = [prove(target, 0, versions, progress)]
        progress("the other systems")
        found += [one.result() for one in waiting]
    return [page for version in zip(*found, strict=True) for pages in version for page in pages]


def prove(target: str | None, group: int, versions: Sequence[str | None], progress: Progress = lambda sentence: None) -> list[list[Page]]:
    """For each version, the pages on one group of a target's machines and systems; on its definition with the first one."""
    from fsm.verification.report import page_of
    from fsm.verification.verify import Study

    profiles = {one.name: one for one in _resolved(target).profiles}
    studies = [Study(one) for one in groups(target)[group]]
    found = []
    for version in versions:
        profile = None if version is None else profiles[version]
        first = profile is None or profile is next(iter(profiles.values()))
        found.append([page_of(one.report(profile, definition=first, progress=partial(_tell, progress, one.target.name))) for one in studies])
    return found


_resolved = cache(resolve)
"""A file is imported once, so that the objects it declares are the same everywhere."""


def _tell(progress: Progress, name: str, sentence: str) -> None:
    progress(f"{name}: {sentence}")


def groups(name: str | None) -> list[list[Machine | System]]:
    """What is to be proved: of each system its machines, each once, then the system itself."""
    if name is None:
        from fsm.desk import JOURNEY

        first = _with_machines(_resolved(None))
        return [first, [one for one in _with_machines(JOURNEY) if one not in first]]
    return [_with_machines(_resolved(name))]


def _with_machines(found: Machine | System) -> list[Machine | System]:
    machines = list(dict.fromkeys(part.machine for part in found.parts)) if isinstance(found, System) else []
    return [*machines, found]


COLOURS = {"  ✓": "green", "  ✗": "red", "  ?": "yellow", "  ≠": "cyan"}


def _coloured(line: str) -> str:
    """The mark of a verdict in its colour; a file or pipe gets none."""
    colour = COLOURS.get(line[:3])
    return line if colour is None else click.style(line[:3], fg=colour, bold=True) + line[3:]
