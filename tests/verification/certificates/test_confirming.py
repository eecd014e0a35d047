"""`fsm verify` has every proof confirmed by the checker; what that does not confirm is not green."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import attrs
import pytest

from fsm import Machine, NamedProfile, State, System, always, event, inside, integer
from fsm.verification import Proved, Report, Unknown, render, stream, verify
from fsm.verification.certificates import confirming
from fsm.verification.certificates.confirming import Checker, Confirmation, begin, confirmed
from fsm.verification.decide.elsewhere.processes import WorkFailed
from fsm.verification.evidence import Evidence, How, by_questions
from fsm.verification.report import exit_status, section_of
from fsm.verification.study import Study

from .subjects import BELL, POST, ROOM

Answered = tuple[dict[str, str], list[bytes]]

quiet, loud = State("quiet"), State("loud")
n = integer("n", 0, 3)


@event
class Ring:
    pass


def confirmed_by(report: Report, answer: Callable[[str, str], Answered], monkeypatch: pytest.MonkeyPatch) -> Report:
    """The report confirmed by a checker of our own."""
    monkeypatch.setattr(confirming, "outcomes_of", answer)
    with ThreadPoolExecutor(1) as pool:
        return begin(report, Checker(pool)).finish()


def test_every_proof_is_confirmed_and_the_report_says_by_whom() -> None:
    """In another process; no verdict changes."""
    report = verify(BELL)
    again = confirmed(report)

    assert [type(one) for one in report.all] == [type(one) for one in again.all]
    assert f"Every proof is confirmed by the checker, which asked cvc5 {version('cvc5')}" in " ".join(
        render([again]).split()
    )
    assert section_of(again).plain["confirmed"].startswith("Every proof")
    assert "" == section_of(report).plain["confirmed"]


def test_what_the_checker_does_not_confirm_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """One claim after the other; runs and enumerations stand as they are, and the status is 3."""
    report = verify(ROOM)
    claims: list[str] = []

    def all_but(lost: str) -> Callable[[str, str], Answered]:
        def answer(declaration: str, asked: str) -> Answered:
            names = [name for name, _ in json.loads(asked)["claims"]]
            claims.extend(names)
            return {name: "too hard" if name == lost else "" for name in names}

        return answer

    everything = confirmed_by(report, all_but(""), monkeypatch)
    assert 0 == exit_status([everything])
    for lost in dict.fromkeys(claims):
        again = confirmed_by(report, all_but(lost), monkeypatch)
        (open_,) = [one for one in again.all if isinstance(one, Unknown)]
        assert "Z3 proves it" in open_.why and "the checker does not confirm it: too hard" in open_.why
        assert 3 == exit_status([again])


def test_a_checker_that_answers_nothing_or_dies_confirms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is no yes."""

    def dies(declaration: str, asked: str) -> Answered:
        raise WorkFailed("ended without an answer")

    for answer in (dies, lambda declaration, asked: {}):
        again = confirmed_by(verify(BELL), answer, monkeypatch)
        assert [] == [one for one in again.all if isinstance(one, Proved)]


@pytest.mark.parametrize("subject", [POST, ROOM])
def test_what_a_run_or_an_enumeration_shows_is_gone_through_again(subject: System) -> None:
    """By the checker, which has nothing but the canonical form and the events; of another number of snapshots, or of none of its runs, it is unknown."""
    report = verify(subject)
    shown = [one for one in report.all if isinstance(one, Proved) and one.evidence and not by_questions(one.evidence)]
    spoilt = {id(one): attrs.evolve(one, evidence=_nothing_of(one.evidence)) for one in shown if one.evidence}
    parts = ([spoilt.get(id(one), one) for one in of] for of in (report.definition, report.verdicts))
    definition, verdicts = map(tuple, parts)
    again = confirmed(attrs.evolve(report, definition=definition, verdicts=verdicts))

    assert shown
    assert [one.claim for one in shown] == [one.claim for one in again.all if isinstance(one, Unknown)]


def _nothing_of(evidence: Evidence) -> Evidence:
    return attrs.evolve(evidence, runs={}, snapshots=evidence.snapshots and evidence.snapshots + 1)


def test_a_proof_whose_evidence_does_not_hold_is_unknown() -> None:
    """A rank without weights: it is no proof, whoever called it one."""
    report = verify(ROOM)
    spoilt = tuple(_weightless(one) if one.claim.sentence == "it can be empty" else one for one in report.verdicts)
    again = confirmed(attrs.evolve(report, verdicts=spoilt))

    (verdict,) = (one for one in again.all if one.claim.sentence == "it can be empty")
    assert isinstance(verdict, Unknown)
    assert "the checker does not confirm it: nothing leads closer" in verdict.why


def _weightless(verdict: object) -> Proved:
    assert isinstance(verdict, Proved) and verdict.evidence is not None
    return attrs.evolve(verdict, evidence=attrs.evolve(verdict.evidence, weights=()))


@pytest.mark.parametrize(
    ("evidence", "why"), [(None, "there is no certificate of it"), (Evidence(How.STEPS), "its certificate is none")]
)
def test_a_proof_without_evidence_is_unknown(evidence: Evidence | None, why: str) -> None:
    """An engine that says only that it has proved something proves nothing here."""
    report = verify(ROOM)
    bare = tuple(attrs.evolve(one, evidence=evidence) if isinstance(one, Proved) else one for one in report.verdicts)
    again = confirmed(attrs.evolve(report, verdicts=bare))

    assert isinstance(again.verdicts[0], Unknown) and why in again.verdicts[0].why


def test_what_holds_in_every_version_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of two versions has nothing of its own to ask: all that is claimed is shown for every value of every parameter."""
    asked: list[str] = []

    def answer(declaration: str, order: str) -> Answered:
        asked.append(order)
        return {name: "" for name, _ in json.loads(order)["claims"]}

    monkeypatch.setattr(confirming, "outcomes_of", answer)
    old = NamedProfile("old", {"places": 2}, since="2019-01-01", doc="a small room")
    new = old.later("new", {"places": 3}, since="2020-01-01", doc="a larger one")
    study = Study(attrs.evolve(ROOM, profiles=(old, new)))
    with ThreadPoolExecutor(1) as pool:
        checker, many = Checker(pool), []
        for profile in (old, new):
            begin(study.report(profile), checker).finish()
            many.append(len(asked))

    assert many[0] == many[1] > 0


def test_what_is_asked_together_does_not_depend_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the checker takes to answer, it is asked about one verdict, two, four, and so on, in their order."""
    lines = tuple(state.on(Ring).to(other) for state, other in ((quiet, loud), (loud, quiet)))
    claims = tuple(always(f"claim {place}", inside(quiet) | inside(loud) | (place > n)) for place in range(6))
    bell = Machine("bell", (quiet, loud), quiet, lines, (n,), properties=claims)

    def together(seconds: float) -> list[int]:
        asked: list[int] = []

        def slowly(report: Report, other: Checker) -> Confirmation:
            asked.append(len(report.all))
            time.sleep(seconds)
            return begin(report, other)

        monkeypatch.setattr(stream, "begin", slowly)
        stream.study_on([Study(bell)], [None], lambda told: None, confirm=True)
        return asked

    assert [1, 2, 4, 3] == together(0.0) == together(0.1)
