"""Work in processes of its own is begun alike, however the program that asks begins its own."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SCRIPT = """
import multiprocessing
multiprocessing.set_start_method({method!r})
print("this module runs")
from fsm.verification import verify
from job import JOB
report = verify(JOB, definition=False, timeout=300, processes=2)
print(*(type(verdict).__name__ for verdict in report.verdicts))
"""

STEPPING = """
import multiprocessing
from fsm import compile
from job import JOB, Begin

def begun(snapshot):
    return compile(JOB).step(snapshot, Begin(), at=5).after

if __name__ == "__main__":
    with multiprocessing.get_context({method!r}).Pool(1) as pool:
        (there,) = pool.map(begun, [compile(JOB).start(at=0)])
    print(there == begun(compile(JOB).start(at=0)), there)
"""

methods = pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())


def run(folder: Path, script: str) -> str:
    """What a program prints that stands in a file beside a model."""
    (folder / "job.py").write_text((ROOT / "examples" / "job.py").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "program.py").write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, "program.py"], cwd=folder, capture_output=True, text=True, timeout=300)
    assert 0 == done.returncode, done.stderr
    return done.stdout


@methods
def test_a_program_needs_no_guard_to_prove_in_other_processes(method: str, tmp_path: Path) -> None:
    """Its main module runs once; every claim is decided in a process that was begun anew."""
    first, verdicts = run(tmp_path, SCRIPT.format(method=method)).splitlines()

    assert ("this module runs", {"Proved"}) == (first, set(verdicts.split()))


@methods
def test_a_snapshot_steps_on_in_a_process_of_the_callers(method: str, tmp_path: Path) -> None:
    """What comes back equals what the same step gives here."""
    assert run(tmp_path, STEPPING.format(method=method)).startswith("True Snapshot(job at 5: job=job(running since 5")
