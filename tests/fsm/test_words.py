"""Formulas in words: no brackets that they can do without, and none missing that they need."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import (
    ELAPSED,
    KEY,
    Field,
    Machine,
    State,
    after,
    as_system,
    before,
    boolean,
    choice,
    choose,
    each,
    effect,
    emitted,
    event,
    for_each,
    happens,
    inside,
    integer,
    one,
    parameter,
)
from fsm.language.expressions import Expr, Formula, lift
from fsm.language.printing import duration_in_words, value_in_words
from fsm.language.rewriting import structure


class Medium(Enum):
    CHAT = 1
    VOICE = 2


@event
class Ring:
    contact: Field[str]
    medium: Field[Medium]


@event
class TakeUp:
    """The hand takes it up."""


@effect
class SlotFreed:
    at: int


free, offered, connected, missed = State("free"), State("offered"), State("connected"), State("missed")
medium = choice("medium", Medium)
counted = boolean("counted")
tries = integer("tries", 0, 5)
wanted = integer("wanted", 0, 5)
limit = parameter("limit", int, 5, low=0)
strict = parameter("strict", bool, False)
TILE = Machine(
    "tile",
    (free, offered, connected, missed),
    free,
    (free.on(Ring).to(offered), offered.on(TakeUp).to(connected)),
    (medium, counted, tries, wanted),
)
tiles = each("tiles", TILE, key="contact")
line = one("line", TILE)
chat = medium == Medium.CHAT


@pytest.mark.parametrize(
    ("expr", "words"),
    [
        (tries >= 2, "tries ≥ 2"),
        (tries != 2, "tries ≠ 2"),
        (tries == -1 + limit, "tries = -1 + limit"),
        (chat, "medium = chat"),
        (medium == Ring.medium, "medium = ring.medium"),
        (Ring.medium == Medium.VOICE, "medium = voice"),
        (ELAPSED >= 20_000, "time in state ≥ 20 s"),
        (ELAPSED == limit, "time in state = limit"),
        (lift(KEY), "key"),
        (lift("Ann"), "'Ann'"),
        (counted == True, "counted = true"),  # noqa: E712 - a comparison is what is put in words
        (tries - (wanted - 1), "tries − (wanted − 1)"),
        (tries - wanted - 1, "tries − wanted − 1"),
        ((tries + 1) * 2, "(tries + 1) × 2"),
        (counted & chat | strict, "counted and medium = chat or strict"),
        (counted & (chat | strict), "counted and (medium = chat or strict)"),
        (~counted & ~chat, "not counted and not medium = chat"),
        (~(counted & chat), "not (counted and medium = chat)"),
        (counted >> (chat >> strict), "if counted then if medium = chat then strict"),
        ((counted >> chat) >> strict, "if (if counted then medium = chat) then strict"),
        ((counted >> chat) & strict, "(if counted then medium = chat) and strict"),
        (choose(counted, tries, 0) > 1, "(tries if counted else 0) > 1"),
        (inside(missed), "missed"),
        (~inside(missed), "not missed"),
        (~inside(missed, offered), "neither missed nor offered"),
        (inside(missed, offered) & counted, "(missed or offered) and counted"),
        (line.inside(missed), "line is missed"),
        (~line.inside(missed), "line is not missed"),
        (~line.inside(missed, offered), "line is neither missed nor offered"),
        (line[tries] > 1, "line.tries > 1"),
        (tiles.none(), "no tiles"),
        (tiles.any(missed), "some tiles missed"),
        (tiles.none(offered, connected, medium == Medium.VOICE), "no tiles offered or connected with medium = voice"),
        (tiles.none(counted, chat), "no tiles with counted and with medium = chat"),
        (tiles.none(counted | chat), "no tiles with (counted or medium = chat)"),
        (tiles.none(missed) & strict, "no tiles missed and strict"),
        (tiles.all(missed, offered), "all tiles missed or offered"),
        (tiles.all(~counted), "all tiles with not counted"),
        (tiles.count() < limit, "fewer than limit tiles"),
        (tiles.count(missed) == 2, "exactly 2 tiles missed"),
        (tiles.count(missed) != 2, "not exactly 2 tiles missed"),
        (tiles.count(missed) <= limit - 1, "at most limit − 1 tiles missed"),
        (tiles.count(missed) > 2, "more than 2 tiles missed"),
        (tiles.count(missed) >= 2, "at least 2 tiles missed"),
        (tiles.count(missed) < tiles.count(), "number of tiles missed < number of tiles"),
        (tiles.count(chat) + 1 < limit, "number of (tiles with medium = chat) + 1 < limit"),
        (after(tiles.count()) < before(tiles.count()), "number of tiles after < number of tiles before"),
        (before(~inside(missed)), "(not missed) before"),
        (~before(inside(missed)), "not missed before"),
        (before(inside(missed, offered)), "(missed or offered) before"),
        (happens(Ring), "on ring"),
        (happens(Ring, TakeUp) & strict, "(on ring or take_up) and strict"),
        (emitted(SlotFreed) < 3, "number of slot_freed ever < 3"),
        (for_each(tiles, counted & chat), "for each of tiles: counted and medium = chat"),
        (for_each(tiles, counted) & strict, "(for each of tiles: counted) and strict"),
    ],
)  # fmt: skip
def test_a_formula_reads_like_a_sentence(expr: Expr[Any], words: str) -> None:
    """As a contact-centre manager would say it."""
    assert str(expr) == words


def test_the_time_of_a_part_names_the_part() -> None:
    """Said of the only part of a system, time in state is that part's."""
    machine = Machine("lamp", (free,), free, (), (), properties=(_lit_long(),))
    assert str(as_system(machine).properties[0].formula) == "time in state of lamp ≥ 1 min"


