"""The table of what was planted, printed at the end of `make plant`."""

from __future__ import annotations

import os

import pytest

TABLE = pytest.StashKey[list[tuple[str, str, str]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = []


@pytest.fixture
def table(request: pytest.FixtureRequest) -> list[tuple[str, str, str]]:
    """What was planted so far, in which file, and what caught it; empty where nothing did."""
    return request.config.stash.setdefault(TABLE, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    rows = config.stash.get(TABLE, [])
    if "PLANT" in os.environ and rows:
        lines = [f"| {name} | {file} | {caught or 'NOT CAUGHT'} |" for name, file, caught in rows]
        counted = f"{sum(bool(caught) for _, _, caught in rows)} of {len(rows)} faults caught."
        for line in ("", "| planted | in | caught by |", "|---|---|---|", *lines, "", counted):
            terminalreporter.write_line(line)
