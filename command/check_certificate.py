"""`fsm check-certificate`: certificates that `fsm verify` wrote, asked again by the checker, which shares nothing with what proved."""

from __future__ import annotations

from pathlib import Path

import click

from fsm.verification.checker.__main__ import main

__all__ = ["check_certificate"]


@click.command("check-certificate")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--solver",
    metavar="CMD",
    help="Ask this program, which is given the name of an SMT-LIB file and prints sat or unsat; without it, cvc5.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check_certificate(ctx: click.Context, folder: Path, solver: str | None, as_json: bool) -> None:
    """Check the certificates in DIR, which `fsm verify --certificates DIR` wrote.

    The checker reads the declarations and the evidence in DIR and believes neither a name nor a claim of it. It asks
    questions of its own, takes every run again and goes through every enumeration. No code of the author's is run, and neither Z3
    nor anything that proves is needed. It names the SHA-256 of each declaration: compare it with that of `fsm show --json TARGET`.

    Exit status: 0 every claim is shown; 1 a question has an answer, so that a claim is not shown, with its name; 3 nothing of
    that but something is not answered or has no certificate; 2 wrong usage.
    """
    program = [] if solver is None else ["--solver", solver]
    ctx.exit(main([*program, *(["--json"] if as_json else []), "--", str(folder)]))
