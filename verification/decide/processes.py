"""Work in processes of their own, so that it can be ended: some at a time, until enough is known.

A worker is this process, forked: it knows every declaration and every invariant without being told.
What it answers comes back through a pipe, pickled. What is ended is really ended: the process, and
those it began. Where a system cannot fork, work is done here, one after the other, and no limit
of time can be kept.

Nothing here knows what is worked on. It may never decide which answer counts: the same answers in
another order must lead to the same end, which is for the caller to see to (`enough`).
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import time
import traceback
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NoReturn

import attrs

__all__ = ["CAN_FORK", "WorkFailed", "run"]

CAN_FORK = hasattr(os, "fork")
CHUNK = 1 << 16
_inside = False
"""Whether this process is a worker itself: those it begins are ended with it."""


class WorkFailed(Exception):
    """A worker ended by an error of its own, or without an answer: a defect of fsm, with the worker's traceback."""


@attrs.define(eq=False)
class _Worker:
    name: str
    pid: int
    pipe: int
    said: bytes = b""

    def end(self) -> None:
        """End the process, and those it began, and wait until it has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL) if _inside else os.killpg(self.pid, signal.SIGKILL)
        self.done()

    def done(self) -> None:
        os.close(self.pipe)
        os.waitpid(self.pid, 0)


def run(
    works: Mapping[str, Callable[[], Any]],
    enough: Callable[[Mapping[str, Any]], bool],
    *,
    processes: int,
    seconds: float | None = None,
) -> dict[str, Any]:
    """The answers of works by name, as many as were there when they were enough or the time was up.

    Args:
        works: begun in this order.
        enough: whether these answers decide, whatever the others would be.
        processes: how many at a time; 1 for here, one after the other, unless there is a limit of time.
        seconds: after so long all that still works is ended.

    Raises:
        WorkFailed: one of them raised.
    """
    if not CAN_FORK or (processes < 2 and seconds is None):
        return _here(works, enough)
    ends = None if seconds is None else time.monotonic() + seconds
    waiting = list(works.items())
    working: list[_Worker] = []
    answers: dict[str, Any] = {}
    try:
        while (waiting or working) and not enough(answers):
            while waiting and len(working) < processes:
                working.append(_begun(*waiting.pop(0)))
            left = None if ends is None else max(0.0, ends - time.monotonic())
            ready = select.select([one.pipe for one in working], [], [], left)[0]
            if not ready:
                break
            for one in [one for one in working if one.pipe in ready]:
                said = os.read(one.pipe, CHUNK)
                one.said += said
                if not said:
                    working.remove(one)
                    one.done()
                    answers[one.name] = _answer(one)
    finally:
        for one in working:
            one.end()
    return answers


def _here(works: Mapping[str, Callable[[], Any]], enough: Callable[[Mapping[str, Any]], bool]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for name, work in works.items():
        if enough(answers):
            break
        answers[name] = work()
    return answers


def _answer(one: _Worker) -> Any:
    if not one.said:
        raise WorkFailed(f"{one.name} ended without an answer")
    good, answer = pickle.loads(one.said)
    if not good:
        raise WorkFailed(f"{one.name} failed:\n{answer}")
    return answer


def _begun(name: str, work: Callable[[], Any]) -> _Worker:
    reads, writes = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of threads: the command's spinner has one, and a worker prints nothing
        pid = os.fork()
    if pid == 0:
        os.close(reads)
        _work(work, writes)
    os.close(writes)
    if not _inside:
        with suppress(OSError):  # the worker does the same; whoever comes first
            os.setpgid(pid, pid)
    return _Worker(name, pid, reads)


def _work(work: Callable[[], Any], writes: int) -> NoReturn:  # pragma: no cover  # in a process that no tracer sees
    """What a worker does: work, answer, end; nothing of what this process would do at its end."""
    global _inside
    try:
        if not _inside:
            os.setpgid(0, 0)
        _inside = True
        try:
            said = pickle.dumps((True, work()))
        except BaseException:  # noqa: BLE001  # whatever it is, it is told to whom asked, who raises it
            said = pickle.dumps((False, traceback.format_exc()))
        while said:
            said = said[os.write(writes, said) :]
    finally:
        os._exit(0)
