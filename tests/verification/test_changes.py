"""What a newer declaration claims against an older one: by what the claims say, whatever their text.

The table is written by hand; random formulas are held against an oracle that walks through every state.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import Enum
from itertools import product
from typing import Any

import attrs
import pytest

from fsm import (
    ELAPSED,
    Assumption,
    Field,
    Machine,
    Property,
    State,
    System,
    after,
    always,
    before,
    can_happen,
    choice,
    each,
    each_step,
    event,
    for_each,
    happens,
    inside,
    integer,
    leads_to,
    one,
    parameter,
    reachable,
    recoverable,
    within,
)
from fsm.canonical.reading import read
from fsm.canonical.writing import write
from fsm.desk import DESK, JOURNEY
from fsm.verification.changes.claims import ASSUMED, Change, changes_of


class Colour(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


@event
class Up:
    by: Field[int]


@event
class Break:
    """Its name, in small letters, is a word of Python's."""


@event
class Stop:
    pass


top = parameter("top", int, 3, low=1, high=9)
still, moving, gone = State("still"), State("moving"), State("gone")
floor, colour = integer("floor", 0, 12), choice("colour", Colour)


def lift(*claims: Property, **other: Any) -> Machine:
    """A lift with these claims."""
    said: dict[str, Any] = {
        "states": (still, moving),
        "initial": still,
        "transitions": (
            still.on(Up).when(floor < top).to(moving).set(floor, floor + 1),
            moving.on(Stop).to(still),
            moving.on(Break).to(still),
        ),
        "variables": (floor, colour),
        "assumptions": (Assumption("tall", top >= 2),),
    }
    return Machine("lift", **(said | other), properties=claims)


S = "a sentence"
RED_OR_GREEN = (colour == Colour.RED) | (colour == Colour.GREEN)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (always(S, floor == 0), always(S, floor >= 0), "weakened"),
        (always(S, floor <= top), always(S, floor < top), "strengthened"),
        (always(S, RED_OR_GREEN), always(S, colour != Colour.BLUE), "equivalent"),
        (always(S, floor <= 3), always(S, floor >= 3), "incomparable"),
        (always(S, floor <= 3), always(S, ~(floor > 3)), "equivalent"),
        (always(S, ELAPSED <= 5), always(S, ELAPSED <= 4), "strengthened"),
        (each_step(S, after(floor) <= before(floor) + 1), each_step(S, after(floor) <= before(floor) + 2), "weakened"),
        (each_step(S, happens(Stop) >> after(inside(still))), each_step(S, happens(Stop, Break) >> after(inside(still))), "strengthened"),
        (each_step(S, happens(Stop) >> after(inside(still))), each_step(S, happens(Stop) >> before(inside(still))), "incomparable"),
        (reachable(S, (floor == top) & inside(still)), reachable(S, floor == top), "weakened"),
        (can_happen(S, happens(Break)), can_happen(S, happens(Break) & before(floor == 1)), "strengthened"),
        (recoverable(S, inside(still)), recoverable(S, inside(moving)), "incomparable"),
        (leads_to(S, inside(moving), inside(still)), leads_to(S, inside(moving) | inside(still), inside(still)), "strengthened"),
        (leads_to(S, inside(moving), inside(still), fair=(Stop,)), leads_to(S, inside(moving), inside(still), fair=(Stop, Break)), "weakened"),
        (within(S, 1000, inside(moving), inside(still)), within(S, 2000, inside(moving), inside(still)), "weakened"),
        (within(S, 1000, inside(moving), inside(still)), within(S, 500, inside(moving) & (floor == 1), inside(still)), "incomparable"),
        (within(S, top * 10, inside(moving), inside(still)), within(S, top * 5, inside(moving), inside(still)), "strengthened"),
        (always(S, floor <= 3), each_step(S, after(floor) <= 3), "incomparable"),
        (always(S, floor <= 3), attrs.evolve(always(S, floor <= 3), retracted="it rose"), "weakened"),
    ],
)  # fmt: skip
def test_a_change_under_one_sentence_is_told_for_what_it_is(old: Property, new: Property, expected: str) -> None:
    """And the other way round it is the opposite."""
    opposite = {"weakened": "strengthened", "strengthened": "weakened"}

    assert [expected] == [one.change.value for one in changes_of(lift(old), lift(new))]
    assert [opposite.get(expected, expected)] == [one.change.value for one in changes_of(lift(new), lift(old))]


def test_claims_are_added_removed_and_said_in_other_words() -> None:
    """What has another sentence and says the same is the same claim."""
    old = lift(always("low", floor <= 3), always("high", floor >= 3))
    new = lift(always("never above three", ~(floor > 3)), always("red", colour == Colour.RED))

    told = changes_of(old, new)

    assert [
        (Change.EQUIVALENT, "low", "said in other words: never above three"),
        (Change.REMOVED, "high", ""),
        (Change.ADDED, "red", ""),
    ] == [(one.change, one.sentence, one.why) for one in told]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((Assumption("tall", top >= 2),), (Assumption("high", top > 1),), []),
        ((Assumption("tall", top >= 2),), (Assumption("tall", top >= 3),), ["weakened"]),
        ((Assumption("tall", top >= 2),), (), ["strengthened"]),
    ],
)
def test_to_assume_more_of_parameters_is_to_claim_less(
    old: tuple[Assumption, ...], new: tuple[Assumption, ...], expected: list[str]
) -> None:
    """Of every claim at once."""
    claim = always(S, floor <= top)
    told = changes_of(lift(claim, assumptions=old), lift(claim, assumptions=new))

    assert expected == [one.change.value for one in told if one.sentence == ASSUMED]


