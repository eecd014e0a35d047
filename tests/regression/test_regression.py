"""Machines in folders named by the verdict that they must get. Some must stay refuted, some unknown; each says why.

A file declares `SUBJECT`. Refuted ones say in `STEPS` how long the shortest run is (None where a proof
shows that something is impossible), may pin its events in `RUN` and may name the claim of the definition that fails; unknown
ones quote in `WHY` a part of the reason that the report must give.
"""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fsm import Machine, System, compile
from fsm.command.invocation.target import resolve
from fsm.language.printing import label
from fsm.traces import replay
from fsm.traces.lasso import for_ever
from fsm.verification import Proved, Refuted, Report, Unknown, verify
from fsm.verification.certificates.confirming import Checker, begin
from fsm.verification.report import exit_status, section_of

FOLDER = Path(__file__).parent


def files(verdict: str) -> list[Any]:
    found = sorted((FOLDER / verdict).glob("*.py"))
    assert found
    return [pytest.param(file, id=file.stem) for file in found]


@cache
def subject(file: Path) -> Machine | System:
    """The machine that a file declares."""
    return resolve(f"{file}:SUBJECT")


def report_on(file: Path) -> tuple[Report, Any]:
    """What is found of the machine that a file declares, and the module of that file."""
    report = verify(subject(file))
    return report, next(module for module in sys.modules.values() if getattr(module, "__file__", None) == str(file))


@pytest.fixture(scope="module", params=files("proved"))
def proved(request: pytest.FixtureRequest) -> Report:
    """The report on a machine that must be proved, made once for all tests that read it."""
    return report_on(request.param)[0]


@pytest.fixture(scope="module", params=files("unknown"))
def unknown(request: pytest.FixtureRequest) -> tuple[Report, Any]:
    """The report on a machine that must stay unknown, and its module."""
    return report_on(request.param)


def test_what_must_be_proved_is(proved: Report) -> None:
    """Every claim, those about the definition among them."""
    assert [] == [(one.claim.sentence, one) for one in proved.all if not isinstance(one, Proved)]
    assert 0 == exit_status([proved])


def test_the_checker_confirms_every_proof(proved: Report) -> None:
    """By every kind of argument there is, from the canonical form and the evidence alone."""
    with ThreadPoolExecutor(1) as pool:
        again = begin(proved, Checker(pool)).finish()

    assert [type(one) for one in proved.all] == [type(one) for one in again.all]
    assert any(isinstance(one, Proved) for one in again.all)


@pytest.mark.parametrize("file", files("refuted"))
def test_what_must_be_refuted_is_by_a_shortest_run_that_the_runtime_takes(file: Path) -> None:
    """The last property of the page, or the claim about the definition that the file names."""
    report, module = report_on(file)
    (verdict,) = [
        one
        for one in report.all
        if one.claim.sentence == getattr(module, "CLAIM", report.verdicts and report.verdicts[-1].claim.sentence)
    ]

    assert isinstance(verdict, Refuted), verdict
    assert module.STEPS == (None if verdict.trace is None else len(verdict.trace.steps))
    assert getattr(module, "RUN", None) in (
        None,
        verdict.trace and tuple(label(type(event)) for event, _ in verdict.trace.events),
    )
    if verdict.trace is not None:
        engine = compile(report.system, dict(verdict.trace.profile))
        again = replay(engine, verdict.trace.events)
        assert verdict.trace == (again if verdict.trace.loop is None else for_ever(engine, again, verdict.trace.loop))
    assert 1 == exit_status([report])
    with ThreadPoolExecutor(1) as pool:
        again = begin(report, Checker(pool)).finish()
    assert [type(one) for one in report.all] == [type(one) for one in again.all], "the checker confirms it"


def test_what_must_stay_unknown_does_and_says_why(unknown: tuple[Report, Any]) -> None:
    """Neither green nor red: the last property of the page."""
    report, module = unknown
    verdict = report.verdicts[-1]

    assert isinstance(verdict, Unknown), verdict
    assert module.WHY in " ".join((verdict.why, verdict.hint))
    assert 0 != exit_status([report])


def test_no_report_shows_a_solvers_model(unknown: tuple[Report, Any]) -> None:
    """Neither a dictionary nor the name of a symbol, whatever remains unknown."""
    page = section_of(unknown[0])
    text = "\n".join(line for entry in page.entries for line in entry.lines)

    assert not re.search(r"[{}]|\w\.state\b|spent_\d|\bever\.|\.elapsed\b|\.age\b|_[tf]\b", text)


def test_the_folders_hold_what_was_promised() -> None:
    """At least forty machines with a hundred properties, some in each folder."""
    machines = [
        subject(file)
        for verdict in ("proved", "refuted", "unknown")
        for file in sorted((FOLDER / verdict).glob("*.py"))
    ]

    assert 40 <= len(machines)
    assert 100 <= sum(len(machine.properties) for machine in machines)


def test_four_litres_are_measured_in_the_six_steps_that_were_published() -> None:
    """The run that shows it is as long as the one that refutes that it never happens."""
    report, module = report_on(FOLDER / "refuted" / "jugs.py")
    shown, _ = report.verdicts

    assert isinstance(shown, Proved)
    assert shown.witness is not None
    assert 6 == module.STEPS == len(shown.witness.steps)
