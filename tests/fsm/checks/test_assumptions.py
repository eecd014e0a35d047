"""Assumptions that nothing satisfies, and profiles that contradict them, are refused where they are declared."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsm import Assumption, BadInput, DefinitionError, Machine, NamedProfile, State, System, compile, one, parameter
from fsm.checks.assumptions import Assumed
from fsm.language.expressions import Formula


class Size(Enum):
    SMALL = "small"
    MIDDLE = "middle"
    LARGE = "large"


few = parameter("few", int, 1, low=0, high=5)
more = parameter("more", int, 3, low=0, high=5)
wide = parameter("wide", int, 10, low=0, high=1_000_000)
any_number = parameter("any_number", int, 0)
other_number = parameter("other_number", int, 0)
switch = parameter("switch", bool, False)
size = parameter("size", Size, Size.SMALL)
PARAMETERS = (few, more, wide, any_number, other_number, switch, size)
still = State("still")


def declared(*assumed: Formula, profiles: Sequence[dict[str, Any]] = ()) -> System:
    """A system that does nothing under these assumptions."""
    return System(
        "shop",
        (one("it", Machine("thing", (still,), still, ())),),
        parameters=PARAMETERS,
        assumptions=tuple(Assumption(f"a{place}", that) for place, that in enumerate(assumed, 1)),
        profiles=tuple(NamedProfile(f"p{place}", values) for place, values in enumerate(profiles, 1)),
    )


# Assumptions

CONTRADICTORY: list[tuple[str, tuple[Formula, ...], str]] = [
    ("alone", ((few < 2) & (few > 1),), "assumption 'a1'"),
    ("outside the range", (few > 7,), "assumption 'a1'"),
    ("two of them", (few < 2, few > 3), "assumptions 'a1' and 'a2'"),
    ("by a third", (few < more, more < 3, few > 1), "assumptions 'a1' and 'a2' and 'a3'"),
    ("of a large range", (wide < 5, wide > 9), "assumptions 'a1' and 'a2'"),
    ("of numbers without end", (any_number > 9, any_number < 9), "assumptions 'a1' and 'a2'"),
    ("of numbers without end, by each other", (any_number > other_number, other_number > 5, any_number < 6), "assumptions 'a1' and 'a2' and 'a3'"),
    ("a few of a large range are left", ((wide > 4) & (wide < 7), (wide != 5) & (wide != 6)), "assumptions 'a1' and 'a2'"),
    ("of a switch", (switch, ~switch), "assumptions 'a1' and 'a2'"),
    ("of a switch and a number", (switch >> (few > 2), ~switch >> (few > 3), few < 2), "assumptions 'a1' and 'a2' and 'a3'"),
    ("of an enumeration", (size != Size.SMALL, size != Size.MIDDLE, size != Size.LARGE), "assumptions 'a1' and 'a2' and 'a3'"),
    ("by sums", (few + more > 10,), "assumption 'a1'"),
    ("by a difference", (any_number > other_number, any_number <= other_number), "assumptions 'a1' and 'a2'"),
    ("of doubles", (2 * any_number - 2 * other_number == 1,), "assumption 'a1'"),
    ("not of others", (switch | ~switch, few > 7), "assumption 'a2'"),
]  # fmt: skip


@pytest.mark.parametrize(("assumed", "named"), [case[1:] for case in CONTRADICTORY], ids=[case[0] for case in CONTRADICTORY])  # fmt: skip
def test_assumptions_that_nothing_satisfies_are_refused(assumed: tuple[Formula, ...], named: str) -> None:
    """Those that contradict each other are named, no others."""
    with pytest.raises(DefinitionError) as refused:
        declared(*assumed)

    assert f"system shop: {named}" == refused.value.where
    assert refused.value.what.startswith("nothing satisfies ")


SATISFIABLE: list[tuple[Formula, ...]] = [
    (few > 4,),
    (few < more, more < 5, few > 2),
    (wide > 999_998,),
    (any_number > 1_000, any_number < other_number),
    (switch >> (few > 2), ~switch >> (few > 3)),
    (size != Size.SMALL, size != Size.MIDDLE),
]


@pytest.mark.parametrize("assumed", SATISFIABLE)
def test_assumptions_that_something_satisfies_are_not(assumed: tuple[Formula, ...]) -> None:
    """Though the defaults may not: whoever compiles with them is told."""
    system = declared(*assumed)

    with pytest.raises(BadInput, match="breaks the assumption"):
        compile(system)


def test_those_of_the_machines_inside_count() -> None:
    """A machine alone may be fine where the system around it leaves it nothing."""
    inside = Machine("thing", (still,), still, (), assumptions=(Assumption("few", few < 2),))

    with pytest.raises(DefinitionError, match="assumptions 'many' and 'few'"):
        System("shop", (one("it", inside),), parameters=(few,), assumptions=(Assumption("many", few > 2),))
    with pytest.raises(DefinitionError, match="machine thing: assumption 'none'"):
        Machine("thing", (still,), still, (), assumptions=(Assumption("none", few > 9),))


# Profiles

PROFILES: list[tuple[str, tuple[Formula, ...], dict[str, Any]]] = [
    ("one value", (few < 2,), {"few": 3}),
    ("two values", (few < more,), {"few": 3, "more": 3}),
    ("a value that leaves another none", (few < more,), {"few": 5}),
    ("a switch", (switch >> (size == Size.LARGE),), {"switch": True, "size": Size.SMALL}),
    ("numbers without end", (any_number < other_number, other_number < 3), {"any_number": 7}),
]  # fmt: skip


@pytest.mark.parametrize(("assumed", "values"), [case[1:] for case in PROFILES], ids=[case[0] for case in PROFILES])
def test_a_profile_that_contradicts_an_assumption_is_refused(
    assumed: tuple[Formula, ...], values: dict[str, Any]
) -> None:
    """Whatever it leaves open: nothing could be configured in this version."""
    with pytest.raises(DefinitionError, match="profile 'p2'") as refused:
        declared(*assumed, profiles=[{}, values])

    assert "contradicts assumption" in str(refused.value)


def test_a_profile_that_leaves_open_what_the_defaults_would_break_is_fine() -> None:
    """`more` has to be 5 then, which is not its default but may be chosen."""
    system = declared(few < more, profiles=[{"few": 4}])

    assert compile(system, {"few": 4, "more": 5}).params["more"] == 5
    with pytest.raises(BadInput, match="breaks the assumption"):
        compile(system, {"few": 4})


def test_the_profile_of_a_machine_may_name_parameters_that_are_not_its_own() -> None:
    """They are those of the system around it."""
    named = NamedProfile("wide", {"few": 1, "elsewhere": 3})
    Machine("thing", (still,), still, (), assumptions=(Assumption("few", few < 2),), profiles=(named,))


# Never more than is true

NUMBERS = (few, more)


@st.composite
def formulas(draw: st.DrawFn) -> Formula:
    left, right = draw(st.sampled_from(NUMBERS)), draw(st.sampled_from([*NUMBERS, *range(6)]))
    made: Formula = draw(
        st.sampled_from(
            [left < right, left <= right, left == right, left != right, left + few > right, left - right > 1]
        )
    )
    return draw(st.sampled_from([made, ~made, made | switch, switch >> made, ~switch >> made]))


@given(st.lists(formulas(), min_size=1, max_size=4), st.booleans())
def test_what_is_said_of_a_few_values_is_what_trying_them_all_says(assumed: list[Formula], fixed: bool) -> None:
    """Here everything is small, so it is always found out."""
    assumptions = [Assumption(f"a{place}", that) for place, that in enumerate(assumed)]
    values = {"few": 2} if fixed else {}
    choices = [(f, m, s) for f in ([2] if fixed else range(6)) for m in range(6) for s in (False, True)]
    satisfied = any(_all_hold(assumed, {"few": f, "more": m, "switch": s}) for f, m, s in choices)
    found = Assumed(assumptions, (few, more, switch), values)

    assert satisfied is found.satisfied
    assert satisfied is (found.contradiction == [])


def _all_hold(assumed: list[Formula], values: dict[str, Any]) -> bool:
    from fsm.semantics.evaluation import interpret

    return all(interpret(that, params=values) for that in assumed)


def test_what_is_not_found_out_is_left_to_the_proofs() -> None:
    """Two numbers that are equal do not add up to one; no comparison says so alone."""
    assumption = Assumption("odd", (any_number == other_number) & (any_number + other_number == 1))

    assert Assumed([assumption], PARAMETERS, {}).satisfied is None
    declared(assumption.that)
