"""`fsm cover`: which states, transitions, guards and rules the proofs and the derived tests go through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from fsm.command.invocation.elsewhere import elsewhere, numbers_of_any_length
from fsm.command.invocation.numbers import Whole
from fsm.command.invocation.output import echo_json, echo_lines
from fsm.command.invocation.target import resolve, target_argument
from fsm.command.terminal.progress import Progress

if TYPE_CHECKING:
    from fsm.verification.coverage import Coverage

__all__ = ["cover"]


@click.command()
@target_argument()
@click.option(
    "--rounds",
    type=Whole(0),
    default=1,
    show_default=True,
    help="How often the derived test is run under each profile; 0 for the proofs alone.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of how far it has come.")
@click.pass_context
def cover(ctx: click.Context, target: str, rounds: int, as_json: bool, quiet: bool) -> None:
    """Say what of TARGET the runs of its proofs and its derived tests exercise.

    TARGET is package.module:NAME or path/to/machine.py:NAME. Counted are states,
    transitions, and both outcomes of each guard and rule.

    Exit status: 0 everything is exercised, 1 something is not, 2 wrong usage.
    """
    with Progress(quiet=quiet) as progress:
        status, plain, lines = elsewhere(_cover, target, rounds, progress=progress)
    if as_json:
        echo_json(plain)
    else:
        echo_lines("\n".join(lines))
    ctx.exit(status)


def _cover(tell: Callable[[str], None], target: str, rounds: int) -> tuple[int, dict[str, Any], list[str]]:
    """What another process does: measure, and put it in words."""
    from fsm.verification.coverage import cover as measure

    numbers_of_any_length()
    coverage = measure(resolve(target), rounds=rounds, progress=tell)
    return 1 if coverage.unexercised else 0, coverage.plain(), list(_lines(coverage))


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
