"""`fsm verify` has every proof confirmed by the checker; what that does not confirm is not green."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from fsm import NamedProfile, System
from fsm.verification import Proved, Report, Unknown, render, verify
from fsm.verification.certificates import confirming, solvers
from fsm.verification.certificates.confirming import Checker, begin, confirmed
from fsm.verification.certificates.solvers import Program, Said, ask_cvc5, ask_program, words_of
from fsm.verification.decide.processes import WorkFailed
from fsm.verification.evidence import Evidence, How, by_questions
from fsm.verification.report import exit_status, section_of
from fsm.verification.study import Study

from .subjects import BELL, POST, ROOM

Answered = tuple[dict[str, str], list[bytes]]


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
    assert f"Every proof is confirmed by the checker, which asked {solvers.cvc5_name()}" in " ".join(
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


def test_cvc5_answers_gives_up_and_admits_what_it_cannot_read() -> None:
    """Three answers; whatever goes wrong is the third."""
    hard = "(set-logic ALL)(declare-fun x () Int)(declare-fun y () Int)(assert (and (> x 1) (> y 1) (= (* x x x) (+ 7 (* y y y y)))))(check-sat)"

    assert [Said.UNSAT, Said.SAT] == [
        ask_cvc5(f"(set-logic ALL)(assert {one})(check-sat)").said for one in ("false", "true")
    ]
    assert Said.UNKNOWN is ask_cvc5(hard, budget=1).said
    assert Said.UNKNOWN is ask_cvc5("(assert whatever)").said
    assert Said.UNKNOWN is ask_cvc5("(set-logic ALL)(check-sat)(check-sat)").said


@pytest.mark.parametrize(
    ("does", "said", "why"),
    [
        ("echo unsat", Said.UNSAT, ""),
        ("echo '  sat  '", Said.SAT, ""),
        ("echo unknown", Said.UNKNOWN, "it answers unknown"),
        ("echo unsat; echo sat", Said.UNKNOWN, "it prints no answer: unsat sat"),
        ("echo unsat unsat", Said.UNKNOWN, "it prints no answer"),
        ("echo UNSAT", Said.UNKNOWN, "it prints no answer"),
        ("true", Said.UNKNOWN, "it prints nothing"),
        ("echo unsat; exit 1", Said.UNKNOWN, "it ended with status 1: unsat"),
        ("echo unsat; kill -SEGV $$", Said.UNKNOWN, "it ended with signal 11"),
        ("echo unsat; echo beware >&2", Said.UNKNOWN, "it printed on standard error: beware"),
        ("echo unsat >&2", Said.UNKNOWN, "it printed on standard error: unsat"),
        ("echo unsat; yes", Said.UNKNOWN, "it printed more than 4096 bytes"),
        ("yes >&2", Said.UNKNOWN, "it printed more than 4096 bytes"),
        ("echo unsat; sleep 60 & exit 0", Said.UNKNOWN, "it left a process behind"),
        ("echo unsat; sleep 60 >&- 2>&- & exit 0", Said.UNKNOWN, "it left a process behind"),
        ("echo unsat; exec sleep 60", Said.UNKNOWN, "it did not answer within 1 s"),
        ("echo unsat; exec >&- 2>&-; sleep 60", Said.UNKNOWN, "it did not end within 1 s"),
        ("printf 'un\\033[2Jsat'", Said.UNKNOWN, "it prints no answer: un\\x1b[2Jsat"),
    ],
)
def test_a_named_program_is_believed_only_when_it_ends_well_and_says_the_one_word(
    does: str, said: Said, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sh -c` with the name of the file after it. What it leaves running is ended."""
    monkeypatch.setattr(solvers, "PATIENCE", 1.0)
    monkeypatch.setattr(solvers, "TICK", 0.2)
    groups: list[int] = []
    honest = solvers._end
    monkeypatch.setattr(solvers, "_end", lambda run: (groups.append(run.pid), honest(run)))
    answer = ask_program(("sh", "-c", does), "(check-sat)")

    assert (said, why) == (answer.said, answer.why) if said is not Said.UNKNOWN else answer.why.startswith(why)
    assert said is answer.said
    ends = time.monotonic() + 2
    while any(map(is_running, groups)):
        assert time.monotonic() < ends


def is_running(group: int) -> bool:
    """Whether some process of a group is more than a name that nobody has asked for yet."""
    done = subprocess.run(["ps", "-e", "-o", "pgid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    return any(int(pgid) == group and not stat.startswith("Z") for pgid, stat in rows)


def test_a_program_that_is_silent_again_and_again_is_not_asked_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a check of many questions would have no end."""
    monkeypatch.setattr(solvers, "PATIENCE", 0.05)
    program = Program(("sh", "-c", "exec sleep 60"))

    assert [True, True, True, False, False] == [program.ask("(check-sat)").late for _ in range(5)]


@pytest.mark.parametrize("command", ["", "  ", "'", '"', "cvc5 'x", "cvc5\0"])
def test_what_is_no_command_is_told_before_anything_is_asked(command: str) -> None:
    """As a shell reads it."""
    with pytest.raises(ValueError, match=r"is no command|No closing quotation"):
        words_of(command)


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
