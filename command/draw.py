"""`fsm draw`: the pictures and tables of a machine, of a system and its machines, or of runs, as files.

It decides which files are written and how they are called; what stands in them is
`fsm.diagrams`, which is imported when something is drawn, so that `--help` needs no extra.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fsm.command.drawing.drawing import FORMATS, Drawing, is_stale
from fsm.command.invocation.endings import MissingExtra, WrongUsage
from fsm.command.invocation.files import put
from fsm.command.invocation.numbers import Whole
from fsm.command.invocation.output import echo, echo_file, echo_json, is_terminal
from fsm.command.invocation.target import resolve, targets_argument
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.command.drawing.machines import Chosen
    from fsm.diagrams import Options

__all__ = ["draw"]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
STDOUT = "-"


@click.command()
@targets_argument()
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    default=("svg",),
    show_default=True,
    help="What to write; may be given again.",
)
@click.option(
    "--out",
    metavar="DIR",
    default="build/diagrams",
    show_default=True,
    help="The folder to write to; - prints the picture of TARGET alone.",
)
@click.option(
    "--detail",
    type=click.Choice(["overview", "rules", "full"]),
    help="How much is told; without it, an overview of a system and all of a machine's picture.",
)
@click.option(
    "--profile",
    metavar="NAME",
    help="The version: nothing is drawn that never matters in it. Without it, the first one of TARGET.",
)
@click.option("--whole", is_flag=True, help="Draw everything, whatever the version.")
@click.option(
    "--set",
    "given",
    metavar="NAME=VALUE",
    multiple=True,
    help="The value of a parameter, besides those of the version.",
)
@click.option(
    "--width",
    type=Whole(320, 10_000),
    default=800,
    show_default=True,
    help="Of the page, in pixels: how much stands side by side.",
)
@click.option(
    "--direction", type=click.Choice(["down", "right"]), default="down", show_default=True, help="Where lines lead."
)
@click.option(
    "--theme",
    type=click.Choice(["light", "dark", "auto"]),
    default="auto",
    show_default=True,
    help="The colours; auto follows the reader's browser, in an SVG.",
)
@click.option(
    "--snapshot", "snapshot", type=FILE, metavar="FILE", help="Mark where TARGET is in a snapshot that was dumped."
)
@click.option(
    "--trace", "document", type=FILE, metavar="FILE", help="Draw the runs of a report (fsm verify --json) or one trace."
)
@click.option(
    "--claim",
    metavar="SENTENCE",
    help="With --trace: the run of this claim alone, also one that shows what is reachable.",
)
@click.option("--changed", is_flag=True, help="Mark what its variants brought or put in the place of something.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file in DIR is missing or stale.")
@click.option("--json", "as_json", is_flag=True, help="List the files as JSON.")
@click.pass_context
def draw(ctx: click.Context, /, targets: tuple[str, ...], formats: tuple[str, ...], out: str, check: bool, as_json: bool, **choices: Any) -> None:  # fmt: skip
    """Write pictures and tables of TARGET.

    TARGET is package.module:NAME or path/to/machine.py:NAME. Of a system, the system and each
    of its machines are written. The same declaration gives the same bytes.

    \b
    svg   a picture for a page, in light and dark
    png   the same for where SVG is not shown
    dot   the same as text, for Graphviz
    mmd   the same as text, for Mermaid
    md    every state with what can happen there, rules and parameters, as Markdown tables

    With --trace a run is one picture for all parts: what was sent and when, what it changed, the timers
    that run, and what is broken at its end. FILE is replayed, never believed.

    Exit status: 0 done; 1 with --check, a file is missing or stale; 2 wrong usage.
    """
    if choices["claim"] is not None and choices["document"] is None:
        raise WrongUsage("--claim picks a run of --trace FILE")
    alone = out == STDOUT or choices["snapshot"] is not None
    drawings = _drawings(targets, formats, choices, alone=alone)
    if out == STDOUT:
        if check or as_json:
            raise WrongUsage(f"--out {STDOUT} prints a picture: it goes with neither --check nor --json")
        _print(drawings)
        return
    if check:
        ctx.exit(_check(drawings, Path(out), as_json=as_json))
    _write(drawings, Path(out), as_json=as_json)


def _drawings(
    targets: Sequence[str], formats: Sequence[str], choices: dict[str, Any], *, alone: bool
) -> Iterable[Drawing]:
    """What is asked for.

    Args:
        alone: whether a system is drawn without its machines.
    """
    from fsm.command.drawing.machines import drawings
    from fsm.command.drawing.runs import drawings_of_runs

    chosen = [one for name in targets for one in _chosen(name, choices, alone=alone)]
    if choices["document"] is None:
        return drawings(chosen, formats)
    return drawings_of_runs(chosen, choices["document"], choices["claim"], formats)


def _chosen(name: str, choices: dict[str, Any], *, alone: bool) -> Iterator[Chosen]:
    """A target and, unless it is to be alone, the machines of a system, each with what was chosen for it."""
    from fsm.command.drawing.choices import with_changed, with_snapshot, with_values

    target = resolve(name)
    options = with_values(_options(choices), target, choices["profile"], choices["given"], whole=choices["whole"])
    if choices["changed"]:
        options = with_changed(options, target)
    if choices["snapshot"] is not None:
        options = with_snapshot(options, target, choices["snapshot"])
    yield target, options
    if isinstance(target, System) and not alone:
        for part in target.parts:
            yield part.machine, options


def _options(choices: dict[str, Any]) -> Options:
    try:
        from fsm.diagrams import Detail, Direction, Options, Theme
    except ImportError as missing:
        raise MissingExtra(f"fsm draw needs an extra: {missing}") from missing
    return Options(
        detail=None if choices["detail"] is None else Detail(choices["detail"]),
        width=choices["width"],
        direction=Direction(choices["direction"]),
        theme=Theme(choices["theme"]),
    )


def _write(drawings: Iterable[Drawing], folder: Path, *, as_json: bool) -> None:
    written = []
    for drawing in drawings:
        file = drawing.file_in(folder)
        put(file, drawing.content())
        written.append({**drawing.about, "file": file.as_posix()})
    if as_json:
        echo_json(written)
    else:
        for one in written:
            echo(one["file"])


def _check(drawings: Iterable[Drawing], folder: Path, *, as_json: bool) -> int:
    """Say which files are stale, and give the exit status."""
    checked = [
        {
            **drawing.about,
            "file": drawing.file_in(folder).as_posix(),
            "stale": is_stale(drawing.file_in(folder), drawing),
        }
        for drawing in drawings
    ]
    stale = [one["file"] for one in checked if one["stale"]]
    if as_json:
        echo_json(checked)
    else:
        for file in stale:
            echo(f"{file} is missing or stale")
        echo(
            f"{len(stale)} of {len(checked)} files are missing or stale"
            if stale
            else f"{len(checked)} files are current"
        )
    return 1 if stale else 0


def _print(drawings: Iterable[Drawing]) -> None:
    """The one picture there is, to standard output."""
    made = list(drawings)
    if len(made) != 1:
        raise WrongUsage(
            f"--out {STDOUT} prints one picture, and these are {len(made)}: name one TARGET and one --format"
        )
    if made[0].kind == "png" and is_terminal():
        raise WrongUsage("a PNG is not for a terminal: send it to a file, or give --out DIR")
    echo_file(made[0].content())
