"""`fsm diff` as people and pipelines call it: what became of each claim, and a status."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from fsm.command.project.diff import diff
from fsm.command.reports.changes import changes_schema

MODEL = """\
from fsm import Machine, State, always, event, integer

ready = State("ready")
wrong = integer("wrong", 0, 3)

@event
class Enter:
    pass

DOOR = Machine(
    "door", (ready,), ready, (ready.on(Enter).when(wrong < 3).stay().set(wrong, wrong + 1),), (wrong,),
    properties=(always("nothing is wrong", {claim}), always("little is wrong", wrong <= 2)),
)
"""
STRONG, WEAK, ODD = "wrong == 0", "wrong >= 0", "wrong >= 1"


@pytest.fixture
def models(tmp_path: Path) -> dict[str, str]:
    """The same machine with each of the claims, as TARGETs."""
    found = {}
    for place, claim in enumerate((STRONG, WEAK, ODD)):
        file = tmp_path / f"door_{place}.py"
        file.write_text(MODEL.format(claim=claim), encoding="utf-8")
        found[claim] = f"{file}:DOOR"
    return found


def run(*arguments: str) -> Result:
    return CliRunner().invoke(diff, list(arguments))


@pytest.mark.parametrize(
    ("old", "new", "status", "tally"),
    [
        (STRONG, WEAK, 1, "1 weakened, 1 equivalent; behaviour: same"),
        (WEAK, STRONG, 1, "1 strengthened, 1 equivalent; behaviour: same"),
        (STRONG, ODD, 1, "1 incomparable, 1 equivalent; behaviour: same"),
        (STRONG, STRONG, 0, "2 equivalent; behaviour: same"),
    ],
)
def test_a_claim_that_is_weakened_under_its_sentence_is_named(
    models: dict[str, str], old: str, new: str, status: int, tally: str
) -> None:
    """Where the newer claims do not imply the older ones the status is 1, and where one is refuted now; what did not change is counted alone."""
    done = run(models[old], models[new])

    assert (status, tally) == (done.exit_code, done.output.splitlines()[-1])
    assert (old == WEAK) == (
        "✗ verdict: it was proved\n    ✗ nothing is wrong\n        refuted: a run of" in done.output
    )
    if status == 1 and old != WEAK:
        assert (
            f"{tally.split(',')[0].removeprefix('1 ')}: nothing is wrong\n    old  always: door.wrong = 0\n"
            in done.output
        )
    assert "little is wrong" not in done.output


def test_json_and_markdown_tell_every_claim(models: dict[str, str]) -> None:
    """With what it says before and after."""
    document = json.loads(run(models[STRONG], models[WEAK], "--json").output)
    page = run(models[STRONG], models[WEAK], "--markdown")

    assert (1, ["weakened", "equivalent"]) == (
        document["exit_status"],
        [one["change"] for one in document["targets"][0]["claims"]],
    )
    assert "| weakened | nothing is wrong | always: door.wrong = 0 | always: door.wrong ≥ 0 |  |" in page.output
    Draft202012Validator.check_schema(changes_schema())
    Draft202012Validator(changes_schema()).validate(document)
    assert changes_schema() == json.loads(run("--schema").output)
    assert (1, 2) == (page.exit_code, run(models[STRONG], models[WEAK], "--json", "--markdown").exit_code)


# Revisions


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose last commit has two models; since then one weakens a claim, one is gone and one is new."""
    (tmp_path / "models").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.fsm]\ntargets = ["models"]\n', encoding="utf-8")
    for name in ("kept", "gone"):
        text = "print('a word of the model')\n" + MODEL.format(claim=STRONG)
        (tmp_path / "models" / f"{name}_at_a_revision.py").write_text(text, encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "before")
    (tmp_path / "models" / "kept_at_a_revision.py").write_text(MODEL.format(claim=WEAK), encoding="utf-8")
    (tmp_path / "models" / "gone_at_a_revision.py").rename(tmp_path / "models" / "new_at_a_revision.py")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_here_is_compared_with_a_revision(repository: Path) -> None:
    """Target by target: what is gone has lost its claims, and what is new has added them."""
    done = run("HEAD", "--json")
    found = {one["target"]: [claim["change"] for claim in one["claims"]] for one in json.loads(done.stdout)["targets"]}

    assert 1 == done.exit_code
    assert {
        "models/gone_at_a_revision.py:DOOR": ["removed", "removed"],
        "models/kept_at_a_revision.py:DOOR": ["weakened", "equivalent"],
        "models/new_at_a_revision.py:DOOR": ["added", "added"],
    } == found
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "after")
    assert (0, "4 equivalent; behaviour: 2 same") == ((same := run("HEAD")).exit_code, same.output.splitlines()[-1])


