"""What an encoding cannot say it refuses, with the words of the declaration; nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fsm import (
    ELAPSED,
    KEY,
    Field,
    Machine,
    State,
    System,
    after,
    each,
    effect,
    emitted,
    event,
    for_each,
    happens,
    inside,
    integer,
    one,
    wire,
)
from fsm.language.leaves import Clock
from fsm.verification.encoding.cells import Cells
from fsm.verification.encoding.clocked import Clocked
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import Unencodable


@event
class Knock:
    door: Field[str]


@event
class Open:
    """Somebody opens."""


@event
class ShutAll:
    """The caretaker's round."""


@effect
class Creaked:
    """It should be oiled."""


shut, open_ = State("shut"), State("open")
visits = integer("visits", low=0)
COUNTED = Machine(
    "counted", (shut, open_), shut, (shut.on(Open).to(open_).set(visits, 1), open_.on(Open).to(shut)), (visits,)
)
SLOW = Machine(
    "slow", (shut, open_), shut, (shut.on(Open).to(open_), open_.on(Open).when(ELAPSED >= 2).to(shut).emits(Creaked))
)
door, doors = one("door", SLOW), each("doors", SLOW, key="door")
HOUSE = System("house", (door, doors), (wire(Knock, doors[Knock.door].by(Open)), wire(Open, door.by(Open))))
gates = each("gates", COUNTED, key="door")
ROUND = Machine("round", (shut, open_), shut, (shut.after(5, ShutAll).to(shut),))
clock = one("clock", ROUND)
HALL = System("hall", (gates,), (wire(Knock, gates[Knock.door].by(Open)),))
STREET = System(
    "street",
    (clock, doors),
    (wire(Knock, doors[Knock.door].by(Open)), wire(clock.sends(ShutAll), doors.every(open_).by(Open))),
)


def test_a_number_without_end_cannot_be_counted() -> None:
    """It is refused by name, where instances are told apart by it."""
    with pytest.raises(Unencodable, match=r"counted\.visits has no end, and counted stands in an each\(\) part"):
        Cells(COUNTED, {})
    with pytest.raises(Unencodable, match=r"counted\.visits has no end"):
        Counting(HALL)


def test_a_number_without_end_may_stand_alone() -> None:
    """A part made by one() is followed by its values, not counted."""
    assert ["s0", "v0.0"] == [str(symbol) for symbol in Counting(System("hut", (one("door", COUNTED),))).variables]


def test_counters_know_no_time_in_state() -> None:
    """Not of a part, not of an instance, neither now nor in a step."""
    counting = Counting(HOUSE)
    occurrence = counting.occurrences[0]
    refused: list[Callable[[], object]] = [
        lambda: counting.state(Clock(door) > 1),
        lambda: counting.state(for_each(doors, ELAPSED > 1)),
        lambda: counting.step(after(Clock(door) > 1), occurrence, occurrence.branches[0]),
        lambda: counting.assumption(door.inside(shut)),
    ]
    for ask in refused:
        with pytest.raises(Unencodable):
            ask()


def test_a_timer_cannot_move_many_at_once_by_their_time_in_state() -> None:
    """Each of them may have been there for another time, and which of two timers of an instant goes first could matter."""
    with pytest.raises(Unencodable, match="a guard on the time in state, where a timer's open moves many at once"):
        Counting(STREET).occurrences  # noqa: B018  # computed when first read


def test_keys_and_clocks_count_no_effects() -> None:
    """How many were emitted ever is for counters; a key is not for formulas at all."""
    clocked = Clocked(HOUSE, {"doors": 1})
    happening = clocked.happenings[0]
    refused: list[Callable[[], object]] = [
        lambda: clocked.state(emitted(Creaked) > 0), lambda: clocked.state(KEY), lambda: clocked.step(inside(shut), happening),
    ]  # fmt: skip
    for ask in refused:
        with pytest.raises(Unencodable):
            ask()
    assert "True" == str(clocked.step(happens(happening.event), happening))
