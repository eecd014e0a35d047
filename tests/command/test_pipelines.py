"""The texts for pipelines in docs/how-to/ci.md: read as YAML, and their commands run in a repository of three machines."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "how-to" / "ci.md").read_text(encoding="utf-8")
MODEL = """\
from fsm import Machine, State, always, event, inside

off, on = State("off"), State("on")

@event
class Press:
    pass

LAMP = Machine(
    "{name}", (off, on), off, (off.on(Press).to(on), on.on(Press).to(off)),
    properties=(always("it is off or on", inside({states})),),
)
"""
INSTALL = "pip install 'verified-fsm[verification]'"


def text(name: str) -> Any:
    """One of the files that the page shows."""
    found = re.search(rf"<!-- file: {re.escape(name)} -->\n```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return yaml.safe_load(found[1])


def commands(name: str) -> list[str]:
    """What a pipeline runs, in order, but for the installation, which is that of this environment."""
    match text(name):
        case {"jobs": {"claims": {"steps": steps}}}:
            runs = [step["run"] for step in steps if "run" in step]
        case {"claims": {"script": runs}}:
            pass
        case {"repos": [{"hooks": [{"entry": entry, "language": "system", "pass_filenames": False}]}]}:
            return [entry]
    assert INSTALL == runs[0]
    return list(runs[1:])


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three machines, one of which is not as it says."""
    (tmp_path / "models").mkdir()
    for name in ("porch", "hall", "cellar"):
        states = "off" if name == "cellar" else "off, on"
        (tmp_path / "models" / f"{name}.py").write_text(MODEL.format(name=name, states=states), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.fsm]\ntargets = ["models"]\n', encoding="utf-8")
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """As a pipeline does: by a shell, which stops at the first failure."""
    paths = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = os.environ | {"PATH": paths, "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    return subprocess.run(["bash", "-e", "-c", command], cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("name", ["claims.github.yml", "claims.gitlab.yml", "claims.pre-commit.yml"])
def test_a_pipeline_fails_where_a_claim_does(repository: Path, name: str) -> None:
    """The step leaves with 1, and everything that the text says is uploaded is there, with a case for every claim."""
    (command,) = commands(name)

    done = run(command, repository)

    assert 1 == done.returncode, done.stderr
    if "github" in name:
        (upload,) = [step for step in text(name)["jobs"]["claims"]["steps"] if "upload-sarif" in step.get("uses", "")]
        assert (repository / upload["with"]["sarif_file"]).is_file()
        assert "| refuted | it is off or on |" in (repository / "summary.md").read_text(encoding="utf-8")
        assert ["1", "0"] == _results(repository / "build" / "fsm.xml")
    elif "gitlab" in name:
        assert ["1", "0"] == _results(repository / text(name)["claims"]["artifacts"]["reports"]["junit"])
    else:
        assert "✗ it is off or on" in done.stdout


def _results(file: Path) -> list[str | None]:
    root = ElementTree.parse(file).getroot()
    assert "15" == root.get("tests")
    return [root.get("failures"), root.get("errors")]


def test_a_pull_request_that_takes_a_run_away_fails(repository: Path) -> None:
    """By the text of docs/how-to/changes.md, whose page says which run; where nothing breaks it passes."""
    page = (ROOT / "docs" / "how-to" / "changes.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- file: changes.github.yml -->\n```yaml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    install, command = [step["run"] for step in yaml.safe_load(found[1])["jobs"]["changes"]["steps"] if "run" in step]
    assert INSTALL == install
    who = "-c user.name=A -c user.email=a@example.com -c commit.gpgsign=false"
    run(
        f"git init -q; git add .; git {who} commit -q -m before; git update-ref refs/remotes/origin/trunk HEAD",
        repository,
    )
    command = f"GITHUB_BASE_REF=trunk; {command}"
    assert 0 == run(command, repository).returncode

    porch = repository / "models" / "porch.py"
    porch.write_text(porch.read_text(encoding="utf-8").replace(" on.on(Press).to(off)", ""), encoding="utf-8")

    assert 1 == run(command, repository).returncode
    assert "no longer taken: NEW refuses it: part porch is on" in (repository / "summary.md").read_text(
        encoding="utf-8"
    )
