"""What it costs to decide every declared property of the machines in the regression folders, one after the other in one process.

Bar: a hundred of them under 60 s of processor time, the checks of the definitions included.
"""

from __future__ import annotations

import time
from pathlib import Path

from report import Report

from fsm.command.invocation.target import resolve
from fsm.verification import verify

FOLDERS = Path(__file__).parents[1] / "regression"


def test_every_property_of_the_regression_machines(report: Report) -> None:
    files = [file for verdict in ("proved", "refuted", "unknown") for file in sorted((FOLDERS / verdict).glob("*.py"))]
    machines = [resolve(f"{file}:SUBJECT") for file in files]
    start = time.process_time()
    many = sum(len(verify(machine).verdicts) for machine in machines)
    took = time.process_time() - start
    for_a_hundred = took * 100 / many
    report.notes.append(
        f"- 100 declared properties over the regression machines under 60 s: {many} of {len(machines)} machines in {took:.1f} s of processor time, "
        f"{for_a_hundred:.1f} s for 100, {'met' if for_a_hundred < 60 else 'MISSED'}"
    )
