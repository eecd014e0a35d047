"""`fsm count`: every snapshot of a machine or system under given parameters, counted; and what they break."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.status import Status

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.output import echo_json, echo_lines
from fsm.command.invocation.settings import settings
from fsm.command.invocation.target import resolve, target_argument
from fsm.errors import BadInput
from fsm.language.composition import as_system
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.verification.search.results import Explored, Progress

__all__ = ["count"]

BUDGET = 2_000_000


@click.command()
@target_argument()
@click.option(
    "--set",
    "given",
    metavar="NAME=VALUE",
    multiple=True,
    help="The value of a parameter; durations in milliseconds. Those not set have their defaults.",
)
@click.option("--profile", metavar="NAME", help="The version whose values to take where none is set.")
@click.option("--named-keys", is_flag=True, help="Tell snapshots apart by the names of keys.")
@click.option(
    "--keys",
    type=click.IntRange(min=1),
    help="How many keys there are in the world; left out, as many as are ever needed.",
)
@click.option(
    "--by",
    type=click.Choice(["packed", "step"]),
    help="Count packed numbers, or by the public step; left out, packed where nothing reads a clock.",
)
@click.option(
    "--budget",
    type=click.IntRange(min=1),
    default=BUDGET,
    show_default=True,
    help="How many snapshots to meet at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def count(
    ctx: click.Context,
    target: str,
    given: tuple[str, ...],
    profile: str | None,
    named_keys: bool,
    keys: int | None,
    by: str | None,
    budget: int,
    as_json: bool,
) -> None:
    """Count every snapshot of TARGET under given parameters: snapshots, steps, depth, deadlocks, and a verdict on every property.

    Snapshots that a renaming of keys turns into each other are one, unless --named-keys. Where TARGET has timers, time
    passes millisecond by millisecond: set durations of a few milliseconds.

    Exit status: 0 every property holds and there is no deadlock, 1 something is refuted, or a deadlock stands where
    not every instance has come to its end, 3 nothing of that but the budget ended or something is unknown, 2 wrong usage.
    """
    from fsm.verification.search.page import render, to_plain
    from fsm.verification.search.results import exit_status

    system = as_system(resolve(target))
    values = settings(system, profile, given)
    with Status("", console=Console(stderr=True)) as status:
        try:
            found = _counted(
                system,
                values,
                by,
                keys,
                named_keys,
                budget,
                lambda many, depth: status.update(f"{many:,} snapshots, {depth} steps deep"),
            )
        except BadInput as refused:
            raise WrongUsage(str(refused)) from refused
    if as_json:
        echo_json(to_plain(found))
    else:
        echo_lines(render(found))
    ctx.exit(exit_status(found))


def _counted(
    system: System,
    values: dict[str, Any],
    by: str | None,
    keys: int | None,
    named: bool,
    budget: int,
    progress: Progress,
) -> Explored:
    """By packed numbers where they can, or where they are asked for; else by the public step."""
    from fsm.verification.search.enumeration import enumerate_snapshots
    from fsm.verification.search.packed import Unpackable, explore

    if by != "step":
        try:
            return explore(system, values, keys=keys, named=named, budget=budget, progress=progress)
        except Unpackable as refused:
            if by == "packed":
                raise WrongUsage(f"{refused.what}. Use --by step.") from refused
    try:
        return enumerate_snapshots(system, values, keys=keys, named=named, budget=budget, progress=progress)
    except ValueError as refused:
        raise WrongUsage(f"{refused}. Use --keys.") from refused
