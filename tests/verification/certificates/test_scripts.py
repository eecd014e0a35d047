"""What is written is standard SMT-LIB, and every proof of the regression machines has a certificate that holds."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import z3

from fsm.command.invocation.target import resolve
from fsm.desk import TILE
from fsm.verification.certificates.confirming import SecondSolver, begin, sections_of
from fsm.verification.certificates.smtlib import Writer, quoted
from fsm.verification.verdict import Proved
from fsm.verification.verify import verify

REGRESSION = Path(__file__).parents[2] / "regression"
AT_LEAST_TWO = ("and", "or", "+", "*", "=", "<", "<=", ">", ">=")


def lonely(script: str) -> list[str]:
    """Operators that stand without two arguments, which some solvers read and the standard does not know."""
    found: list[str] = []
    open_: list[list[str]] = []
    for token in re.findall(r"\|[^|]*\||[()]|[^\s()]+", re.sub(r";.*", "", script)):
        if token == "(":
            open_.append([])
        elif token == ")":
            inside = open_.pop()
            found += inside[:1] if inside and inside[0] in AT_LEAST_TWO and len(inside) < 3 else []
            if open_:
                open_[-1].append("()")
        else:
            found += [token] if token in AT_LEAST_TWO and open_[-1] else []
            open_[-1].append(token)
    return found


def test_every_script_of_a_machine_is_standard() -> None:
    """A machine of the desk: timers, clocks, counted effects."""
    sections = sections_of(verify(TILE))
    scripts = [query.text for section in sections for query in section.queries]

    assert scripts
    assert [] == [one for script in scripts for one in lonely(script)]
    assert all(
        script.endswith("(check-sat)\n") and script.count("(check-sat)") == 1 and script.isascii()
        for script in (re.sub(r";.*", "", one) for one in scripts)
    )


def test_the_check_above_can_fail() -> None:
    """One argument, or none."""
    assert ["or"] == lonely("(assert (or (= x 1)))")
    assert ["and"] == lonely("(assert (not and))")


@pytest.mark.parametrize("file", sorted((REGRESSION / "proved").glob("*.py")), ids=lambda file: file.stem)
def test_every_proof_of_the_regression_machines_is_confirmed(file: Path) -> None:
    """By every kind of argument there is."""
    report = verify(resolve(f"{file}:SUBJECT"))
    with ThreadPoolExecutor(1) as pool:
        again = begin(report, SecondSolver(pool)).finish()

    assert [type(one) for one in report.all] == [type(one) for one in again.all]
    assert any(isinstance(one, Proved) for one in again.all)


def test_names_of_facts_are_plain_and_each_stands_once() -> None:
    """Whatever a sentence is made of."""
    x = z3.Int("x")
    script = Writer({"x": "a number"}).script(
        ["two facts"],
        (),
        [("a|b", "", x > 0), ("a\\b", "with words", x < 0), ("α", "", x == 0)],
        x == 1,
        "is there such a number?",
    )

    assert "|a?b|" == quoted("a|b")
    assert ["|a?b|", "|a?b (2)|", "|?|"] == re.findall(r":named (\|[^|]*\|)", script)
    assert "(declare-fun x () Int) ; a number" in script
