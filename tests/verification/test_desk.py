"""The desk is proved, for every limit and any number of contacts: how many claims, and which rules the telling ones rest on."""

from __future__ import annotations

import pytest

from fsm.desk import AGENT, CONTACT, DESK, TILE
from fsm.verification import Proved, Report, render
from fsm.verification.report import exit_status

from .conftest import ReportOn


@pytest.fixture(scope="module")
def reports(report_on: ReportOn) -> dict[str, Report]:
    return {one.name: report_on(one) for one in (AGENT, TILE, CONTACT, DESK)}


def proved(report: Report, sentence: str) -> Proved:
    (verdict,) = (one for one in report.all if one.claim.sentence == sentence)
    assert isinstance(verdict, Proved), verdict
    return verdict


def test_everything_is_proved(reports: dict[str, Report]) -> None:
    """Properties and checks of the definition; a claim that is added or lost shows here."""
    assert [] == [one for report in reports.values() for one in report.all if not isinstance(one, Proved)]
    assert {"agent": (15, 4), "tile": (43, 4), "contact": (27, 4), "desk": (60, 4)} == {
        name: (len(report.verdicts), len(report.definition)) for name, report in reports.items()
    }
    assert 0 == exit_status(list(reports.values()))


@pytest.mark.parametrize(
    ("sentence", "rules"),
    [
        ("only an Available agent is offered anything", ("only an available agent is offered contacts",)),
        ("no chat is offered while a call is live", ("no chat while another channel is live",)),
        ("no call is offered while a chat is live", ("no call while another channel is live",)),
        ("chats in use never exceed the limit", ("a chat slot is free",)),
        ("at most one call is held", ("the voice slot is free",)),
        ("no chat is offered when every slot is in use", ("a chat slot is free",)),
        ("a missed contact holds its slot until it is cleared", ()),
        (
            "where one missed contact blocks the agent, nothing is offered before it is cleared, or before a failed one is",
            ("missed contacts block the agent",),
        ),
        ("the agent starts calls only, and only where that is switched on", ("outbound calls are switched on",)),
        (
            "two channels are held at once only with outbound calls",
            (
                "no chat while another channel is held",
                "no call while another channel is held",
                "outbound calls are switched on",
            ),
        ),
    ],
)
def test_a_claim_rests_on_the_rules_that_a_manager_would_name(
    reports: dict[str, Report], sentence: str, rules: tuple[str, ...]
) -> None:
    """No more, no fewer: the tile alone keeps a missed contact in its slot."""
    assert rules == proved(reports["desk"], sentence).rules


def test_only_what_needs_an_assumption_assumes_one(reports: dict[str, Report]) -> None:
    """That a miss was counted needs the two times in order (D1); five slots need the administrator's limit (S02)."""
    assert ("an administrator allows no more chats than the vendor does",) == proved(
        reports["desk"], "the limit never exceeds five"
    ).assumptions
    assert ("an offer is counted as non-response no later than it is missed",) == proved(
        reports["tile"], "a missed contact was counted as non-response"
    ).assumptions
    assert () == proved(reports["desk"], "chats in use never exceed the limit").assumptions


def test_what_is_proved_of_the_desk_is_proved_for_every_profile(reports: dict[str, Report]) -> None:
    """And for any number of tiles; what some version breaks, for this version, whatever it leaves open; what a run shows, for that run."""
    report = reports["desk"]

    assert "every version and every value of every parameter and any number of tiles" == report.covers
    assert report.covers == proved(report, "chats in use never exceed the limit").covers
    assert "this version" == proved(report, "the limit never exceeds five").covers
    assert report.version.startswith("every value of max_chats, ") and report.version.endswith(
        " and any number of tiles"
    )
    assert "this run" == proved(reports["desk"], "two chats can be held at once").covers


def test_a_witness_is_a_run_of_the_desk(reports: dict[str, Report]) -> None:
    """Available, two offers: that is all it takes to hold two chats."""
    witness = proved(reports["desk"], "two chats can be held at once").witness

    assert witness is not None
    assert ["SetStatus", "OfferChat", "OfferChat"] == [type(step.event).__name__ for step in witness.steps]


def test_the_page_names_verdict_argument_and_rules(reports: dict[str, Report]) -> None:
    """A line each, with the facts that a claim comes from."""
    page = render([reports["desk"]])

    assert (
        "  ✓ chats in use never exceed the limit (S02, S21)\n      proved: induction\n      rests on the rule: a chat slot is free\n"
        in page
    )
    assert page.endswith("64 proved, 0 refuted, 0 unknown")
