"""Every snapshot of the published model: by packed numbers and by the public step, each in a process of its own.

In processor time: waiting for the other processes of a busy machine does not count.

The counts are those that were published; a walk that counts otherwise is not measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
from math import comb
from pathlib import Path

import pytest
from report import Report, Walked

HOWS = {"packed": "packed, up to renaming", "named": "packed, with names", "step": "public step, up to renaming"}
ROUNDS = 3
"""The quickest of so many is told: on a machine that does other things too it repeats best."""


def once(slots: int, how: str) -> Walked:
    found = json.loads(
        subprocess.check_output([sys.executable, Path(__file__).with_name("walk_once.py"), str(slots), how])
    )
    assert found["complete"]
    return Walked(HOWS[how], slots, found["snapshots"], (found["whole"], found["seconds"]), found["bytes_each"])


@pytest.mark.parametrize(
    ("slots", "how"),
    [
        (5, "packed"),
        (10, "packed"),
        (20, "packed"),
        (50, "packed"),
        (5, "named"),
        (8, "named"),
        (5, "step"),
        (10, "step"),
        (20, "step"),
    ],
)
def test_walk(report: Report, slots: int, how: str) -> None:
    """As many as were published: 3 x (5^N + 3) with names, 3 x (C(N + 4, 4) + 3) up to renaming."""
    walks = [once(slots, how) for _ in range(ROUNDS)]
    assert {3 * ((5**slots if how == "named" else comb(slots + 4, 4)) + 3)} == {one.snapshots for one in walks}
    report.walks.append(min(walks, key=lambda one: one.seconds[1]))
