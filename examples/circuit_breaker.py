"""A circuit breaker: after some failures in a row nothing is called for a while, then one call tries.

Proved and tested by

    fsm verify examples/circuit_breaker.py:BREAKER
    pytest examples/circuit_breaker.py
"""

from __future__ import annotations

from fsm import (
    Machine,
    State,
    after,
    always,
    before,
    can_happen,
    compile,
    each_step,
    event,
    happens,
    inside,
    integer,
    parameter,
    recoverable,
    within,
)
from fsm.verification.testing import stateful

CEILING = 10

most = parameter("most", int, 5, low=1, high=CEILING, doc="failures in a row that open the breaker")
pause = parameter("pause", int, 30_000, low=1, doc="milliseconds for which an open breaker lets nothing through")
patience = parameter("patience", int, 10_000, low=1, doc="milliseconds that the one call that tries may take")

closed = State("closed", "calls go through")
open_ = State("open", "calls are refused at once")
half_open = State("half_open", "one call may try")
trying = State("trying", "that call is under way")

failures = integer("failures", 0, CEILING, doc="failures in a row")


@event
class Call:
    """Somebody wants to call the service behind the breaker."""


@event
class Succeed:
    """A call came back."""


@event
class Fail:
    """A call came back with an error, or not at all."""


@event
class PauseEnds:
    """Sent by time."""


@event
class TakesTooLong:
    """Sent by time."""


last_straw = failures >= most - 1

BREAKER = Machine(
    "breaker",
    states=(closed, open_, half_open, trying),
    initial=closed,
    variables=(failures,),
    transitions=(
        closed.on(Call).stay().happily(),
        closed.on(Succeed).stay().set(failures, 0).happily(),
        closed.on(Fail).when(~last_straw).stay().set(failures, failures + 1),
        closed.on(Fail).when(last_straw).to(open_).set(failures, 0),
        open_.after(pause, PauseEnds).to(half_open),
        half_open.on(Call).to(trying),
        trying.on(Succeed).to(closed).happily(),
        trying.on(Fail).to(open_),
        trying.after(patience, TakesTooLong).to(open_),
        # Calls that were under way when it opened come back too.
        (open_ | half_open).on(Succeed).stay(),
        (open_ | half_open).on(Fail).stay(),
    ),
    properties=(
        always("a closed breaker has seen fewer failures in a row than it bears", inside(closed) >> (failures < most)),
        each_step("an open breaker lets no call through", happens(Call) >> ~before(inside(open_))),
        each_step("while one call tries no other goes through", happens(Call) >> ~before(inside(trying))),
        each_step("only a call that succeeded closes it", (~before(inside(closed)) & after(inside(closed))) >> happens(Succeed)),
        within("an open breaker tries again when the pause is over", pause, inside(open_), inside(half_open)),
        within("the call that tries is judged in time", patience, inside(trying), inside(closed, open_)),
        can_happen("failures in a row open it", before(inside(closed)) & after(inside(open_))),
        recoverable("it can always close again", inside(closed)),
    ),
)  # fmt: skip


TestBreaker = stateful(BREAKER, {"most": 2}).TestCase


def test_two_failures_in_a_row_open_a_breaker_that_bears_no_more() -> None:
    """A success between them begins the count anew."""
    engine = compile(BREAKER, {"most": 2, "pause": 1_000})
    breaker = engine.start(at=0)
    for at, sent in enumerate((Fail(), Succeed(), Fail(), Fail())):
        breaker = engine.step(breaker, sent, at=at).after

    assert "open" == breaker["breaker"].state
    assert engine.why_not(breaker, Call(), at=4) is not None
    assert 1_003 == engine.due(breaker)
