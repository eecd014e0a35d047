"""A condition with a name: pictures tell it by the name, and nothing else knows that it has one."""

from __future__ import annotations

import pickle

import pytest

from fsm import (
    DefinitionError,
    EventRefused,
    Machine,
    State,
    always,
    as_system,
    boolean,
    compile,
    event,
    inside,
    integer,
    named,
    reachable,
)
from fsm.canonical import fingerprint
from fsm.language.expressions import Formula
from fsm.language.printing import phrase
from fsm.verification import Proved, verify


@event
class Turn:
    """A key is turned."""


@event
class Reset:
    """The locksmith comes."""


shut, open_ = State("shut"), State("open")
wrong = integer("wrong", 0, 3)
oiled = boolean("oiled", initial=True)
TRIES_LEFT = named("tries left", wrong < 3)


def door(tries_left: Formula) -> Machine:
    return Machine(
        "door",
        states=(shut, open_),
        initial=shut,
        variables=(wrong, oiled),
        transitions=(
            shut.on(Turn).when(tries_left).stay().set(wrong, wrong + 1),
            shut.on(Turn).when(~tries_left).to(open_),
            open_.on(Reset).to(shut).set(wrong, 0),
        ),
        properties=(
            always("it opens after three turns", inside(open_) >> (wrong == 3)),
            reachable("it opens", inside(open_)),
        ),
    )


NAMED, PLAIN = door(TRIES_LEFT), door(wrong < 3)


def test_a_condition_reads_as_its_name_where_names_are_asked_for() -> None:
    """Everywhere else it reads as what it says."""
    assert "wrong < 3" == phrase(TRIES_LEFT)
    assert "tries left" == phrase(TRIES_LEFT, by_name=True)
    assert "not tries left and oiled" == phrase(~TRIES_LEFT & oiled, by_name=True)


def test_a_name_changes_neither_behaviour_nor_identity() -> None:
    """The same steps, the same words of a refusal, the same fingerprint of what is stored, the same proofs."""
    named_door, plain_door = compile(NAMED), compile(PLAIN)
    events = [Turn(), Turn(), Turn(), Turn(), Reset()]
    one, other = named_door.start(), plain_door.start()
    for at, sent in enumerate(events):
        one, other = named_door.step(one, sent, at).after, plain_door.step(other, sent, at).after
        assert one == other
    with pytest.raises(EventRefused) as refused:
        named_door.step(one, Reset(), 9)
    with pytest.raises(EventRefused) as plainly:
        plain_door.step(other, Reset(), 9)
    assert str(refused.value) == str(plainly.value)
    assert fingerprint(as_system(NAMED)) == fingerprint(as_system(PLAIN))
    assert [Proved, Proved] == [type(verdict) for verdict in verify(NAMED).verdicts]


def test_a_name_survives_being_joined_with_others() -> None:
    """Joined by the same word it is not taken apart, and it travels with the declaration."""
    both = named("can be turned", (wrong < 3) & oiled) & (wrong != 1)

    assert "can be turned and wrong ≠ 1" == phrase(both, by_name=True)
    assert "wrong < 3 and oiled and wrong ≠ 1" == phrase(both)
    assert "tries left" == phrase(pickle.loads(pickle.dumps(TRIES_LEFT)), by_name=True)


def test_a_variable_that_is_named_stays_itself() -> None:
    """The name is of a condition that asks whether it is true."""
    assert "well kept" == phrase(named("well kept", oiled), by_name=True)
    assert "oiled = true" == phrase(named("well kept", oiled))
    assert "" == oiled.called


@pytest.mark.parametrize(
    ("name", "condition", "said"),
    [
        ("", oiled, "'' is no name"),
        ("  ", oiled, "'  ' is no name"),
        ("two\nlines", oiled, "is no name"),
        (7, oiled, "7 is no name"),
        ("some", wrong, "needs a formula, not wrong"),
        ("some", 1, "needs a formula, not 1"),
    ],
)
def test_what_is_no_name_or_no_condition_is_refused_where_it_is_written(
    name: str, condition: Formula, said: str
) -> None:
    """With what to write instead."""
    with pytest.raises(DefinitionError, match=said):
        named(name, condition)
