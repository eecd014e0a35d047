"""Claims of patterns are decided like all others, and the checker confirms them without a word of patterns."""

from __future__ import annotations

from functools import cache

import pytest

from fsm import Machine, State, event, inside
from fsm.patterns import Pattern, absence, existence, observed, precedence, response
from fsm.verification import Proved, Refuted, Verdict, verify
from fsm.verification.certificates.confirming import confirmed

idle, ready, dialling, talking = State("idle"), State("ready"), State("dialling"), State("talking")


@event
class Login:
    pass


@event
class Logout:
    pass


@event
class Dial:
    pass


@event
class Answer:
    pass


@event
class Lapse:
    pass


CALL = Machine(
    "call",
    (idle, ready, dialling, talking),
    idle,
    (
        idle.on(Login).to(ready),
        ready.on(Dial).to(dialling),
        dialling.on(Answer).to(talking),
        dialling.after(30_000, Lapse).to(ready),
        (ready | talking).on(Logout).to(idle),
    ),
)

TRUE = (
    precedence("nobody is dialled before a login", inside(dialling), first=Login),
    precedence("nobody dials before a login", Dial, first=Login),
    absence("between a logout and a login nobody talks", inside(talking), after=Logout, until=Login),
    existence("who talks has dialled", inside(dialling), before=inside(talking)),
    existence("everybody is ready once", inside(ready), fair=Login),
    response("a dial comes to something", Dial, inside(ready) | inside(talking)),
)
FALSE = (
    precedence("nobody logs in before a dial", Login, first=Dial),
    absence("after a logout nobody talks any more", inside(talking), after=Logout),
    existence("between a login and a logout somebody is dialled", inside(dialling), after=Login, before=Logout),
    existence("everybody is ready once, whoever logs in or not", inside(ready)),
    response("a dial is answered", Dial, Answer, fair=Answer),
)


@cache
def verdicts() -> dict[str, Verdict]:
    report = confirmed(verify(observed(CALL, *TRUE, *FALSE), definition=False))
    return {one.claim.sentence: one for one in report.verdicts}


@pytest.mark.parametrize("pattern", TRUE, ids=lambda one: one.sentence)
def test_a_pattern_that_holds_is_proved_and_confirmed(pattern: Pattern) -> None:
    """Of the machine alone, whatever callers send."""
    assert isinstance(verdicts()[pattern.sentence], Proved)


@pytest.mark.parametrize("pattern", FALSE, ids=lambda one: one.sentence)
def test_a_pattern_that_does_not_is_refuted_by_a_run(pattern: Pattern) -> None:
    """By one login more, one dial less, or by nobody who answers in time."""
    assert isinstance(verdicts()[pattern.sentence], Refuted)
