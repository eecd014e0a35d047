"""Ends of a command: wrong usage (2), and a defect of fsm itself (70), which must not look like a refutation.

Python leaves with status 1 on an unhandled exception, and 1 means "refuted" here.
"""

from __future__ import annotations

import traceback
from types import TracebackType

import click

__all__ = ["Defect", "WrongUsage"]


class WrongUsage(click.ClickException):
    """What the caller must change, as one line on stderr; exit status 2."""

    exit_code = 2


class Defect:
    """A block around a subcommand: shows the traceback of what nobody foresaw and exits with status 70."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None) -> None:
        ours = isinstance(fault, Exception) and not isinstance(fault, click.ClickException | click.exceptions.Exit | click.Abort | OSError)
        if ours:
            traceback.print_exception(fault)
            click.echo("fsm: this is a defect of fsm, not of your machine; please report it with the lines above", err=True)
            raise SystemExit(70)
