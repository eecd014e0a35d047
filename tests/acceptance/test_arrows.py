"""Who may import whom: the arrows hold in what ships, and a planted import that breaks one is found.

The arrows themselves stand in pyproject.toml. The check runs in its own interpreter, in the
folder of the unpacked wheel.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONTRACTS = Path(__file__).parents[2] / "pyproject.toml"
LINTER = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINTER, "--config", CONTRACTS, "--no-cache"], cwd=folder, capture_output=True, text=True)


def test_every_arrow_points_one_way(shipped: Path) -> None:
    """The language knows neither proofs nor pictures; these do not know each other; the encoding knows no runtime."""
    done = lint(shipped)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "planted", "broken"),
    [
        ("runtime/engine.py", "import fsm.verification", "Proofs are known to the command alone"),
        ("desk/tile.py", "import fsm.diagrams", "Pictures are known to the command alone"),
        ("language/properties.py", "import fsm.seeds", "The catalogue of facts is known to the command alone"),
        ("storage/snapshots.py", "import fsm.files", "Files are written by proofs, pictures and the command alone"),
        ("verification/__init__.py", "import fsm.command", "Nobody imports the command"),
        ("diagrams/__init__.py", "import fsm.verification", "Proofs are known to the command alone"),
        ("verification/__init__.py", "import fsm.diagrams", "Pictures are known to the command alone"),
        ("verification/encoding/__init__.py", "import fsm.runtime.engine", "The encoding never sees what runs"),
    ],
)
def test_an_import_against_an_arrow_is_found(
    shipped: Path, tmp_path: Path, module: str, planted: str, broken: str
) -> None:
    """Each contract can fail, and says its name when it does."""
    shutil.copytree(shipped / "fsm", tmp_path / "fsm")
    with (tmp_path / "fsm" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{planted}\n")

    done = lint(tmp_path)

    assert done.returncode == 1
    assert any(line.startswith(broken) and line.endswith("BROKEN") for line in done.stdout.splitlines()), done.stdout
