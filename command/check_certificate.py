"""`fsm check-certificate`: certificates that `fsm verify` wrote, checked against the declaration by another solver."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click
from rich.console import Console
from rich.status import Status

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.output import echo, echo_json
from fsm.command.invocation.versions import versions_of
from fsm.command.prove import resolved
from fsm.command.prove import targets as targets_of

if TYPE_CHECKING:
    from fsm.verification.certificates.checking import Checked

__all__ = ["check_certificate"]


@click.command("check-certificate")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.argument("targets", metavar="TARGET...", nargs=-1)
@click.option("--profile", metavar="NAME", help="The version that was proved; without it, the first one of TARGET.")
@click.option(
    "--solver",
    metavar="CMD",
    help="Ask this program, which is given the name of an SMT-LIB file and prints sat or unsat; without it, cvc5.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check_certificate(
    ctx: click.Context, folder: Path, targets: tuple[str, ...], profile: str | None, solver: str | None, as_json: bool
) -> None:
    """Check the certificates in DIR, which `fsm verify --certificates DIR` wrote, against TARGET.

    Nothing in DIR is believed. Every question is made anew from the declaration and compared with the one in DIR,
    then asked; every run is taken again by the runtime. TARGET is what `fsm verify` was given.

    Exit status: 0 every claim is shown, 1 something is not as the declaration makes it or does not hold, with its name,
    3 nothing of that but something is not answered or has no certificate, 2 wrong usage.
    """
    from fsm.verification.certificates.checking import check_folder, index_of
    from fsm.verification.certificates.reading import BadCertificate
    from fsm.verification.certificates.solvers import ask_cvc5, ask_program, cvc5_name

    try:
        said = index_of(folder).target
        if not targets:
            raise WrongUsage(
                f"{folder} says that it is about {said!r}. Name TARGET yourself: a folder does not decide which code is run."
            )
        (version,) = versions_of([resolved(one) for one in targets], profile, all_of_them=False)
        ask = ask_cvc5 if solver is None else partial(ask_program, solver)
        with Status("", console=Console(stderr=True)) as status:
            done = check_folder(folder, targets_of(targets), version, ask, status.update)
    except BadCertificate as wrong:
        raise WrongUsage(f"{folder} holds no certificates: {wrong}") from wrong
    except OSError as refused:
        raise WrongUsage(f"--solver {solver}: {refused.strerror or refused}") from refused
    code = _status(done)
    if as_json:
        plain = [
            attrs.asdict(one, value_serializer=lambda _, __, value: getattr(value, "value", value)) for one in done
        ]
        echo_json({"format": 1, "exit_status": code, "solver": solver or cvc5_name(), "certificates": plain})
    else:
        for line in _lines(done, solver or cvc5_name()):
            echo(line)
    ctx.exit(code)


def _status(done: list[Checked]) -> int:
    grades = {finding.grade.value for one in done for finding in one.findings}
    return 1 if "failed" in grades else 3 if "unknown" in grades else 0


def _lines(done: list[Checked], solver: str) -> list[str]:
    lines = []
    for one in done:
        lines.append(
            f"{one.name}: {one.claims} claims hold; {solver} was asked {one.questions} questions, {one.runs} runs were taken again"
        )
        lines += [
            f"  {'✗' if finding.grade.value == 'failed' else '?'} {finding.where}: {finding.what}"
            for finding in one.findings
        ]
    return lines
