"""What several rooms of the suite need: the wheel, built as a stranger would build it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

collect_ignore = ["benchmarks"]  # `make bench` runs them, with settings of their own

ROOT = Path(__file__).parents[1]
SOURCES = ("fsm", "verification", "diagrams", "command", "seeds")
DECLARED = ("pyproject.toml", "setup.py", "README.md", "LICENSE")


def copy_sources(to: Path) -> Path:
    """The files that make the distribution, and no left-over of an earlier build."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in DECLARED:
        shutil.copy(ROOT / name, to / name)
    return to


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, which a test may change."""
    return copy_sources(tmp_path_factory.mktemp("sources"))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    source = copy_sources(tmp_path_factory.mktemp("source"))
    made = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", made, source], check=True, capture_output=True, text=True
    )
    return next(made.glob("*.whl"))


@pytest.fixture(scope="session")
def shipped(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's contents: what type checkers see at a user's."""
    folder = tmp_path_factory.mktemp("shipped")
    shutil.unpack_archive(wheel, folder, format="zip")
    return folder