@pytest.mark.parametrize("revision", ["no-such-branch", "--output=x", "HEAD:pyproject.toml", ""])
def test_what_is_no_revision_is_wrong_usage(repository: Path, revision: str) -> None:
    """And is never an option of git's."""
    done = run("--", revision)

    assert 2 == done.exit_code
    assert not (repository / "x").exists()


def test_what_breaks_is_for_the_configuration_to_say(
    models: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is no longer taken breaks by itself; another kind where it is named, and no other then. What is misspelt is refused."""
    file = tmp_path / "shorter.py"
    file.write_text(MODEL.format(claim=STRONG).replace("wrong < 3", "wrong < 2"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    new, old = f"{file}:DOOR", models[STRONG]
    status = {}
    for breaking in ("", 'breaking = ["removed"]', 'breaking = ["run-gained"]', 'breaking = ["run-lots"]'):
        (tmp_path / "pyproject.toml").write_text(f"[tool.fsm]\n{breaking}\n", encoding="utf-8")
        status[breaking] = [run(*pair, "--no-verdicts").exit_code for pair in ((old, new), (new, old))]

    assert [[1, 0], [0, 0], [0, 1], [2, 2]] == list(status.values())


def test_runs_settings_verdicts_and_snapshots_stand_in_the_document(tmp_path: Path) -> None:
    """By the schema, with the run as reports have it; under other names, where these are said."""
    old, new = tmp_path / "an_older_door.py", tmp_path / "a_newer_door.py"
    old.write_text(MODEL.format(claim=STRONG), encoding="utf-8")
    text = (
        MODEL.format(claim=STRONG)
        .replace("wrong < 3", "wrong < 2")
        .replace('"wrong"', '"bad"')
        .replace("Enter", "Knock")
    )
    new.write_text(text, encoding="utf-8")
    pair = (f"{old}:DOOR", f"{new}:DOOR")

    document = json.loads(run(*pair, "--json", "--rename", "wrong=bad", "--rename", "Enter=Knock").output)

    Draft202012Validator(changes_schema()).validate(document)
    (target,) = document["targets"]
    (difference,) = target["behaviour"]["differences"]
    assert ("NEW refines OLD", "no longer taken", 3) == (
        target["behaviour"]["relation"],
        difference["kind"],
        len(difference["run"]["steps"]),
    )
    assert [("little is wrong", "refuted", "proved")] == [
        (one["sentence"], one["old"], one["new"]) for one in target["verdicts"]
    ]
    assert target["snapshots"]["migration"] and target["snapshots"]["changes"] == [
        "wrong is called bad now",
        "Enter is called Knock now",
    ]
    assert 2 == run(*pair, "--rename", "nobody=somebody").exit_code == run(*pair, "--rename", "wrong").exit_code


def test_two_versions_of_one_declaration_are_compared() -> None:
    """A claim that is said not to hold there is given up, values that both fix are those of the claims, and what is open now is told with a run."""
    versions = ("--old-profile", "seed", "--new-profile", "attachments", "--no-verdicts")
    done = run("fsm.desk:DESK", "fsm.desk:DESK", *versions)

    assert (1, "1 weakened, 58 equivalent; behaviour: OLD refines NEW") == (
        done.exit_code,
        done.output.splitlines()[-1],
    )
    assert "↓ weakened: no file is sent in a chat" in done.output
    assert (
        "attachments was false, and may be true or false\n  + newly taken: OLD refuses it: rule a chat is text only (S04)"
        in done.output
    )
    assert 2 == run("fsm.desk:DESK", "fsm.desk:DESK", "--old-profile", "sead").exit_code
