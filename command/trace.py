"""`fsm trace`: each fact of the guide, what models it and what shows it, or what is still missing."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.output import echo, echo_json, echo_lines, width
from fsm.seeds import Fact, Kind, Standing, facts

__all__ = ["trace"]


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--missing", is_flag=True, help="Only facts of which something is not there yet.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Only facts about this.")
@click.option(
    "--references", is_flag=True, help="Name everything that models, shows or would break each fact; so do single IDs."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def trace(ids: tuple[str, ...], missing: bool, kind: str | None, references: bool, as_json: bool) -> None:
    """Show each fact of the guide (S01 to S23) and each decision (D1 to D14) with what models and what shows it.

    The table counts the parts of the declaration that model a fact, the properties that prove it and
    the tests that show it. ID picks single facts and names all of these.

    Exit status: 0 shown, 2 wrong usage.
    """
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
