"""`fsm why`: which rules and guards each proof rests on, as text, JSON and a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from fsm.command.invocation.elsewhere import elsewhere, numbers_of_any_length
from fsm.command.invocation.files import put
from fsm.command.invocation.output import echo, echo_json, echo_lines, width
from fsm.command.invocation.target import resolve, target_argument
from fsm.command.invocation.versions import version_of
from fsm.command.terminal.progress import Progress
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.verification.cores.cores import Matrix

__all__ = ["why"]


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
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of how far it has come.")
@click.pass_context
def why(
    ctx: click.Context,
    target: str,
    profile: str | None,
    all_profiles: bool,
    picture: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say which rules and guards each proof of TARGET rests on, and which rules no claim needs.

    TARGET is package.module:NAME or path/to/machine.py:NAME. A claim holds
    whatever becomes of the rules and guards that its proof does not rest on.

    Exit status: 0 every claim is proved, 1 something is refuted, 3 something is unknown, 2 wrong usage. A rule
    that no claim needs is told and fails nothing.
    """
    with Progress(quiet=quiet) as progress:
        status, plain, lines, svg = elsewhere(
            _why, target, profile, all_profiles, picture is not None, width(), progress=progress
        )
    if picture is not None:
        put(picture, svg.encode("utf-8"))
        echo(picture.as_posix(), err=True)
    if as_json:
        echo_json(plain)
    else:
        echo_lines("\n".join(lines))
    ctx.exit(status)


def _why(
    tell: Callable[[str], None], target: str, profile: str | None, all_profiles: bool, picture: bool, width: int
) -> tuple[int, dict[str, Any], list[str], str]:
    """What another process does: ask, and put it in words and in a picture."""
    from fsm.verification.cores.cores import why as ask

    numbers_of_any_length()
    found = resolve(target)
    matrix = ask(found, _versions(found, profile, all_profiles), progress=tell)
    bad = {row.verdict for row in matrix.rows if not row.note.startswith("holds in none")}
    status = 1 if "refuted" in bad else 3 if "unknown" in bad else 0
    return status, matrix.plain(), list(_lines(matrix, width)), _svg(matrix) if picture else ""


def _versions(found: Machine | System, named: str | None, all_of_them: bool) -> Sequence[NamedProfile | None]:
    if all_of_them:
        return found.profiles or (None,)
    if named is None:
        return found.profiles[:1] or (None,)
    return [version_of(found, named)]


def _lines(matrix: Matrix, width: int) -> Iterator[str]:
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
            f"{number:>3}  {ground.kind:<10}  {ground.name}", width, initial_indent="  ", subsequent_indent=" " * 19
        )
    idle = sum(ground.kind == "guard" and ground not in used for ground in matrix.grounds)
    yield from wrap(
        f"{idle} more guard{'s' * (idle > 1)} say where an event leads, which no claim needs." if idle else "",
        width,
        initial_indent="  ",
    )
    for ground in matrix.needed_by_none:
        yield from wrap(f"no claim needs the rule: {ground.name}", width, initial_indent="  ", subsequent_indent="    ")


def _svg(matrix: Matrix) -> str:
    from fsm import diagrams

    used = [ground for ground in matrix.grounds if any(ground in row.rests_on for row in matrix.rows)]
    rows = [(row.sentence, [ground in row.rests_on for ground in used]) for row in matrix.rows if row.rests_on]
    idle = [ground.name for ground in matrix.needed_by_none]
    return diagrams.matrix_svg(
        f"why {matrix.name} is right", [(ground.kind, ground.name) for ground in used], rows, idle
    )
