"""Ends of a command that are no verdict.

2: wrong usage, or input that is wrong; 70: a defect of fsm itself; 130, 143: interrupted, terminated; 141: nobody reads
what is printed. Python and click leave with status 1 on most of these, and 1 means "refuted" here.
"""

from __future__ import annotations

import builtins
import sys
import traceback
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from sysconfig import get_paths
from types import TracebackType
from typing import IO, Any

import attrs
import click

import fsm
from fsm.command.invocation.interrupts import Interrupted
from fsm.command.invocation.output import echo, printable
from fsm.errors import BadInput, DefinitionError

__all__ = [
    "BadFile", "BadSettings", "MissingExtra", "ModelFailed", "NoTarget", "NoVerdict", "Unwritable", "WrongUsage", "alone", "callers_line", "fault_in_words",
    "message_of",
]  # fmt: skip

LONGEST = 500
"""The most characters that are shown of somebody else's message."""


class WrongUsage(click.ClickException):
    """What the caller must change, as one line on stderr, or a line for each fault of a declaration; exit status 2.

    Attributes:
        code: what kind of mistake it is, as docs/reference/errors.md lists them; it ends the first line.
        others: the lines of other faults, each with its own.
    """

    exit_code = 2
    code = "FSM401"

    def __init__(self, message: str, others: Iterable[str] = (), code: str | None = None) -> None:
        super().__init__(message)
        self.others = tuple(others)
        self.code = code or self.code

    def format_message(self) -> str:
        first, *more = self.message.split("\n")
        return "\n".join(map(printable, (f"{first} [{self.code}]", *more, *self.others)))

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"Error: {self.format_message()}", err=True)


class NoTarget(WrongUsage):
    """TARGET names no machine or system."""

    code = "FSM402"


class BadFile(WrongUsage):
    """A file that is given is not what it should be."""

    code = "FSM403"


class BadSettings(WrongUsage):
    """What pyproject.toml says is not what it should be."""

    code = "FSM407"


class Unwritable(WrongUsage):
    """What should be written cannot be, or something stands there."""

    code = "FSM404"


class MissingExtra(WrongUsage):
    """A package is not installed."""

    code = "FSM405"


class ModelFailed(WrongUsage):
    """The model file failed when it was imported or run."""

    code = "FSM406"


class NoVerdict:
    """A block around a subcommand: what ends it without an answer does not leave with the status of one."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        match fault:
            case None | click.ClickException() | click.Abort() | click.exceptions.Exit() | SystemExit():
                return  # click ends these as it should
            case Interrupted(status=status):
                raise SystemExit(status) from None
            case KeyboardInterrupt():
                raise SystemExit(130) from None
            case BrokenPipeError():
                raise SystemExit(141) from None
            case ImportError() if cure := _cure(fault):
                raise MissingExtra(cure) from fault
            case OSError(errno=int(), filename=None, strerror=str(said)):
                raise WrongUsage(f"{said}.") from fault
            case DefinitionError(others=others, code=code):
                raise WrongUsage(message_of(alone(fault)), map(fault_in_words, others), code) from fault
            case OSError() | BadInput():
                raise WrongUsage(message_of(fault), code=getattr(fault, "code", None)) from fault
            case Exception() if line := callers_line(fault):
                raise ModelFailed(
                    f"{line} raised {type(fault).__name__} while it was run: {message_of(fault)}"
                ) from fault
            case Exception():
                traceback.print_exception(fault)
                echo(
                    "fsm: this is a defect of fsm, not of your machine; please report it with the lines above", err=True
                )
                raise SystemExit(70)


def alone(fault: DefinitionError) -> DefinitionError:
    """A fault without the others of its declaration."""
    return attrs.evolve(fault, others=())


def fault_in_words(fault: DefinitionError) -> str:
    """One of several faults of a declaration, on a line: where it stands, what is wrong, its code."""
    return f"{fault.place}{message_of(fault)} [{fault.code}]"


def message_of(fault: BaseException) -> str:
    """What an exception says, on one line; its own text may raise, or have no end."""
    said = str(traceback.TracebackException(type(fault), fault, None))
    if type(fault) is NameError and type(fault.name) is str:
        said = f"{said}{_name_instead(fault.name, fault.__traceback__)}"
    text = " ".join([*said.split(), *(f"({note})" for note in getattr(fault, "__notes__", ()))]) or "no message"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text):,} characters)"


def _name_instead(name: str, stack: TracebackType | None) -> str:
    """What to write for a name that is not defined: the one of fsm, or the nearest that is known where it stands."""
    if name in fsm.__all__:
        return f"; it is in fsm: write from fsm import {name}"
    if stack is None or len(name) > LONGEST_NAME:
        return ""
    *_, (frame, _line) = traceback.walk_tb(stack)
    known = {**vars(builtins), **frame.f_globals, **frame.f_locals}
    near = get_close_matches(name, sorted(one for one in known if len(one) <= LONGEST_NAME), 1)
    return f"; did you mean {near[0]}?" if near else ""


LONGEST_NAME = 80
"""Characters of a name that is compared with others."""


def callers_line(fault: BaseException, *, or_below: bool = False) -> str | None:
    """`file.py, line 7` where the caller's own code raised this, or what it called; None where that was fsm's doing.

    Args:
        or_below: fsm may have raised it for what stands on that line, as it does while a declaration is made.
    """
    frames = traceback.extract_tb(fault.__traceback__)
    own = [place for place, frame in enumerate(frames) if _is_callers(frame.filename)]
    ours = [place for place, frame in enumerate(frames) if _is_ours(frame.filename)]
    if not own or (not or_below and ours and ours[-1] > own[-1]):
        return None
    return f"{frames[own[-1]].filename}, line {frames[own[-1]].lineno}"


def _is_ours(filename: str) -> bool:
    """True for a file of fsm, wherever its rooms are installed."""
    rooms = (module for name, module in list(sys.modules.items()) if name.partition(".")[0] == "fsm")
    folders = {folder for room in rooms for folder in getattr(room, "__path__", ())}
    return any(Path(filename).is_relative_to(folder) for folder in folders)


def _is_callers(filename: str) -> bool:
    """True for a file that belongs neither to Python, nor to an installed library, nor to fsm."""
    others = [Path(get_paths()[kind]) for kind in ("stdlib", "purelib", "platlib")]
    return (
        not filename.startswith("<")
        and not _is_ours(filename)
        and not any(Path(filename).is_relative_to(folder) for folder in others)
    )


def _cure(missing: ImportError) -> str | None:
    """What the caller should install; None where an import is fsm's own fault."""
    if missing.name is None:  # raised by a room of fsm, which names its extra
        return str(missing)
    if missing.name.partition(".")[0] == "fsm":
        return None
    return f"{missing.name} is not installed; install it with: pip install 'verified-fsm[all]'"
