"""`fsm verify`: prove every property of a machine or system, or refute it with a trace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.status import Status

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.numbers import Amount
from fsm.command.invocation.output import echo, echo_json
from fsm.command.invocation.target import targets_argument
from fsm.command.invocation.versions import versions_of
from fsm.command.prove import Order, pages, resolved
from fsm.command.prove import targets as targets_of

if TYPE_CHECKING:
    from fsm.verification.report import Page

__all__ = ["verify"]


@click.command()
@targets_argument()
@click.option("--profile", metavar="NAME", help="The version to prove; without it, the first one of TARGET.")
@click.option("--all-profiles", is_flag=True, help="Prove every version; of later ones the page tells what is new.")
@click.option("--fast", is_flag=True, help="Leave out that a second solver, cvc5, confirms every proof.")
@click.option(
    "--certificates",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write what shows the proofs to a stranger; see `fsm check-certificate`.",
)
@click.option(
    "--timeout",
    type=Amount("seconds"),
    metavar="SECONDS",
    help="For each property; what takes longer is unknown.",
)
@click.option(
    "--save-test",
    "test",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a pytest for each claim refuted by a run that ends.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def verify(
    ctx: click.Context, targets: tuple[str, ...], profile: str | None, all_profiles: bool, fast: bool, certificates: Path | None, timeout: float | None,
    test: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Prove every property of TARGET, for every value of its parameters and any number of instances.

    TARGET is package.module:NAME or path/to/machine.py:NAME, a machine or a system; of a system its machines
    are proved first. Of several, a machine that they share is proved once. Where TARGET has profiles, the first one fixes the parameters that it names; what the page says not to hold in a later
    one is expected to be refuted there. Every proof is confirmed by cvc5; one that it does not confirm is unknown.

    Exit status: 0 everything is as the page says, 1 something is refuted, or proved, against it, or holds only because what
    it speaks of never happens, 3 nothing of that but something unknown, 2 wrong usage.
    """
    from fsm.verification import report
    from fsm.verification.decide import processes as workers

    if timeout is not None and not workers.CAN_FORK:
        raise WrongUsage("--timeout needs processes that can be ended; this system cannot fork any")
    versions = versions_of([resolved(one) for one in targets], profile, all_of_them=all_profiles)
    _check_empty(certificates)
    order = Order(targets, tuple(None if one is None else one.name for one in versions), fast, certificates, timeout)
    with Status("", console=Console(stderr=True)) as status:
        proved = pages(order, status.update)
    if test is not None:
        _save(test, targets, proved)
    if as_json:
        echo_json(report.to_plain(proved))
    else:
        for line in report.render(proved).splitlines():
            echo(line, mark=MARKS.get(line[:3]))
    ctx.exit(report.exit_status(proved))


def _check_empty(folder: Path | None) -> None:
    """Certificates go to a folder of their own, which is said before anything is proved."""
    if folder is not None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage(f"{folder} is there already and not empty; certificates need a folder of their own")


def _save(file: Path, names: Sequence[str], proved: Sequence[Page]) -> None:
    """Write the tests, or say on stderr why there are none."""
    from fsm.command.save_test import counterexamples, save_tests

    found = list(counterexamples(targets_of(names), [page.plain for page in proved]))
    if found:
        save_tests(file, names, found)
        echo(
            f"{file}: {len(found)} test{'s' * (len(found) > 1)}, which fail{'s' * (len(found) == 1)} as long as the claims do",
            err=True,
        )
    else:
        echo(f"{file} is not written: no claim is refuted by a run that ends", err=True)


MARKS = {
    f"  {mark}": (f"  {mark}", colour)
    for mark, colour in zip("✓✗?≠∅", ("green", "red", "yellow", "cyan", "red"), strict=True)
}
"""How the line of a verdict begins, and in which colour."""
