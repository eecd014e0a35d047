"""Several parts with timers, side by side: what holds because of durations is proved, and refuted where they are a millisecond off."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from fsm import Machine, State, System, always, event, one, parameter, wire
from fsm.verification import Proved, Refuted, verify
from fsm.verification.certificates.confirming import Checker, begin
from fsm.verification.definition import ENDS

away, near, crossing = State("away"), State("near"), State("crossing")
raised, lowering, down = State("raised"), State("lowering"), State("down")

more = parameter("more", int, 100, low=1)


@event
class Comes:
    pass


@event
class Leaves:
    pass


@event
class Approach:
    pass


@event
class Arrive:
    """Sent by time."""


@event
class Leave:
    pass


@event
class Lower:
    pass


@event
class IsDown:
    """Sent by time."""


@event
class Raise:
    pass


def railway(arrives: object, lowers: object, *, gate_first: bool = False) -> System:
    """A train that comes nearer, and a gate that comes down meanwhile; both leave together."""
    trains = (away.on(Approach).to(near), near.after(arrives, Arrive).to(crossing), crossing.on(Leave).to(away))  # type: ignore[arg-type]  # durations
    gates = (raised.on(Lower).to(lowering), lowering.after(lowers, IsDown).to(down), down.on(Raise).to(raised))  # type: ignore[arg-type]  # durations
    train = one("train", Machine("train", (away, near, crossing), away, trains))
    gate = one("gate", Machine("gate", (raised, lowering, down), raised, gates))
    wires = (wire(Comes, train.by(Approach), gate.by(Lower)), wire(Leaves, train.by(Leave), gate.by(Raise)))
    parts = (gate, train) if gate_first else (train, gate)
    claim = always("the gate is down while a train crosses", train.inside(crossing) >> gate.inside(down))
    return System("railway", parts, wires, parameters=(more,), properties=(claim,))


def verdicts(system: System) -> dict[str, type]:
    """The kind of verdict on each claim, certificates checked."""
    with ThreadPoolExecutor(1) as pool:
        report = begin(verify(system), Checker(pool)).finish()
    return {one.claim.sentence: type(one) for one in report.all}


@pytest.mark.parametrize(
    ("system", "verdict"),
    [
        pytest.param(railway(3_000, 2_999), Proved, id="a millisecond to spare"),
        pytest.param(railway(3_000, 3_000), Refuted, id="at one instant, the train first"),
        pytest.param(railway(3_000, 3_000, gate_first=True), Proved, id="at one instant, the gate first"),
        pytest.param(railway(3_000, 3_001), Refuted, id="a millisecond late"),
        pytest.param(railway(2_000 + more, 2_000), Proved, id="however much longer the train takes"),
        pytest.param(railway(2_000 + more, 2_001), Refuted, id="not if it may be as long"),
    ],
)
def test_the_shorter_of_two_timers_that_begin_together_fires_first(system: System, verdict: type) -> None:
    """At one instant the timers of the earlier part go first."""
    assert verdicts(system)["the gate is down while a train crosses"] is verdict


def test_where_no_train_is_without_its_gate_something_can_always_happen() -> None:
    """Without clocks a train might cross before an open gate, which nobody could raise."""
    assert verdicts(railway(3_000, 2_000))[ENDS] is Proved
