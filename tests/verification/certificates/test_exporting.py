"""The questions of every proof as one script, read by the programs and libraries of other people."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from fsm import Machine, State, always, event, inside, integer
from fsm.command.invocation.target import resolve
from fsm.verification import verify
from fsm.verification.certificates.exporting import script_of

REGRESSION = Path(__file__).parents[2] / "regression"
FILES = ("proved/lock_server", "proved/turnstile", "refuted/open_door", "unknown/collatz")


@event
class Go:
    pass


def odd() -> Machine:
    """A machine whose sentences want to be read."""
    red, green, tries = State("red"), State("green"), integer("tries", 0, 3)
    line = red.on(Go).when(tries < 3).to(green).set(tries, tries + 1)
    return Machine("odd", (red, green), red, (line,), (tries,), properties=(always("\n(assert false)\n\r(exit)\u2028(check-sat)", inside(red, green)), always('") | tries', tries <= 3)))  # fmt: skip


@cache
def script(name: str) -> str:
    return script_of(verify(odd() if name == "odd" else resolve(f"{REGRESSION / name}.py:SUBJECT")))


def asked(text: str) -> int:
    return len(re.findall(r"^\(check-sat\)$", text, re.MULTILINE))


@pytest.mark.parametrize("name", [*FILES, "odd"])
def test_z3s_program_answers_every_question_as_a_proof_needs(name: str, tmp_path: Path) -> None:
    """So many questions as the note says, each unsat, and nothing else is printed: no error, no warning."""
    file = tmp_path / "proofs.smt2"
    file.write_text(script(name), encoding="ascii")

    done = subprocess.run([Path(sys.executable).with_name("z3"), file], capture_output=True, text=True, timeout=60, check=False)  # fmt: skip

    assert ["unsat"] * asked(script(name)) == (done.stdout + done.stderr).split("\n")[:-1]
    assert f"; {asked(script(name))} questions;" in script(name)


@pytest.mark.parametrize("name", [*FILES, "odd"])
def test_cvc5_answers_them_too(name: str) -> None:
    """Command by command, by the parser that its program has."""
    import cvc5

    terms = cvc5.TermManager()
    solver = cvc5.Solver(terms)
    symbols = cvc5.SymbolManager(terms)
    parser = cvc5.InputParser(solver, symbols)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script(name), "proofs")
    said = []
    while not (command := parser.nextCommand()).isNull():
        said += command.invoke(solver, symbols).split()

    assert ["unsat"] * asked(script(name)) == said


def test_what_no_question_shows_is_named_with_the_reason() -> None:
    """What runs show, what is refuted and what is unknown."""
    note = {name: script(name).partition("(reset)")[0] for name in FILES}

    assert (
        "the claim 'many can ask while one holds it': shown by runs or by an enumeration" in note["proved/lock_server"]
    )
    assert ": refuted, and no question shows that." in note["refuted/open_door"]
    assert ": unknown, and no question shows that." in note["unknown/collatz"]


def test_each_claim_stands_above_its_questions() -> None:
    """In the words of the declaration: by which lemmas it holds, and what each question asks."""
    text = script("proved/lock_server")

    assert "; the claim 'no two clients hold the lock' holds by at most 1 clients holding" in text
    assert (
        "; the lemma at most 1 clients holding: that receives is taken, and after it this no longer holds\n(reset)"
        in text
    )
