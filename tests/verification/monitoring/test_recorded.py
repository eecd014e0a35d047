"""Recorded streams of lights, safes, orders, doors and desks: the monitor says what a person said before it."""

from __future__ import annotations

import pytest

from .recordings import Recorded, differs, recorded

OPEN = {
    "a lamp whose setting nobody knows, lamp-events": "which durations are left is not told",
    "a lamp that changes its mind, lamp-events": "a duration that nobody saw may differ from stay to stay",
    "the light on the stair, stair": "claims that read the time in state are not watched",
    "from the middle of a day, then too late, desk-late": "an instance that nobody named may have come at any time",
}
"""What a person sees and the monitor does not, with the reason; each is said to conform."""


@pytest.mark.parametrize("one", [*recorded("machines.toml"), *recorded("desk.toml")], ids=str)
def test_the_monitor_says_what_a_person_said(one: Recorded) -> None:
    """The verdict, the records, the reason, the values left; what it does not see it does not call a violation."""
    found = differs(one)
    assert bool(found) == (str(one) in OPEN), found
    assert not found or found.startswith(("says conforms", "leaves"))
