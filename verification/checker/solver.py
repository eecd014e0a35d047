"""Who answers: cvc5 in this process, or any program that reads SMT-LIB. Believed only as one clean word.

Standard library, and cvc5 where it is installed.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from select import poll

__all__ = ["Answer", "Asked", "InProcess", "Program"]

Answer = str
"""`unsat`, `sat` or `unknown`."""
BUDGET = 600_000
"""Of one question, twice what those of the desk need, in cvc5's own count of resources: the same on every machine."""
SHELL = "/bin/sh"
TRIES = 3
"""How often a program may be silent."""
MOMENT = 100
"""Milliseconds after which it is looked whether a silent program has ended."""
MOST_PRINTED = 4_096
"""How many bytes a program may print."""


class InProcess:
    """cvc5 of this process, which is told a relation once and asked many questions about it."""

    def ask(self, common: Sequence[str], questions: Sequence[Sequence[str]]) -> list[Answer]:
        """An answer to each question, whose lines stand behind the common ones and are taken back."""
        import cvc5

        terms = cvc5.TermManager()
        solver = cvc5.Solver(terms)
        solver.setOption("incremental", "true")
        solver.setOption("rlimit-per", str(BUDGET))
        symbols = cvc5.SymbolManager(terms)
        lines = [*common]
        for question in questions:
            lines += ["(push 1)", *question, "(check-sat)", "(pop 1)"]
        parser = cvc5.InputParser(solver, symbols)
        parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, "\n".join(lines), "questions")
        answers: list[Answer] = []
        try:
            while not (command := parser.nextCommand()).isNull():
                said = command.invoke(solver, symbols).strip()
                if said:
                    answers.append(said if said in ("sat", "unsat") else "unknown")
        except RuntimeError as error:  # whatever cvc5 does not take
            answers += [f"unknown: {str(error)[:200]}"] * (len(questions) - len(answers))
        return answers if len(answers) == len(questions) else ["unknown"] * len(questions)


class Program:
    """Any program that is given a file with one closed question and says one word; one that is silent again and again is not asked any more.

    Args:
        command: the program and its arguments, as a shell reads them.
        seconds: for one question.

    Raises:
        ValueError: it is no command, or there is no such program.
    """

    def __init__(self, command: str, seconds: float = 600.0) -> None:
        self._words = shlex.split(command)
        self._seconds = seconds
        self._silent = 0
        if not self._words or "\0" in command or shutil.which(self._words[0]) is None:
            raise ValueError("is no command, or there is no such program")

    def ask(self, common: Sequence[str], questions: Sequence[Sequence[str]]) -> list[Answer]:
        """An answer to each question, asked in a file of its own."""
        return [self._one([*common, *question, "(check-sat)", ""]) for question in questions]

    def _one(self, lines: Sequence[str]) -> Answer:
        if self._silent == TRIES:
            return "unknown: it was silent again and again"
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "question.smt2")
            file.write_text("\n".join(lines), encoding="ascii")
            try:
                said, in_time = _said([*self._words, str(file)], self._seconds)
            except OSError as error:
                return f"unknown: {str(error)[:200]}"
        self._silent += not in_time
        return said


def _said(words: Sequence[str], seconds: float) -> tuple[Answer, bool]:
    """The one word that a program prints before it ends well, and whether it was in time; no more of it is read, and what it leaves running is ended.

    It is believed only where it ends by itself, with status 0, with that word and nothing else on both its outputs, and leaves nothing behind.
    """
    program = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    patience = threading.Timer(seconds, _end, [program])
    patience.start()
    try:
        with program, _ends_with_us(program.pid):
            printed, closed = _read(program)
            if len(printed) == MOST_PRINTED:
                _end(program)
            program.wait()
            alone = closed and not _is_alive(program.pid)
    finally:
        in_time = patience.is_alive()
        patience.cancel()
        _end(program)
    said = printed.decode("ascii", "replace").strip()
    believed = said in ("sat", "unsat") and program.returncode == 0 and in_time and alone
    return (said if believed else "unknown"), in_time


def _read(program: subprocess.Popen[bytes]) -> tuple[bytes, bool]:
    """What it prints, and whether nobody can print there any more; what it leaves running may hold its output open, and is not waited for."""
    assert program.stdout is not None
    output, printed, waiting = program.stdout.fileno(), b"", poll()
    waiting.register(output)
    while len(printed) < MOST_PRINTED:
        over = program.poll() is not None  # looked at before it is read: then all that it said is there
        if waiting.poll(0 if over else MOMENT):
            more = os.read(output, MOST_PRINTED - len(printed))
            printed += more
            if not more:
                return printed, True
        elif over:
            break
    return printed, False


@contextmanager
def _ends_with_us(group: int) -> Iterator[None]:
    """In this block a shell waits for our end, whatever ends us, and then ends a group."""
    if not os.path.exists(SHELL):
        yield
        return
    waits = [SHELL, "-c", "read _; kill -9 -- -$0", str(group)]
    with subprocess.Popen(waits, stdin=subprocess.PIPE, start_new_session=True) as guard:
        try:
            yield
        finally:
            guard.kill()


def _is_alive(group: int) -> bool:
    """Whether some process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _end(program: subprocess.Popen[bytes]) -> None:
    """End a program and whatever it has begun."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, signal.SIGKILL)


Asked = InProcess | Program
