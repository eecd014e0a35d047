"""Conditions of two wires that overlap are found; conditions that do not are never blamed."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import partial
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import Field, Machine, State, boolean, choice, each, event, integer, one, parameter
from fsm.checks.overlap import overlap, surely_apart, tries_every_world
from fsm.language.expressions import Expr, Formula, Param, Var
from fsm.language.leaves import Count, FieldRef, InState, PartVar
from fsm.semantics.evaluation import fold


class Medium(Enum):
    CHAT = 1
    VOICE = 2


@event
class Ring:
    contact: Field[str]
    medium: Field[Medium]
    urgent: Field[bool]


away, here, busy = State("away"), State("here"), State("busy")
free, held, missed = State("free"), State("held"), State("missed")
tries = integer("tries", 0, 3)
medium = choice("medium", Medium)
marked = boolean("marked")
AGENT = Machine("agent", (away, here, busy), away, (away.on(Ring).to(here),), (tries,))
TILE = Machine("tile", (free, held, missed), free, (free.on(Ring).to(held),), (medium, marked))
agent = one("agent", AGENT)
tiles = each("tiles", TILE, key="contact")
limit = parameter("limit", int, 3, low=0, high=3)
strict = parameter("strict", bool, False)
chat = medium == Medium.CHAT


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (agent.inside(here), agent.inside(away), False),
        (agent.inside(here), agent.inside(away, here), True),
        (agent.inside(here), ~agent.inside(here), False),
        (~agent.inside(here), ~agent.inside(away), True),
        (agent[tries] < 2, agent[tries] >= 2, False),
        (agent[tries] < 2, agent[tries] == 1, True),
        (Ring.medium == Medium.CHAT, Ring.medium == Medium.VOICE, False),
        (Ring.medium == Medium.CHAT, Ring.urgent == True, True),  # noqa: E712 - a comparison of the language
        (limit < 2, limit > 2, False),
        (strict, ~strict, False),
        (tiles.none(missed), tiles.any(missed), False),
        (tiles.none(missed), tiles.any(missed, chat), False),
        (tiles.none(missed), tiles.any(held), True),
        (tiles.none(), tiles.any(held), False),
        (tiles.count() == 9, tiles.count(held) == 3, True),
        (tiles.count() == 2, tiles.count(held) == 3, False),
        (tiles.count(held) < limit, tiles.count(held) >= limit, False),
        (tiles.count(held) < limit, tiles.count(held) == limit, False),
        (tiles.count(held) + 1 == 3, tiles.count(held) == 2, True),
        (tiles.count(chat | strict) == 0, tiles.any() & strict, False),
        (tiles.count(chat) == 1, tiles.count(medium == Medium.VOICE) == 2, True),
    ],
)
def test_an_overlap_is_found_where_there_is_one(first: Formula, second: Formula, expected: bool) -> None:
    """Two states of one part exclude each other; what is counted is counted in one world."""
    assert overlap(first, second) is expected
    assert overlap(second, first) is expected


def test_what_every_profile_satisfies_is_taken_into_account() -> None:
    """An assumption can keep two conditions apart."""
    assert overlap(tiles.count() < 3, limit > 2)
    assert not overlap(tiles.count() < 3, limit > 2, given=(limit <= 2,))


# Compared with brute force

conditions = st.recursive(
    st.one_of(
        st.sampled_from([strict, Ring.medium == Medium.CHAT, tiles.count(chat) == 0, tiles.any(missed), tiles.none(held)]),
        st.sampled_from([agent.inside(here), agent.inside(away, busy), agent.inside(busy)]),
        st.tuples(st.sampled_from([agent[tries], limit, tiles.count(), tiles.count(held), tiles.count(marked)]), st.integers(0, 3)).map(lambda two: two[0] < two[1]),
        st.tuples(st.sampled_from([agent[tries], limit, tiles.count(missed, chat)]), st.integers(0, 3)).map(lambda two: two[0] == two[1]),
    ),
    lambda inner: st.one_of(
        inner.map(lambda one: ~one),
        st.tuples(inner, inner).map(lambda two: two[0] & two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] | two[1]),
    ),
    max_leaves=4,
)  # fmt: skip

INSTANCES = list(product((held, missed), (Medium.CHAT, Medium.VOICE), (False, True)))
CROWDS = [
    crowd
    for size in range(3)
    for crowd in product(INSTANCES, repeat=size)
    if list(crowd) == sorted(crowd, key=INSTANCES.index)
]


def every_world() -> Iterator[dict[str, Any]]:
    """Every desk of up to two tiles, under every profile and for every event."""
    for state, attempts, most, hard, asked, crowd in product(
        (away, here, busy), range(4), range(4), (False, True), Medium, CROWDS
    ):
        yield {"state": state, "tries": attempts, "limit": most, "strict": hard, "medium": asked, "tiles": crowd}


WORLDS = list(every_world())


def holds(condition: Expr[Any], world: dict[str, Any]) -> bool:
    """The condition read off one concrete desk."""

    def read(node: Expr[Any]) -> Any:
        match node:
            case InState(states=states):
                return world["state"] in states
            case PartVar() | Param() | FieldRef():
                return world[node.var.name if isinstance(node, PartVar) else node.name]
            case Count(where=where):
                return sum(1 for tile in world["tiles"] if fold(where, partial(seen, tile)))
            case _:
                raise AssertionError(node)

    return bool(fold(condition, read))


def seen(tile: tuple[State, Medium, bool], leaf: Expr[Any]) -> Any:
    """What a count reads of one tile."""
    if isinstance(leaf, InState):
        return tile[0] in leaf.states
    assert isinstance(leaf, Var)
    return {"medium": tile[1], "marked": tile[2]}[leaf.name]


@settings(max_examples=60, deadline=None)
@given(conditions, conditions)
def test_conditions_without_overlap_hold_together_nowhere(first: Formula, second: Formula) -> None:
    """Every desk of up to two tiles is tried by brute force; the check says itself where it leaves worlds out."""
    if tries_every_world(first, second) and not overlap(first, second):
        assert [world for world in WORLDS if holds(first, world) and holds(second, world)] == []


@settings(max_examples=60, deadline=None)
@given(conditions, conditions)
def test_what_is_surely_apart_holds_together_nowhere(first: Formula, second: Formula) -> None:
    """Said of less than no overlap was found in, and never of what overlaps."""
    if surely_apart(first, second):
        assert not overlap(first, second)
        assert [world for world in WORLDS if holds(first, world) and holds(second, world)] == []


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        (agent.inside(here), ~agent.inside(here), True),
        (~(limit < 3), limit < 3, True),
        (limit < 1, limit > 2, True),
        (limit < 1, limit < 2, False),
        (tiles.none(missed), tiles.any(missed), True),
        (tiles.none(missed), tiles.any(held, missed), False),
        (limit - 3 * agent[tries] == 5, limit + agent[tries] == 17, False),
        (limit < agent[tries], agent[tries] < limit, False),
        (limit - 3 * agent[tries] == 5, ~(limit - 3 * agent[tries] == 5), True),
    ],
    ids=str,
)
def test_what_is_computed_or_compared_with_each_other_is_surely_apart_only_from_its_negation(
    first: Formula, second: Formula, apart: bool
) -> None:
    """The numbers around the constants do not stand for all of them there."""
    assert apart is surely_apart(first, second)


@settings(max_examples=60, deadline=None)
@given(conditions)
def test_a_condition_never_overlaps_its_own_negation(condition: Formula) -> None:
    """So no author is told to separate what is separate."""
    assert not overlap(condition, ~condition)
