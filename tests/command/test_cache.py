"""`fsm verify --cache`: a second run says the same, and how it knows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from fsm.command.reports.document import schema
from fsm.command.verify import verify

MODEL = """\
from fsm import Machine, State, always, event, integer, reachable

ready = State("ready")
wrong = integer("wrong", 0, 3)

@event
class Enter:
    pass

DOOR = Machine(
    "door", (ready,), ready, (ready.on(Enter).when(wrong < 3).stay().set(wrong, wrong + 1), ready.on(Enter).when(wrong == 3).stay()), (wrong,),
    properties=(always("little is wrong", wrong <= 3), always("nothing is wrong", wrong == 0), reachable("all is wrong", wrong == 3)),
)
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a_kept_door.py").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*options: str) -> Result:
    return CliRunner().invoke(verify, ["a_kept_door.py:DOOR", "--quiet", *options])


def how(*options: str) -> list[str | None]:
    """How each verdict is known, the checks of the definition first."""
    document = json.loads(run("--json", *options).stdout)
    Draft202012Validator(schema()).validate(document)
    (report,) = document["reports"]
    return [one.get("kept") for one in (*report["definition"], *report["properties"])]


def test_a_second_run_says_the_same_and_how_it_knows(here: Path) -> None:
    """Nothing is kept where nobody asks; the text differs by the line that tells of the cache alone."""
    first, told = run("--cache", "kept"), how("--cache", "kept")
    second, trusted = run("--cache", "kept"), run("--cache", "kept", "--trust-cache")

    assert (1, 1, 1) == (first.exit_code, second.exit_code, trusted.exit_code)
    assert ["replayed" if place == 5 else "confirmed again" for place in range(7)] == [one for one in told if one]
    assert "Of the cache: 6 confirmed again by the checker, 1 replayed." in " ".join(second.output.split())
    assert "Of the cache: 1 replayed, 6 believed, as --trust-cache says." in " ".join(trusted.output.split())
    assert (
        first.output.split("7 proved")[0].split("runs are replayed")[0]
        == second.output.split("7 proved")[0].split("runs are replayed")[0]
    )
    assert [None] * 7 == how() == how("--no-cache")


def test_the_configuration_may_name_it(here: Path) -> None:
    """And an option leaves it out; what does not go together is wrong usage, and so is a file in its place."""
    (here / "pyproject.toml").write_text('[tool.fsm]\ncache = "there"\n', encoding="utf-8")
    run()

    assert (here / "there").is_dir() and None not in how() and [None] * 7 == how("--no-cache")
    (here / "file").touch()
    assert [2, 2, 2] == [
        run(*one).exit_code
        for one in (["--no-cache", "--trust-cache"], ["--no-cache", "--cache", "x"], ["--cache", "file"])
    ]
    (here / "pyproject.toml").write_text("[tool.fsm]\ncache = 3\n", encoding="utf-8")
    assert "line 2: cache is no name of a folder" in run().output
    (here / "pyproject.toml").unlink()
    assert 2 == run("--trust-cache").exit_code
