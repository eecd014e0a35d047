"""What `fsm verify` costs, whole process, imports and the second process included."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

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


def test_what_the_checker_and_the_cache_cost(report: Report, tmp_path: Path) -> None:
    """Ratios of processor time, both sides in one round, the least of some rounds: confirmed against `--fast`, a second run against the first."""
    desk = ("fsm.desk:DESK",)
    rounds = []
    for place in range(RUNS):
        cache = ("--cache", str(tmp_path / str(place)))
        fast, first, second, trusted = (
            _timed("", (*desk, *more), None) for more in (("--fast",), cache, cache, (*cache, "--trust-cache"))
        )
        rounds.append((
            first.processor / fast.processor, first.wall / fast.wall, second.processor / first.processor, trusted.processor / first.processor,
        ))  # fmt: skip
    ratios = [min(one) for one in zip(*rounds, strict=True)]
    for (words, most), ratio in zip(RATIOS, ratios, strict=True):
        report.notes.append(f"- {words}: {ratio:.2f} times, {'met' if ratio <= most else 'MISSED'}")


RATIOS = (
    ("The desk confirmed by the checker at most 3.5 times the processor time of `--fast`", 3.5),
    ("The desk confirmed by the checker at most twice the wall time of `--fast`", 2.0),
    ("A second run with `--cache`, confirmed again, at most a third of the processor time of the first", 1 / 3),
    ("A second run with `--trust-cache` at most a seventh of it", 1 / 7),
)


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
