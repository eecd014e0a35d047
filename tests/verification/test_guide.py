"""The page of 2019 is proved, and what a later variant says not to hold is refuted there by a run."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import compile
from fsm.desk import later
from fsm.desk.later import GUIDE, NEXT_STATUS, OUTBOUND
from fsm.traces import replay
from fsm.variants import varied
from fsm.verification import Proved, Refuted, verify

LATER = varied(GUIDE, OUTBOUND, NEXT_STATUS)
REFUTED = {
    "whoever is talked to was accepted": 1,
    "two channels are never held at once": 3,
    "choosing a status sends no contact away": 3,
}


@pytest.mark.parametrize("page", [GUIDE, *(part.machine for part in GUIDE.parts)], ids=["desk", "agent", "tile"])
def test_every_claim_of_the_page_is_proved(page: Any) -> None:
    """For every number of chats and every pair of times that the assumptions allow."""
    assert [] == [one.claim.sentence for one in verify(page, definition=False).verdicts if not isinstance(one, Proved)]


@pytest.mark.parametrize("made", [LATER, LATER.part("tiles").machine], ids=["desk", "tile"])
def test_what_a_variant_takes_back_is_refuted_and_all_else_is_proved(made: Any) -> None:
    """Each run is taken by the runtime."""
    report = verify(made, definition=False)
    runs = {one.claim.sentence: one.trace for one in report.verdicts if isinstance(one, Refuted)}
    assert [] == [one for one in report.verdicts if not isinstance(one, Proved | Refuted)]
    assert {one.sentence: REFUTED[one.sentence] for one in made.properties if one.retracted} == {
        sentence: len(trace.steps) for sentence, trace in runs.items() if trace is not None
    }
    for trace in runs.values():
        assert trace is not None
        assert trace == replay(compile(report.system, dict(trace.profile)), trace.events)


ALONE = (
    "AUTO_ACCEPT",
    "CHANGING_LIMIT",
    "CROSS_CHANNEL",
    "LIVE_ONLY",
    "MISSED_BLOCKS",
    "REJECTED_FREES",
    "SPEAKER_CHANGE",
)


@pytest.mark.parametrize("name", ALONE)
def test_a_variant_alone_has_no_claim_that_is_unknown(name: str) -> None:
    """What it retracts is refuted, all else is proved, whatever its switch."""
    variant = getattr(later, name)
    for one in verify(varied(variant.base, variant), definition=False).verdicts:
        assert isinstance(one, Refuted if one.claim.retracted else Proved), one
