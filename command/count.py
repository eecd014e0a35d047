"""`fsm count`: every snapshot of a machine or system under given parameters, counted; and what they break."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from fsm.command.invocation.elsewhere import elsewhere, numbers_of_any_length
from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.numbers import Whole
from fsm.command.invocation.output import echo_json, echo_lines, width
from fsm.command.invocation.settings import settings
from fsm.command.invocation.target import resolve, target_argument
from fsm.command.terminal.progress import Progress
from fsm.language.composition import as_system
from fsm.language.parts import Each
from fsm.language.system import System

if TYPE_CHECKING:
    from fsm.verification.search.results import Explored
    from fsm.verification.search.results import Progress as Met

__all__ = ["count"]

BUDGET = 2_000_000
SOON = 50_000
"""As many instances are looked at by the public step before packed numbers are tried: a second or two."""


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
    type=Whole(1, 1_000_000),
    help="How many keys there are in the world; left out, as many as are ever needed.",
)
@click.option(
    "--by",
    type=click.Choice(["packed", "step"]),
    help="Count packed numbers, or by the public step; left out, the step where it is soon done, packed where there is more and nothing reads a clock.",
)
@click.option(
    "--budget",
    type=Whole(min=1),
    default=BUDGET,
    show_default=True,
    help="How many snapshots to meet at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of how far it has come.")
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
    quiet: bool,
) -> None:
    """Count every snapshot of TARGET under given parameters: snapshots, steps, depth, deadlocks, and a verdict on every property.

    Snapshots that a renaming of keys turns into each other are one, unless --named-keys. Where one instance alone has timers,
    time goes from one to the next; where several have, millisecond by millisecond: set durations of a few milliseconds.

    Exit status: 0 every property holds and there is no deadlock, 1 something is refuted, or a deadlock stands where
    not every instance has come to its end, 3 nothing of that but the budget ended or something is unknown, 2 wrong usage.
    """
    with Progress(quiet=quiet) as progress:
        status, plain, text = elsewhere(
            _count, target, profile, given, by, keys, named_keys, budget, width(), progress=progress
        )
    if as_json:
        echo_json(plain)
    else:
        echo_lines(text)
    ctx.exit(status)


def _count(
    tell: Callable[[str], None],
    target: str,
    profile: str | None,
    given: tuple[str, ...],
    by: str | None,
    keys: int | None,
    named: bool,
    budget: int,
    width: int,
) -> tuple[int, dict[str, Any], str]:
    """What another process does: count, and put it in words."""
    from fsm.verification.search.report import render, to_plain
    from fsm.verification.search.results import exit_status

    numbers_of_any_length()
    system = as_system(resolve(target))
    values = settings(system, profile, given)
    progress = lambda many, depth: tell(f"{many:,} snapshots, {depth} steps deep")  # noqa: E731  # one word
    found = _counted(system, values, by, keys, named, budget, progress)
    return exit_status(found), to_plain(found), render(found, width)


def _counted(
    system: System,
    values: dict[str, Any],
    by: str | None,
    keys: int | None,
    named: bool,
    budget: int,
    progress: Met,
) -> Explored:
    """By whichever is asked for; else by the public step where that is soon done, by packed numbers where there is more and they can, or by the step.

    Packed numbers begin with tables of all that can happen to an instance, which take seconds where it has many variables; then they are a
    hundred times as quick. How much is soon done is counted and not timed, so that every machine chooses alike.
    """
    from fsm.verification.search.enumeration import TOO_MUCH, enumerate_snapshots
    from fsm.verification.search.packed import Unpackable, explore

    def step(work: int | None) -> Explored:
        try:
            return enumerate_snapshots(
                system, values, keys=keys, named=named, budget=budget, work=work, by_change=True, progress=progress
            )
        except ValueError as refused:
            raise WrongUsage(f"{refused}. Use --keys.") from refused

    timed = any(line.duration is not None for part in system.parts for line in part.machine.transitions)
    chooses = by is None and not _needs_packed(system, keys, named)
    soon = step(None if timed else SOON) if chooses else None
    if soon is not None and (timed or soon.complete):
        return soon
    if by != "step":
        try:
            return explore(system, values, keys=keys, named=named, budget=budget, progress=progress)
        except Unpackable as refused:
            if by == "packed":
                raise WrongUsage(f"{refused.what}. Use --by step.") from refused
    return step(None) if soon is None or soon.why == TOO_MUCH else soon


def _needs_packed(system: System, keys: int | None, named: bool) -> bool:
    """Whether names shall be told apart, and packed numbers alone know how many are needed."""
    return named and keys is None and any(isinstance(part, Each) for part in system.parts)
