"""`fsm verify` has every proof confirmed by a second solver; what it does not confirm is not green."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from fsm import NamedProfile
from fsm.verification import Proved, Report, Unknown, render, verify
from fsm.verification.certificates import confirming, solvers
from fsm.verification.certificates.confirming import SecondSolver, SolversDisagree, begin, confirmed
from fsm.verification.certificates.solvers import Answer, Program, Said, ask_cvc5, ask_program, words_of
from fsm.verification.evidence import Evidence, How
from fsm.verification.report import exit_status, section_of
from fsm.verification.study import Study

from .subjects import BELL, POST, ROOM


def confirmed_by(report: Report, answer: Callable[[str], Answer], monkeypatch: pytest.MonkeyPatch) -> Report:
    """The report confirmed by a solver of our own."""

    def all_of_them(scripts: Sequence[str]) -> list[Answer]:
        return [answer(one) for one in scripts]

    monkeypatch.setattr(confirming, "ask_all", all_of_them)
    with ThreadPoolExecutor(1) as pool:
        return begin(report, SecondSolver(pool)).finish()


def test_every_proof_is_confirmed_and_the_report_says_by_whom() -> None:
    """In another process; no verdict changes."""
    report = verify(BELL)
    again = confirmed(report)

    assert [type(one) for one in report.all] == [type(one) for one in again.all]
    assert f"Every proof is confirmed by {solvers.cvc5_name()}" in " ".join(render([again]).split())
    assert section_of(again).plain["confirmed"].startswith("Every proof")
    assert "" == section_of(report).plain["confirmed"]


def test_a_solver_that_gives_up_on_any_question_leaves_unknown_what_rests_on_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One question after the other; runs and enumerations stand as they are, and the status is 3."""
    report = verify(ROOM)
    asked: list[str] = []
    confirmed_by(report, lambda script: asked.append(script) or Answer(Said.UNSAT), monkeypatch)  # type: ignore[func-returns-value]  # adds, and goes on

    for script in asked:
        again = confirmed_by(
            report,
            lambda one, script=script: (
                Answer(Said.UNKNOWN, "too hard") if one == confirming._uncommented(script) else Answer(Said.UNSAT)
            ),
            monkeypatch,
        )  # type: ignore[misc]
        open_ = [one for one in again.all if isinstance(one, Unknown)]
        assert open_
        assert all("Z3 proves it, cvc5 does not answer" in one.why and "too hard" in one.why for one in open_)
        assert 3 == exit_status([again])


def test_what_a_run_or_an_enumeration_shows_needs_no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enumeration says how many snapshots there are; checking counts them again."""
    again = confirmed_by(verify(POST), lambda script: Answer(Said.UNKNOWN, "too hard"), monkeypatch)

    assert {How.RUNS} == {one.evidence.how for one in again.all if isinstance(one, Proved) and one.evidence is not None}


def test_two_solvers_that_contradict_each_other_are_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both answers are printed, with the question."""
    with pytest.raises(SolversDisagree, match=r"Z3 answers unsat and cvc5 sat(.|\n)*check-sat"):
        confirmed_by(verify(ROOM), lambda script: Answer(Said.SAT), monkeypatch)


def test_a_proof_whose_certificate_does_not_hold_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both solvers find an answer to what the evidence leaves: then it is no proof, whoever called it one."""
    report = verify(ROOM)
    spoilt = tuple(_weightless(one) if one.claim.sentence == "it can be empty" else one for one in report.verdicts)
    again = confirmed_by(attrs.evolve(report, verdicts=spoilt), ask_cvc5, monkeypatch)

    (verdict,) = (one for one in again.all if one.claim.sentence == "it can be empty")
    assert isinstance(verdict, Unknown)
    assert "its certificate does not hold: properties/claims/claim-2/rank.smt2" in verdict.why


def _weightless(verdict: object) -> Proved:
    assert isinstance(verdict, Proved) and verdict.evidence is not None
    return attrs.evolve(verdict, evidence=attrs.evolve(verdict.evidence, weights=()))


@pytest.mark.parametrize(
    ("evidence", "why"), [(None, "there is no certificate of it"), (Evidence(How.STEPS), "its certificate is none")]
)
def test_a_proof_without_evidence_is_unknown(
    evidence: Evidence | None, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that says only that it has proved something proves nothing here."""
    report = verify(ROOM)
    bare = tuple(attrs.evolve(one, evidence=evidence) if isinstance(one, Proved) else one for one in report.verdicts)
    again = confirmed_by(attrs.evolve(report, verdicts=bare), ask_cvc5, monkeypatch)

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

    def all_of_them(scripts: Sequence[str]) -> list[Answer]:
        asked.extend(scripts)
        return [Answer(Said.UNSAT) for _ in scripts]

    monkeypatch.setattr(confirming, "ask_all", all_of_them)
    old = NamedProfile("old", {"places": 2}, since="2019-01-01", doc="a small room")
    new = old.later("new", {"places": 3}, since="2020-01-01", doc="a larger one")
    study = Study(attrs.evolve(ROOM, profiles=(old, new)))
    with ThreadPoolExecutor(1) as pool:
        solver = SecondSolver(pool)
        many = []
        for profile in (old, new):
            report = study.report(profile)
            begin(report if profile is old else attrs.evolve(report, definition=()), solver).finish()
            many.append(len(asked))

    assert many[0] == many[1] > 0
    assert len(asked) == len(set(asked))
