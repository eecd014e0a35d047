"""The time in state of each of many instances: one is followed with its clock while all are counted."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import (
    ELAPSED,
    Field,
    Machine,
    State,
    System,
    always,
    boolean,
    each,
    event,
    for_each,
    inside,
    one,
    parameter,
    wire,
)
from fsm.verification import Proved, verify
from fsm.verification.certificates.confirming import confirmed

away, waiting, over = State("away"), State("waiting"), State("over")
reminded = boolean("reminded")
patience = parameter("patience", int, 20, low=11)


@event
class Call:
    who: Field[str]


@event
class Hear:
    who: Field[str]


@event
class Begin:
    pass


@event
class Listen:
    pass


@event
class Remind:
    pass


@event
class Expire:
    pass


@event
class Leave:
    pass


CALLER = Machine(
    "caller",
    (away, waiting, over),
    away,
    (
        away.on(Begin).to(waiting),
        waiting.on(Listen).stay(),
        waiting.after(10, Remind).when(~reminded).stay().set(reminded, True),
        waiting.after(patience, Expire).to(over),
        over.after(5, Leave).to(away),
    ),
    variables=(reminded,),
)
callers = each("callers", CALLER, key="who", at_most=3)
quiet = State("quiet")
DESK = one("desk", Machine("desk", (quiet,), quiet, (quiet.on(Leave).stay(),)))


def decided(formula: Any) -> type:
    """The verdict on a claim of each caller, confirmed by the checker."""
    system = System(
        "line",
        (callers, DESK),
        (
            wire(Call, callers[Call.who].by(Begin)),
            wire(Hear, callers[Hear.who].by(Listen)),
            wire(callers.sends(Expire), DESK.by(Leave)),
        ),
        parameters=(patience,),
        properties=(always("so it is", for_each(callers, formula)),),
    )
    return type(confirmed(verify(system, definition=False)).verdicts[0])


@pytest.mark.parametrize(
    "formula",
    [
        inside(waiting) >> (ELAPSED <= patience),
        inside(waiting) >> (reminded | (ELAPSED <= 10)),
        inside(over) >> (ELAPSED <= 5),
        inside(over) >> reminded,
        (inside(waiting) & reminded) >> (ELAPSED >= 10),
    ],
    ids=["patience", "reminded or early", "over soon", "over means reminded", "reminded late"],
)
def test_what_each_clock_says_is_proved(formula: Any) -> None:
    """For any number of callers, and whatever they do meanwhile."""
    assert decided(formula) is Proved


@pytest.mark.parametrize(
    "formula",
    [
        inside(waiting) >> (ELAPSED < patience),
        inside(waiting) >> (reminded | (ELAPSED <= 9)),
        inside(over) >> (ELAPSED <= 4),
        (inside(waiting) & reminded) >> (ELAPSED >= 11),
        inside(waiting) >> (ELAPSED <= 20),
    ],
    ids=str,
)
def test_what_holds_a_moment_too_short_is_refuted_or_open(formula: Any) -> None:
    """Each false by one millisecond, or under another value of the parameter."""
    assert decided(formula) is not Proved
