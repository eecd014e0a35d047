"""`fsm why`: which rules and guards each proof rests on, as text, JSON and a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.status import Status

from fsm.command.invocation.files import put
from fsm.command.invocation.output import echo, echo_json, echo_lines
from fsm.command.invocation.target import resolve, target_argument
from fsm.command.invocation.versions import version_of
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.verification.cores.cores import Matrix

__all__ = ["why"]

WIDTH = 100


@click.command()
@target_argument()
@click.option("--profile", metavar="NAME", help="The version to prove; without it, the first one of TARGET.")
@click.option("--all-profiles", is_flag=True, help="Every version: a claim rests on what it rests on in any of them.")
@click.option(
    "--svg",
    "picture",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the matrix as a picture.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def why(
    ctx: click.Context, target: str, profile: str | None, all_profiles: bool, picture: Path | None, as_json: bool
) -> None:
    """Say which rules and guards each proof of TARGET rests on, and which rules no claim needs.

    TARGET is package.module:NAME or path/to/machine.py:NAME. A claim holds
    whatever becomes of the rules and guards that its proof does not rest on.

    Exit status: 0 every claim is proved, 1 something is refuted, 3 something is unknown, 2 wrong usage. A rule
    that no claim needs is told and fails nothing.
    """
    from fsm.verification.cores.cores import why as ask

    found = resolve(target)
    with Status("", console=Console(stderr=True)) as status:
        matrix = ask(found, _versions(found, profile, all_profiles), progress=status.update)
    if picture is not None:
        put(picture, _svg(matrix).encode("utf-8"))
        echo(picture.as_posix(), err=True)
    if as_json:
        echo_json(matrix.plain())
    else:
        echo_lines("\n".join(_lines(matrix)))
    bad = {row.verdict for row in matrix.rows if not row.note.startswith("holds in none")}
    ctx.exit(1 if "refuted" in bad else 3 if "unknown" in bad else 0)


def _versions(found: Machine | System, named: str | None, all_of_them: bool) -> Sequence[NamedProfile | None]:
    if all_of_them:
        return found.profiles or (None,)
    if named is None:
        return found.profiles[:1] or (None,)
    return [version_of(found, named)]


def _lines(matrix: Matrix) -> Iterator[str]:
    """Each claim with the numbers of what it rests on, then what the numbers mean."""
    yield f"{matrix.kind} {matrix.name}: what each proof rests on"
    yield ""
    used = [ground for ground in matrix.grounds if any(ground in row.rests_on for row in matrix.rows)]
    numbers = {ground: place for place, ground in enumerate(used, 1)}
    columns = " ".join(str(number) for number in numbers.values())
    yield f"  {columns}".rstrip()
    for row in matrix.rows:
        marks = " ".join(
            ("●" if ground in row.rests_on else "·").rjust(len(str(number))) for ground, number in numbers.items()
        )
        said = row.note or ("" if row.rests_on or row.verdict != "proved" else "the transitions and parameters alone")
        verdict = "" if row.verdict == "proved" else f"{row.verdict}; "
        yield f"  {marks}  {row.sentence}{f' ({verdict}{said})'.replace('; )', ')') if verdict or said else ''}"
    yield ""
    for ground, number in numbers.items():
        yield from wrap(
            f"{number:>3}  {ground.kind:<10}  {ground.name}", WIDTH, initial_indent="  ", subsequent_indent=" " * 19
        )
    idle = sum(ground.kind == "guard" and ground not in used for ground in matrix.grounds)
    yield from wrap(
        f"{idle} more guard{'s' * (idle > 1)} say where an event leads, which no claim needs." if idle else "",
        WIDTH,
        initial_indent="  ",
    )
    for ground in matrix.needed_by_none:
        yield from wrap(f"no claim needs the rule: {ground.name}", WIDTH, initial_indent="  ", subsequent_indent="    ")


def _svg(matrix: Matrix) -> str:
    from fsm import diagrams

    used = [ground for ground in matrix.grounds if any(ground in row.rests_on for row in matrix.rows)]
    rows = [(row.sentence, [ground in row.rests_on for ground in used]) for row in matrix.rows if row.rests_on]
    idle = [ground.name for ground in matrix.needed_by_none]
    return diagrams.matrix_svg(
        f"why {matrix.name} is right", [(ground.kind, ground.name) for ground in used], rows, idle
    )
