"""SPIN, as a person runs it: `spin -a`, the C compiler, `pan` with its limits stated."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from shutil import which

import attrs

__all__ = ["SOAK", "Answer", "Spin"]

UNPACKED = Path(__file__).parents[2] / "build" / "integration" / "spin" / "usr" / "bin" / "spin"
SOAK = "SOAK" in os.environ
DEPTH = 5_000_000 if SOAK else 1_000_000
"""Steps: `pan -m`, which makes room for them first. A search that is cut off there is complete for nobody."""
FLAGS = ("-O1" if SOAK else "-O0", "-DNOREDUCE", "-DVECTORSZ=4096", "-DMEMLIM=2048")
"""No reduction, so that a state is stored for each snapshot; so many bytes of a state, and megabytes of all. To compile with more
care takes longer than most searches do."""


@attrs.frozen
class Answer:
    """What `pan` said.

    Attributes:
        error: what is wrong, in its words; empty where nothing is.
        stored: how many states.
        complete: nothing was cut off.
    """

    error: str
    stored: int
    complete: bool


@attrs.define
class Spin:
    """Runs SPIN on models, each in a folder of its own below this one."""

    folder: Path
    made: int = 0

    def verifier(self, model: str, *options: str, claims: bool = True) -> Path:
        """The verifier of a model, compiled."""
        self.made += 1
        home = self.folder / f"verifier-{self.made}"
        home.mkdir(parents=True)
        (home / "model.pml").write_text(model, encoding="ascii")
        self._run(home, str(UNPACKED) if UNPACKED.exists() else (which("spin") or "spin"), "-a", *options, "model.pml")
        self._run(home, "gcc", *FLAGS, *([] if claims else ["-DNOCLAIM", "-DSAFETY"]), "-o", "pan", "pan.c")
        return home / "pan"

    def ask(self, verifier: Path, claim: str | None = None, depth: int = DEPTH) -> Answer:
        """What it says of a never claim; without one, of the assertions and how many states there are."""
        chosen = [] if claim is None else ["-a", "-N", claim]
        said = self._run(verifier.parent, str(verifier), "-E", "-n", f"-m{depth}", "-w20", *chosen)
        wrong = re.search(r"^pan:\d+: (.*) \(at depth", said, re.MULTILINE)
        (stored,) = re.findall(r"^\s*([\d.e+]+) states, stored", said, re.MULTILINE)
        cut = re.search(r"max search depth too small|out of memory|memory limit", said)
        return Answer(wrong[1] if wrong else "", int(float(stored)), cut is None)

    def _run(self, home: Path, *command: str) -> str:
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=600, check=False)
        said = done.stdout + done.stderr
        assert done.returncode == 0 and not re.search(r"Error: |syntax error", said), said
        return said
