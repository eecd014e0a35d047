"""`fsm verify`: prove every property of a machine or system, or refute it with a trace."""

from __future__ import annotations

import json
import sys

import click
from rich.console import Console
from rich.status import Status

from fsm.command.target import resolve
from fsm.machine import Machine
from fsm.system import System

__all__ = ["verify"]


@click.command()
@click.argument("target", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def verify(ctx: click.Context, target: str | None, as_json: bool) -> None:
    """Prove every property of TARGET, for every value of its parameters and any number of instances.

    TARGET is package.module:NAME or path/to/machine.py:NAME, a machine or a system; of a system its machines
    are proved first. Without TARGET: the agent desk and the customer's side of a contact.

    Exit status: 0 everything proved, 1 something refuted, 3 nothing refuted but something unknown, 2 wrong usage.
    """
    from fsm.verification import report
    from fsm.verification.verify import verify as decide

    reports = []
    with Status("", console=Console(stderr=True)) as status:
        for one in targets(target):

            def tell(sentence: str, name: str = one.name) -> None:
                status.update(f"{name}: {sentence}")

            reports.append(decide(one, progress=tell))
    if as_json:
        click.echo(json.dumps(report.to_plain(reports), indent=2, ensure_ascii=False))
    else:
        for line in report.render(reports).splitlines():
            click.echo(_coloured(line))
    sys.stdout.flush()
    ctx.exit(report.exit_status(reports))


def targets(name: str | None) -> list[Machine | System]:
    """What is to be proved: the machines of a system, each once, then the system."""
    found = resolve(name)
    machines = list(dict.fromkeys(part.machine for part in found.parts)) if isinstance(found, System) else []
    if name is None:
        from fsm.desk import CONTACT

        return [*machines, CONTACT, found]
    return [*machines, found]


COLOURS = {"  ✓": "green", "  ✗": "red", "  ?": "yellow"}


def _coloured(line: str) -> str:
    """The mark of a verdict in its colour; a file or pipe gets none."""
    colour = COLOURS.get(line[:3])
    return line if colour is None else click.style(line[:3], fg=colour, bold=True) + line[3:]
