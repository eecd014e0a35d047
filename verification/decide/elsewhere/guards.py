"""Processes begun anew, and the guard that ends them when their owner has ended, whatever ended it.

loky begins them: as new interpreters on every system, without running the caller's main module again. A guard is a
process of the shell that waits for the end of a pipe, which comes when its owner is gone, and kills a group.

You may not begin a process anywhere else without one.
"""

from __future__ import annotations

import atexit
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any

from loky.backend.context import LokyContext, LokyProcess
from loky.backend.resource_tracker import ensure_running

__all__ = ["begun", "end", "guarded", "stand_guarded"]

SAFE = {"PYTHONSAFEPATH": "1"}
"""No file of the folder somebody stands in is taken for a module of Python's."""
SHELL = "/bin/sh"
ENDED_BY = ("SIGINT", "SIGTERM", "SIGHUP")


class _Context(LokyContext):  # type: ignore[misc]  # a package without types
    """How loky begins processes, with an environment of ours."""

    @staticmethod
    def Process(*arguments: Any, **named: Any) -> Any:
        return LokyProcess(*arguments, env=SAFE, **named)


CONTEXT = _Context()


def _begin_account() -> None:
    """Begin the process by which loky keeps account of what it shares, in the same environment."""
    before = {name: os.environ.get(name) for name in SAFE}
    os.environ.update(SAFE)
    try:
        with _held_back():
            ensure_running()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]


def begun(function: Callable[..., None], *arguments: Any) -> tuple[Connection, Any]:
    """A process that calls `function(pipe, owner, group, *arguments)`, and our end of the pipe."""
    _begin_account()
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=function, args=(theirs, os.getpid(), _group(), *arguments))
    with _held_back():
        process.start()
    theirs.close()
    return ours, process


def end(process: Any) -> None:
    """Kill a process; its guard ends those that it began."""
    with suppress(ProcessLookupError):
        if hasattr(signal, "SIGKILL"):
            os.kill(process.pid, signal.SIGKILL)
        else:
            process.terminate()
    process.join()


def stand_guarded(owner: int, group: int | None) -> None:
    """Stand in the group of the guard; a key press is for the owner, who ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if group is None:
        return
    try:
        os.setpgid(0, group)
    except OSError:
        os._exit(0)  # the guard is gone, and with it the owner
    if os.getppid() != owner:
        os._exit(0)  # it ended before this process stood in the group
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # what is said on standard error is said from the background
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _numbers())


@contextmanager
def guarded() -> Iterator[Callable[[int], None]]:
    """A block that begins a program of somebody else's in a group of its own: `watch(group)` has it end with us."""
    if not os.path.exists(SHELL):
        yield lambda group: None
        return
    guard, pipe = _spawn("read group && read _; kill -9 -- -$group")
    try:
        yield lambda group: _tell(pipe, group)
    finally:
        os.kill(guard, signal.SIGKILL)
        os.close(pipe)
        os.waitpid(guard, 0)


def _tell(pipe: int, group: int) -> None:
    os.write(pipe, f"{group}\n".encode())


@contextmanager
def _held_back() -> Iterator[None]:
    """In this block signals wait, and a process that begins in it has them wait until it can say what it does with them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _numbers())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _numbers() -> set[int]:
    return {getattr(signal, name) for name in ENDED_BY if hasattr(signal, name)}


_guard: tuple[int, int, int] | None = None
"""Whose guard it is, its group, and the end of the pipe that it waits for."""


def _group() -> int | None:
    """The group that workers of this process stand in; None where there is no shell to guard it."""
    global _guard
    if not os.path.exists(SHELL):
        return None
    if _guard is None or _guard[0] != os.getpid():
        guard, writes = _spawn("read _; kill -9 0")
        _guard = os.getpid(), guard, writes
        atexit.register(_dismiss, *_guard)
    return _guard[1]


def _dismiss(owner: int, guard: int, pipe: int) -> None:
    """Let the guard do its work, at the end of the process that began it."""
    if owner == os.getpid():
        os.close(pipe)
        with suppress(ChildProcessError):
            os.waitpid(guard, 0)


def _spawn(script: str) -> tuple[int, int]:
    """A process of the shell at the head of a group of its own, and the pipe that it reads from."""
    reads, writes = os.pipe()
    nowhere = [(os.POSIX_SPAWN_OPEN, out, os.devnull, os.O_WRONLY, 0) for out in (1, 2)]
    actions = [(os.POSIX_SPAWN_DUP2, reads, 0), *nowhere]
    guard = os.posix_spawn(SHELL, [SHELL, "-c", script], {}, file_actions=actions, setpgroup=0)
    os.close(reads)
    return guard, writes
