"""Somebody's own requirements, linked to what of their declarations cites them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fsm.command.trace import trace

MODEL = """\
from fsm import Assumption, Machine, State, always, event, inside, parameter

ready = State("ready")
most = parameter("most", int, 3, low=1, high=9, cites=("R-2",))

@event
class Enter:
    pass

DOOR = Machine(
    "door", (ready,), ready, (ready.on(Enter).stay(),),
    assumptions=(Assumption("some", most >= 2, cites=("R-2",)),),
    properties=(always("it is ready", inside(ready), cites=("R-1",)), always("it is ready again", inside(ready), cites=({cites})),),
)
"""
TOML = '[[requirement]]\nid = "R-1"\ntext = "ready"\n\n[[requirement]]\nid = "R-2"\ntext = "enough"\n'
MARKDOWN = (
    "# Requirements\n\nSome R-9 in a sentence.\n\n- **R-1**: ready\n\n| id | what |\n|---|---|\n| R-2 | enough |\n\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def traced(folder: Path, *arguments: str, cites: str = '"R-1", "R-2"') -> Result:
    (folder / "door.py").write_text(MODEL.format(cites=cites), encoding="utf-8")
    (folder / "requirements.toml").write_text(TOML, encoding="utf-8")
    (folder / "requirements.md").write_text(MARKDOWN, encoding="utf-8")
    return CliRunner().invoke(trace, list(arguments))


@pytest.mark.parametrize("name", ["requirements.toml", "requirements.md"])
def test_each_requirement_is_shown_with_what_cites_it(folder: Path, name: str) -> None:
    """Claims, assumptions, parameters; the same from TOML and from Markdown."""
    done = traced(folder, "--catalogue", name, "door.py")

    assert 0 == done.exit_code
    assert [
        "R-1 ready",
        "  claim        door: it is ready",
        "  claim        door: it is ready again",
        "R-2 enough",
        "  claim        door: it is ready again",
        "  assumption   door: some",
        "  parameter    door: most",
        "2 requirements: 2 claimed, 0 missing; 0 unknown ids are cited",
    ] == done.output.splitlines()


def test_what_no_claim_cites_is_missing_and_what_stands_nowhere_is_unknown(folder: Path) -> None:
    """Status 1, so that a pipeline says it; that an assumption cites it is not enough."""
    done = traced(folder, "--catalogue", "requirements.toml", "door.py", "--missing", cites='"R-7",')

    assert 1 == done.exit_code
    assert done.output.splitlines()[0] == "R-2 enough"
    assert "  missing      no claim cites it" in done.output
    assert "R-7 stands nowhere in requirements.toml\n  claim        door: it is ready again" in done.output
    document = json.loads(
        traced(folder, "--catalogue", "requirements.toml", "door.py", "--json", cites='"R-7",').stdout
    )
    assert [("R-1", False), ("R-2", True)] == [(one["id"], one["missing"]) for one in document["requirements"]]
    assert ["R-7"] == [one["id"] for one in document["unknown"]]


def test_the_configuration_names_the_catalogue_and_the_targets(folder: Path) -> None:
    """Then nothing has to be said."""
    text = '[tool.fsm]\ntargets = ["door.py"]\ncatalogue = "requirements.md"\n'
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")

    assert "2 requirements: 2 claimed" in traced(folder).output


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("r.toml", TOML + TOML, "r.toml, line 8: R-1 stands there already, on line 1."),
        ("r.toml", '[[requirement]]\nid = "R-1"\n', "r.toml, line 1: a requirement has an id and a text"),
        ("r.toml", '[[requirement]]\nid = "R-1"\ntext = 3\n', "r.toml, line 1: a requirement has an id and a text"),
        ("r.toml", "[[requirements]]\n", "r.toml has more than [[requirement]] tables, or none."),
        ("r.toml", "[[requirement]\n", "r.toml is not TOML: "),
        ("r.md", "nothing at all\n", "r.md has no requirement: "),
        ("r.md", "- R-1: a\n- R-1: b\n", "r.md, line 2: R-1 stands there already, on line 1."),
    ],
)
def test_a_catalogue_that_is_wrong_is_wrong_usage(folder: Path, name: str, text: str, expected: str) -> None:
    """With the line, where there is one."""
    (folder / name).write_text(text, encoding="utf-8")

    done = traced(folder, "--catalogue", name, "door.py")

    assert 2 == done.exit_code
    assert expected in done.stderr
