"""`fsm draw`: the pictures and tables of a machine, or of a system and its machines, as files.

It decides which files are written and how they are called; what stands in them is
`fsm.diagrams`, which is imported when something is drawn, so that `--help` needs no extra.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.files import put
from fsm.command.invocation.output import echo, echo_json
from fsm.command.invocation.target import resolve, targets_argument
from fsm.language.machine import Machine
from fsm.language.system import System

__all__ = ["draw"]

FORMATS = ("svg", "png", "dot", "md")


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
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/diagrams"),
    show_default=True,
    help="The folder to write to.",
)
@click.option(
    "--trace",
    "document",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw the runs of a report (fsm verify --json) or one trace.",
)
@click.option(
    "--claim",
    metavar="SENTENCE",
    help="With --trace: the run of this claim alone, also one that shows what is reachable.",
)
@click.option("--json", "as_json", is_flag=True, help="List the files as JSON.")
def draw(
    targets: tuple[str, ...],
    formats: tuple[str, ...],
    folder: Path,
    document: Path | None,
    claim: str | None,
    as_json: bool,
) -> None:
    """Write pictures and tables of TARGET.

    TARGET is package.module:NAME or path/to/machine.py:NAME. Of a system, the system and each
    of its machines are written. The same declaration gives the same bytes.

    \b
    svg   a picture for a page, in light and dark
    png   the same for where SVG is not shown
    dot   the same as text, for Graphviz
    md    every transition, rule and parameter as Markdown tables

    With --trace a run is one picture for all parts: what was sent and when, what it changed, the timers
    that run, and what is broken at its end. FILE is replayed, never believed.
    """
    if claim is not None and document is None:
        raise WrongUsage("--claim picks a run of --trace FILE")
    if document is None:
        written = [
            _write(name, drawn, kind, folder)
            for name, drawn in _named(_drawn(targets))
            for kind in dict.fromkeys(formats)
        ]
    else:
        from fsm.command.draw_trace import draw_traces

        written = draw_traces(_drawn(targets), document, claim, formats, folder)
    if as_json:
        echo_json(written)
    else:
        for entry in written:
            echo(entry["file"])


def _drawn(names: Sequence[str]) -> list[Machine | System]:
    """What the command draws: a machine; or a system and its machines; each once."""
    named = [resolve(name) for name in names]
    return [
        *dict.fromkeys(
            one
            for target in named
            for one in (target, *(part.machine for part in (target.parts if isinstance(target, System) else ())))
        )
    ]


def _named(drawn: Iterable[Machine | System]) -> Iterator[tuple[str, Machine | System]]:
    """A file name for each; where two have one name, the later ones are numbered."""
    taken: list[str] = []
    for one in drawn:
        name = next(
            name
            for name in (one.name, *(f"{one.name}-{number}" for number in range(2, len(taken) + 3)))
            if name not in taken
        )
        taken.append(name)
        yield name, one


def _write(name: str, drawn: Machine | System, kind: str, folder: Path) -> dict[str, str]:
    file = folder / f"{name}.{kind}"
    put(file, _content(drawn, kind))
    return {
        "name": drawn.name,
        "is": "system" if isinstance(drawn, System) else "machine",
        "format": kind,
        "file": file.as_posix(),
    }


def _content(drawn: Machine | System, kind: str) -> bytes:
    try:
        from fsm import diagrams

        match kind:
            case "svg":
                return diagrams.svg(drawn).encode("utf-8")
            case "png":
                return diagrams.png(drawn)
            case "dot":
                return diagrams.dot(drawn).encode("utf-8")
            case _:
                return diagrams.table(drawn).encode("utf-8")
    except ImportError as missing:
        raise WrongUsage(f"fsm draw needs an extra: {missing}") from missing
