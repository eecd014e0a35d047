"""A state that a solver gives is told in the words of the declaration, and nothing else of the solver's is."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

from fsm import (
    Field,
    Machine,
    State,
    System,
    always,
    as_system,
    boolean,
    choice,
    each,
    effect,
    emitted,
    event,
    inside,
    integer,
    one,
    parameter,
    within,
)
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.quantities import state_in_words
from fsm.verification.encoding.terms import negated
from fsm.verification.engines.clocks.timed_induction import Timing
from fsm.verification.engines.induction import Failure, Induction


class Tone(Enum):
    LOUD = "loud"
    LOW = "low"


@event
class Ring:
    at: Field[str]
    tone: Field[Tone]


@event
class Fade:
    """Sent by time."""


@event
class Press:
    pass


@effect
class Rang:
    """A bell has rung."""


free, ringing = State("free"), State("ringing")
up, down, lit = State("up"), State("down"), State("lit")
tone, pressed, worn = choice("tone", Tone), integer("pressed", 0, 9), boolean("worn")
BELL = Machine(
    "bell", (free, ringing), free,
    (free.on(Ring).to(ringing).set(tone, Ring.tone).emits(Rang), ringing.after(500, Fade).stay()),
    variables=(tone,),
)  # fmt: skip
BUTTON = Machine(
    "button", (up, down), up, (up.on(Press).when(pressed < 9).to(down).set(pressed, pressed + 1), down.after(2_000, Fade).to(up).set(worn, True)),
    variables=(pressed, worn),
)  # fmt: skip
limit, loudest = parameter("limit", int, 3, low=1), parameter("loudest", Tone, Tone.LOW)
bells, button = each("bells", BELL, key="at", at_most=limit), one("button", BUTTON)
HALL = System(
    "hall", (button, bells), parameters=(limit, loudest), properties=(always("few have rung", emitted(Rang) < 9_000),)
)


def told(formula: Any) -> str:
    """The words for a state of which this formula is true."""
    induction = Induction(Counting(HALL), {})
    failed = induction.show_implied(negated(induction.counting.state(formula)))
    assert isinstance(failed, Failure)
    return state_in_words(failed.state)


def test_parts_counts_effects_and_parameters_are_told_in_this_order() -> None:
    """A part made by `one` with its variables; of many, how many are where; a parameter with its value."""
    loud = bells.count(inside(ringing) & (tone == Tone.LOUD))
    words = told(
        (button.inside(down)) & (button[pressed] == 2) & button[worn] & (loud == 2) & (bells.count(tone == Tone.LOW) == 0)
        & (emitted(Rang) == 7) & (limit == 4) & (loudest == Tone.LOUD)
    )  # fmt: skip

    assert re.fullmatch(
        r"button in down \(pressed = 2, worn = true(, fade fired)?\), "
        r"(\d bells in ringing \(tone = loud(, fade fired)?\), )+7 rang so far, limit = 4, loudest = loud",
        words,
    )


def test_of_many_none_is_said_too() -> None:
    """An empty desk is a state like any other, and not no state at all."""
    words = told(bells.none(ringing) & button.inside(up) & (emitted(Rang) == 0) & (limit == 1) & (loudest == Tone.LOW))

    assert re.fullmatch(r"button in up \(pressed = \d, worn = \w+\), no bells, limit = 1, loudest = low", words)


def test_with_clocks_it_is_said_for_how_long() -> None:
    """A duration as everywhere: in the largest unit that divides it."""
    kept = within("never lit again", 1_000, inside(down), inside(lit))
    lamp = Machine(
        "lamp",
        (up, down, lit),
        up,
        (up.on(Press).to(down), down.after(2_000, Fade).to(lit)),
        properties=(kept,),
    )
    system = as_system(lamp)
    failed = Timing(system, {}).show(system.properties[0])

    assert isinstance(failed, Failure)
    assert re.match(r"lamp in \w+ for \d+ (ms|s)", state_in_words(failed.state))
