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


# What is proved, whatever is claimed

LIMITED = (
    MODEL.format(claim="wrong < most")
    .replace("import Machine", "import Machine, NamedProfile, parameter")
    .replace("ready = State", 'most = parameter("most", int, 4, low=4, high=9)\nready = State')
)
LESS = """\
[tool.fsm]
targets = ["models"]
breaking = ["weakened"]
[tool.fsm.values]
most = 5
[[tool.fsm.unknown]]
claim = "little is wrong"
reason = "somebody will look"
"""


@pytest.fixture
def limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a model that has a parameter, and an implementation of it."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "limited_door.py").write_text(LIMITED, encoding="utf-8")
    code = '[[tool.fsm.implementation]]\nof = "door"\nadapter = "doors:Ours"\nexamples = 50\n'
    text = f'[tool.fsm]\ntargets = ["models"]\ncatalogue = "wishes.toml"\n{code}'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "before")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_configuration_under_which_less_is_proved_breaks(limited: Path) -> None:
    """No claim was touched; it is named in every form, and what the base calls breaking holds for who would have it otherwise."""
    assert (0, "2 equivalent; behaviour: same") == ((same := run("HEAD")).exit_code, same.output.splitlines()[-1])
    (limited / "pyproject.toml").write_text(LESS, encoding="utf-8")
    expected = [
        "models/limited_door.py:DOOR is proved for most = 5 alone, and was for every value of most",
        "a claim is called open, and was not: little is wrong",
        "implementations that door is tested against: 0, and there were 1",
        "there is no catalogue of requirements any more",
        "what breaks no more by the configuration, and did: removed, incomparable, run-lost, verdict, narrowed",
    ]

    text, document, page = run("HEAD"), json.loads(run("HEAD", "--json").output), run("HEAD", "--markdown")

    assert 1 == text.exit_code == page.exit_code == document["exit_status"]
    assert "2 equivalent; behaviour: same; 5 narrowed" == text.output.splitlines()[-1]
    assert f"- narrowed: {expected[1]}\n- narrowed: {expected[2]}\n" in text.output
    assert expected == document["narrowed"]
    Draft202012Validator(changes_schema()).validate(document)
    assert "### What is proved less\n" in page.output and f"- {expected[1]}\n" in page.output
    git(limited, "commit", "-q", "-a", "-m", "after")
    (limited / "pyproject.toml").write_text('[tool.fsm]\ntargets = ["models"]\n', encoding="utf-8")
    assert (0, "2 equivalent; behaviour: same") == ((more := run("HEAD")).exit_code, more.output.splitlines()[-1])


def test_an_implementation_that_is_tested_by_fewer_runs_breaks(limited: Path) -> None:
    """And not one that is tested by more."""
    file = limited / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    told = []
    for examples in (5, 500):
        file.write_text(text.replace("50", str(examples)), encoding="utf-8")
        told.append(json.loads(run("HEAD", "--json").output)["narrowed"])

    assert [["an implementation of door is tested by 5 runs, and was by 50"], []] == told


def test_a_first_version_under_which_less_is_proved_breaks(limited: Path) -> None:
    """Of two TARGETs as of a revision; not where both versions were named."""
    file = limited / "models" / "limited_door.py"
    older = limited / "older_limited_door.py"
    older.write_text(LIMITED, encoding="utf-8")
    file.write_text(
        LIMITED.replace("properties=", 'profiles=(NamedProfile("few", {"most": 4}),), properties='), encoding="utf-8"
    )
    line = "models/limited_door.py:DOOR is proved for most = 4 alone, and was for every value of most"
    pair = (f"{older}:DOOR", "models/limited_door.py:DOOR")

    for arguments in (("HEAD",), pair):
        done = run(*arguments, "--no-verdicts", "--json")
        assert (1, [line]) == (done.exit_code, json.loads(done.output)["narrowed"])
    assert 0 == run(*reversed(pair), "--no-verdicts").exit_code
    assert [] == json.loads(run(pair[1], pair[1], "--old-profile", "few", "--no-verdicts", "--json").output)["narrowed"]


