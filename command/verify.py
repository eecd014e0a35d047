"""`fsm verify`: prove every property of a machine or system, or refute it with a trace."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click
from rich.console import Console
from rich.status import Status

from fsm.command.faults import WrongUsage
from fsm.command.target import resolve
from fsm.machine import Machine
from fsm.parameters import NamedProfile
from fsm.system import System, as_system

if TYPE_CHECKING:
    from fsm.verification.report import Page
    from fsm.verification.verify import Report

__all__ = ["verify"]

PROCESSES = 2
"""How many versions are proved at once."""


@click.command()
@click.argument("target", required=False)
@click.option("--profile", metavar="NAME", help="The version to prove; without it, the first one of TARGET.")
@click.option("--all-profiles", is_flag=True, help="Prove every version; of later ones the page tells what is new.")
@click.option("--save-test", "test", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a pytest for each claim refuted by a run.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def verify(ctx: click.Context, target: str | None, profile: str | None, all_profiles: bool, test: Path | None, as_json: bool) -> None:
    """Prove every property of TARGET, for every value of its parameters and any number of instances.

    TARGET is package.module:NAME or path/to/machine.py:NAME, a machine or a system; of a system its machines
    are proved first. Without TARGET: the agent desk, and a contact's journey over the desks of all agents. Where TARGET has
    profiles, the first one fixes the parameters that it names; what the page says not to hold in a later
    one is expected to be refuted there.

    Exit status: 0 everything is as the page says, 1 something is refuted, or proved, against it, or holds only because what
    it speaks of never happens, 3 nothing of that but something unknown, 2 wrong usage.
    """
    from fsm.verification import report

    versions = _versions(_resolved(target), profile, all_profiles)
    with Status("", console=Console(stderr=True)) as status:
        pages = _in_turn(target, versions, status.update) if len(versions) == 1 else _at_once(target, versions)
    if test is not None:
        _save(test, target, pages)
    if as_json:
        click.echo(json.dumps(report.to_plain(pages), indent=2, ensure_ascii=False))
    else:
        for line in report.render(pages).splitlines():
            click.echo(_coloured(line))
    sys.stdout.flush()
    ctx.exit(report.exit_status(pages))


def _save(file: Path, target: str | None, pages: Sequence[Page]) -> None:
    """Write the tests, or say on stderr why there are none."""
    from fsm.command.save_test import counterexamples, save_tests

    found = list(counterexamples(targets(target), [page.plain for page in pages]))
    if found:
        save_tests(file, target, found)
        click.echo(f"{file}: {len(found)} test{'s' * (len(found) > 1)}, which fail{'s' * (len(found) == 1)} as long as the claims do", err=True)
    else:
        click.echo(f"{file} is not written: no claim is refuted by a run", err=True)


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


def _in_turn(target: str | None, versions: Sequence[NamedProfile | None], progress: Callable[[str], None]) -> list[Page]:
    return [page for one in versions for page in prove(target, None if one is None else one.name, progress)]


def _at_once(target: str | None, versions: Sequence[NamedProfile | None]) -> list[Page]:
    """The versions in processes of their own, and in the order of the page."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    names = [one.name for one in versions if one is not None]
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        return [page for pages in pool.map(prove, [target] * len(names), names) for page in pages]


def prove(target: str | None, version: str | None, progress: Callable[[str], None] = lambda sentence: None) -> list[Page]:
    """The pages on a target in one version; on its definition with the first one."""
    from fsm.verification.report import page_of
    from fsm.verification.verify import verify as decide

    found = _resolved(target)
    profile = next((one for one in found.profiles if one.name == version), None)
    first = profile is None or profile is found.profiles[0]
    pages = []
    for one in _machines(target, found):
        values = {} if profile is None else profile.within(as_system(one).parameters).values
        key = (one, first, tuple(values.items()))
        if key not in _decided:
            _decided[key] = decide(one, profile=profile, definition=first, progress=partial(_tell, progress, one.name))
        pages.append(page_of(attrs.evolve(_decided[key], profile=profile)))
    return pages


def _tell(progress: Callable[[str], None], name: str, sentence: str) -> None:
    progress(f"{name}: {sentence}")


_resolved = cache(resolve)
_decided: dict[tuple[Machine | System, bool, tuple[tuple[str, object], ...]], Report] = {}
"""What was decided in this process: a version that changes no parameter of a machine changes no verdict on it."""


def targets(name: str | None) -> list[Machine | System]:
    """What is to be proved: the machines of a system, each once, then the system."""
    return _machines(name, _resolved(name))


def _machines(name: str | None, found: Machine | System) -> list[Machine | System]:
    machines = list(dict.fromkeys(part.machine for part in found.parts)) if isinstance(found, System) else []
    if name is None:
        from fsm.desk import CONTACT, JOURNEY

        return [*machines, CONTACT, found, JOURNEY]
    return [*machines, found]


COLOURS = {"  ✓": "green", "  ✗": "red", "  ?": "yellow", "  ≠": "cyan", "  ∅": "red"}


def _coloured(line: str) -> str:
    """The mark of a verdict in its colour; a file or pipe gets none."""
    colour = COLOURS.get(line[:3])
    return line if colour is None else click.style(line[:3], fg=colour, bold=True) + line[3:]
