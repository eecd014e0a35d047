"""A refutation without a run is the proof that something never is: confirmed as such, or nobody knows."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    always,
    can_happen,
    each,
    event,
    happens,
    inside,
    parameter,
    reachable,
    wire,
)
from fsm.canonical import write
from fsm.verification import Refuted, Unknown, verify
from fsm.verification.certificates.confirming import confirmed
from fsm.verification.checker.certificate import Session
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import Evidence, Section
from fsm.verification.checker.proofs.questions import Outcome
from fsm.verification.checker.solver import InProcess

from .test_kinds import Twins

free, taken, lost = State("free"), State("taken"), State("lost")
lockers = parameter("lockers", int, 8, low=1)


@event
class Take:
    pass


@event
class Give:
    pass


@event
class Lose:
    pass


@event
class Come:
    who: Field[str]


@event
class Vanish:
    who: Field[str]


GUEST = Machine(
    "guest",
    (free, taken, lost),
    free,
    (free.on(Take).to(taken), taken.on(Give).to(free), lost.on(Give).to(free), lost.on(Lose).to(taken)),
    properties=(reachable("one is lost", inside(lost)), can_happen("it is found", happens(Lose)), reachable("one comes", inside(taken))),
)  # fmt: skip


def room(*, rule: bool = True) -> System:
    """Guests come while a locker is free."""
    guests = each("guests", attrs.evolve(GUEST, properties=()), key="who")
    return System(
        "room",
        (guests,),
        parameters=(lockers,),
        wires=(wire(Come, guests[Come.who].by(Take)), wire(Vanish, guests[Vanish.who].by(Lose))),
        rules=(Rule("a locker is free", on=Come, when=guests.count() < lockers),) if rule else (),
        properties=(
            always("nobody without a locker", guests.count() <= lockers),
            reachable("one too many", guests.count() == lockers + 1),
            can_happen("somebody vanishes", happens(Vanish)),
            can_happen("somebody comes", happens(Come)),
        ),
    )


def outcome(subject: Machine | System, name: str, evidence: Evidence, *lemmas: str) -> Outcome:
    session = Session(read_declaration(write(subject)), InProcess())
    return session.outcomes({}, Section(lemmas, {name: evidence}))[name]


def never(*pending: str, how: str = "IMPLIED", snapshots: int = 0) -> Evidence:
    return Evidence(how, pending=pending, snapshots=snapshots, refuted=True)


CASES: list[tuple[Any, str, Evidence, tuple[str, ...], bool]] = [
    (GUEST, "claim 0", never(), (), True),
    (GUEST, "claim 1", never(), ("never 0 2",), True),
    (GUEST, "claim 1", never(), (), False),
    (GUEST, "claim 2", never(), (), False),
    (GUEST, "claim 7", never(), (), False),
    (GUEST, "check 0", never("state 0 2"), (), True),
    (GUEST, "check 0", never("state 0 1"), (), False),
    (GUEST, "check 0", never("state 0 2", "state 0 1"), (), False),
    (GUEST, "check 0", never("state 0 9"), (), False),
    (GUEST, "check 0", never("line 0 2"), (), False),
    (GUEST, "check 0", never(), (), False),
    (GUEST, "check 1", never("line 3 2"), ("never 0 2",), True),
    (GUEST, "check 1", never("line 3 2"), (), False),
    (GUEST, "check 1", never("line 0 0"), ("never 0 2",), False),
    (GUEST, "check 1", never("line 3 0"), ("never 0 2",), False),
    (GUEST, "check 2", never("event 0"), (), False),
    (GUEST, "claim 0", never(how="ENUMERATION", snapshots=2), (), True),
    (GUEST, "claim 0", never(how="ENUMERATION", snapshots=3), (), False),
    (GUEST, "claim 2", never(how="ENUMERATION", snapshots=2), (), False),
    (GUEST, "claim 1", never(how="ENUMERATION", snapshots=2), (), True),
    (GUEST, "check 1", never("line 3 2", how="ENUMERATION", snapshots=2), (), True),
    (GUEST, "check 1", never("line 0 0", how="ENUMERATION", snapshots=2), (), False),
    (room(), "claim 1", never(), ("claim 0",), True),
    (room(rule=False), "claim 1", never(), ("claim 0",), False),
    (room(), "claim 0", never(), (), False),
    (room(), "claim 2", never(), (), True),
    (room(), "claim 3", never(), (), False),
    (room(), "check 2", never("event 1"), (), True),
    (room(), "check 2", never("event 0"), (), False),
    (room(), "check 0", never("state 0 2"), (), False),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "name", "evidence", "lemmas", "shown"), CASES)
def test_that_something_never_is_is_confirmed_where_it_is_so(
    subject: Any, name: str, evidence: Evidence, lemmas: tuple[str, ...], shown: bool
) -> None:
    """By the lemmas that are named and no others; what can be is never confirmed not to be."""
    assert shown is not bool(outcome(subject, name, evidence, *lemmas).why)


@pytest.mark.parametrize(
    ("subject", "name", "evidence", "lemmas"), [case[:4] for case in CASES if case[4] and case[2].how == "IMPLIED"]
)
def test_what_a_refutation_takes_for_granted_can_be_so(
    subject: Any, name: str, evidence: Evidence, lemmas: tuple[str, ...]
) -> None:
    """A step that never comes is impossible where the lemmas hold, which is what is shown; but not everything is, or anything would be shown."""
    twins = Twins()
    session = Session(read_declaration(write(subject)), twins)

    assert not session.outcomes({}, Section(lemmas, {name: evidence}))[name].why
    assert len(twins.empty) < twins.asked


@pytest.mark.parametrize("subject", [GUEST, room()])
def test_a_refutation_without_a_run_is_confirmed_or_unknown(subject: Any) -> None:
    """Of Z3 alone nothing is believed: without its evidence it is unknown."""
    report = verify(subject)
    refuted = [one for one in report.all if isinstance(one, Refuted) and one.trace is None]
    again = confirmed(report)
    bare = (
        tuple(attrs.evolve(one, evidence=None) if isinstance(one, Refuted) else one for one in of)
        for of in (report.definition, report.verdicts)
    )
    definition, verdicts = bare
    unknown = confirmed(attrs.evolve(report, definition=definition, verdicts=verdicts))

    assert 3 <= len(refuted)
    assert [type(one) for one in report.all] == [type(one) for one in again.all]
    assert [one.claim for one in refuted] == [one.claim for one in unknown.all if isinstance(one, Unknown)]