def test_what_only_one_declaration_has_is_part_of_the_vocabulary_of_both() -> None:
    """A state that is gone, a value that is new, a variable that is wider: the claims are still compared."""
    old = lift(always(S, inside(still, gone)), states=(still, moving, gone))
    assert ["strengthened"] == [one.change.value for one in changes_of(old, lift(always(S, inside(still))))]

    tall = integer("floor", 0, 99)
    wider = Machine("lift", (still,), still, (still.on(Stop).stay(),), (tall,), (always(S, tall <= 50),))
    narrow = Machine("lift", (still,), still, (still.on(Stop).stay(),), (floor,), (always(S, floor <= 40),))
    assert ["weakened"] == [one.change.value for one in changes_of(narrow, wider)]


def test_what_cannot_be_compared_is_not_decided() -> None:
    """Unless it says the same: an instance in two moments, the time of each instance, a part of another kind."""
    tile = Machine(
        "tile",
        (still, moving, gone),
        still,
        (still.on(Up).to(moving), moving.on(Stop).to(gone), gone.on(Break).to(still)),
    )
    tiles = each("tiles", tile, key="contact")
    steps = [for_each(tiles, before(inside(moving)) >> after(inside(*states))) for states in ((gone,), (gone, moving))]
    old, new = (System("hall", (tiles,), properties=(each_step(S, claim),)) for claim in steps)

    assert [Change.NOT_DECIDED] == [one.change for one in changes_of(old, new)]
    assert [Change.EQUIVALENT] == [one.change for one in changes_of(old, read(write(old)))]
    single = one("tiles", tile)
    other = System("hall", (single,), properties=(always(S, single.inside(still)),))
    assert Change.NOT_DECIDED in [
        one.change for one in changes_of(System("hall", (tiles,), properties=(always(S, tiles.none(moving)),)), other)
    ]


def test_counts_are_compared_whatever_the_number_of_instances() -> None:
    """At most two is less than at most three, for every number of keys."""
    tile = Machine("tile", (still, moving), still, (still.on(Up).to(moving), moving.on(Stop).to(still)))
    tiles = each("tiles", tile, key="contact")
    old, new = (System("hall", (tiles,), properties=(always(S, tiles.count(moving) <= most),)) for most in (2, 3))

    assert [Change.WEAKENED] == [one.change for one in changes_of(old, new)]


@pytest.mark.parametrize("weight", [integer("weight"), integer("weight", 0, 10**12)], ids=["no end", "many"])
def test_instances_of_more_kinds_than_can_be_told_apart_are_not_decided(weight: Any) -> None:
    """At once, and never for equivalent."""
    tile = Machine("tile", (still, moving), still, (still.on(Up).to(moving), moving.on(Stop).to(still)), (weight,))
    tiles = each("tiles", tile, key="contact")
    old, new = (System("hall", (tiles,), properties=(always(S, tiles.count(moving) <= most),)) for most in (2, 3))

    assert [Change.NOT_DECIDED] == [one.change for one in changes_of(old, new)]


@pytest.mark.parametrize("system", [DESK, JOURNEY], ids=["desk", "journey"])
def test_what_is_read_back_from_its_canonical_form_claims_the_same(system: System) -> None:
    """Other objects, other classes, the same claims."""
    assert {Change.EQUIVALENT} == {one.change for one in changes_of(system, read(write(system), stand_ins=True))}


# Against every state

small = integer("small", 0, 3)
World = tuple[State, int, Colour]
Drawn = tuple[Any, Callable[[World], bool]]
"""A formula, and the same as a function of Python's."""


def atom(chance: random.Random) -> Drawn:
    states, shade, limit = (
        chance.sample([still, moving, gone], chance.randint(1, 2)),
        chance.choice(list(Colour)),
        chance.randint(0, 3),
    )
    atoms: list[Drawn] = [
        (inside(*states), lambda world: world[0] in states),
        (colour == shade, lambda world: world[2] is shade),
        (small <= limit, lambda world: world[1] <= limit),
        (small + 1 == limit, lambda world: world[1] + 1 == limit),
    ]
    return chance.choice(atoms)


def drawn(chance: random.Random, depth: int) -> Drawn:
    """A formula over states, a colour and a small number."""
    if depth == 0:
        return atom(chance)
    (left, one), (right, other) = drawn(chance, depth - 1), drawn(chance, depth - 1)
    made: list[Drawn] = [
        (left & right, lambda world: one(world) and other(world)),
        (left | right, lambda world: one(world) or other(world)),
        (left >> right, lambda world: not one(world) or other(world)),
        (~left, lambda world: not one(world)),
    ]
    return chance.choice(made)


def test_the_answer_is_that_of_every_state_gone_through() -> None:
    """For formulas drawn at random: implied one way, the other, both or neither, as a walk through all states says."""
    chance = random.Random(1)
    worlds = list(product((still, moving, gone), range(4), Colour))
    seen = set()
    for _ in range(60):
        (old, says), (new, says_now) = drawn(chance, 2), drawn(chance, 2)
        machines = [
            Machine(
                "lift", (still, moving, gone), still, (still.on(Stop).stay(),), (small, colour), (always(S, claim),)
            )
            for claim in (old, new)
        ]
        implied = (
            all(not says(world) or says_now(world) for world in worlds),
            all(says(world) or not says_now(world) for world in worlds),
        )
        expected = {(True, True): "equivalent", (True, False): "weakened", (False, True): "strengthened"}.get(
            implied, "incomparable"
        )
        seen.add(expected)

        assert [expected] == [one.change.value for one in changes_of(*machines)]
    assert 4 == len(seen)
