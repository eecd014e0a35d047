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
@click.argument("targets", metavar="[TARGET...]", nargs=-1)
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
    """Check the certificates in DIR, which `fsm verify --certificates DIR` wrote, against TARGET, or against the declaration in DIR.

    Without TARGET no code of its author is run: the checker reads the declaration and the evidence in DIR, and asks questions of its own. It
    shares nothing with what proved, needs no Z3, and says of what runs or enumerations show that it cannot say.

    Nothing in DIR is believed. Every question is made anew from the declaration and compared with the one in DIR,
    then asked; every run is taken again by the runtime. TARGET is what `fsm verify` was given.

    Exit status: 0 every claim is shown, 1 something is not as the declaration makes it or does not hold, with its name,
    3 nothing of that but something is not answered or has no certificate, 2 wrong usage.
    """
    if not targets:
        if profile is not None:
            raise WrongUsage(
                "--profile NAME is of a TARGET: without one, each certificate is of the version that it names"
            )
        ctx.exit(_by_checker(folder, solver, as_json=as_json))
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


def _by_checker(folder: Path, solver: str | None, *, as_json: bool) -> int:
    """The checker, which loads neither the author's module nor a solver of the prover's."""
    from fsm.verification.checker.__main__ import main

    program = [] if solver is None else ["--solver", solver]
    return main([str(folder), *program, *(["--json"] if as_json else [])])


def _check(
    tell: Callable[[str], None], folder: Path, targets: tuple[str, ...], profile: str | None, solver: str | None
) -> tuple[list[Checked], str]:
    """What another process does: check the folder; with the name of the solver that was asked."""
    from fsm.verification.certificates.checking import check_folder
    from fsm.verification.certificates.reading import BadCertificate
    from fsm.verification.certificates.solvers import Program, ask_cvc5, cvc5_name, words_of

    try:
        program = None if solver is None else words_of(solver)
    except ValueError as wrong:
        raise WrongUsage(f"--solver {solver}: {wrong}") from wrong
    try:
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
