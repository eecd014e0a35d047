"""Work in processes of their own, so that it can be ended: heard while it goes on, and gone with all that it began.

A worker is a new interpreter, on every system (loky begins it): it is no fork, and does not run the caller's main
module again, so that scripts, notebooks, tests and the prompt may all begin one. It is given a
function with its arguments, whose classes travel by value where their module cannot be imported
anywhere else (cloudpickle). What it tells and answers comes back through a pipe.

Whoever begins workers has a guard: a process of the shell that heads the group they stand in, waits for
the end of a pipe, and kills the group. So they are gone when their owner is, whatever ended it.

Nothing here knows what is worked on. It may never decide which answer counts: the same answers in
another order must lead to the same end, which is for the caller to see to (`enough`).
"""

from __future__ import annotations

import atexit
import io
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from itertools import accumulate
from multiprocessing.connection import Connection, wait
from threading import Lock
from types import FunctionType
from typing import Any

import attrs
import cloudpickle
from loky.backend.context import LokyContext, LokyProcess
from loky.backend.resource_tracker import ensure_running

__all__ = ["Answered", "Apart", "Died", "Failed", "Message", "Told", "WorkFailed", "Worker", "hear", "run"]

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
class Failed:
    """A worker ended by an error of its own."""

    trace: str


@attrs.frozen
class Died:
    """A worker ended without an answer.

    Attributes:
        how: `signal 9`, `status 3`.
    """

    how: str


Message = Told | Answered | Failed | Died


class Worker:
    """A process that works on one thing.

    Args:
        function: called there with `tell`, by which it sends values on the way, and the arguments.
    """

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        _begin_account()
        self.pipe, theirs = CONTEXT.Pipe()
        given = _packed((function, arguments))
        self._process = CONTEXT.Process(target=_work, args=(theirs, os.getpid(), _group(), given))
        with _held_back():
            self._process.start()
        theirs.close()

    def end(self) -> None:
        """End the process; its guard ends those that it began."""
        if not self.pipe.closed:
            self.pipe.close()
            with suppress(ProcessLookupError):
                _kill(self._process)
            self._process.join()

    def heard(self) -> Message:
        """The next message, waited for; after any but `Told` the process has ended."""
        try:
            message: Message = pickle.loads(self.pipe.recv_bytes())
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
        case Failed(trace=trace):
            raise WorkFailed(f"{name} failed:\n{trace}")
        case _:
            raise WorkFailed(f"{name} ended without an answer ({message})")


class Apart(Executor):
    """An executor that calls one function after the other in a process of its own, begun anew where it has died."""

    def __init__(self) -> None:
        self._line = ThreadPoolExecutor(1)
        self._worker: Worker | None = None

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        return self._line.submit(self._ask, partial(function, *arguments, **named))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._line.shutdown(wait, cancel_futures=cancel_futures)
        if self._worker is not None:
            self._worker.end()

    def _ask(self, call: Callable[[], Any]) -> Any:
        if self._worker is None:
            self._worker = Worker(_serve)
        self._worker.pipe.send_bytes(_packed(call))
        message = self._worker.heard()
        if isinstance(message, Told):
            return message.value
        self._worker = None
        return _answer("a call", message)


def _serve(tell: Line) -> None:
    """Answer calls until nobody asks any more."""
    with suppress(EOFError):
        while True:
            tell(pickle.loads(tell.pipe.recv_bytes())())


# In a worker


def _work(pipe: Connection, owner: int, group: int | None, given: bytes) -> None:
    """What a worker does: work, answer, end."""
    _join(owner, group)

    line = Line(pipe)

    try:
        function, arguments = pickle.loads(given)
        line.send(Answered(function(line, *arguments)))
    except BrokenPipeError:
        pass  # nobody listens any more
    except BaseException:  # noqa: BLE001  # whatever it is, it is told to whom asked, who raises it
        line.send(Failed(traceback.format_exc()))


class Line:
    """By which a worker tells things on the way; `tell(value)`."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self._door = Lock()

    def __call__(self, value: Any) -> None:
        self.send(Told(value))

    def send(self, message: Message) -> None:
        """Send a message, one at a time, whichever thread it is."""
        packed = cloudpickle.dumps(message)
        with self._door:
            self.pipe.send_bytes(packed)


def _join(owner: int, group: int | None) -> None:
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


# In the owner


def _kill(process: Any) -> None:
    if hasattr(signal, "SIGKILL"):
        os.kill(process.pid, signal.SIGKILL)
    else:
        process.terminate()


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
        reads, writes = os.pipe()
        actions = [
            (os.POSIX_SPAWN_DUP2, reads, 0),
            *((os.POSIX_SPAWN_OPEN, out, os.devnull, os.O_WRONLY, 0) for out in (1, 2)),
        ]
        guard = os.posix_spawn(SHELL, [SHELL, "-c", "read _; kill -9 0"], {}, file_actions=actions, setpgroup=0)
        os.close(reads)
        _guard = os.getpid(), guard, writes
        atexit.register(_dismiss, *_guard)
    return _guard[1]


def _dismiss(owner: int, guard: int, pipe: int) -> None:
    """Let the guard do its work, at the end of the process that began it."""
    if owner == os.getpid():
        os.close(pipe)
        with suppress(ChildProcessError):
            os.waitpid(guard, 0)


def _packed(value: Any) -> bytes:
    """A value for another process."""
    stream = io.BytesIO()
    _Pickler(stream).dump(value)
    return stream.getvalue()


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]  # a package without types
    """Classes and functions go by name where the other process can import them, else by value."""

    def reducer_override(self, value: Any) -> Any:
        module = (
            sys.modules.get(getattr(value, "__module__", None) or "")
            if isinstance(value, type | FunctionType)
            else None
        )
        if module is not None and not _can_be_imported(module.__name__):
            cloudpickle.register_pickle_by_value(module)
        return super().reducer_override(value)


def _can_be_imported(name: str) -> bool:
    """Whether another process with the same search path finds the same module under this name."""
    path: Any = None
    spec = None
    for dotted in accumulate(name.split("."), "{}.{}".format):
        spec = next((found for finder in sys.meta_path if (found := finder.find_spec(dotted, path)) is not None), None)
        if spec is None:
            return False
        path = spec.submodule_search_locations
    origin = getattr(sys.modules[name], "__file__", None)
    return origin is None or (spec is not None and spec.origin == origin)
