"""What `import fsm` costs a service that has attrs already, in processor time. Bar: under 60 ms."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from report import Report

RUNS = 21
ABOVE_ATTRS = "import attrs, time; start = time.process_time(); import fsm; print(time.process_time() - start)"


def test_import(report: Report, tmp_path: Path) -> None:
    """Each time in a fresh process; the first, which compiles the modules, does not count."""
    compiled = {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    times = [
        float(subprocess.check_output([sys.executable, "-c", ABOVE_ATTRS], env=os.environ | compiled))
        for _ in range(1 + RUNS)
    ]
    report.imports += times[1:]
