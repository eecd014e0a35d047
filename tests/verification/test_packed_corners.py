"""Packed numbers where declarations say more than most do: sums of counts, choices, limits of several parts, many numbers."""

from __future__ import annotations

from enum import Enum

import pytest

from fsm import (
    ELAPSED,
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    choose,
    compile,
    each,
    each_step,
    event,
    happens,
    integer,
    one,
    parameter,
    wire,
)
from fsm.verification import Proved, Refuted
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.packed import Unpackable, explore
from fsm.verification.search.packed import named as naming

from .test_packed import compare, counts


class Mood(Enum):
    CALM = "calm"
    WILD = "wild"


@event
class Enter:
    who: Field[str]
    mood: Field[Mood]


@event
class Leave:
    who: Field[str]


@event
class Turn:
    pass


@event
class In:
    pass


@event
class Out:
    pass


away, here, late = State("away"), State("here"), State("late")
open_, shut = State("open"), State("shut")
turns = integer("turns", 0, 2)
PERSON = Machine(
    "person",
    states=(away, here, late),
    initial=away,
    transitions=(away.on(In).to(here), here.on(In).to(late), (here | late).on(Out).to(away)),
)
DOOR = Machine(
    "door", states=(open_, shut), initial=open_, variables=(turns,),
    transitions=(open_.on(Turn).when(turns < 2).to(shut).set(turns, turns + 1), shut.on(Turn).to(open_)),
)  # fmt: skip
most = parameter("most", int, 2, low=0)
mood = parameter("mood", Mood, Mood.CALM)
people, door = each("people", PERSON, key="who"), one("door", DOOR)

ROOM = System(
    "room",
    parts=(people, door),
    parameters=(most, mood),
    wires=(
        wire(Enter, people[Enter.who].by(In)),
        wire(Leave, people[Leave.who].by(Out), when=~(people.count() == most) | door.inside(open_)),
    ),
    rules=(
        Rule(
            "twice those who are here and the late ones fit",
            on=Enter,
            when=2 * people.count(here) + people.count(late) - most <= choose(people.any(late), most, 1),
        ),
        Rule(
            "who is wild enters an open door",
            on=Enter,
            when=choose(Enter.mood == Mood.WILD, door.inside(open_), Enter.mood == mood),
        ),
        Rule("the door turns for a known room", on=Turn, when=(people.any() == people.any(here)) | (door[turns] == 0)),
    ),
    properties=(
        always("never more than three", people.count() <= 3),
        each_step(
            "one comes or one goes",
            (after(people.count()) - before(people.count()) <= 1)
            & (before(people.count()) - after(people.count()) <= 1),
        ),
        each_step(
            "what is chosen changes by one",
            after(choose(door.inside(open_), people.count(), 0)) <= before(people.count()) + 1,
        ),
        each_step(
            "nobody comes through a shut door",
            (after(people.count()) > before(people.count())) >> before(door.inside(open_)),
        ),
        each_step(
            "only who turns moves the door", (before(door.inside(open_)) & after(door.inside(shut))) >> happens(Turn)
        ),
    ),
)


@pytest.mark.parametrize("named_keys", [True, False])
@pytest.mark.parametrize("limit", [0, 1, 2, 3])
def test_sums_and_choices_mean_what_the_runtime_says(limit: int, named_keys: bool) -> None:
    """At every snapshot, and judged alike."""
    profile = {"most": limit}

    compare(compile(ROOM, profile), 3, named=named_keys)
    assert counts(enumerate_snapshots(ROOM, profile, keys=3, named=named_keys)) == counts(
        explore(ROOM, profile, keys=3, named=named_keys)
    )


def test_claims_over_sums_are_judged() -> None:
    """Late ones take half a place each, so that five fit; and a calm one comes through a shut door."""
    verdicts = [type(one) for one in explore(ROOM).verdicts]

    assert [Refuted, Proved, Proved, Refuted, Proved] == verdicts


def test_a_space_too_large_for_a_byte_each_is_walked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a set in the place of the bytes."""
    plain = counts(explore(ROOM, keys=3, named=True))
    monkeypatch.setattr(naming, "DENSE", 1)

    assert plain == counts(explore(ROOM, keys=3, named=True))


def test_time_in_state_that_is_read_is_refused() -> None:
    """By a guard of a machine, though no timer runs."""
    clocked = Machine(
        "clocked", states=(open_, shut), initial=open_, transitions=(open_.on(Turn).when(ELAPSED > 3).to(shut),)
    )

    with pytest.raises(Unpackable, match="clocked reads its time in state"):
        explore(clocked)


@event
class Add:
    by: Field[int]


def test_a_field_without_end_is_refused() -> None:
    """One that a guard reads."""
    adding = Machine(
        "adding", states=(open_, shut), initial=open_, transitions=(open_.on(Add).when(Add.by > 3).to(shut),)
    )

    with pytest.raises(Unpackable, match=r"Add\.by has no end"):
        explore(adding)
