"""The work of a command in a process of its own, which is ended with the command, whatever ends that."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import attrs
import click

from fsm.command.invocation.endings import NoVerdict, WrongUsage
from fsm.command.invocation.output import echo
from fsm.command.terminal.progress import Progress

__all__ = ["Stopped", "elsewhere", "guarded", "heed", "numbers_of_any_length"]

Tell = Callable[[Any], None]


@attrs.frozen
class Stopped:
    """Work that ended without an answer: what to say, of which kind it is, and the status to leave with."""

    status: int
    message: str
    others: tuple[str, ...] = ()
    code: str | None = None


def elsewhere(function: Callable[..., Any], *arguments: Any, progress: Progress) -> Any:
    """What `function(tell, *arguments)` answers in another process; what it tells is its progress.

    Raises:
        WrongUsage, SystemExit: as it ended.
    """
    from fsm.verification.decide.elsewhere.processes import Answered, Died, Told, Worker, WorkerFailed, WorkFailed, hear

    worker = Worker(guarded, function, *arguments)
    try:
        while True:
            for _, message in hear([worker], 0.5):
                match message:
                    case Told(value=words):
                        progress.say(words)
                    case Answered(value=value):
                        return heed(value)
                    case WorkerFailed(trace=trace):
                        raise WorkFailed(trace)
                    case Died(how=how):
                        echo(f"fsm: nothing is known: the process that worked on it ended ({how}).", err=True)
                        raise SystemExit(3)
            progress.tick()
    finally:
        worker.end()


def numbers_of_any_length() -> None:
    """In a process that proves: a declaration may name any number, and what a solver says of it is read. A stranger's text is read elsewhere."""
    sys.set_int_max_str_digits(0)


def guarded(tell: Tell, function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function in a worker; an end without an answer becomes one that says so."""
    try:
        with NoVerdict():
            return function(tell, *arguments)
    except WrongUsage as wrong:
        return Stopped(wrong.exit_code, wrong.message, wrong.others, wrong.code)
    except click.ClickException as wrong:
        return Stopped(wrong.exit_code, wrong.format_message())
    except SystemExit as end:
        return Stopped(end.code if isinstance(end.code, int) else 1, "")


def heed(answer: Any) -> Any:
    """An answer; where the work ended without one, that end."""
    if not isinstance(answer, Stopped):
        return answer
    if answer.message:
        raise WrongUsage(answer.message, answer.others, answer.code)
    raise SystemExit(answer.status)
