"""mypy and pyright read the declarations as we mean them: right uses pass, wrong ones fail where they stand.

Both look at the unpacked wheel, which is what they see at a user's.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ACCEPTED = HERE / "accepted.py"
REJECTED = HERE / "rejected.py"

Complaints = dict[int, str]
"""The first complaint of a checker on each line."""


def mypy(file: Path, shipped: Path, scratch: Path) -> Complaints:
    options = ("--strict", "--follow-imports=silent", "--no-error-summary", "--config-file=", "--cache-dir=cache")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, file],
        cwd=scratch,
        env={"MYPYPATH": str(shipped)},
        capture_output=True,
        text=True,
    )
    found = re.findall(rf"^{re.escape(str(file))}:(\d+): error: (.*)$", done.stdout, re.MULTILINE)
    assert bool(found) == bool(done.returncode), done.stdout + done.stderr
    return {int(line): text for line, text in reversed(found)}


def pyright(file: Path, shipped: Path, scratch: Path) -> Complaints:
    shutil.copy(file, scratch)
    project = {"include": [file.name], "extraPaths": [str(shipped)], "typeCheckingMode": "standard"}
    (scratch / "pyrightconfig.json").write_text(json.dumps(project), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "--project", scratch]
    done = json.loads(subprocess.run(command, cwd=scratch, capture_output=True, text=True).stdout)
    assert done["summary"]["filesAnalyzed"] == 1
    found = [one for one in done["generalDiagnostics"] if one["severity"] == "error"]
    return {one["range"]["start"]["line"] + 1: one["message"] for one in reversed(found)}


Checker = Callable[[Path, Path, Path], Complaints]
checkers = pytest.mark.parametrize("checker", [mypy, pyright], ids=["mypy", "pyright"])


@checkers
def test_right_uses_are_accepted(checker: Checker, shipped: Path, tmp_path: Path) -> None:
    """A machine, a system, its wires and rules, and a run of it, all under the strict settings."""
    assert {} == checker(ACCEPTED, shipped, tmp_path)


@checkers
def test_wrong_uses_are_rejected_on_the_line_where_they_stand(checker: Checker, shipped: Path, tmp_path: Path) -> None:
    """Each line marked as wrong is complained of, and no other."""
    lines = REJECTED.read_text(encoding="utf-8").splitlines()
    marked = {number: line for number, line in enumerate(lines, start=1) if "  # wrong" in line}

    complaints = checker(REJECTED, shipped, tmp_path)

    assert [] == [line for number, line in marked.items() if number not in complaints]
    assert {} == {number: text for number, text in complaints.items() if number not in marked}
