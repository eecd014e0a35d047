"""Recorded streams of Amazon Connect, and polls and changes of desks: the monitor says what a person said before it."""

from __future__ import annotations

import pytest

from ..verification.monitoring.recordings import Recorded, differs, recorded  # noqa: TID252  # the suite is no installed package


@pytest.mark.parametrize("one", [*recorded("desk_seen.toml"), *recorded("connect.toml")], ids=str)
def test_the_monitor_says_what_a_person_said(one: Recorded) -> None:
    """The verdict, the records, the reason, the values left."""
    assert not differs(one)
