"""Signals that end a command: a key press, a closed terminal, a polite kill. They are obeyed by an exception in the main thread."""

from __future__ import annotations

import signal
from types import FrameType

__all__ = ["Interrupted", "obey_signals", "obeys_signals"]

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_obeyed = False


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


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Interrupted(number)