@pytest.mark.parametrize("configured", [False, True])
def test_what_is_imported_from_the_folder_of_today_is_not_compared_with_itself(
    limited: Path, monkeypatch: pytest.MonkeyPatch, configured: bool
) -> None:
    """A package that is found by PYTHONPATH, or as one that is installed to be edited, is the newer one in both."""
    package = limited / "lib" / "doors_of_a_package"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "door.py").write_text(MODEL.format(claim=STRONG), encoding="utf-8")
    said = '[tool.pytest.ini_options]\npythonpath = ["lib"]\n' * configured
    text = f'[tool.fsm]\ntargets = ["doors_of_a_package.door"]\n{said}'
    (limited / "pyproject.toml").write_text(text, encoding="utf-8")
    git(limited, "add", ".")
    git(limited, "commit", "-q", "-m", "a package")
    (package / "door.py").write_text(MODEL.format(claim=WEAK), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(limited / "lib"))
    monkeypatch.syspath_prepend(str(limited / "lib"))

    done = run("HEAD", "--no-verdicts")

    if configured:
        assert (1, "1 weakened, 1 equivalent; behaviour: same") == (done.exit_code, done.output.splitlines()[-1])
    else:
        assert 2 == done.exit_code
        assert "from lib/doors_of_a_package/__init__.py as it is today, and not from that revision." in done.output


EMITTING = """\
from fsm import Field, Machine, State, always, applied, effect, event, inside

shut, ajar = State("shut"), State("ajar")

def loudly(text: str) -> str:
    return text + "!" if text in {"a", "b", "c"} else text

@event
class Push:
    text: Field[str]

@effect
class Said:
    text: Field[str]

DOOR = Machine(
    "door", (shut, ajar), shut, (shut.on(Push).to(ajar).emits(Said, text=applied(loudly, Push.text)),),
    properties=(always("it is shut", inside(shut)), always("it is one of both", inside(shut, ajar))),
)
"""


def test_a_function_that_does_something_else_is_named(limited: Path) -> None:
    """A declaration says how it is called, so that nothing else would be seen; verdicts of the revision are found with the function of today, which no claim reads."""
    changed = {
        "emits_alike": ("", ""),
        "emits_other": ('"!"', '"?"'),
        "emits_more": ("shut.on", "ajar.on(Push).to(shut), shut.on"),
    }
    files = {name: limited / "models" / f"{name}.py" for name in changed}
    for file in files.values():
        file.write_text(EMITTING, encoding="utf-8")
    text = (limited / "pyproject.toml").read_text(encoding="utf-8")
    (limited / "pyproject.toml").write_text(
        text.replace("[tool.fsm]", '[tool.fsm]\nbreaking = ["effects"]'), encoding="utf-8"
    )
    git(limited, "add", ".")
    git(limited, "commit", "-q", "-m", "functions")
    for name, (old, new) in changed.items():
        files[name].write_text("\n" + (EMITTING.replace(old, new) if old else EMITTING), encoding="utf-8")

    document = json.loads(run("HEAD", "--json").output)

    Draft202012Validator(changes_schema()).validate(document)
    found = {one["target"]: (one["functions"], one["verdicts"]) for one in document["targets"]}
    assert 3 == document["exit_status"]
    assert ([], None) == found["models/emits_alike.py:DOOR"]
    assert (["emits_other:loudly"], None) == found["models/emits_other.py:DOOR"]
    assert ([], []) == found["models/emits_more.py:DOOR"]
    line = "? effects: emits_other:loudly is written otherwise now, and nobody compares what it gives\n"
    assert line in run("HEAD", "--no-verdicts").output


def test_a_revision_has_every_file_of_its_commit(limited: Path) -> None:
    """Links that lead elsewhere, and what is left out of archives; the index and the files here stay as they are."""
    (limited / "hosts").symlink_to("/nowhere/at/all")
    (limited / ".gitattributes").write_text("models export-ignore\n", encoding="utf-8")
    git(limited, "add", ".")
    git(limited, "commit", "-q", "-m", "a link")
    (limited / "models" / "limited_door.py").write_text(LIMITED.replace("wrong <= 2", "wrong <= 3"), encoding="utf-8")

    done = run("HEAD", "--no-verdicts")

    assert (1, "1 weakened, 1 equivalent; behaviour: same") == (done.exit_code, done.output.splitlines()[-1])
    status = subprocess.run(["git", "status", "--short"], cwd=limited, capture_output=True, text=True, check=True)
    assert " M models/limited_door.py\n" == "".join(
        line for line in status.stdout.splitlines(True) if "__pycache__" not in line
    )


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

    assert (1, "1 weakened, 59 equivalent; behaviour: OLD refines NEW") == (
        done.exit_code,
        done.output.splitlines()[-1],
    )
    assert "↓ weakened: no file is sent in a chat" in done.output
    assert (
        "attachments was false, and may be true or false\n  + newly taken: OLD refuses it: rule a chat is text only (S04)"
        in done.output
    )
    assert 2 == run("fsm.desk:DESK", "fsm.desk:DESK", "--old-profile", "sead").exit_code
