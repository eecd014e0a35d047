"""What several rooms of the suite need: the wheel, built as a stranger would build it, and the desk, proved as `make verify` does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

collect_ignore = ["benchmarks", "integration"]  # `make bench` and `make integration` run them, with what they need

ROOT = Path(__file__).parents[1]
SOURCES = ("fsm", "verification", "diagrams", "command", "files", "seeds")
DECLARED = ("pytest_verified_fsm.py", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")


def copy_sources(to: Path) -> Path:
    """The files that make the distribution, and no left-over of an earlier build."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, to / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in DECLARED:
        shutil.copy(ROOT / name, to / name)
    return to


def build(source: Path, folder: Path, *kinds: str) -> Path:
    """The folder, with the wheel of these sources in it, or with the distributions that are named."""
    command = [sys.executable, "-m", "build", *(kinds or ("--wheel",)), "--no-isolation", "--outdir", folder, source]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def draws_depend_on_their_seed_alone() -> Iterator[None]:
    """Hypothesis also draws the constants of the modules that a process happens to have loaded, and each worker has loaded others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(providers, "_get_local_constants", Constants)
        yield


Making = Callable[[Path], object]
Once = Callable[[str, Making], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """Make a folder once for all workers of a run: the first one that asks makes it, the others wait."""
    own = tmp_path_factory.getbasetemp()
    common = own if worker_id == "master" else own.parent

    def made(name: str, make: Making) -> Path:
        folder, begun, ended = (common / f"{name}{suffix}" for suffix in ("", ".begun", ".ended"))
        try:
            begun.mkdir()
        except FileExistsError:
            deadline = time.monotonic() + 600
            while not ended.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            assert folder.exists(), f"another worker failed to make {name}"
            return folder
        try:
            make(folder)
        finally:
            ended.mkdir()
        return folder

    return made


@pytest.fixture(scope="session")
def wheel(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""

    def make(folder: Path) -> None:
        build(copy_sources(tmp_path_factory.mktemp("source")), folder)

    return next(once("wheel", make).glob("*.whl"))


@pytest.fixture(scope="session")
def shipped(once: Once, wheel: Path) -> Path:
    """A folder with the wheel's contents: what type checkers see at a user's."""
    return once("shipped", lambda folder: shutil.unpack_archive(wheel, folder, format="zip"))


@pytest.fixture(scope="session")
def checkout(once: Once) -> Path:
    """A copy of the sources, to which a test may add files."""
    return once("checkout", copy_sources)


# The desk is most of what such tests cost: it is proved and confirmed once, and proved once more, for all of them

VERIFY_DESK = "fsm verify fsm.desk:DESK fsm.desk:JOURNEY"
Done = subprocess.CompletedProcess[str]


def recorded(once: Once, name: str, command: list[str | Path], seed: str) -> tuple[Done, Path]:
    """What a command left behind that runs once for all workers, under one seed of Python's hashes; and where it ran."""
    paths = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    settings = {"PATH": paths, "PYTHONHASHSEED": seed, "COLUMNS": "100", "NO_COLOR": "1"}

    def run(folder: Path) -> None:
        folder.mkdir()
        done = subprocess.run(command, cwd=folder, env=os.environ | settings, capture_output=True, text=True)
        said = {"args": command[0], "returncode": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
        (folder / "done.json").write_text(json.dumps(said, default=str), encoding="utf-8")

    folder = once(name, run)
    return subprocess.CompletedProcess(**json.loads((folder / "done.json").read_text(encoding="utf-8"))), folder


@pytest.fixture(scope="session")
def desk_made(once: Once) -> tuple[Done, Path]:
    """`make verify`, and the folder in which it drew. The environment is the one that runs this suite."""
    ready = ("--old-file=.venv/all", f"BIN={Path(sys.executable).parent}")
    return recorded(
        once, "desk_made", ["make", "--no-print-directory", "--file", ROOT / "Makefile", *ready, "verify"], seed="1"
    )


@pytest.fixture(scope="session")
def desk_verified(desk_made: tuple[Done, Path]) -> Done:
    """What the command left behind that `make verify` ran for the proofs."""
    done, _ = desk_made
    page = done.stdout.partition(f"{VERIFY_DESK}\n")[2]
    return subprocess.CompletedProcess(VERIFY_DESK, done.returncode, page, done.stderr)


@pytest.fixture(scope="session")
def desk_proved(once: Once) -> Done:
    """The same proofs asked for by hand, under another seed of Python's hashes, not confirmed, without a word of how far it has come."""
    return recorded(once, "desk_proved", [*VERIFY_DESK.split(), "--fast", "-q"], seed="4711")[0]