def _lit_long() -> Any:
    from fsm import reachable

    return reachable("it can be free for a minute", ELAPSED >= 60_000)


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(20_000, "20 s"), (90_000, "90 s"), (120_000, "2 min"), (7_200_000, "2 h"), (1_500, "1500 ms"), (0, "0 ms")],
)
def test_a_duration_is_said_in_the_largest_unit_that_divides_it(milliseconds: int, words: str) -> None:
    """A minute and a half stays 90 s: no value is rounded."""
    assert duration_in_words(milliseconds) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(True, "true"), (False, "false"), (3, "3"), (Medium.CHAT, "chat"), ("Ann", "'Ann'"), (None, "None")],
)
def test_a_value_is_said_as_a_page_would_write_it(value: object, words: str) -> None:
    """Members of an enumeration by their name, in lower case."""
    assert value_in_words(value) == words


def test_something_that_is_no_expression_of_the_language_has_no_words() -> None:
    """A node that no reader has learnt is a defect, and says so."""
    with pytest.raises(AssertionError):
        str(Expr())


# Two formulas read the same only if they mean the same

states = st.lists(st.sampled_from([offered, connected, missed]), min_size=1, max_size=2, unique=True)
numbers = st.recursive(
    st.one_of(st.sampled_from([tries, wanted, limit]), st.integers(0, 5).map(lift)),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] - pair[1]),
        st.tuples(inner, st.integers(0, 5)).map(lambda pair: pair[0] * pair[1]),
    ),
    max_leaves=3,
)
own = st.one_of(st.sampled_from([counted, chat]), states.map(lambda some: inside(*some)))
selector = st.recursive(
    own,
    lambda inner: st.one_of(inner.map(lambda one: ~one), st.tuples(inner, inner).map(lambda two: two[0] | two[1])),
    max_leaves=3,
)
amount = st.lists(selector, max_size=2).map(lambda some: tiles.count(*some))
atoms: st.SearchStrategy[Formula] = st.one_of(
    st.sampled_from([counted, strict, chat]),
    states.map(lambda some: line.inside(*some)),
    st.tuples(st.one_of(numbers, amount), st.one_of(numbers, amount)).map(lambda two: two[0] < two[1]),
    st.tuples(amount, numbers).map(lambda two: two[0] == two[1]),
    amount.map(lambda some: some == 0),
    amount.map(lambda some: some > 0),
)


def grow(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    """Every way in which a formula is made of smaller ones."""
    pairs = st.tuples(inner, inner)
    return st.one_of(
        inner.map(lambda one: ~one),
        inner.map(before),
        pairs.map(lambda two: two[0] & two[1]),
        pairs.map(lambda two: two[0] | two[1]),
        pairs.map(lambda two: two[0] >> two[1]),
        st.tuples(inner, inner, inner).map(lambda three: choose(*three)),
    )


formulas = st.recursive(atoms, grow, max_leaves=5)


@settings(max_examples=200, deadline=None)
@given(st.lists(formulas, min_size=2, max_size=12))
def test_two_formulas_that_differ_read_differently(several: list[Formula]) -> None:
    """What brackets are left out is never missed. The order of states in one place may differ: it says nothing."""
    said: dict[str, Any] = {}
    for formula in several:
        assert said.setdefault(str(formula), structure(formula)) == structure(formula)


ATOMS: list[Formula] = [
    counted, strict, chat, line.inside(missed), line.inside(missed, offered), tries < wanted, tiles.none(), tiles.any(missed, counted),
    tiles.count(offered, missed) < limit, before(counted), happens(Ring, TakeUp),
]  # fmt: skip


def larger(some: list[Formula], others: list[Formula]) -> list[Formula]:
    """Every formula made of one of each by one operator."""
    pairs = [(one, other) for one in some for other in others]
    return [made for one, other in pairs for made in (one & other, one | other, one >> other)]


def test_all_small_formulas_read_differently() -> None:
    """Every formula of up to three atoms, each of which is a word or a comparison of the language."""
    small = [*ATOMS, *(~one for one in ATOMS), *larger(ATOMS, ATOMS)]
    every = [*small, *(~one for one in small), *larger(small, ATOMS), *larger(ATOMS, small)]
    said: dict[str, Any] = {}
    clashes = [one for one in every if said.setdefault(str(one), structure(one)) != structure(one)]
    assert len(said) > 20_000
    assert [str(one) for one in clashes] == []
