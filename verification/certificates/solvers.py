"""A second solver: cvc5 in this process, or any program that reads SMT-LIB.

Three answers, never folded into two: `unsat`, `sat`, and that it does not know, with the reason; what goes
wrong while asking is not knowing. The budget of cvc5 is its own resource count and not the clock.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from enum import Enum
from importlib.metadata import version
from pathlib import Path
from shlex import split
from tempfile import TemporaryDirectory

import attrs

__all__ = ["Answer", "Said", "ask_all", "ask_cvc5", "ask_program", "cvc5_name"]

BUDGET = 20_000_000
PATIENCE = 600
"""How many seconds a named program may take for one question."""


class Said(Enum):
    """What a solver can answer."""

    UNSAT = "unsat"
    SAT = "sat"
    UNKNOWN = "unknown"


@attrs.frozen
class Answer:
    """What a solver answered, and where it does not know, why."""

    said: Said
    why: str = ""


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


def ask_program(command: str, script: str) -> Answer:
    """What a program answers: it is given a file and prints `unsat`, `sat` or `unknown`.

    Raises:
        OSError: it cannot be started.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder, "question.smt2")
        file.write_text(script, encoding="utf-8")
        try:
            done = subprocess.run(
                [*split(command), str(file)], capture_output=True, text=True, errors="replace", timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            return Answer(Said.UNKNOWN, f"it did not answer within {PATIENCE} s")
    return read(done.stdout if done.stdout.strip() else done.stderr)


def read(printed: str) -> Answer:
    """The answer in what a solver prints; anything but the one word is not knowing."""
    words = printed.split()
    if words in (["unsat"], ["sat"]):
        return Answer(Said(words[0]))
    return Answer(Said.UNKNOWN, " ".join(words[:30]) if words != ["unknown"] else "it answers unknown")
