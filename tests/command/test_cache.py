"""`fsm verify --cache`: a second run says the same, and how it knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from fsm.command.reports.document import schema
from fsm.command.verify import verify
from fsm.verification.decide.elsewhere import processes
from fsm.verification.decide.elsewhere.processes import Worker

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
    assert ["Every proof is", "Every proof is", "Every proof that is not believed is"] == [
        line.strip().partition(". ")[2].partition(" confirmed")[0]
        for one in (first, second, trusted)
        for line in one.output.splitlines()
        if "Every proof" in line
    ]
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


TWO = """\
from fsm import Field, Machine, State, System, always, each, event, wire

free, taken = State("free"), State("taken")

@event
class Take:
    pass

@event
class Come:
    who: Field[str]

def hall(name):
    guests = each("guests", Machine(f"guest_{name}", (free, taken), free, (free.on(Take).to(taken),)), key="who")
    return System(name, (guests,), wires=(wire(Come, guests[Come.who].by(Take)),), properties=(always("all who came took", guests.count(taken) == guests.count()),))

EAST, WEST = hall("east"), hall("west")
"""


def test_what_is_kept_of_all_is_confirmed_in_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several processes share what has to be proved; where something is kept of every claim one of them is enough, and says the same."""
    (tmp_path / "two_kept_halls.py").write_text(TWO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    begun: list[Any] = []

    def worker(*given: Any) -> Worker:
        begun.append(given)
        return Worker(*given)

    monkeypatch.setattr(processes, "Worker", worker)

    def told() -> tuple[int, list[str]]:
        begun.clear()
        result = CliRunner().invoke(verify, ["two_kept_halls.py", "--quiet", "--cache", "kept", "--json"])
        assert result.exit_code == 0
        claims = [
            row for one in json.loads(result.stdout)["reports"] for row in (*one["definition"], *one["properties"])
        ]
        return len(begun), [f"{row['verdict']} {row.get('kept')}" for row in claims]

    (many, first), (one, second) = told(), told()
    assert (many, one) == (3, 1) and len(first) == len(second) and {"proved None"} == set(first)
    assert "proved confirmed again" in second and {"proved confirmed again", "proved replayed"} >= set(second)
    next((tmp_path / "kept").rglob("*.json")).unlink()
    assert (3, len(first)) == (told()[0], len(first))
