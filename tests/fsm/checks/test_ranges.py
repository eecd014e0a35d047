"""Updates never leave the range of a variable, whatever the guard lets through: it is refused, or the guard says so too."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import Annotated, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fsm import (
    KEY,
    NOW,
    Assumption,
    DefinitionError,
    Field,
    Machine,
    Range,
    State,
    always,
    boolean,
    carried,
    choose,
    effect,
    event,
    integer,
    parameter,
)
from fsm.checks.intervals import interval, learn
from fsm.errors import NeverHolds, OutOfRange
from fsm.language.domains import Integers
from fsm.language.expressions import Const, Expr, Formula, Var, lift
from fsm.language.machine import Transition
from fsm.language.traversal import walk
from fsm.semantics.evaluation import fold


@event
class Turn:
    by: Field[int]


shut, open_ = State("shut"), State("open")
a = integer("a", 0, 4)
b = integer("b", -3, 3)
c = integer("c", None, 9)
flag = boolean("flag")
low = parameter("low", int, 3, low=0, high=9)


@effect
class Told:
    more: Annotated[int, Range(0, 4)]


def machine(value: Expr[int] | int, guard: Formula | None = None) -> Machine:
    """A machine that sets `a` to the value where the guard holds, again and again."""
    trigger = shut.on(Turn) if guard is None else shut.on(Turn).when(guard)
    lines = (trigger.to(open_).set(a, value), open_.on(Turn).to(shut))
    return Machine("valve", (shut, open_), shut, lines, (a, b, c, flag))


@pytest.mark.parametrize(
    ("value", "guard"),
    [
        (4, None),
        (a + 1, a < 4),
        (a + 1, 4 > a),
        (a + 1, ~(a >= 4)),
        (a + 1, ~(flag | (a == 4))),
        (a + 1, a != 4),
        (a - 1, a != 0),
        (a + 1, ~((a < 4) >> flag)),
        (a + 1, (a + 1 <= 4) & flag),
        (a + b, (b <= 0) & (b >= 0)),
        (a + b, b == 0),
        (b * 1, b >= 0),
        (b * -1, b <= 0),
        (choose(a < 4, a + 1, 0), None),
        (choose(flag, a, 2), None),
        (Turn.by, (Turn.by >= 0) & (Turn.by <= 4)),
        (9 - c, (c >= 5) & (c <= 9)),
        (a + 1, (a == 0) | (a == 2)),
        (a + 1, ((a == 0) & flag) | (a < 3)),
        (a + 1, (b > 0) & ((b < 1) | (a < 4))),
        (a + 1, ((b > 0) >> (a < 4)) & (b == 1)),
        (a + 1, ~((a > 3) & (a > 2))),
    ],
)
def test_an_update_that_stays_in_range_is_accepted(value: Expr[int] | int, guard: Formula | None) -> None:
    """By its own range, or because the guard keeps it there."""
    assert machine(value, guard).transitions[0].narrowed is False


@pytest.mark.parametrize(
    ("value", "guard", "what"),
    [
        (5, None, "is an integer from 0 to 4, not 5"),
        (a + 1, None, "sets a to a + 1, which may be 1 to 5, but it is an integer from 0 to 4"),
        (c, None, "sets a to c, which may be -∞ to 9, but it is an integer from 0 to 4"),
        (Turn.by, None, "sets a to by, which may be -∞ to ∞, but it is an integer from 0 to 4"),
        (Turn.by, flag, "sets a to by, which may be -∞ to ∞, but it is an integer from 0 to 4"),
        (a + 9, flag, "sets a to a + 9, which may be 9 to 13, but it is an integer from 0 to 4"),
        (0 * Turn.by + c, None, "sets a to 0 × by + c, which may be -∞ to 9, but it is an integer from 0 to 4"),
    ],
)
def test_an_update_that_nothing_keeps_in_range_is_refused(
    value: Expr[int] | int, guard: Formula | None, what: str
) -> None:
    """It is written again and again, and no condition and no other line speaks of it; or it never has room."""
    with pytest.raises(DefinitionError) as refused:
        machine(value, guard)
    assert refused.value.what == what


@pytest.mark.parametrize(
    ("value", "guard", "says"),
    [
        (a - 1, flag, "flag and a − 1 ≥ 0"),
        (Turn.by, Turn.by >= 0, "by ≥ 0 and by ≤ 4"),
        (a + 1, (a < 4) | flag, "(a < 4 or flag) and a + 1 ≤ 4"),
        (a + 1, (a == 0) | (a == 4), "(a = 0 or a = 4) and a + 1 ≤ 4"),
        (a + b, flag, "flag and a + b ≥ 0 and a + b ≤ 4"),
        (c, c >= b, "c ≥ b and c ≥ 0 and c ≤ 4"),
    ],
)
def test_of_an_update_that_something_may_keep_in_range_the_guard_says_so(
    value: Expr[int], guard: Formula, says: str
) -> None:
    """What was written is kept beside it: whether the one ever holds without the other is for the proofs to say."""
    (line, _) = machine(value, guard).transitions
    assert (str(line.guard), line.meant, line.narrowed) == (says, guard, True)
    assert line.as_meant.guard is guard


@pytest.mark.parametrize(
    ("lines", "narrowed"),
    [
        ((shut.on(Turn).to(open_).set(a, a + 1),), True),
        ((shut.on(Turn).stay().set(a, a + 1), open_.on(Turn).when(a > 2).to(shut)), True),
        ((shut.on(Turn).stay().set(a, a + 1), open_.on(Turn).to(shut).set(a, 0)), True),
        ((shut.on(Turn).stay().set(a, a + 1), open_.on(Turn).to(shut).set(b, 0)), False),
        ((shut.on(Turn).to(open_).set(a, a + 1), open_.on(Turn).to(shut).set(a, a - 1)), False),
    ],
)
def test_a_count_without_a_guard_is_left_open_where_it_ends_or_another_line_speaks_of_it(
    lines: tuple[Transition, ...], narrowed: bool
) -> None:
    """A line that no other leads back to, one that looks at the count, one that sets it anew; else nothing can keep it in its range."""

    def made() -> bool:
        return Machine("valve", (shut, open_), shut, lines, (a, b)).transitions[0].narrowed

    if narrowed:
        assert made()
    else:
        with pytest.raises(OutOfRange):
            made()


def test_a_claim_and_an_assumption_may_speak_of_what_is_written() -> None:
    """Both are formulas that proofs rest on."""
    line = shut.on(Turn).stay().set(a, a + 1)
    claimed = Machine("valve", (shut,), shut, (line,), (a,), (always("it is low", a <= 4),))
    asked_ = Assumption("it is low", low <= 4)
    assumed = Machine("valve", (shut,), shut, (shut.on(Turn).stay().set(a, low),), (a,), assumptions=(asked_,))
    assert [True, True] == [one.transitions[0].narrowed for one in (claimed, assumed)]


def test_what_effects_carry_is_kept_in_range_too() -> None:
    """An amount that is told is as much a value as one that is kept."""
    lines = (shut.on(Turn).when(a > b).stay().emits(Told, more=a - b),)
    (line,) = Machine("valve", (shut,), shut, lines, (a, b)).transitions
    assert str(line.guard) == "a > b and a − b ≤ 4"


@pytest.mark.parametrize("value", [KEY, NOW, carried("code", int, initial=7)])
def test_what_is_carried_is_emitted_only_where_no_range_is_promised(value: Expr[Any]) -> None:
    """No condition could see that it is in the range, so that whoever reads the effect could be told anything."""
    lines = (shut.on(Turn).to(open_).emits(Told, more=value), open_.on(Turn).to(shut))
    with pytest.raises(DefinitionError, match="more"):
        Machine("valve", (shut, open_), shut, lines, tuple(one for one in (value,) if isinstance(one, Var)))


@pytest.mark.parametrize("guard", [a > 4, (b > 1) & (b < 0), (a == 0) & (a != 0), ~(a <= 4), (a < b) & (b < 0)])
def test_a_guard_that_can_never_hold_is_refused(guard: Formula) -> None:
    """A comparison out of range, or two that contradict each other."""
    with pytest.raises(DefinitionError, match="can never hold"):
        machine(0, guard)


# Differences

coins, price, fee = integer("coins", 0, 9), integer("price", 1, 4, initial=1), integer("fee", 0, 2)
asked = parameter("asked", int, 3, low=-(10**30), high=10**30)
endless = parameter("endless", int, 3)


def till(value: Expr[int] | int, guard: Formula | None) -> Machine:
    """A machine that sets `coins`, from 0 to 9, to the value where the guard holds, again and again."""
    trigger = shut.on(Turn) if guard is None else shut.on(Turn).when(guard)
    return Machine("till", (shut,), shut, (trigger.stay().set(coins, value),), (coins, price, fee, flag))


NEVER = coins < price


@pytest.mark.parametrize(
    ("value", "guard"),
    [
        (coins - price, coins >= price),
        (coins - price, price <= coins),
        (coins - price, ~(coins < price)),
        (coins - price, coins > price - 1),
        (coins - price, price - coins <= 0),
        (coins - price, 2 * coins >= 2 * price),
        (coins - price, 2 * coins + 1 >= 2 * price),
        (coins - price, flag & (coins >= price)),
        (coins - price, ~((coins >= price) >> flag)),
        (coins - price - 1, coins > price),
        (coins - price - 1, (coins >= price) & (coins != price)),
        (2 * coins - 2 * price, (coins >= price) & (coins <= price + 4)),
        (coins - price, coins == price),
        (coins - price, (coins > price) | (price == coins)),
        (coins - price, (flag & (coins == price)) | (~flag & (coins > price))),
        (coins - (price + fee), coins >= price + fee),
        (coins - price - fee, coins - fee >= price),
        (coins + fee - price, (coins >= price) & (coins < 8)),
        (choose(coins >= price, coins - price, 0), None),
        (choose(coins < price, coins, coins - price), None),
        (coins - coins + 9, None),
        (coins - price + price, None),
        (coins - asked, (coins >= asked) & (asked >= 0)),
        (coins - endless, (coins >= endless) & (coins - endless <= 9)),
        (coins - Turn.by, (Turn.by >= 0) & (Turn.by <= coins)),
    ],
)
def test_a_comparison_of_two_things_bounds_their_difference(value: Expr[int], guard: Formula | None) -> None:
    """However it is written: what is taken from the coins is no more than there is."""
    assert not till(value, guard).transitions[0].narrowed


@pytest.mark.parametrize(
    ("value", "guard"),
    [
        (coins - price, None),
        (coins - price, NEVER),
        (coins - price, price >= coins),
        (coins - price, coins != price),
        (coins - price, coins + price >= 4),
        (coins - price, coins >= fee),
        (coins - price, (coins > price) | (price == coins + 1)),
        (coins - price, coins >= price - 1),
        (coins - price, 2 * coins + 2 >= 2 * price),
        (coins - price, (coins >= price) | flag),
        (coins - price, flag >> (coins >= price)),
        (coins - price, ~((coins >= price) & flag)),
        (coins - price - 1, coins >= price),
        (coins - 2 * price, coins >= price),
        (coins - price - fee, coins >= price),
        (coins + price, coins <= price + 5),
        (choose(coins >= price, 0, coins - price), None),
        (choose(coins >= price, coins - price, coins - price), None),
        (choose(coins >= price, coins - price, 0) - price, None),
        (coins - asked, coins >= asked),
        (coins - endless, coins >= endless),
        (coins - Turn.by, Turn.by <= coins),
    ],
)
def test_a_comparison_of_other_things_bounds_nothing(value: Expr[int], guard: Formula | None) -> None:
    """One less, the other way round, of other amounts, or not always: it is refused, or left to the proofs."""
    if guard is None or guard is NEVER:
        with pytest.raises(OutOfRange):
            till(value, guard)
    else:
        assert till(value, guard).transitions[0].narrowed


@pytest.mark.parametrize(
    "guard",
    [(coins < price) & (price < coins), (coins >= price) & ~(price <= coins), 2 * coins - 2 * price == 1],
)
def test_comparisons_that_exclude_each_other_are_refused(guard: Formula) -> None:
    """No number is both more and less than another, nor is it half a unit more."""
    with pytest.raises(NeverHolds):
        till(0, guard)


def test_what_is_refused_is_told_which_guard_is_read_and_what_has_no_bounds() -> None:
    """An amount that nothing bounds can be guarded, or be given bounds."""
    with pytest.raises(OutOfRange) as refused:
        till(coins - endless, None)
    assert refused.value.instead == (
        "Guard it with (coins − endless ≥ 0) & (coins − endless ≤ 9), alone or joined by & to the rest, or widen the range. "
        "endless has no bounds: parameter('endless', int, ..., low=..., high=...)."
    )


def test_choices_within_conditions_are_read_in_time_that_grows_with_them() -> None:
    """Each level asks what the level below may be, once: twice would go on for ever."""
    deep: Expr[int] = coins
    for _ in range(38):
        deep = choose(deep < 3, 1, 2)
    assert till(deep, None).variables[0] is coins


# Whatever is accepted is right

numbers = st.recursive(
    st.one_of(st.sampled_from([a, b]), st.integers(-3, 5).map(lift)),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: two[0] + two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] - two[1]),
        st.tuples(inner, st.integers(-2, 2)).map(lambda two: two[0] * two[1]),
        st.tuples(inner, inner, inner).map(lambda three: choose(three[0] < three[1], three[1], three[2])),
    ),
    max_leaves=4,
)
OPERATORS = [
    lambda x, y: x < y,
    lambda x, y: x <= y,
    lambda x, y: x > y,
    lambda x, y: x >= y,
    lambda x, y: x + 0 == y + 0,
    lambda x, y: x + 0 != y + 0,
]
comparisons = st.tuples(st.sampled_from(OPERATORS), numbers, numbers).map(lambda three: three[0](three[1], three[2]))
guards = st.recursive(
    st.one_of(comparisons, st.just(flag)),
    lambda inner: st.one_of(
        inner.map(lambda one: ~one),
        st.tuples(inner, inner).map(lambda two: two[0] & two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] | two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] >> two[1]),
    ),
    max_leaves=4,
)


def worth(expr: Expr[Any], values: dict[Var[Any], Any]) -> Any:
    """The value of an expression, variable by variable."""
    return fold(expr, lambda node: values[node])


def worlds() -> list[dict[Var[Any], Any]]:
    """Every value of every variable."""
    return [{a: x, b: y, flag: z} for x, y, z in product(range(5), range(-3, 4), (False, True))]


@settings(max_examples=200, deadline=None)
@given(numbers, guards)
def test_no_value_that_a_guard_lets_through_lies_outside_the_interval(value: Expr[int], guard: Formula) -> None:
    """Intervals may be too wide and never too narrow, wherever the guard holds."""
    low, high = interval(value, learn({}, guard))
    reached = [worth(value, world) for world in worlds() if worth(guard, world)]
    assert [one for one in reached if (low is not None and one < low) or (high is not None and one > high)] == []


@settings(max_examples=150, deadline=None)
@given(numbers, guards)
def test_no_accepted_update_leaves_its_range(value: Expr[int], guard: Formula) -> None:
    """What the declaration accepts, no run can break; where its guard says more than was written, it excludes just what has no room.

    A guard that was refused holds nowhere, and a value that was refused has room nowhere.
    """
    reached = [worth(value, world) for world in worlds() if worth(guard, world)]
    room = [one for one in reached if Integers(0, 4).contains(one)]
    try:
        (line, _) = machine(value, guard).transitions
    except DefinitionError as refused:
        if "can never hold" in refused.what or any(isinstance(node, Var) for node in walk(value)):
            assert room == []
        assume(False)
    assert line.guard is not None
    assert [worth(value, world) for world in worlds() if worth(line.guard, world)] == room
    assert line.narrowed or room == reached


@settings(max_examples=100, deadline=None)
@given(numbers)
def test_the_guard_that_a_refusal_proposes_is_accepted(value: Expr[int]) -> None:
    """Unless it can never hold, which is said; a constant is out of range whatever is guarded."""
    assume(not isinstance(value, Const))
    with suppress(NeverHolds):
        machine(value, (value >= 0) & (value <= 4))


def test_the_property_tests_speak_of_variables_alone() -> None:
    """Their leaves can all be looked up in a world."""
    assert {node for node in walk((a < b) & flag) if isinstance(node, Var)} == {a, b, flag}
