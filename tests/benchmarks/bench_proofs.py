"""What `fsm verify` costs, whole process, imports and the second process included."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from report import Command, Report

RUNS = 3
BOTH = ("fsm.desk:DESK", "fsm.desk:JOURNEY")
COMMANDS = (
    ("`fsm verify fsm.desk:DESK`: the desk, every limit, every property, confirmed by cvc5", ("fsm.desk:DESK",), 5.0),
    (f"`fsm verify {' '.join(BOTH)}`: the desk and the journey, confirmed by cvc5", BOTH, None),
    (
        f"`fsm verify {' '.join(BOTH)} --all-profiles --fast`: both, in every version of the guide",
        (*BOTH, "--all-profiles", "--fast"),
        10.0,
    ),
    (
        f"`fsm verify {' '.join(BOTH)} --all-profiles`: the same, confirmed by cvc5",
        (*BOTH, "--all-profiles"),
        None,
    ),
)


@pytest.mark.parametrize(("name", "arguments", "most"), COMMANDS, ids=[name for name, _, _ in COMMANDS])
def test_proofs(name: str, arguments: tuple[str, ...], most: float | None, report: Report) -> None:
    """The best of some runs; each must prove what it proves."""
    report.commands.append(min((_timed(name, arguments, most) for _ in range(RUNS)), key=lambda one: one.wall))


def _timed(name: str, arguments: tuple[str, ...], most: float | None) -> Command:
    before, begin = os.times(), time.perf_counter()
    subprocess.run(
        [sys.executable, "-P", "-c", "from fsm.command import main; main()", "verify", *arguments],
        check=True,
        capture_output=True,
    )
    wall, after = time.perf_counter() - begin, os.times()
    return Command(name, wall, sum(_children(after)) - sum(_children(before)), most)


def _children(times: os.times_result) -> Iterator[float]:
    yield from (times.children_user, times.children_system)
