"""The command as a program: its signals, its streams, and the status that it leaves with."""

from __future__ import annotations

import sys

import click

from fsm.command.group import fsm
from fsm.command.invocation.endings import NoVerdict, WrongUsage
from fsm.command.invocation.output import printable, prints

__all__ = ["run"]


def run() -> None:
    """Read the command line, do what it says, and leave; a message is one line, after the usage where that is wrong."""
    try:
        with NoVerdict(), prints():
            status = fsm.main(prog_name="fsm", standalone_mode=False)
    except click.exceptions.Exit as end:
        status = end.exit_code
    except click.ClickException as wrong:
        _show(wrong)
        status = wrong.exit_code
    sys.exit(status if isinstance(status, int) else 0)


def _show(wrong: click.ClickException) -> None:
    if type(wrong).__name__ == "NoArgsIsHelpError":  # of click 8.2; before, help was printed and nothing raised
        click.echo(wrong.format_message(), err=True)
        return
    if isinstance(wrong, click.UsageError) and wrong.ctx is not None:
        click.echo(wrong.ctx.get_usage(), err=True)
        click.echo(f"Try '{wrong.ctx.command_path} --help' for help.\n", err=True)
    said = wrong if isinstance(wrong, WrongUsage) else WrongUsage(wrong.format_message())
    for place, line in enumerate(said.format_message().split("\n")):
        click.echo(("" if place else "Error: ") + printable(line), err=True)
