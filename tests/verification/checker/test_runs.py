"""What the checker shows without a solver: runs, taken again by the plain meaning, and all there is, gone through."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fsm import (
    ELAPSED,
    Field,
    Machine,
    Modality,
    Rule,
    State,
    System,
    always,
    before,
    can_happen,
    each,
    each_step,
    event,
    happens,
    inside,
    integer,
    leads_to,
    one,
    reachable,
    recoverable,
    wire,
    within,
)  # fmt: skip
from fsm.canonical import write
from fsm.command.invocation.target import resolve
from fsm.storage.codec import written
from fsm.verification import Refuted, verify
from fsm.verification.certificates.files import CertifiedSubject
from fsm.verification.certificates.schema import EvidenceDocument, evidence_out
from fsm.verification.checker.certificate import Session
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import Evidence, Section, evidence_in
from fsm.verification.checker.proofs.questions import Outcome
from fsm.verification.checker.replays.runs import Run
from fsm.verification.evidence import Evidence as Found
from fsm.verification.evidence import How
from fsm.verification.facts import FactId, Of

REFUTED = Path(__file__).parents[2] / "regression" / "refuted"
shut, ajar, gone = State("shut"), State("ajar"), State("gone")
pushes, UP = integer("pushes", 0, 3), integer("up", 0, None)


@event
class Push:
    hard: Field[bool]


@event
class Pull:
    who: Field[str]


@event
class Close:
    pass


def door(*claims: Any) -> Machine:
    """It opens when it is pushed hard, shuts after a second, and three pushes wear it out."""
    lines = (
        shut.on(Push).when(Push.hard & (pushes < 3)).to(ajar).set(pushes, pushes + 1),
        shut.on(Push).when(~Push.hard & (pushes < 3)).stay(),
        shut.on(Push).when(pushes == 3).to(gone),
        ajar.after(1_000, Close).to(shut),
    )
    return Machine("door", (shut, ajar, gone), shut, lines, (pushes,), properties=claims)


def two_doors() -> System:
    """Both are pushed at once, and each has its own time."""
    left, right = one("left", door()), one("right", door())
    both = wire(Push, left.by(Push, hard=Push.hard), right.by(Push, hard=Push.hard))
    return System("two", (left, right), (both,), properties=(always("it is", left.inside(shut, ajar, gone)),))


def outcome(subject: Machine | System, name: str, evidence: Evidence) -> Outcome:
    """What the checker says of one claim, and no solver is asked."""

    class Nobody:
        def ask(self, *_: object) -> list[str]:
            raise AssertionError("a solver is asked")

    session = Session(read_declaration(write(subject)), Nobody())  # type: ignore[arg-type]  # a stand-in
    return session.outcomes({}, Section((), {name: evidence}))[name]


def runs(*events: tuple[int, int | None, tuple[int, ...]], **more: Any) -> Evidence:
    return Evidence("RUNS", runs=(Run((), events),), **more)


OPENED = (5, 0, (1,))
DOOR = door(
    reachable("it opens", inside(ajar)),
    can_happen("it shuts by itself", happens(Close)),
    always("it is no further than ajar", ~inside(gone)),
    within("it is shut again", 999, inside(ajar), inside(shut)),
)


@pytest.mark.parametrize(
    ("name", "evidence", "confirmed"),
    [
        ("claim 0", runs(OPENED), True),
        ("claim 0", runs((5, 0, (0,))), False),
        ("claim 0", runs(), False),
        ("claim 0", runs((5, 0, (2,))), False),
        ("claim 0", runs((5, 0, ())), False),
        ("claim 0", runs((5, 7, (1,))), False),
        ("claim 0", runs((5, -1, (1,))), False),
        ("claim 0", runs((5, 1, ())), False),
        ("claim 0", runs((5, 0, (0,)), (4, 0, (1,))), False),
        ("claim 0", runs((-1, 0, (1,))), False),
        ("claim 0", runs(OPENED, (10, 0, (1,))), False),
        ("claim 0", Evidence("RUNS", runs=(Run((3,), (OPENED,)),)), False),
        ("claim 0", Evidence("RUNS"), False),
        ("claim 1", runs(OPENED, (1_005, None, ())), True),
        ("claim 1", runs(OPENED, (1_004, None, ())), False),
        ("claim 2", runs(OPENED), False),
        ("claim 2", runs(OPENED, refuted=True), False),
        ("claim 3", runs(OPENED, (1_004, None, ()), refuted=True), False),
        ("claim 3", runs(OPENED, (1_005, None, ()), refuted=True), True),
        ("claim 9", runs(OPENED), False),
        ("check 0", runs(OPENED), False),
        ("check 1", runs(OPENED, (1_005, 0, (0,)), (1_005, 0, (1,)), (3_000, 0, (1,)), (4_000, 0, (0,))), True),
        ("check 1", runs(OPENED, (1_005, 0, (1,)), (3_000, 0, (1,)), (4_000, 0, (0,))), False),
        ("check 2", runs(OPENED), False),
        ("check 3", runs(OPENED), False),
    ],
)  # fmt: skip
def test_a_run_shows_what_happens_on_it_and_nothing_else(name: str, evidence: Evidence, confirmed: bool) -> None:
    """Edited anywhere it is no run, or shows something else."""
    assert confirmed is not bool(outcome(DOOR, name, evidence).why)


def test_what_takes_too_long_is_beyond_the_checker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer of a millisecond, for more milliseconds than anybody waits: the same answer on every machine."""
    tick = Machine(
        "tick", (shut,), shut, (shut.after(1, Close).to(shut),), properties=(can_happen("no", ~happens(Close)),)
    )
    monkeypatch.setattr("fsm.verification.checker.replays.runs.MOST", 1_000_000)
    found = outcome(tick, "claim 0", runs((10**15, None, ())))

    assert "it takes more than" in found.why and not found.failed


