"""Updates never leave the range of a variable, whatever the guard lets through."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fsm import DefinitionError, Field, Machine, State, boolean, choose, event, integer
from fsm.checks.intervals import interval, learn
from fsm.language.domains import Integers
from fsm.language.expressions import Expr, Formula, Var, lift
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


def machine(value: Expr[int] | int, guard: Formula | None = None) -> Machine:
    """A machine that sets `a` to the value where the guard holds."""
    trigger = shut.on(Turn) if guard is None else shut.on(Turn).when(guard)
    return Machine("valve", (shut, open_), shut, (trigger.to(open_).set(a, value),), (a, b, c, flag))


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
    ],
)
def test_an_update_that_stays_in_range_is_accepted(value: Expr[int] | int, guard: Formula | None) -> None:
    """By its own range, or because the guard keeps it there."""
    assert machine(value, guard).variables[0] is a


@pytest.mark.parametrize(
    ("value", "guard", "what"),
    [
        (5, None, "is an integer from 0 to 4, not 5"),
        (a + 1, None, "sets a to a + 1, which may be 1 to 5, but it is an integer from 0 to 4"),
        (a - 1, flag, "sets a to a − 1, which may be -1 to 3, but it is an integer from 0 to 4"),
        (c, None, "sets a to c, which may be -∞ to 9, but it is an integer from 0 to 4"),
        (Turn.by, Turn.by >= 0, "sets a to by, which may be 0 to ∞, but it is an integer from 0 to 4"),
        (a + 1, (a < 4) | flag, "sets a to a + 1, which may be 1 to 5, but it is an integer from 0 to 4"),
        (0 * Turn.by + c, None, "sets a to 0 × by + c, which may be -∞ to ∞, but it is an integer from 0 to 4"),
    ],
)
def test_an_update_that_may_leave_the_range_is_refused(
    value: Expr[int] | int, guard: Formula | None, what: str
) -> None:
    """The message shows how far it may go."""
    with pytest.raises(DefinitionError) as refused:
        machine(value, guard)
    assert refused.value.what == what


@pytest.mark.parametrize("guard", [a > 4, (b > 1) & (b < 0), (a == 0) & (a != 0), ~(a <= 4), (a < b) & (b < 0)])
def test_a_guard_that_can_never_hold_is_refused(guard: Formula) -> None:
    """A comparison out of range, or two that contradict each other."""
    with pytest.raises(DefinitionError, match="can never hold"):
        machine(0, guard)


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
    """What the declaration accepts, no run can break; and a guard that was refused holds nowhere."""
    reached = [worth(value, world) for world in worlds() if worth(guard, world)]
    try:
        machine(value, guard)
    except DefinitionError as refused:
        if "can never hold" in refused.what:
            assert reached == []
        assume(False)
    assert [one for one in reached if not Integers(0, 4).contains(one)] == []


def test_the_property_tests_speak_of_variables_alone() -> None:
    """Their leaves can all be looked up in a world."""
    assert {node for node in walk((a < b) & flag) if isinstance(node, Var)} == {a, b, flag}
