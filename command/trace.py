"""`fsm trace`: each fact of the guide, what models it and what shows it, or what is still missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs
import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.output import echo, echo_json, echo_lines, width
from fsm.command.project.configuration import configuration
from fsm.command.project.requirements import cited, requirements
from fsm.command.prove import targets
from fsm.seeds import Fact, Kind, Standing, facts

__all__ = ["trace"]


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--missing", is_flag=True, help="Only facts of which something is not there yet.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Only facts about this.")
@click.option(
    "--references", is_flag=True, help="Name everything that models, shows or would break each fact; so do single IDs."
)
@click.option(
    "--catalogue",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Requirements of your own, as TOML or Markdown; the arguments are TARGETs then.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def trace(
    ctx: click.Context, ids: tuple[str, ...], missing: bool, kind: str | None, references: bool, catalogue: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Show each fact of the guide (S01 to S23) and each decision (D1 to D14) with what models and what shows it.

    The table counts the parts of the declaration that model a fact, the properties that prove it and
    the tests that show it. ID picks single facts and names all of these.

    With --catalogue, or a catalogue in [tool.fsm] of pyproject.toml, it shows each requirement of FILE with the claims, rules,
    assumptions and parameters that cite its id. One that no claim cites is missing; an id that is cited and stands
    nowhere is unknown.

    Exit status: 0 shown; 1 with a catalogue, something is missing or unknown; 2 wrong usage.
    """
    project = configuration(Path.cwd())
    file = catalogue or (None if ids else project.catalogue)
    if file is not None:
        if kind is not None or references:
            raise WrongUsage("--kind and --references are of the guide, not of --catalogue")
        ctx.exit(_of_catalogue(file, ids or project.targets, missing=missing, as_json=as_json))
    chosen = [
        fact for fact in _named(ids) if (fact.not_yet or not missing) and (kind is None or Kind(kind) in fact.kinds)
    ]
    if as_json:
        echo_json([_plain(fact) for fact in chosen])
        return
    if ids or references:
        for fact in chosen:
            echo_lines("\n".join(_lines_of(fact)))
    else:
        echo_lines(_laid_out(_table(chosen)))
        echo(_tally(chosen))


def _of_catalogue(file: Path, names: Sequence[str], *, missing: bool, as_json: bool) -> int:
    """Show somebody's own requirements, and give the status."""
    if not names:
        raise WrongUsage("name the TARGETs that cite the requirements, or targets in [tool.fsm] of pyproject.toml")
    wanted, links = requirements(file), cited(targets(names))
    lost = [one.id for one in wanted if not any(kind == "claim" for kind, _ in links.get(one.id, []))]
    unknown = [one for one in links if one not in {requirement.id for requirement in wanted}]
    shown = [one for one in wanted if one.id in lost or not missing]
    if as_json:
        rows = [{"id": one.id, "text": one.text, "line": one.line, "cited_by": [f"{kind} {name}" for kind, name in links.get(one.id, [])], "missing": one.id in lost} for one in shown]  # fmt: skip
        echo_json({"format": 1, "requirements": rows, "unknown": [{"id": one, "cited_by": [f"{kind} {name}" for kind, name in links[one]]} for one in unknown]})  # fmt: skip
        return 1 if lost or unknown else 0
    for one in shown:
        echo(f"{one.id} {one.text}")
        for kind, name in links.get(one.id, []):
            echo(f"  {kind:<12} {name}")
        if one.id in lost:
            echo("  missing      no claim cites it")
    for name in unknown:
        echo(f"{name} stands nowhere in {file}")
        for kind, place in links[name]:
            echo(f"  {kind:<12} {place}")
    echo(
        f"{len(wanted)} requirements: {len(wanted) - len(lost)} claimed, {len(lost)} missing; {len(unknown)} unknown ids are cited"
    )
    return 1 if lost or unknown else 0


def _named(ids: tuple[str, ...]) -> tuple[Fact, ...]:
    known = {fact.id: fact for fact in facts()}
    unknown = [name for name in ids if name.upper() not in known]
    if unknown:
        raise WrongUsage(f"there is no fact {', '.join(unknown)}. There are {', '.join(known)}.")
    return tuple(known[name.upper()] for name in ids) or facts()


def _plain(fact: Fact) -> dict[str, object]:
    shown = attrs.asdict(fact, recurse=False)
    return shown | {"kinds": [kind.value for kind in fact.kinds], "standing": fact.standing.value}


def _table(chosen: list[Fact]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 1, 0))
    table.add_column("id", no_wrap=True)
    table.add_column("fact or decision", ratio=5)
    for counted in ("parts", "proofs", "tests"):
        table.add_column(counted, justify="right", no_wrap=True)
    table.add_column("still missing", ratio=3)
    for fact in chosen:
        tests = sum(reference.startswith("tests/") for reference in fact.shown_by)
        counts = (len(fact.modelled_by), len(fact.shown_by) - tests, tests)
        table.add_row(fact.id, escape(_said(fact)), *(str(count or "-") for count in counts), escape(fact.not_yet))
    return table


def _said(fact: Fact) -> str:
    return f"{fact.question} {fact.statement}" if fact.question else fact.statement


def _standing(fact: Fact) -> str:
    return f"{fact.standing.value}: {fact.not_yet}" if fact.not_yet else fact.standing.value


def _lines_of(fact: Fact) -> Iterator[str]:
    about = ", ".join(kind.value for kind in fact.kinds)
    yield f"{fact.id} ({about}) {_said(fact)}"
    for title, references in (
        ("modelled by", fact.modelled_by),
        ("shown by", fact.shown_by),
        ("broken by", fact.broken_by),
    ):
        yield from (f"  {title:<12} {reference}" for reference in references)
    yield f"  {'standing':<12} {_standing(fact)}"


def _laid_out(table: Table) -> str:
    console = Console(width=width(), color_system=None, highlight=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def _tally(chosen: list[Fact]) -> str:
    counts = ((standing, sum(fact.standing is standing for fact in chosen)) for standing in Standing)
    return f"{len(chosen)} facts and decisions: " + ", ".join(f"{count} {standing.value}" for standing, count in counts)
