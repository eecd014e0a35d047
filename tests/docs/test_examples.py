"""Six models to begin from, each a file of its own with claims and tests: all that they claim is proved, their tests pass."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from unittest import TestCase

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[2]
EXAMPLES = {file.stem: file for file in sorted((ROOT / "examples").glob("*.py"))}
FEWER = settings(max_examples=10, deadline=None, derandomize=True, database=None)


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> Path:
    return EXAMPLES[request.param]


@pytest.fixture
def module(example: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{example.stem}", example)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, made)  # events look up the types of their fields there
    spec.loader.exec_module(made)
    return made


def test_there_is_an_example_of_each_kind() -> None:
    """One machine, with data, time and parameters; two that move together; any number that are told apart."""
    assert ["circuit_breaker", "desk", "door", "job", "order", "payment"] == list(EXAMPLES)


def test_everything_that_an_example_claims_is_proved(example: Path) -> None:
    """By the command that its first lines name: nothing is refuted, nothing is left open."""
    told = re.search(r"^    fsm (verify examples/\w+\.py:\w+)$", example.read_text(encoding="utf-8"), re.MULTILINE)
    assert told is not None, "the first lines name no command"

    done = subprocess.run(
        [sys.executable, "-m", "fsm", *told[1].split()], cwd=ROOT, capture_output=True, text=True, timeout=300
    )

    assert 0 == done.returncode, done.stdout + done.stderr
    assert re.fullmatch(r"\d+ proved, 0 refuted, 0 unknown", done.stdout.splitlines()[-1])


def test_the_tests_of_an_example_pass(module: ModuleType) -> None:
    """The one that is derived from the declaration, on fewer runs than by `pytest` alone, and the one written by hand."""
    derived = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, TestCase)]
    written = [one for name, one in vars(module).items() if name.startswith("test_")]
    assert (1, 1) == (len(derived), len(written))

    written[0]()
    for case in derived:
        case.settings = FEWER  # type: ignore[attr-defined]  # of Hypothesis
        case("runTest").debug()


def test_an_example_fits_in_a_sitting(example: Path) -> None:
    """Model, claims and test are read from top to bottom without a second file: nothing is imported but the faces."""
    text = example.read_text(encoding="utf-8")

    imported = set(re.findall(r"^(?:from|import) (\S+)", text, flags=re.MULTILINE))
    assert imported <= {"__future__", "enum", "typing", "fsm", "fsm.verification.testing"}
    assert len(text.splitlines()) <= 250
