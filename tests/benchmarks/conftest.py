"""What every benchmark here measures with; prints the table at the end and puts it on the pages that show it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report import Measure, Report, Row, write

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "docs" / "explanation" / "benchmarks.md",)
REPORT = pytest.StashKey[Report]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write", action="store_true", help="put the table on the pages that show it")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[REPORT] = Report()


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """What this run has measured so far."""
    return request.config.stash[REPORT]


@pytest.fixture
def measure(benchmark: Any, report: Report) -> Measure:
    def timed(table: str, name: str, run: Callable[[], Any], *, events: int, base: bool = False) -> Any:
        benchmark.group = table
        given = benchmark(run)
        stats = benchmark.stats.stats
        report.rows.append(Row(table, name, stats.min / events, stats.median / events, base))
        return given

    return timed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    if exitstatus == pytest.ExitCode.OK:
        report = config.stash[REPORT]
        texts = {
            "benchmarks": report.markdown()
            if report.rows or report.imports or report.crowds or report.crews or report.logs
            else "",
            "enumeration": report.curve() if report.walks else "",
        }
        if not texts["benchmarks"]:
            terminalreporter.write_line("\n".join(report.notes))
        for name, text in texts.items():
            terminalreporter.write_line("")
            terminalreporter.write_line(text)
            if config.getoption("--write") and text:
                for page in PAGES:
                    write(page, text, name)
