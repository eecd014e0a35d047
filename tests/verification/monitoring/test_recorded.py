"""Recorded streams of lights, safes, orders, doors and desks: the monitor says what a person said before it."""

from __future__ import annotations

import pytest

from .recordings import Recorded, differs, recorded

OPEN = {
    "the light on the stair, stair": "claims that read the time in state are not watched",
    "room: late, leaves twice": "who has left is not told from who was never named",
    "room: late, two behind one seat": "who leaves was there from the beginning, with all others who were",
    "room: late, locked then one leaves": "what a rule says of those whom nobody named is not remembered",
}
"""What a person sees and the monitor does not, with the reason; each is said to conform."""


@pytest.mark.parametrize(
    "one", [*recorded("machines.toml"), *recorded("operations.toml"), *recorded("desk.toml")], ids=str
)
def test_the_monitor_says_what_a_person_said(one: Recorded) -> None:
    """The verdict, the records, the reason, the values left; what it does not see it does not call a violation."""
    found = differs(one)
    assert bool(found) == (str(one) in OPEN), found
    assert not found or found.startswith(("says conforms", "leaves"))
