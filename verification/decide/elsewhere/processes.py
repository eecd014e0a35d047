"""Work in processes of their own, so that it can be ended: heard while it goes on, and gone with all that it began.

A worker is a new interpreter (`guards`) that is given a function with its arguments (`packing`); what it tells and answers
comes back through a pipe. It is gone when its owner is, with all that it began.

Nothing here knows what is worked on. It may never decide which answer counts: the same answers in
another order must lead to the same end, which is for the caller to see to (`enough`).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from threading import Lock
from typing import Any

import attrs

from fsm.verification.decide.elsewhere.guards import begun, end, stand_guarded
from fsm.verification.decide.elsewhere.packing import packed, unpacked

__all__ = ["Answered", "Apart", "Died", "Message", "Told", "WorkFailed", "Worker", "WorkerFailed", "hear", "run"]


class WorkFailed(Exception):
    """A worker ended by an error of its own, or without an answer: a defect of fsm, with the worker's traceback."""


@attrs.frozen
class Told:
    """Something that a worker told on the way."""

    value: Any


@attrs.frozen
class Answered:
    """What a worker answered; it has ended."""

    value: Any


@attrs.frozen
class WorkerFailed:
    """A worker ended by an error of its own."""

    trace: str


@attrs.frozen
class Died:
    """A worker ended without an answer.

    Attributes:
        how: `signal 9`, `status 3`.
    """

    how: str


Message = Told | Answered | WorkerFailed | Died


class Worker:
    """A process that works on one thing.

    Args:
        function: called there with `tell`, by which it sends values on the way, and the arguments.
    """

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.pipe, self._process = begun(_work, packed((function, arguments)))

    def end(self) -> None:
        """End the process; its guard ends those that it began."""
        if not self.pipe.closed:
            self.pipe.close()
            end(self._process)

    def heard(self) -> Message:
        """The next message, waited for; after any but `Told` the process has ended."""
        try:
            message: Message = unpacked(self.pipe.recv_bytes())
        except (EOFError, OSError):
            self._process.join()
            code = self._process.exitcode
            message = Died(f"signal {-code}" if code < 0 else f"status {code}")
        if not isinstance(message, Told):
            self.end()
        return message


def hear(workers: Sequence[Worker], seconds: float | None = None) -> list[tuple[Worker, Message]]:
    """A message of each worker that has one, as soon as any has; none where the time is up."""
    ready = wait([one.pipe for one in workers], seconds)
    return [(one, one.heard()) for one in workers if one.pipe in ready]


def run(
    works: Mapping[str, Callable[[], Any]], enough: Callable[[Mapping[str, Any]], bool], *, processes: int
) -> dict[str, Any]:
    """The answers of works by name, as many as were there when they were enough.

    Args:
        works: begun in this order.
        enough: whether these answers decide, whatever the others would be.
        processes: how many at a time; 1 for here, one after the other.

    Raises:
        WorkFailed: one of them raised.
    """
    if processes < 2:
        return _here(works, enough)
    waiting = list(works.items())
    working: dict[Worker, str] = {}
    answers: dict[str, Any] = {}
    try:
        while (waiting or working) and not enough(answers):
            while waiting and len(working) < processes:
                name, work = waiting.pop(0)
                working[Worker(_silently, work)] = name
            for one, message in hear(list(working)):
                name = working.pop(one)
                answers[name] = _answer(name, message)
    finally:
        for one in working:
            one.end()
    return answers


def _silently(tell: Callable[[Any], None], work: Callable[[], Any]) -> Any:
    return work()


def _here(works: Mapping[str, Callable[[], Any]], enough: Callable[[Mapping[str, Any]], bool]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for name, work in works.items():
        if enough(answers):
            break
        answers[name] = work()
    return answers


def _answer(name: str, message: Message) -> Any:
    match message:
        case Answered(value=value):
            return value
        case WorkerFailed(trace=trace):
            raise WorkFailed(f"{name} failed:\n{trace}")
        case _:
            raise WorkFailed(f"{name} ended without an answer ({message})")


class Apart(Executor):
    """An executor that calls one function after the other in a process of its own, begun anew where it has died."""

    def __init__(self) -> None:
        self._line = ThreadPoolExecutor(1)
        self._worker: Worker | None = None
        self._door = Lock()

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        self._begun()  # in the thread that hears signals, which wait until a process has begun
        return self._line.submit(self._ask, partial(function, *arguments, **named))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._line.shutdown(wait, cancel_futures=cancel_futures)
        if self._worker is not None:
            self._worker.end()

    def _ask(self, call: Callable[[], Any]) -> Any:
        worker = self._begun()
        worker.pipe.send_bytes(packed(call))
        message = worker.heard()
        if isinstance(message, Told):
            return message.value
        with self._door:
            self._worker = None
        return _answer("a call", message)

    def _begun(self) -> Worker:
        with self._door:
            if self._worker is None:
                self._worker = Worker(_serve)
            return self._worker


def _serve(tell: Teller) -> None:
    """Answer calls until nobody asks any more."""
    with suppress(EOFError):
        while True:
            tell(unpacked(tell.pipe.recv_bytes())())


# In a worker


def _work(pipe: Connection, owner: int, group: int | None, given: bytes) -> None:
    """What a worker does: work, answer, end."""
    stand_guarded(owner, group)

    line = Teller(pipe)

    try:
        function, arguments = unpacked(given)
        line.send(Answered(function(line, *arguments)))
    except BrokenPipeError:
        pass  # nobody listens any more
    except BaseException:  # noqa: BLE001  # whatever it is, it is told to whom asked, who raises it
        line.send(WorkerFailed(traceback.format_exc()))


class Teller:
    """By which a worker tells things on the way; `tell(value)`."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self._door = Lock()

    def __call__(self, value: Any) -> None:
        self.send(Told(value))

    def send(self, message: Message) -> None:
        """Send a message, one at a time, whichever thread it is."""
        data = packed(message)
        with self._door:
            self.pipe.send_bytes(data)
