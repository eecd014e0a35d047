"""Every version of the guide is as the declaration says: what later ones broke is refuted there, and nothing else.

The lengths of the runs are pinned; None stands where a proof excludes what the claim says to be possible.
"""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from fsm import Modality, compile, reachable
from fsm.desk import DESK, TILE, VERSIONS
from fsm.desk.parameters import accept_window, non_response_after
from fsm.desk.parts import tiles
from fsm.desk.tile import connected, counted
from fsm.traces import replay
from fsm.verification import Proved, Refuted
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.study import Study

NAMES = [one.name for one in VERSIONS]


def since(name: str, steps: int | None) -> dict[str, int | None]:
    """A run of so many steps in this version and all later ones."""
    return dict.fromkeys(NAMES[NAMES.index(name) :], steps)


BROKEN: dict[tuple[str, str], dict[str, int | None]] = {
    ("tile", "an offer is counted or ended within 15 s"): since("twenty-seconds", 2),
    ("tile", "every text of a chat starts the text timer again"): since("speaker-change", 4),
    ("tile", "a contact is connected only when the agent accepts or dials it"): since("auto-accept", 1),
    ("desk", "no file is sent in a chat"): since("attachments", 4),
    ("desk", "a contact can be connected after it was counted"): since("twenty-seconds", None),
    ("desk", "a slot once taken is given back only by clearing, or by an offer that does not hold it"): since("next-status", 5),
    ("desk", "after contact work holds its slot until it is cleared"): since("next-status", 5),
    ("desk", "the limit never exceeds five"): since("ten-chats", 0),
    ("desk", "no chat is offered while a call is live"): since("cross-channel", 3),
    ("desk", "no call is offered while a chat is live"): since("cross-channel", 3),
    ("desk", "no chat is offered while a call is held in any state"): since("cross-channel", 3),
    ("desk", "no call is offered while a chat is held in any state"): since("cross-channel", 3),
    ("desk", "nothing is offered while a missed call is there"): since("cross-channel", 5),
    ("desk", "two channels are held at once only with outbound calls"): since("cross-channel", 3),
    ("desk", "a call and a chat ring together never"): since("cross-channel", 3),
}  # fmt: skip


@pytest.fixture(scope="module", params=[TILE, DESK], ids=lambda one: one.name)
def study(request: pytest.FixtureRequest) -> Study:
    """One study of all versions, as `--all-profiles` makes it: what holds in each of them is proved once."""
    return Study(request.param, definition=False)


@pytest.mark.parametrize("version", VERSIONS, ids=NAMES)
def test_a_version_breaks_what_the_page_says_and_nothing_else(study: Study, version: Any) -> None:
    """Every other claim is proved; each run that breaks one is taken by the runtime."""
    target, report = study.target, study.report(version)
    refuted = {one.claim.sentence: one.trace for one in report.verdicts if isinstance(one, Refuted)}

    assert [] == [one for one in report.verdicts if not isinstance(one, Proved | Refuted)]
    assert {
        sentence: steps[version.name]
        for (name, sentence), steps in BROKEN.items()
        if name == target.name and version.name in steps
    } == {sentence: None if trace is None else len(trace.steps) for sentence, trace in refuted.items()}
    for trace in refuted.values():
        if trace is not None:
            assert trace == replay(compile(report.system, dict(trace.profile)), trace.events)


def test_the_page_says_the_same() -> None:
    """Each claim names the versions in which it does not hold."""
    said = {
        (one.name, claim.sentence): claim.refuted_in
        for one in (TILE, DESK)
        for claim in one.properties
        if claim.refuted_in
    }

    assert {what: tuple(steps) for what, steps in BROKEN.items()} == said


def test_what_the_guide_calls_an_option_is_left_open() -> None:
    """Files and auto-accept are possible if enabled: a version that brings them proves both answers."""
    values = {one.name: one.values for one in VERSIONS}

    assert {"attachments": False, "auto_accept": False}.items() <= values["seed"].items()
    assert "attachments" not in values["attachments"]
    assert "auto_accept" not in values["auto-accept"]


def test_a_date_is_told_as_far_as_it_is_known() -> None:
    """A day of the guide's history, a month, or nothing: auto-accept for chats has no date."""
    assert {"next-status": "2021-07", "auto-accept": ""} == {
        one.name: one.since for one in VERSIONS if len(one.since) != len("2019-11-22")
    }
    assert sorted(one.since for one in VERSIONS if one.since) == [one.since for one in VERSIONS if one.since]


def test_the_two_times_of_an_offer_are_told_apart_by_a_millisecond() -> None:
    """Each version has its numbers; beyond them, a contact counted and then accepted is possible as soon as the times differ (D1)."""
    late = tiles.any(connected, counted)
    differ = reachable("they differ by a millisecond", late & (accept_window == non_response_after + 1))
    equal = reachable("they are equal", late & (accept_window == non_response_after))
    beyond = Prover(
        attrs.evolve(
            DESK, properties=(*(one for one in DESK.properties if one.modality is Modality.ALWAYS), differ, equal)
        )
    )

    assert [Proved, Refuted] == [type(decide(beyond, one)) for one in (differ, equal)]
