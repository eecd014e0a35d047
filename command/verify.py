"""`fsm verify`: prove every property of a machine or system, or refute it with a trace."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from fsm.verification.certificates.confirming import Confirmation
    from fsm.verification.report import Page
    from fsm.verification.verify import Report

__all__ = ["verify"]

PROCESSES = 2
"""How many versions are proved at once."""


@click.command()
@click.argument("target", required=False)
@click.option("--profile", metavar="NAME", help="The version to prove; without it, the first one of TARGET.")
@click.option("--all-profiles", is_flag=True, help="Prove every version; of later ones the page tells what is new.")
@click.option("--fast", is_flag=True, help="Leave out that a second solver, cvc5, confirms every proof.")
@click.option("--certificates", metavar="DIR", type=click.Path(path_type=Path), help="Write what shows the proofs to a stranger; see `fsm check-certificate`.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def verify(ctx: click.Context, target: str | None, profile: str | None, all_profiles: bool, fast: bool, certificates: Path | None, as_json: bool) -> None:
    """Prove every property of TARGET, for every value of its parameters and any number of instances.

    TARGET is package.module:NAME or path/to/machine.py:NAME, a machine or a system; of a system its machines
    are proved first. Without TARGET: the agent desk, and a contact's journey over the desks of all agents. Where TARGET has
    profiles, the first one fixes the parameters that it names; what the page says not to hold in a later
    one is expected to be refuted there. Every proof is confirmed by cvc5; one that it does not confirm is unknown.

    Exit status: 0 everything is as the page says, 1 something is refuted, or proved, against it, 3 nothing of that
    but something unknown, 2 wrong usage.
    """
    from fsm.verification import report

    versions = _versions(resolve(target), profile, all_profiles)
    _check_empty(certificates)
    with Status("", console=Console(stderr=True)) as status:
        orders = [Order(target, None if one is None else one.name, fast, certificates) for one in versions]
        pages = prove(orders[0], status.update) if not all_profiles else _at_once([_apart(one) for one in orders])
    if as_json:
        click.echo(json.dumps(report.to_plain(pages), indent=2, ensure_ascii=False))
    else:
        for line in report.render(pages).splitlines():
            click.echo(_coloured(line))
    sys.stdout.flush()
    ctx.exit(report.exit_status(pages))


def _check_empty(folder: Path | None) -> None:
    """Certificates go to a folder of their own, which is said before anything is proved."""
    if folder is not None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage(f"{folder} is there already and not empty; certificates need a folder of their own")


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


@attrs.frozen
class Order:
    """What is to be proved, as it can be sent to another process.

    Attributes:
        version: the name of the profile.
        fast: no second solver.
        certificates: the folder where they go.
    """

    target: str | None
    version: str | None
    fast: bool = False
    certificates: Path | None = None


def _apart(order: Order) -> Order:
    """The same, its certificates in a folder of its own."""
    name = "".join(one if one.isalnum() or one in "-_" else "_" for one in str(order.version))
    return attrs.evolve(order, certificates=None if order.certificates is None else order.certificates / name)


def _at_once(orders: Sequence[Order]) -> list[Page]:
    """The versions in processes of their own, and in the order of the page."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        return [page for pages in pool.map(prove, orders) for page in pages]


def prove(order: Order, progress: Callable[[str], None] = lambda sentence: None) -> list[Page]:
    """The pages on a target in one version; on its definition with the first one."""
    from fsm.verification.report import page_of

    found = _resolved(order.target)
    profile = next((one for one in found.profiles if one.name == order.version), None)
    reports = _decided_of(order, found, profile, progress)
    if order.certificates is not None:
        from fsm.verification.certificates.writing import write_certificates

        write_certificates(order.certificates, order.target, reports)
    return [page_of(one) for one in reports]


def _decided_of(order: Order, found: Machine | System, profile: NamedProfile | None, progress: Callable[[str], None]) -> list[Report]:
    """The reports, each proof confirmed while the next is sought."""
    from fsm.verification.verify import verify as decide

    first = profile is None or profile is found.profiles[0]
    keys: list[_Key] = []
    with _Confirming(order.fast) as confirming:
        for one in _machines(order.target, found):
            values = {} if profile is None else profile.within(as_system(one).parameters).values
            keys.append((one, first, order.fast, tuple(values.items())))
            if keys[-1] not in _decided:
                confirming.take(keys[-1], decide(one, profile=profile, definition=first, progress=partial(_tell, progress, one.name)))
        progress("cvc5 confirms")
        _decided.update(confirming.finished())
    return [attrs.evolve(_decided[key], profile=profile) for key in keys]


class _Confirming:
    """Reports on their way through the second solver, or past it."""

    def __init__(self, fast: bool) -> None:
        self.fast = fast
        self._waiting: dict[_Key, Confirmation | Report] = {}
        self._stack = ExitStack()

    def __enter__(self) -> _Confirming:
        self._stack.__enter__()
        if not self.fast:
            from fsm.verification.certificates.confirming import second_solver

            self._pool = self._stack.enter_context(second_solver())
        return self

    def __exit__(self, *fault: Any) -> None:
        self._stack.__exit__(*fault)

    def take(self, key: _Key, report: Report) -> None:
        if self.fast:
            self._waiting[key] = attrs.evolve(report, confirmed="Not confirmed by a second solver: --fast leaves that out.")
        else:
            from fsm.verification.certificates.confirming import begin

            self._waiting[key] = begin(report, self._pool)

    def finished(self) -> dict[_Key, Report]:
        from fsm.verification.verify import Report

        return {key: one if isinstance(one, Report) else one.finish() for key, one in self._waiting.items()}


def _tell(progress: Callable[[str], None], name: str, sentence: str) -> None:
    progress(f"{name}: {sentence}")


_resolved = cache(resolve)
_Key = tuple[Machine | System, bool, bool, tuple[tuple[str, object], ...]]
_decided: dict[_Key, Report] = {}
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


COLOURS = {"  ✓": "green", "  ✗": "red", "  ?": "yellow", "  ≠": "cyan"}


def _coloured(line: str) -> str:
    """The mark of a verdict in its colour; a file or pipe gets none."""
    colour = COLOURS.get(line[:3])
    return line if colour is None else click.style(line[:3], fg=colour, bold=True) + line[3:]
