"""`fsm init`: what it writes is green, it writes nothing else, and nothing over what stands there."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_what_is_written_is_proved_and_its_tests_pass(tmp_path: Path) -> None:
    """A model file, its test, the configuration; the commands that it names end well."""
    made = run(tmp_path, "fsm", "init", "coffee_machine")
    assert (0, "") == (made.returncode, made.stderr)
    assert ["coffee_machine.py", "test_coffee_machine.py", "pyproject.toml"] == made.stdout.splitlines()[:3]
    assert 3 == len(list(tmp_path.iterdir()))
    assert "strict" in tomllib.loads((tmp_path / "pyproject.toml").read_text())["tool"]["mypy"]

    proved = run(tmp_path, "fsm", "verify", "coffee_machine.py:COFFEE_MACHINE", "--json")
    tested = run(tmp_path, "pytest", "-q", "-p", "no:cacheprovider")

    assert 0 == proved.returncode, proved.stdout
    (report,) = json.loads(proved.stdout)["reports"]
    assert {"proved"} == {claim["verdict"] for claim in (*report["definition"], *report["properties"])}
    assert 0 == tested.returncode, tested.stdout
    assert "2 passed" in tested.stdout


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """Nor beside: all or nothing."""
    (tmp_path / "test_gate.py").write_text("mine", encoding="utf-8")

    done = run(tmp_path, "fsm", "init", "gate")

    assert 2 == done.returncode
    assert "there is a file test_gate.py already; nothing was written" in done.stderr
    assert ["mine"] == [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()]


def test_a_project_that_is_configured_stays_as_it_is(tmp_path: Path) -> None:
    """In this folder or in one above it."""
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")

    done = run(tmp_path, "fsm", "init", "gate", "--out", "models")

    assert 0 == done.returncode, done.stderr
    assert {"gate.py", "test_gate.py"} == {file.name for file in (tmp_path / "models").iterdir()}
    assert "[project]\n" == (tmp_path / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("class", "cannot name a model file"),
        ("test_gate", "cannot name a model file"),
        ("../gate", "cannot name a model file"),
        ('gate"""', "cannot name a model file"),
        ("Gate", "cannot name a model file"),
        ("gate\n", "cannot name a model file"),
        ("json", "json is a module that is installed"),
        ("fsm", "fsm is a module that is installed"),
    ],
)
def test_a_name_that_no_model_file_can_have_is_refused(name: str, told: str, tmp_path: Path) -> None:
    """Before anything is written."""
    done = run(tmp_path, "fsm", "init", name)

    assert (2, "") == (done.returncode, done.stdout)
    assert told in done.stderr
    assert [] == list(tmp_path.iterdir())
