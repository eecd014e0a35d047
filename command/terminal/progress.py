"""How far a command has come, on standard error: a line that moves in a terminal, else one every ten seconds."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from fsm.command.invocation.output import echo, printable

if TYPE_CHECKING:
    from rich.status import Status

__all__ = ["Progress"]

EVERY = 10.0
"""Seconds between two lines."""
LONGEST = 120


class Progress:
    """A block in which a command says how far it has come.

    Args:
        quiet: nothing is said.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._words, self._begun, self._said = "", time.monotonic(), time.monotonic()
        self._status: Status | None = None

    def __enter__(self) -> Progress:
        self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def _begin(self) -> None:
        """A new line that moves; one that was stopped would wipe out what stands above it."""
        if sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb" and not self._quiet:
            from rich.console import Console
            from rich.status import Status

            console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
            self._status = Status(_plain(self._words), console=console)
            self._status.start()

    def say(self, words: str) -> None:
        """What is being done now."""
        self._words = printable(words)[:LONGEST]
        if self._status is not None:
            self._status.update(_plain(self._words))
        self.tick()

    def tick(self) -> None:
        """Say it where it is time to."""
        now = time.monotonic()
        if self._status is None and not self._quiet and now - self._said >= EVERY:
            self._said = now
            echo(f"fsm: {now - self._begun:.0f} s: {self._words or 'at work'}", err=True)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """A block that prints a part of the report, which may go to the same terminal."""
        if self._status is not None:
            self._status.stop()
        try:
            yield
        finally:
            self._begin()


def _plain(words: str) -> str:
    """Words that Rich takes for nothing else."""
    from rich.markup import escape

    return escape(words)
