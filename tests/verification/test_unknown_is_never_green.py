"""Unknown is never green: the solver gives up on each of its questions in turn, and no verdict becomes better or worse for it.

A verdict may turn to unknown, and nothing else. Reading "I do not know" as "no" is planted as a
fault, and this test notices it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import z3

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    each,
    each_step,
    event,
    happens,
    inside,
    one,
    parameter,
    reachable,
    recoverable,
    wire,
    within,
)  # fmt: skip
from fsm.verification import Proved, Refuted, Report, Unknown, verify
from fsm.verification import solver as ask
from fsm.verification.report import exit_status
from fsm.verification.solver import Asker, GaveUp, No

idle, ringing, lost = State("idle"), State("ringing"), State("lost")
patience = parameter("patience", int, 5, low=1)
places = parameter("places", int, 2, low=0)


@event
class Ring:
    loud: Field[bool]


@event
class Stop:
    pass


@event
class Lose:
    pass


@event
class Come:
    who: Field[str]


@event
class Go:
    who: Field[str]


BELL = Machine(
    "bell",
    states=(idle, ringing, lost),
    initial=idle,
    transitions=(
        idle.on(Ring).when(Ring.loud).to(ringing),
        idle.on(Ring).when(~Ring.loud).stay(),
        ringing.after(patience, Stop).to(idle),
        idle.on(Lose).to(lost),
    ),
    properties=(
        always("is somewhere", inside(idle, ringing, lost)),
        always("is never lost", ~inside(lost)),
        each_step("stops by time", (before(inside(ringing)) & after(inside(idle))) >> happens(Stop)),
        within("stops in time", patience, inside(ringing), inside(idle)),
        within("stops too soon", 3, inside(ringing), inside(idle)),
        reachable("can ring", inside(ringing)),
        recoverable("can ring again", inside(ringing)),
    ),
)
guests = each(
    "guests",
    Machine(
        "guest",
        states=(idle, ringing),
        initial=idle,
        transitions=(idle.on(Lose).to(ringing), ringing.on(Stop).to(idle)),
    ),
    key="who",
)
ROOM = System(
    "room",
    parts=(guests,),
    parameters=(places,),
    wires=(wire(Come, guests[Come.who].by(Lose)), wire(Go, guests[Go.who].by(Stop))),
    rules=(Rule("there is room", on=Come, when=guests.count() < places),),
    properties=(
        always("as many as there is room for", guests.count() <= places),
        reachable("one too many", guests.count() > places),
        recoverable("can be empty", guests.none()),
    ),
)
LINE = Machine("line", states=(idle, ringing), initial=idle, transitions=(idle.on(Lose).to(ringing), ringing.on(Stop).to(idle)), properties=(
    each_step("one by one", before(inside(idle)) >> after(inside(ringing))),
    recoverable("comes back", inside(idle)),
))  # fmt: skip

ONE_WAY = Machine("one_way", states=(idle, lost), initial=idle, transitions=(idle.on(Lose).to(lost),), properties=(
    always("is never lost", inside(idle)),
    each_step("no step loses it", after(inside(idle))),
    recoverable("is found again", inside(idle)),
))  # fmt: skip
"""All false, each for one step alone: whoever reads the one answer that says so wrongly proves it."""

bell = one(
    "bell", Machine("bell", states=(idle, ringing), initial=idle, transitions=(idle.after(5, Stop).to(ringing),))
)
sleeper = one("sleeper", Machine("sleeper", states=(idle,), initial=idle, transitions=(idle.on(Lose).stay(),)))
WOKEN = System(
    "woken",
    parts=(bell, sleeper),
    parameters=(places,),
    wires=(wire(bell.sends(Stop), sleeper.by(Lose)), wire(Go, sleeper.by(Lose))),
    rules=(Rule("only in a large place", on=Go, when=places > 6),),
    properties=(recoverable("it rings", bell.inside(ringing)),),
)

OVERLAPPING = Machine("overlapping", states=(idle, ringing), initial=idle, transitions=(
    idle.on(Ring).when(Ring.loud).to(ringing),
    idle.on(Ring).when(Ring.loud | (patience > 3)).stay(),
    ringing.on(Stop).to(idle),
))  # fmt: skip
"""Two guards that hold at once: whoever reads that question wrongly calls them apart."""
awake = one("awake", Machine("awake", states=(idle, ringing), initial=idle, transitions=(ringing.on(Lose).to(idle),)))
BLOCKED = System("blocked", parts=(bell, awake), wires=(wire(bell.sends(Stop), awake.by(Lose)),))
"""A timer that wakes somebody who is awake: whoever reads that question wrongly says that nothing stands in its way."""


@contextmanager
def giving_up(on: Callable[[int], bool]) -> Iterator[list[int]]:
    """Z3 does not know the answer to these of its questions, counted from one; gives the number asked."""
    asked = [0]
    honest = ask.Solver.check

    def check(solver: Any, *assumptions: Any) -> Any:
        asked[0] += 1
        return z3.unknown if on(asked[0]) else honest(solver, *assumptions)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ask.Solver, "check", check)
        yield asked


def kinds(report: Report) -> list[type]:
    return [type(one) for one in report.all]


def false_answers(subject: Machine | System) -> list[tuple[int, str]]:
    """Every question for which giving up makes a verdict say something that it may not, with the sentence."""
    with giving_up(lambda number: False) as asked:
        honest = verify(subject)
    found: list[tuple[int, str]] = []
    for question in range(1, asked[0] + 1):
        with giving_up(lambda number, question=question: number == question):  # type: ignore[misc]
            report = verify(subject)
        for before_, now in zip(honest.all, report.all, strict=True):
            if type(now) not in (type(before_), Unknown):
                found.append((question, now.claim.sentence))
        if Refuted not in kinds(report) and Unknown in kinds(report):
            assert 3 == exit_status([report])
    return found


@pytest.mark.parametrize("subject", [BELL, ROOM, LINE, WOKEN, ONE_WAY, OVERLAPPING, BLOCKED], ids=lambda one: one.name)
def test_whatever_question_the_solver_gives_up_on_no_verdict_lies(subject: Machine | System) -> None:
    """One question after the other, through every kind of property and every check of the definition."""
    assert [] == false_answers(subject)


@pytest.mark.parametrize("subject", [BELL, ROOM, LINE, WOKEN, ONE_WAY, OVERLAPPING, BLOCKED], ids=lambda one: one.name)
def test_a_solver_that_knows_nothing_proves_nothing_but_what_was_seen(subject: Machine | System) -> None:
    """With every question given up, what remains proved was shown by a run or by looking at all there is."""
    honest = {one.claim.sentence: type(one) for one in verify(subject).all}
    with giving_up(lambda number: True):
        report = verify(subject)

    for verdict in report.all:
        assert isinstance(verdict, Unknown) or type(verdict) is honest[verdict.claim.sentence]
        if isinstance(verdict, Proved) and "timer" not in verdict.claim.sentence:
            assert "induction" not in verdict.argument
    assert 0 != exit_status([report])


def test_a_budget_of_one_step_answers_as_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver's own limit, not a stand-in for it."""
    monkeypatch.setattr(Asker.__init__, "__defaults__", ((), 1))
    report = verify(ROOM)

    assert Unknown in kinds(report)
    assert exit_status([report]) in (1, 3)


def test_reading_unknown_as_no_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: whoever folds the third answer into the second is caught by the test above."""
    honest = Asker.ask

    def gullible(self: Asker, question: Any, assuming: Any = (), local: Any = None) -> Any:
        answer = honest(self, question, assuming, local)
        return No(frozenset()) if isinstance(answer, GaveUp) else answer

    monkeypatch.setattr(ask.Asker, "ask", gullible)

    assert [] != false_answers(LINE)
