"""Parameters: what a profile sets, and what every profile must satisfy."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from fsm import Assumption, BadInput, DefinitionError, Machine, State, always, as_system, boolean, event, parameter
from fsm.language.domains import Booleans, Enumeration, Integers
from fsm.runtime.profile import complete


class Plan(Enum):
    SMALL = 1
    LARGE = 2


@event
class Go:
    """Start."""


@event
class Halt:
    """Sent by time."""


slow = parameter("slow", bool, False, cites="S01")
pace = parameter("pace", int, 5, low=1, high=9)
plan = parameter("plan", Plan, Plan.SMALL)
extra = parameter("extra", int, 0, low=0)
still, going = State("still"), State("going")
RUNNER = Machine(
    "runner", (still, going), still,
    (still.on(Go).when(~slow).to(going), going.after(pace, Halt).to(still)),
    properties=(always("it is", (plan == Plan.SMALL) | (plan == Plan.LARGE)),),
    assumptions=(Assumption("not too fast", (extra + pace < 9) & (pace > 1), cites="D1"),),
)  # fmt: skip
SYSTEM = as_system(RUNNER)


def test_a_parameter_has_a_range_a_default_and_citations() -> None:
    """Booleans, integers and enumerations."""
    assert [one.domain for one in (slow, pace, plan)] == [Booleans(), Integers(1, 9), Enumeration(Plan)]
    assert (slow.default, slow.cites, RUNNER.assumptions[0].cites) == (False, ("S01",), ("D1",))


def test_a_machine_s_parameters_are_found_wherever_they_are_mentioned() -> None:
    """In guards, durations, properties and assumptions, each once, in the order they are met."""
    assert RUNNER.parameters == (slow, pace, plan, extra)


def test_a_profile_is_completed_by_defaults() -> None:
    """What a profile does not say is as declared."""
    assert complete(SYSTEM, {"pace": 2}) == {"slow": False, "pace": 2, "plan": Plan.SMALL, "extra": 0}


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ({"speed": 1}, "profile.speed: runner has no such parameter. It has slow, pace, plan, extra."),
        ({"pace": 10}, "profile.pace: 10 is not an integer from 1 to 9."),
        ({"slow": 1}, "profile.slow: 1 is not true or false."),
        ({"plan": "small"}, "profile.plan: 'small' is not one of small, large."),
        (
            {"pace": 9},
            "profile: breaks the assumption 'not too fast': extra + pace < 9 and pace > 1; given extra = 0, pace = 9.",
        ),
    ],
)
def test_a_wrong_profile_is_refused(profile: dict[str, Any], message: str) -> None:
    """An unknown name, a value out of range, or a broken assumption with the values it saw."""
    with pytest.raises(BadInput) as refused:
        complete(SYSTEM, profile)
    assert str(refused.value) == message


def test_a_system_without_parameters_says_so() -> None:
    """There is nothing to set."""
    bare = as_system(Machine("bare", (still,), still, ()))
    with pytest.raises(BadInput, match=r"profile\.pace: bare has no such parameter\. It has none\."):
        complete(bare, {"pace": 1})


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (lambda: parameter("pace", int, 0, low=1), "parameter pace: its default 0 is not an integer, 1 or more."),
        (lambda: parameter("pace", int, True), "parameter pace: its default True is not an integer."),
        (lambda: parameter("the pace", int, 1), "parameter 'the pace': is not a name. Use letters, digits and underscores, starting with a letter."),
        (lambda: parameter("name", str, "x"), "parameter name: is of <class 'str'>. A parameter is a bool, an int or a member of an enumeration."),
        (lambda: parameter("name", "int", 1), "parameter name: is of 'int'. A parameter is a bool, an int or a member of an enumeration."),
        (lambda: parameter("slow", bool, True, high=1), "parameter slow: has bounds, but is no integer. Leave low and high out."),
        (lambda: parameter("pace", int, 1, low=3, high=1), "range from 3 to 1: is empty. Write the smaller bound first."),
        (lambda: Assumption("pace", pace), "assumption 'pace': needs a formula, not pace, which is an integer from 1 to 9."),
        (lambda: Machine("odd", (still,), still, (), assumptions=(Assumption("seen", boolean("seen")),)),
         "machine odd: assumption 'seen': seen cannot be read in a duration, a limit or an assumption: it is a variable of one machine."),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_refused_where_it_is_declared(declare: Any, message: str) -> None:
    """A default out of range, a type that no proof could cover, a name that nothing can carry."""
    with pytest.raises(DefinitionError) as refused:
        declare()
    assert str(refused.value) == message
