"""Claims about time that are false only under some values of the parameters, away from the defaults and the corners."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import ELAPSED, Machine, State, always, as_system, boolean, event, inside, parameter, within
from fsm.language.properties import Property
from fsm.verification import Refuted, Verdict, verify
from fsm.verification.decide.profiles import few_profiles

shut, ajar, held = State("shut"), State("ajar"), State("held")
fast, ways = parameter("fast", bool, False), parameter("ways", int, 1, low=0, high=2)
wide = parameter("wide", int, 5, low=1, high=1_000_000)
stuck = boolean("stuck")


@event
class Push:
    pass


@event
class Pull:
    pass


@event
class Wave:
    pass


@event
class Slam:
    """Sent by time."""


def door(claim: Property, *more: Any) -> Machine:
    """Pushed, pulled and pushed again it is stuck, where it opens both ways and is fast."""
    lines = (
        shut.on(Push).to(ajar),
        ajar.after(3, Slam).to(shut),
        ajar.on(Pull).when(ways > 1).to(held),
        held.on(Push).when(fast).to(shut).set(stuck, True),
        held.on(Pull).to(held),
        shut.on(Pull).when(~stuck).to(shut),
    )
    return Machine("door", (shut, ajar, held), shut, (*lines, *more), (stuck,), properties=(claim,))


@pytest.mark.parametrize(
    "claim",
    [
        always("nothing is stuck for long", stuck >> (ELAPSED <= 4)),
        within("who is stuck comes loose", 9, stuck & inside(shut), ~stuck),
    ],
    ids=["always", "within"],
)
def test_each_choice_of_few_values_is_looked_at(claim: Property) -> None:
    found: Verdict = verify(door(claim), definition=False).verdicts[-1]

    assert isinstance(found, Refuted) and found.trace is not None, found
    assert {"fast": True, "ways": 2} == dict(found.trace.profile)


def test_where_they_are_many_the_corners_are_looked_at() -> None:
    """Nobody lists a million values."""
    claim = always("it is somewhere", inside(shut, ajar, held))

    assert 6 == len(list(few_profiles(as_system(door(claim)), ())))
    assert 3 == len(list(few_profiles(as_system(door(claim)), ("fast",))))
    assert [] == list(few_profiles(as_system(door(claim)), ("fast", "ways")))
    assert all(
        one.get("wide") in (None, 1, 2, 3, 4, 6, 1_000_000)
        for one in few_profiles(as_system(door(claim, shut.on(Wave).when(wide > 3).stay())), ())
    )
