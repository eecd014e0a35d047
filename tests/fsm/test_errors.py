"""Errors: facts as attributes, and a text made from them."""

from __future__ import annotations

import pytest

from fsm import (
    BadInput,
    BadSnapshot,
    DefinitionError,
    EventRefused,
    Machine,
    State,
    System,
    TimeStopped,
    compile,
    event,
    one,
    wire,
)


@event
class Open:
    """A hand opens."""


@event
class Fall:
    """Sent by time."""


@event
class Ring:
    """The bell's own action."""


shut, ajar, silent = State("shut"), State("ajar"), State("silent")
DOOR = Machine("door", (shut, ajar), shut, (shut.on(Open).to(ajar), ajar.after(5, Fall).to(shut)))
BELL = Machine("bell", (silent, ajar), silent, (silent.on(Ring).to(ajar),))


def test_an_error_says_where_what_and_what_instead() -> None:
    """Its facts can be read one by one."""
    error = DefinitionError("machine door", "has no lock", "Add one.")
    assert str(error) == "machine door: has no lock. Add one."
    assert (error.where, error.what, error.instead) == ("machine door", "has no lock", "Add one.")


def test_an_error_without_advice_says_no_more() -> None:
    """Where nothing helps, nothing is added."""
    assert str(DefinitionError("machine door", "has no lock")) == "machine door: has no lock."
    assert (
        str(BadInput("at", "'now' is not an int", "Give milliseconds."))
        == "at: 'now' is not an int. Give milliseconds."
    )
    assert str(BadSnapshot("parts.door", "is missing")) == "parts.door: is missing."


def test_the_caller_s_faults_are_told_from_the_author_s() -> None:
    """Who catches one family does not swallow the other."""
    assert issubclass(BadSnapshot, BadInput)
    assert not issubclass(BadInput, DefinitionError)


def test_a_refusal_and_a_stopped_clock_say_who_stood_in_the_way() -> None:
    """Both texts are those of the refusal, which keeps the facts."""
    door, bell = one("door", DOOR), one("bell", BELL)
    engine = compile(System("house", (door, bell), (wire(Open, door.by(Open)), wire(door.sends(Fall), bell.by(Ring)))))
    once = engine.step(engine.start(), Open(), at=0).after
    with pytest.raises(EventRefused) as refused:
        engine.step(once, Open(), at=1)
    assert str(refused.value) == str(refused.value.refusal)
    again = engine.step(once, Open(), at=9).after
    with pytest.raises(TimeStopped) as stopped:
        engine.advance(again, 99)
    assert str(stopped.value) == f"time cannot pass: {stopped.value.refusal}"
