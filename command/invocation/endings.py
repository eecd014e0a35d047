"""Ends of a command that are no verdict: wrong usage (2), a defect of fsm itself (70), an interruption (130).

Python and click leave with status 1 on these, and 1 means "refuted" here.
"""

from __future__ import annotations

import errno
import traceback
from types import TracebackType

import click

__all__ = ["NoVerdict", "WrongUsage"]


class WrongUsage(click.ClickException):
    """What the caller must change, as one line on stderr; exit status 2."""

    exit_code = 2


class NoVerdict:
    """A block around a subcommand: what ends it without an answer does not leave with the status of one."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        match fault:
            case None | click.ClickException() | click.Abort() | click.exceptions.Exit() | OSError(errno=errno.EPIPE):
                return  # click ends these as it should
            case KeyboardInterrupt():
                raise SystemExit(130) from None
            case ImportError() if cure := _cure(fault):
                raise WrongUsage(cure) from fault
            case OSError():
                raise WrongUsage(str(fault)) from fault
            case Exception():
                traceback.print_exception(fault)
                click.echo(
                    "fsm: this is a defect of fsm, not of your machine; please report it with the lines above", err=True
                )
                raise SystemExit(70)


def _cure(missing: ImportError) -> str | None:
    """What the caller should install; None where an import is fsm's own fault."""
    if missing.name is None:  # raised by a room of fsm, which names its extra
        return str(missing)
    if missing.name.partition(".")[0] == "fsm":
        return None
    return f"{missing.name} is not installed; install it with: pip install 'verified-fsm[all]'"
