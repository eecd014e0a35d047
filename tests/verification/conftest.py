"""The shipped machines, proved once for all tests of this room that read what is found of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from fsm import Machine, System
from fsm.verification import Report, verify

ReportOn = Callable[[Machine | System], Report]


@pytest.fixture(scope="session")
def report_on() -> ReportOn:
    """The report on a machine or system."""
    return cache(verify)
