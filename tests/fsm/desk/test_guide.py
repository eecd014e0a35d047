"""The desk of 2019 stands on one page, and today's is made of it by what came later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import fsm
from fsm import Engine, EventRefused, Snapshot
from fsm.desk import (
    DESK,
    VERSIONS,
    Abandon,
    Accept,
    Clear,
    End,
    Fail,
    OfferCall,
    OfferChat,
    Reject,
    SetStatus,
    Speaker,
    Status,
    Text,
)
from fsm.desk.later import GUIDE, LATER
from fsm.variants import derivation, varied

HERE = Path(fsm.__file__).parent / "desk"
QUICK = {"max_chats": 2, "non_response_after": 1, "accept_window": 2}
EVENTS: tuple[Any, ...] = (
    *(SetStatus(one) for one in Status),
    *(said for key in ("a", "b") for said in (OfferChat(key, "Ann", 0), OfferCall(key, "Ann", 0), Text(key, Speaker.CUSTOMER))),
    *(kind(key) for key in ("a", "b") for kind in (Accept, Reject, Abandon, Fail, End, Clear)),
)  # fmt: skip


def seen(engine: Engine, snapshot: Snapshot) -> tuple[Any, ...]:
    """What is known of a desk on both sides: what came later has variables of its own."""
    age = min(2, snapshot.now - snapshot["agent"].since)
    tiles = (
        (key, one.state, one.channel, one.counted, min(2, snapshot.now - one.since))
        for key, one in snapshot["tiles"].items()
    )
    return snapshot["agent"].state, age, tuple(sorted(tiles, key=repr))


def taken(engine: Engine, snapshot: Snapshot, event: Any) -> tuple[Any, ...] | None:
    """What is seen after an event and what it emitted; None where it is refused."""
    try:
        step = engine.step(snapshot, event, snapshot.now)
    except EventRefused:
        return None
    return step.after, step.effects


def test_the_desk_in_the_version_of_2019_does_what_the_page_says() -> None:
    """Whatever happens, in every snapshot that two contacts can bring about: the same is taken, refused, shown and emitted."""
    page, today = fsm.compile(GUIDE, QUICK), fsm.compile(DESK, {**VERSIONS[0].values, **QUICK})
    waiting = [(page.start(0), today.start(0))]
    met = {seen(page, waiting[0][0])}
    for one, other in waiting:
        assert seen(page, one) == seen(today, other)
        ways: list[Any] = [(taken(page, one, event), taken(today, other, event)) for event in EVENTS]
        later = (page.advance(one, one.now + 1), today.advance(other, other.now + 1))
        ways.append(tuple((step.after, step.effects) for step in later))
        assert [None if way is None else way[1] for way, _ in ways] == [
            None if way is None else way[1] for _, way in ways
        ]
        for way, same in ways:
            if way is not None and seen(page, way[0]) not in met:
                met.add(seen(page, way[0]))
                waiting.append((way[0], same[0]))
    assert len(met) > 400


def test_today_has_the_events_wires_and_rules_of_all_that_came_later() -> None:
    """Made on the page one after the other, each may speak of what those before it brought."""
    made = varied(GUIDE, *LATER)
    assert [one.name for one in DESK.rules] == [one.name for one in made.rules]
    assert [str(one) for one in DESK.wires] == [str(one) for one in made.wires]
    assert DESK.events == made.events
    assert derivation(DESK) is None


@pytest.mark.parametrize("many", range(1, len(LATER) + 1))
def test_what_came_later_is_made_one_after_the_other(many: int) -> None:
    """A page of 2019 with the first of them is a desk; what does not hold any more has a reason."""
    made = varied(GUIDE, *LATER[:many])
    claims = {one.sentence: one for part in made.parts for one in part.machine.properties} | {
        one.sentence: one for one in made.properties
    }
    reasons = {sentence: one.retracted for sentence, one in claims.items() if one.retracted}
    expected = {
        "two channels are never held at once": many > 2,
        "whoever is talked to was accepted": many > 2,
        "choosing a status sends no contact away": many > 4,
    }  # fmt: skip
    assert {sentence for sentence, broken in expected.items() if broken} == set(reasons)
    assert all(reasons.values())


def test_who_reads_the_desk_reads_a_page() -> None:
    """For a manager to check line by line; whatever came later is shorter."""
    page = (HERE / "desk.py").read_text(encoding="utf-8").splitlines()
    assert (len(page) <= 120, max(map(len, page)) <= 120) == (True, True)
    later = {one.name: len(one.read_text(encoding="utf-8").splitlines()) for one in (HERE / "later").glob("*.py")}
    assert {} == {name: lines for name, lines in later.items() if lines > 70}
