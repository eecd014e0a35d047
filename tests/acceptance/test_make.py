"""`make verify`: the main job, as the README promises it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MAKEFILE = Path(__file__).parents[2] / "Makefile"


def test_make_verify_proves_the_desk_and_draws_it(tmp_path: Path) -> None:
    """The report on stdout, the pictures in build/diagrams, status 0. The environment is the one that runs this suite."""
    ready = ("--old-file=.venv/all", f"BIN={Path(sys.executable).parent}")

    done = subprocess.run(["make", "--file", MAKEFILE, *ready, "verify"], cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "only an Available agent is offered anything" in done.stdout
    assert {"desk.svg", "tile.svg", "agent.svg"} <= {file.name for file in (tmp_path / "build" / "diagrams").iterdir()}
