"""`fsm cover`: which states, transitions, guards and rules the proofs and the derived tests go through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.status import Status

from fsm.command.invocation.output import echo_json, echo_lines
from fsm.command.invocation.target import resolve, target_argument

if TYPE_CHECKING:
    from fsm.verification.coverage import Coverage

__all__ = ["cover"]


@click.command()
@target_argument()
@click.option(
    "--rounds",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="How often the derived test is run under each profile; 0 for the proofs alone.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def cover(ctx: click.Context, target: str, rounds: int, as_json: bool) -> None:
    """Say what of TARGET the runs of its proofs and its derived tests exercise.

    TARGET is package.module:NAME or path/to/machine.py:NAME. Counted are states,
    transitions, and both outcomes of each guard and rule.

    Exit status: 0 everything is exercised, 1 something is not, 2 wrong usage.
    """
    from fsm.verification.coverage import cover as measure

    found = resolve(target)
    with Status("", console=Console(stderr=True)) as status:
        coverage = measure(found, rounds=rounds, progress=status.update)
    if as_json:
        echo_json(coverage.plain())
    else:
        echo_lines("\n".join(_lines(coverage)))
    ctx.exit(1 if coverage.unexercised else 0)


def _lines(coverage: Coverage) -> Iterator[str]:
    """A line for each kind, then what nothing went through."""
    done = len(coverage.items) - len(coverage.unexercised)
    yield f"{coverage.kind} {coverage.name}: {done} of {len(coverage.items)} exercised"
    yield ""
    yield f"  {'':<14}  {'all':>4}  {'proofs':>6}  {'tests':>6}  {'either':>6}"
    for kind in dict.fromkeys(kind for kind, _ in coverage.items):
        items = [item for item in coverage.items if item[0] == kind]
        counts = [
            sum(item in by for item in items)
            for by in (coverage.proofs, coverage.tests, coverage.proofs | coverage.tests)
        ]
        yield f"  {kind:<14}  {len(items):>4}  {counts[0]:>6}  {counts[1]:>6}  {counts[2]:>6}"
    if coverage.unexercised:
        yield ""
    for kind, what in coverage.unexercised:
        yield f"  not exercised: {kind}: {what}"
