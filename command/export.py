"""`fsm export`: a declaration in a language of other people's tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from fsm.canonical import write
from fsm.command.invocation.elsewhere import elsewhere, numbers_of_any_length
from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.files import put
from fsm.command.invocation.numbers import Whole
from fsm.command.invocation.output import echo_file
from fsm.command.invocation.settings import settings
from fsm.command.invocation.target import resolve, target_argument
from fsm.command.invocation.versions import versions_of
from fsm.command.terminal.progress import Progress
from fsm.language.composition import as_system

__all__ = ["export"]

FORMS = ("promela", "smt2", "json")
STDOUT = "-"
KEYS = 2


@click.command()
@target_argument()
@click.option("--to", "form", type=click.Choice(FORMS), required=True, help="The language.")
@click.option(
    "--out", default=STDOUT, show_default=True, metavar="FILE", help="Where to write it; - for standard output."
)
@click.option(
    "--profile", metavar="NAME", help="The version, for promela and smt2; without it, the first one of TARGET."
)
@click.option(
    "--set",
    "given",
    metavar="NAME=VALUE",
    multiple=True,
    help="The value of a parameter, for promela; durations in milliseconds. Those not set have their defaults.",
)
@click.option(
    "--keys", type=Whole(1, 1_000), help=f"How many keys there are in the world, for promela: {KEYS} if left out."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of how far it has come.")
def export(target: str, form: str, out: str, profile: str | None, given: tuple[str, ...], keys: int | None, quiet: bool) -> None:  # fmt: skip
    """Write TARGET with its claims in another language, with a note at its top of what that cannot say.

    promela: a model for SPIN under given values of the parameters, a never claim for each claim. smt2: every question on which
    the proofs rest, as a script for any SMT solver; TARGET is proved first. json: the canonical form, which says everything.

    Names are numbers in promela and smt2; the words of the declaration stand in comments.

    Exit status: 0 written, 2 wrong usage, or something that no model of that language says.
    """
    if form != "promela" and (given or keys is not None):
        raise WrongUsage("--set and --keys are for --to promela: smt2 asks for every value, json has them all")
    if form == "json" and profile is not None:
        raise WrongUsage("--profile NAME is for --to promela and smt2: json has all profiles")
    with Progress(quiet=quiet) as progress:
        text = elsewhere(_exported, target, form, profile, given, keys or KEYS, progress=progress)
    if out == STDOUT:
        echo_file(text.encode("ascii"))
    else:
        put(Path(out), text.encode("ascii"))


def _exported(
    tell: Callable[[Any], None], target: str, form: str, profile: str | None, given: tuple[str, ...], keys: int
) -> str:
    """What another process does."""
    numbers_of_any_length()
    declared = resolve(target)
    if form == "json":
        return write(declared)
    if form == "promela":
        return _promela(declared, profile, given, keys)
    from fsm.verification import verify
    from fsm.verification.certificates.exporting import script_of

    (version,) = versions_of([declared], profile, all_of_them=False)
    return script_of(verify(declared, profile=version, progress=tell))


def _promela(declared: Any, profile: str | None, given: tuple[str, ...], keys: int) -> str:
    from fsm.verification.promela import Unsayable, promela

    system = as_system(declared)
    if profile is None and system.profiles:
        profile = system.profiles[0].name
    try:
        return promela(system, settings(system, profile, given), keys=keys)
    except Unsayable as why:
        raise WrongUsage(f"{declared.name} is no model for SPIN: {why}.") from why
