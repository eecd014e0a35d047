"""A real terminal for a test: a program behind a pseudo-terminal, its screen read by pyte."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from types import TracebackType

import pyte

COLUMNS, LINES = 80, 24
"""What a terminal has when nobody enlarges it."""
PATIENCE = 60.0
"""Seconds that a test waits for what must come; a busy machine is slow."""


class Terminal:
    """A terminal of 80 by 24 in which `fsm` runs with these arguments."""

    def __init__(self, *arguments: str) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self.screen)
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.program = subprocess.Popen(
            [sys.executable, "-P", "-c", "from fsm.command import main; main()", *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ | self._env(), start_new_session=True,
        )  # fmt: skip
        os.close(theirs)

    @staticmethod
    def _env() -> dict[str, str]:
        """What programs believe more than the terminal, if somebody has set it."""
        return {"TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": str(LINES)}

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self.program.kill()
        self.program.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """The window is closed."""
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1

    @property
    def text(self) -> str:
        """What stands on the screen, line by line."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def until(self, *words: str) -> str:
        """The screen, as soon as all these words stand on it."""
        deadline = time.monotonic() + PATIENCE
        while not all(word in self.text for word in words):
            assert time.monotonic() < deadline, f"no {words} on\n{self.text}"
            assert self._listen(), f"the program ended before {words}:\n{self.text}"
        return self.text

    def ends(self) -> int:
        """The exit status, once the program has ended by itself."""
        deadline = time.monotonic() + PATIENCE
        while self._listen():
            assert time.monotonic() < deadline, f"the program goes on:\n{self.text}"
        return self.program.wait(PATIENCE)

    def _listen(self) -> bool:
        """Take in what the program writes, for a moment; False when it has ended and all is read."""
        if not select.select([self._ours], [], [], 0.1)[0]:
            return self.program.poll() is None
        try:
            said = os.read(self._ours, 65_536)
        except OSError:  # how Linux says that nobody holds the other end
            return False
        self._stream.feed(said)
        return bool(said)
