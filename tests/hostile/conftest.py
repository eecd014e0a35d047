"""The table of what was thrown, printed at the end of `make hostile`."""

from __future__ import annotations

import os

import pytest

from .campaign import table
from .door import Row

ROWS = pytest.StashKey[list[Row]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = []


@pytest.fixture
def rows(request: pytest.FixtureRequest) -> list[Row]:
    """What was thrown so far."""
    return request.config.stash.setdefault(ROWS, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    rows = config.stash.get(ROWS, [])
    if "HOSTILE" in os.environ and rows:
        for line in ("", *table(rows)):
            terminalreporter.write_line(line)
