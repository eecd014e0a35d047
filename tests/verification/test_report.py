"""The report: a page for a person and a document for a program, with the same verdicts in both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from fsm import Machine, State, always, event, inside
from fsm.command.invocation.target import resolve
from fsm.storage import trace_in
from fsm.verification import Proved, Refuted, Report, Unknown, render, verify
from fsm.verification.report import exit_status, summary, to_plain


@event
class Go:
    pass


@event
class Stop:
    pass


RED, GREEN = State("red"), State("green")
REGRESSION = Path(__file__).parents[1] / "regression"


def report(file: str) -> Report:
    return verify(resolve(f"{REGRESSION / file}:SUBJECT"))


PROVED, REFUTED, UNKNOWN = (
    report("proved/locker.py"),
    report("refuted/open_door.py"),
    report("proved/clock_for_each.py"),
)


def test_the_report_of_what_is_proved() -> None:
    """For what it holds, then each claim with its argument, then the tally."""
    page = render([PROVED]).splitlines()

    assert ("machine locker", "  9 proved, 0 refuted, 0 unknown.") == (page[0], page[-3])
    assert "  Proved here means: for every run, unless a line says otherwise." in page
    assert "  ✓ a sealed locker opens by a reset alone" in page


def test_the_report_of_what_is_refuted_shows_the_run() -> None:
    """In the words of the page that declares the machine."""
    page = render([REFUTED])

    assert "  ✗ only a hand opens the door\n      refuted: a run of one step, replayed\n" in page
    assert "door: shut → ajar" in page


def test_the_report_of_what_is_unknown_says_why_and_what_could_help() -> None:
    """Never just a question mark."""
    page = render([UNKNOWN])

    assert (
        "  ? no bell rings for more than ten\n      unknown: the encoding: it cannot say the time in state where there are many instances; declare\n"
        in page
    )
    assert "      Add the property that rules this state out" in page


def test_a_report_without_words_for_what_it_covers_leaves_the_line_out() -> None:
    """Nothing is said of nothing."""
    assert "Proved here means" not in render([attrs.evolve(PROVED, covers="")])


@pytest.mark.parametrize(
    ("reports", "status"),
    [([PROVED], 0), ([REFUTED], 1), ([UNKNOWN], 3), ([PROVED, UNKNOWN], 3), ([UNKNOWN, REFUTED, PROVED], 1), ([], 0)],
    ids=["proved", "refuted", "unknown", "unknown among proved", "refuted among all", "nothing asked"],
)
def test_the_status_is_that_of_the_worst_verdict(reports: list[Report], status: int) -> None:
    """Refuted before unknown before proved."""
    assert status == exit_status(reports)


def test_the_last_line_counts_all_of_them() -> None:
    """Over every report."""
    kinds = [type(one) for found in (PROVED, REFUTED, UNKNOWN) for one in found.all]

    assert f"{kinds.count(Proved)} proved, {kinds.count(Refuted)} refuted, {kinds.count(Unknown)} unknown" == summary(
        [PROVED, REFUTED, UNKNOWN]
    )


def test_the_document_carries_every_verdict_with_its_evidence() -> None:
    """A run in it can be loaded and is played again."""
    document: Any = to_plain([PROVED, REFUTED, UNKNOWN])
    proved, refuted, unknown = (found["properties"] for found in document["reports"])

    assert (1, 1) == (document["format"], document["exit_status"])
    assert {"proved"} == {claim["verdict"] for claim in proved}
    assert ("refuted", "each step") == (refuted[0]["verdict"], refuted[0]["modality"])
    assert {"why", "hint"} <= unknown[0].keys()

    from fsm import compile

    assert 1 == len(trace_in(compile(REFUTED.system), refuted[0]["trace"]).steps)


def test_two_machines_of_one_name_are_told_apart() -> None:
    """Neither is taken for a version of the other: what holds in both is told of both."""
    same = [
        Machine("m", (RED, GREEN), RED, (RED.on(action).to(GREEN),), properties=(always("safe", inside(RED, GREEN)),))
        for action in (Go, Stop)
    ]

    page = render([verify(one) for one in same])

    assert 2 == page.count("✓ safe")
    assert "as in" not in page
