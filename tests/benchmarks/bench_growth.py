"""How `fsm verify` grows with a declaration: ratios of processor time, both sides in one run, everything proved and confirmed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from report import Report

FILE = Path(__file__).with_name("growing.py")
RATIOS = (
    ("300 states with three lines each at most 12 times 30 of them", "RING_30", "RING_300", 12.0),
    ("Seven workers who share two tools at most 3 times five", "POOL_5", "POOL_7", 3.0),
    ("A number up to 1,000,000 at most 1.2 times one up to 10", "TO_10", "TO_1000000", 1.2),
)


@pytest.mark.parametrize(("words", "small", "large", "most"), RATIOS, ids=[words for words, *_ in RATIOS])
def test_growth(words: str, small: str, large: str, most: float, report: Report) -> None:
    ratio = _processor(large) / _processor(small)
    report.notes.append(f"- {words}: {ratio:.1f} times, {'met' if ratio <= most else 'MISSED'}")


def test_many_states_with_many_events_answer(report: Report) -> None:
    """254 states with 17 events: they came to no end once."""
    report.notes.append(f"- 254 states with 17 events each: {_processor('WIDE_254'):.0f} s of processor")


def _processor(name: str) -> float:
    before = os.times()
    subprocess.run(
        [sys.executable, "-P", "-c", "from fsm.command import main; main()", "verify", "-q", f"{FILE}:{name}"],
        check=True,
        capture_output=True,
    )
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
