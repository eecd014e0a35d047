"""`leads_to` where guards read the time in state: complementary ones leave no gap, and one of a millisecond is enough for a fair run to keep away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from fsm import ELAPSED, Event, Machine, State, inside, integer, leads_to, parameter
from fsm.language.machine import Transition
from fsm.verification import Proved, Refuted, Verdict, verify
from fsm.verification.certificates.confirming import Checker, begin

idle, waiting, held, served = State("idle"), State("waiting"), State("held"), State("served")
tries = integer("tries", 0, 3)
patience = parameter("patience", int, 1_000, low=1)


class Come(Event):
    pass


class Serve(Event):
    pass


class Release(Event):
    pass


class Nudge(Event):
    """Sent by time."""


AGAIN = waiting.after(2_000, Nudge).to(waiting)
EARLY, LATE = ELAPSED < 1_000, ELAPSED >= 1_000


def shop(*lines: Transition, fair: tuple[type, ...] = (Serve,)) -> Machine:
    """A customer who waits, with these lines."""
    return Machine(
        "shop", (idle, waiting, held, served), idle,
        (idle.on(Come).to(waiting), held.on(Release).to(served), served.on(Come).to(idle), *lines),
        variables=(tries,),
        properties=(leads_to("who waits is served", inside(waiting), inside(served), fair=fair),),
    )  # fmt: skip


def decided(machine: Machine) -> Verdict:
    """The verdict on the claim, which the checker confirms."""
    report = verify(machine)
    with ThreadPoolExecutor(1) as pool:
        again = begin(report, Checker(pool)).finish()
    assert [type(one) for one in report.verdicts] == [type(one) for one in again.verdicts]
    return report.verdicts[-1]


PROVED = {
    "both lead there": shop(waiting.on(Serve).when(EARLY).to(served), waiting.on(Serve).when(LATE).to(served), AGAIN),
    "one by another event": shop(
        waiting.on(Serve).when(EARLY).to(held), waiting.on(Serve).when(LATE).to(served), AGAIN, fair=(Serve, Release)
    ),
    "in the end": shop(waiting.on(Serve).when(ELAPSED < patience).stay(), waiting.on(Serve).when(ELAPSED >= patience).to(served)),
    "after a few more tries": shop(
        waiting.on(Serve).when(EARLY & (tries < 3)).to(waiting).set(tries, tries + 1),
        waiting.on(Serve).when(EARLY & (tries == 3)).stay(),
        waiting.on(Serve).when(LATE).to(served),
    ),
}  # fmt: skip
REFUTED = {
    "a gap of a millisecond": shop(
        waiting.on(Serve).when(EARLY).to(served), waiting.on(Serve).when(ELAPSED > 1_000).to(served), AGAIN
    ),
    "a gap of the millisecond before": shop(
        waiting.on(Serve).when(ELAPSED < 999).to(served), waiting.on(Serve).when(LATE).to(served), AGAIN
    ),
    "one of the tries begins anew": shop(
        waiting.on(Serve).when(EARLY & (tries < 3)).to(waiting).set(tries, tries + 1),
        waiting.on(Serve).when(EARLY & (tries == 3)).to(waiting),
        waiting.on(Serve).when(LATE).to(served),
        waiting.on(Release).stay(),
    ),
}


@pytest.mark.parametrize("machine", PROVED.values(), ids=PROVED)
def test_guards_that_leave_no_gap_in_time_let_a_fair_event_lead_on(machine: Machine) -> None:
    """At every time in state, or at every late one where nothing begins the stay anew for ever."""
    assert isinstance(decided(machine), Proved)


@pytest.mark.parametrize("machine", REFUTED.values(), ids=REFUTED)
def test_a_gap_of_a_millisecond_lets_a_fair_run_keep_away(machine: Machine) -> None:
    """It is met again and again, and the event is not possible then: nobody owes it."""
    verdict = decided(machine)
    assert isinstance(verdict, Refuted)
    assert verdict.trace is not None
    assert verdict.trace.loop is not None


def test_a_proof_by_the_time_in_state_says_nothing_of_another_clock() -> None:
    """Evidence that calls a part late whose stay begins anew for ever, or leaves that out where it is needed, is not confirmed."""
    report = verify(PROVED["in the end"])
    (shown,) = report.verdicts
    assert isinstance(shown, Proved)
    assert shown.evidence is not None
    named = shown.evidence.lowered_by
    assert ["timely", "late 0"] == list(map(str, named[1:]))
    for lowered_by in (named[:1], named[:2], named[:1] + named[2:]):
        edited = attrs.evolve(shown, evidence=attrs.evolve(shown.evidence, lowered_by=lowered_by))
        with ThreadPoolExecutor(1) as pool:
            again = begin(attrs.evolve(report, verdicts=(edited,)), Checker(pool)).finish()
        assert not isinstance(again.verdicts[0], Proved)
