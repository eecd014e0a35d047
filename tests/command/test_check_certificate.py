"""`fsm verify --certificates` and `fsm check-certificate` as people and CI call them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fsm.command.group import fsm

TARGET = f"{Path(__file__).parents[1] / 'regression/proved/two_phase_commit.py'}:SUBJECT"
Z3 = Path(sys.executable).with_name("z3")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(fsm, list(arguments))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of two-phase commit."""
    made = tmp_path_factory.mktemp("certificates") / "commit"
    done = run("verify", TARGET, "--fast", "--certificates", str(made))
    assert 0 == done.exit_code
    assert "Not confirmed by a second solver" in done.output
    return made


def test_certificates_are_shown_by_cvc5(folder: Path) -> None:
    """Status 0, and how much was asked."""
    done = run("check-certificate", str(folder), TARGET)

    assert 0 == done.exit_code
    assert "system two_phase_commit: 9 claims hold; cvc5" in done.output


def test_any_solver_that_reads_smt_lib_can_be_asked(folder: Path) -> None:
    """Here the program that comes with Z3, another process than the one that proved."""
    done = run("check-certificate", str(folder), TARGET, "--solver", str(Z3), "--json")

    assert (0, 0) == (done.exit_code, json.loads(done.output)["exit_status"])
    assert [4, 4, 9] == [one["claims"] for one in json.loads(done.output)["certificates"]]


@pytest.mark.parametrize(("says", "status", "mark"), [("unknown", 3, "?"), ("sat", 1, "✗")])
def test_the_status_says_what_was_found(says: str, status: int, mark: str, folder: Path) -> None:
    """3 where a solver gives up, 1 where a question has an answer; the question is named."""
    done = run("check-certificate", str(folder), TARGET, "--solver", f"sh -c 'echo {says}'")

    assert status == done.exit_code
    assert f"{mark} properties/lemmas/nobody-aborts-what-another-has-committed/on-decide.smt2" in done.output


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("check-certificate", "{folder}"), "a folder does not decide which code is run"),
        (("check-certificate", "{folder}/machine-manager", TARGET), "holds no certificates"),
        (("check-certificate", "{folder}", TARGET, "--solver", "no-such-solver"), "no-such-solver"),
        (("verify", TARGET, "--certificates", "{folder}"), "not empty"),
    ],
)
def test_wrong_usage_is_told_in_one_line(arguments: tuple[str, ...], complaint: str, folder: Path) -> None:
    """Status 2."""
    done = run(*(one.format(folder=folder) for one in arguments))

    assert 2 == done.exit_code
    assert complaint in done.output


def test_a_proof_is_confirmed_unless_it_shall_be_fast() -> None:
    """The report says so in its head."""
    assert "Every proof is confirmed by cvc5" in run("verify", TARGET).output
