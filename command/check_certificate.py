"""`fsm check-certificate`: certificates that `fsm verify` wrote, checked against the declaration by another solver."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from fsm.command.invocation.elsewhere import elsewhere
from fsm.command.invocation.endings import BadFile, WrongUsage
from fsm.command.invocation.output import echo, echo_json
from fsm.command.invocation.versions import versions_of
from fsm.command.prove import resolved
from fsm.command.prove import targets as targets_of
from fsm.command.terminal.progress import Progress

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
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of how far it has come.")
@click.pass_context
def check_certificate(
    ctx: click.Context,
    folder: Path,
    targets: tuple[str, ...],
    profile: str | None,
    solver: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Check the certificates in DIR, which `fsm verify --certificates DIR` wrote, against TARGET.

    Nothing in DIR is believed. Every question is made anew from the declaration and compared with the one in DIR,
    then asked; every run is taken again by the runtime. TARGET is what `fsm verify` was given.

    Exit status: 0 every claim is shown, 1 something is not as the declaration makes it or does not hold, with its name,
    3 nothing of that but something is not answered or has no certificate, 2 wrong usage.
    """
    with Progress(quiet=quiet) as progress:
        done, asked = elsewhere(_check, folder, targets, profile, solver, progress=progress)
    code = _status(done)
    if as_json:
        plain = [
            attrs.asdict(one, value_serializer=lambda _, __, value: getattr(value, "value", value)) for one in done
        ]
        echo_json({"format": 1, "exit_status": code, "solver": asked, "certificates": plain})
    else:
        for line in _lines(done, asked):
            echo(line)
    ctx.exit(code)


def _check(
    tell: Callable[[str], None], folder: Path, targets: tuple[str, ...], profile: str | None, solver: str | None
) -> tuple[list[Checked], str]:
    """What another process does: check the folder; with the name of the solver that was asked."""
    from fsm.language.values.brief import brief
    from fsm.verification.certificates.checking import check_folder, index_of
    from fsm.verification.certificates.reading import BadCertificate
    from fsm.verification.certificates.solvers import Program, ask_cvc5, cvc5_name, words_of

    try:
        program = None if solver is None else words_of(solver)
    except ValueError as wrong:
        raise WrongUsage(f"--solver {solver}: {wrong}") from wrong
    try:
        said = index_of(folder).target
        if not targets:
            raise WrongUsage(
                f"{folder} says that it is about {brief(said)}. Name TARGET yourself: a folder does not decide which code is run."
            )
        (version,) = versions_of([resolved(one) for one in targets], profile, all_of_them=False)
        ask = ask_cvc5 if program is None else Program(program).ask
        done = check_folder(folder, targets_of(targets), version, ask, tell)
    except BadCertificate as wrong:
        raise BadFile(f"{folder} holds no certificates: {wrong}") from wrong
    except OSError as refused:
        raise WrongUsage(f"--solver {solver}: {refused.strerror or refused}") from refused
    return done, solver or cvc5_name()


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