@cache
def broken(file: str) -> list[tuple[Machine | System, str, Evidence]]:
    """Each claim of a regression machine that a run breaks which does not go round for ever."""
    subject = resolve(f"{REFUTED / file}.py:SUBJECT")
    report = verify(subject)
    certified = CertifiedSubject(report.kind, report.name, report.system, None)
    found = []
    for place, verdict in enumerate(report.verdicts):
        safe = verdict.claim.modality in (Modality.ALWAYS, Modality.EACH_STEP, Modality.WITHIN)
        if isinstance(verdict, Refuted) and verdict.trace is not None and safe:
            claim = FactId(Of.CLAIM, (place,))
            told = written(
                evidence_out(Found(How.RUNS, runs={claim: verdict.trace}, refuted=True), certified), EvidenceDocument
            )
            found.append((subject, str(claim), evidence_in(told)))
    return found


@pytest.mark.parametrize("file", ["between_timers", "due_together", "open_door"])
def test_a_run_that_breaks_a_claim_of_a_regression_machine_does(file: str) -> None:
    """The runtime found it and takes it; the plain meaning takes it too, and the claim is broken; by a run without steps it is not."""
    told = broken(file)

    assert told
    assert [] == [name for subject, name, one in told if outcome(subject, name, one).why]
    nothing = replace(told[0][2].runs[0], steps=())
    assert [] == [name for subject, name, one in told if not outcome(subject, name, replace(one, runs=(nothing,))).why]


# All there is


def gate(*claims: Any, rule: bool = True, fair: bool = True) -> System:
    """A gate that is pushed open while a guard is there, of whom there are two at most; it can be shut again."""
    way = Machine("way", (shut, ajar), shut, (shut.on(Push).when(Push.hard).to(ajar), ajar.on(Close).to(shut)))
    guard = Machine("guard", (gone, shut), gone, (gone.on(Close).to(shut), shut.on(Close).to(gone)))
    return System(
        "gate",
        (GATE := one("way", way), GUARDS := each("guards", guard, key="who", at_most=2)),
        wires=(
            wire(Push, GATE.by(Push, hard=Push.hard)),
            wire(Close, GATE.by(Close)),
            wire(Pull, GUARDS[Pull.who].by(Close)),
        ),
        rules=(Rule("somebody is there", on=Push, when=GUARDS.any(shut)),) if rule else (),
        properties=tuple(claim(GATE, GUARDS) for claim in claims),
    )


CLAIMS = (
    (lambda way, guards: always("two at most", guards.count() <= 2), True),
    (lambda way, guards: always("one at most", guards.count() <= 1), False),
    (lambda way, guards: each_step("with a guard", happens(Push) >> before(guards.any(shut))), True),
    (lambda way, guards: each_step("without", happens(Push) >> before(guards.none(shut))), False),
    (lambda way, guards: recoverable("it can be open", way.inside(ajar)), True),
    (lambda way, guards: recoverable("with nobody there", way.inside(shut) & guards.none() & way.inside(ajar)), False),
    (lambda way, guards: leads_to("it is shut", way.inside(ajar), way.inside(shut), fair=(Close,)), True),
    (lambda way, guards: leads_to("it is shut by luck", way.inside(ajar), way.inside(shut), fair=(Pull,)), False),
    (lambda way, guards: leads_to("it is opened", way.inside(shut), way.inside(ajar), fair=(Push,)), False),
)  # fmt: skip


@pytest.mark.parametrize(("claim", "holds"), CLAIMS)
def test_a_claim_that_holds_in_all_there_is_is_confirmed_and_no_other(claim: Any, holds: bool) -> None:
    """Two states of the gate, and none, one or two guards: six snapshots, and no other number is believed."""
    said = [outcome(gate(claim), "claim 0", Evidence("ENUMERATION", snapshots=many)) for many in (6, 5)]

    assert (holds, False) == (not said[0].why, not said[1].why)
    assert holds or said[0].failed


def test_without_its_rule_a_claim_is_lost() -> None:
    """The declaration decides, not the evidence."""
    claim = CLAIMS[2][0]

    assert outcome(gate(claim, rule=False), "claim 0", Evidence("ENUMERATION", snapshots=6)).failed


@pytest.mark.parametrize(
    ("subject", "why"),
    [
        (two_doors(), "more than one part keeps time"),
        (door(leads_to("it is shut", inside(ajar), inside(shut))), "time has no end"),
        (Machine("counts", (shut,), shut, (shut.on(Close).stay().set(UP, UP + 1),), (UP,), properties=(always("up", UP >= 0),)), "more than"),
        (Machine("waits", (shut,), shut, (shut.on(Close).when(2 * ELAPSED > 3).stay(),), properties=(always("it is", inside(shut)),)), "not just compared with a number"),
    ],
)  # fmt: skip
def test_what_has_no_end_is_beyond_the_checker(subject: Machine, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown, and never confirmed."""
    monkeypatch.setattr("fsm.verification.checker.replays.enumeration.MOST_SNAPSHOTS", 100)
    found = outcome(subject, "claim 0", Evidence("ENUMERATION", snapshots=3))

    assert why in found.why and not found.failed
