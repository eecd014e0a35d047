"""A second solver: cvc5 in this process, or any program that reads SMT-LIB.

Three answers, never folded into two: `unsat`, `sat`, and that it does not know, with the reason; what goes
wrong while asking is not knowing. The budget of cvc5 is its own resource count and not the clock.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum
from importlib.metadata import version
from pathlib import Path
from shlex import split
from tempfile import TemporaryDirectory

import attrs

from fsm.verification.certificates.reading import plainly
from fsm.verification.decide.guards import guarded

__all__ = ["Answer", "Program", "Said", "ask_all", "ask_cvc5", "ask_program", "cvc5_name", "words_of"]

BUDGET = 20_000_000
PATIENCE = 600.0
"""How many seconds a named program may take for one question."""
TRIES = 3
"""How often it may be silent."""
MOST_PRINTED = 4_096
"""How many bytes it may print."""
TICK = 0.05
"""How many seconds pass until it is looked whether a silent program has ended."""
SHOWN = 200
"""How many characters of it are shown."""


class Said(Enum):
    """What a solver can answer."""

    UNSAT = "unsat"
    SAT = "sat"
    UNKNOWN = "unknown"


@attrs.frozen
class Answer:
    """What a solver answered, and where it does not know, why; `late` where it did not answer in time."""

    said: Said
    why: str = ""
    late: bool = False


def cvc5_name() -> str:
    """The solver with its version."""
    return f"cvc5 {version('cvc5')}"


def ask_all(scripts: Sequence[str]) -> list[Answer]:
    """cvc5's answers, one after the other; made to be called in another process."""
    return [ask_cvc5(one) for one in scripts]


def ask_cvc5(script: str, budget: int = BUDGET) -> Answer:
    """What cvc5 answers to a closed script."""
    import cvc5

    terms = cvc5.TermManager()
    solver = cvc5.Solver(terms)
    solver.setOption("rlimit", str(budget))
    symbols = cvc5.SymbolManager(terms)
    parser = cvc5.InputParser(solver, symbols)
    said = []
    try:
        parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "question")
        while not (command := parser.nextCommand()).isNull():
            said.append(str(command.invoke(solver, symbols)))
    except RuntimeError as fault:
        return Answer(Said.UNKNOWN, f"it stopped: {fault}")
    return read("".join(said))


def words_of(command: str) -> tuple[str, ...]:
    """The program and its arguments.

    Raises:
        ValueError: the command is empty, or no words as a shell reads them.
    """
    words = tuple(split(command))
    if not words or "\0" in command:
        raise ValueError("is no command")
    return words


@attrs.define(eq=False)
class Program:
    """A program that answers questions; one that is silent again and again is not asked any more.

    Attributes:
        command: the program and its arguments; the name of a file comes after them.
    """

    command: tuple[str, ...]
    _silent: int = 0

    def ask(self, script: str) -> Answer:
        """What it answers.

        Raises:
            OSError: it cannot be started.
        """
        if self._silent == TRIES:
            return Answer(Said.UNKNOWN, f"it was silent {TRIES} times, and is not asked any more")
        answer = ask_program(self.command, script)
        self._silent += answer.late
        return answer


def ask_program(command: Sequence[str], script: str) -> Answer:
    """What a program answers: it is given a file and prints `unsat`, `sat` or `unknown`, and nothing else.

    It is believed only where it ends by itself, with status 0, within its time, with that one word on standard output
    and nothing on standard error. Whatever it leaves running is ended with it.

    Raises:
        OSError: it cannot be started.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder, "question.smt2")
        file.write_text(script, encoding="utf-8")
        with guarded() as watch:
            run = subprocess.Popen(
                [*command, str(file)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            try:
                watch(run.pid)
                return _watched(run)
            finally:
                _end(run)


def _watched(run: subprocess.Popen[bytes]) -> Answer:
    """The answer of a program that runs: as soon as it prints too much or takes too long, none."""
    assert run.stdout is not None and run.stderr is not None
    printed: dict[int, bytes] = {run.stdout.fileno(): b"", run.stderr.fileno(): b""}
    deadline = time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as waiting:
        for pipe in printed:
            waiting.register(pipe, selectors.EVENT_READ)
        while waiting.get_map():
            ready = waiting.select(TICK)
            for key, _ in ready:
                more = os.read(key.fd, MOST_PRINTED + 1)
                printed[key.fd] += more
                if len(printed[key.fd]) > MOST_PRINTED:
                    return Answer(Said.UNKNOWN, f"it printed more than {MOST_PRINTED} bytes")
                if not more:
                    waiting.unregister(key.fd)
            if time.monotonic() > deadline:
                return Answer(Said.UNKNOWN, f"it did not answer within {PATIENCE:g} s", late=True)
            if not ready and run.poll() is not None:
                break  # whoever holds the pipes is another process
    try:
        run.wait(max(deadline - time.monotonic(), TICK))
    except subprocess.TimeoutExpired:
        return Answer(Said.UNKNOWN, f"it did not end within {PATIENCE:g} s", late=True)
    out, err = (one.decode("utf-8", "backslashreplace") for one in printed.values())
    return _judged(run, out, err)


def _judged(run: subprocess.Popen[bytes], out: str, err: str) -> Answer:
    """What a program that has ended may be believed."""
    status = run.returncode
    if status != 0:
        ended = f"signal {-status}" if status < 0 else f"status {status}"
        return Answer(Said.UNKNOWN, f"it ended with {ended}{_told(err or out)}")
    if err.strip():
        return Answer(Said.UNKNOWN, f"it printed on standard error{_told(err)}")
    if _is_alive(run.pid):
        return Answer(Said.UNKNOWN, "it left a process behind")
    return read(out)


def _is_alive(group: int) -> bool:
    """Whether some process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _told(text: str) -> str:
    """What a program said, in one line that a terminal may show."""
    said = plainly(" ".join(text.split())[:SHOWN])
    return f": {said}" if said else ""


def _end(run: subprocess.Popen[bytes]) -> None:
    """End the program and all that it began in its process group, and wait until it has ended."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(run.pid, signal.SIGKILL)
    for pipe in (run.stdout, run.stderr):
        if pipe is not None:
            pipe.close()
    run.wait()


def read(printed: str) -> Answer:
    """The answer in what a solver prints; anything but the one word is not knowing."""
    word = printed.strip()
    if word in ("unsat", "sat"):
        return Answer(Said(word))
    if word == "unknown":
        return Answer(Said.UNKNOWN, "it answers unknown")
    return Answer(Said.UNKNOWN, f"it prints no answer{_told(printed)}" if word else "it prints nothing")
