"""Signals that end a command: a key press, a closed terminal, a polite kill. They are obeyed by an exception in the main thread."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Interrupted", "held", "obey_signals", "obeys_signals"]

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_obeyed = False
_holding = False
_waiting: list[int] = []


class Interrupted(KeyboardInterrupt):
    """Somebody wants the command to end.

    Attributes:
        status: what it leaves with: 128 and the number of the signal (130 for a key press, 143 for SIGTERM).
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


def obey_signals() -> None:
    """From here on a signal raises `Interrupted`; one that whoever started us has ignored stays ignored."""
    global _obeyed
    for name in NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    _obeyed = True


def obeys_signals() -> bool:
    """Whether a `KeyboardInterrupt` that is no `Interrupted` was raised by somebody's code and not by a key."""
    return _obeyed


@contextmanager
def held() -> Iterator[None]:
    """A block of a moment that is left as it was meant to be: a signal is obeyed at its end; a second one at once."""
    global _holding
    _holding = True
    try:
        yield
    finally:
        _holding = False
        if _waiting:
            raise Interrupted(_waiting.pop())


def _interrupt(number: int, frame: FrameType | None) -> None:
    if _holding and not _waiting:
        _waiting.append(number)
        return
    _waiting.clear()
    raise Interrupted(number)
