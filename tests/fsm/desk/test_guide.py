"""The desk of 2019 stands on one page, and today's is made of it by what came later."""

from __future__ import annotations

import random
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

import fsm
from fsm import Engine, EventRefused, Snapshot, System
from fsm.canonical import write
from fsm.desk import (
    DESK,
    VERSIONS,
    Abandon,
    Accept,
    Attach,
    Clear,
    End,
    Fail,
    OfferCall,
    OfferChat,
    OfferEmail,
    OfferTask,
    PlaceCall,
    Reject,
    SetStatus,
    Speaker,
    Status,
    Text,
    later,
)
from fsm.desk.later import GUIDE, LATER
from fsm.desk.later.changing_limit import SetLimit
from fsm.variants import Variant, derivation, touch, varied

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


ON, AWAY = SetStatus(Status.AVAILABLE), SetStatus(Status.AWAY)
CHAT, CALL = OfferChat("a", "Ann", 0), OfferCall("b", "Bob", 0)
TALK = (ON, CHAT, Accept("a"))
TAKES: dict[str, tuple[Any, ...]] = {
    "ATTACHMENTS": (*TALK, Attach("a", Speaker.AGENT)),
    "AUTO_ACCEPT": (ON, CHAT, End("a")),
    "CROSS_CHANNEL": (ON, CHAT, CALL),
    "LIVE_ONLY": (*TALK, End("a"), CALL),
    "OUTBOUND": (ON, PlaceCall("a", "Ann")),
    "REJECTED_FREES": (ON, CHAT, Reject("a"), CHAT),
    "TEN_CHATS": (ON, *(OfferChat(str(one), "Ann", 0) for one in range(6))),
}
"""For each variant events that it takes, of which the page of 2019 refuses the last or does not know it."""

ALONE = tuple(
    getattr(later, name) for name in sorted(later.__all__) if name.isupper() and name not in ("GUIDE", "LATER")
)


def after(made: Any, events: tuple[Any, ...], **profile: Any) -> tuple[Engine, Snapshot]:
    engine = fsm.compile(made, profile)
    snapshot = engine.start(0)
    for event in events:
        snapshot = engine.step(snapshot, event, 0).after
    return engine, snapshot


@pytest.mark.parametrize("name", TAKES)
def test_a_variant_alone_takes_what_it_says(name: str) -> None:
    """On the page of 2019, with nothing switched on by hand."""
    *before, last = TAKES[name]
    ten = {"max_chats": 10} if name == "TEN_CHATS" else {}
    engine, snapshot = after(varied(GUIDE, getattr(later, name)), tuple(before), **ten)
    assert engine.why_not(snapshot, last, 0) is None
    if type(last) in GUIDE.events:
        page, same = after(GUIDE, tuple(one for one in before if type(one) in GUIDE.events))
        assert page.why_not(same, last, 0) is not None


@pytest.mark.parametrize(("variant", "events", "last"), [
    (later.MISSED_BLOCKS, (ON, CHAT, Fail("a")), OfferChat("b", "Bob", 0)),
    (later.CHANGING_LIMIT, (*TALK, SetLimit(1)), OfferChat("b", "Bob", 0)),
], ids=["one missed blocks", "no room any more"])  # fmt: skip
def test_a_variant_alone_refuses_what_it_says(variant: Variant, events: tuple[Any, ...], last: Any) -> None:
    """What the page takes after the same."""
    engine, snapshot = after(varied(GUIDE, variant), events)
    page, same = after(GUIDE, tuple(one for one in events if type(one) in GUIDE.events))
    assert (engine.why_not(snapshot, last, 0) is not None, page.why_not(same, last, 0) is None) == (True, True)


def test_a_status_waits_by_itself_alone_on_the_page() -> None:
    """It is taken with the last contact."""
    engine, snapshot = after(varied(GUIDE, later.NEXT_STATUS), (*TALK, AWAY))
    assert "available" == snapshot["agent"].state
    for event in (End("a"), Clear("a")):
        snapshot = engine.step(snapshot, event, 0).after
    assert "away" == snapshot["agent"].state


def test_the_same_speaker_does_not_start_the_text_timer_again_alone_on_the_page() -> None:
    """Another one does."""
    engine, snapshot = after(varied(GUIDE, later.SPEAKER_CHANGE), (*TALK, Text("a", Speaker.CUSTOMER)))
    heard = [bool(engine.step(snapshot, Text("a", who), 5).effects) for who in (Speaker.CUSTOMER, Speaker.AGENT)]
    assert [False, True] == heard


def test_a_limit_lowered_in_mid_shift_sends_nobody_away() -> None:
    """Three are talked to, one may be: nothing is offered until two are gone (D19)."""
    three = tuple(OfferChat(key, "Ann", 0) for key in ("a", "b", "c"))
    engine, snapshot = after(varied(GUIDE, later.CHANGING_LIMIT), (ON, *three, SetLimit(1)))
    room = []
    for key in ("a", "b", "c"):
        room.append(engine.why_not(snapshot, OfferChat("d", "Dan", 0), 0) is None)
        for event in (Reject(key), Clear(key)):
            snapshot = engine.step(snapshot, event, 0).after
    assert [False, False, False] == room
    assert engine.why_not(snapshot, OfferChat("d", "Dan", 0), 0) is None


def test_variants_that_do_not_touch_may_come_in_any_order() -> None:
    """Together, or one after the other: the declaration is the same, byte for byte."""
    pairs = [pair for pair in combinations(ALONE, 2) if not any(touch(*both) for both in product(*map(whole, pair)))]
    assert 46 == len(pairs)
    for one, other in pairs:
        made = [
            varied(GUIDE, one, other), varied(GUIDE, other, one),
            varied(varied(GUIDE, one), other), varied(varied(GUIDE, other), one),
        ]  # fmt: skip
        assert 1 == len(set(map(write, made))), (one, other)


def test_variants_that_touch_are_made_together_in_one_order() -> None:
    """In whatever order they are given; what has to be said where two of them meet is said: a task is offered to nobody who is away."""
    pairs = [pair for pair in combinations(ALONE, 2) if any(touch(*both) for both in product(*map(whole, pair)))]
    assert 9 == len(pairs)
    for one, other in pairs:
        given = later.together(one, other)
        assert [variant.name for variant in given] == [variant.name for variant in later.together(other, one)]
        assert {variant.name for variant in given} <= {variant.name for variant in made_of(varied(GUIDE, *given))}
    made = varied(GUIDE, *later.together(later.CROSS_CHANNEL, later.NEXT_STATUS))
    assert all(
        set(one.on) >= {OfferTask, OfferEmail} for one in made.rules if OfferChat in one.on and OfferCall in one.on
    )
    assert [one.name for one in LATER] == [
        one.name for one in later.together(*reversed([one for one in ALONE if one is not later.CHANGING_LIMIT]))
    ]


def whole(variant: Variant) -> tuple[Variant, ...]:
    return variant, *variant.machines


def made_of(declaration: System) -> tuple[Variant, ...]:
    known = derivation(declaration)
    assert known is not None
    return known.variants


CHOSEN: dict[str, dict[str, Any]] = {
    "AUTO_ACCEPT": {"auto_accept": True},
    "CROSS_CHANNEL": {"max_tasks": 5, "max_emails": 5, **dict.fromkeys(("voice_shares", "chat_shares", "task_shares", "email_shares"), True)},
    "LIVE_ONLY": {"held_blocks_channel": False},
    "NEXT_STATUS": {"next_status": True},
    "REJECTED_FREES": {"rejected_holds": False},
}  # fmt: skip


@pytest.mark.parametrize("names", [("CROSS_CHANNEL",), ("NEXT_STATUS",), tuple(CHOSEN)], ids=" ".join)
def test_variants_on_the_page_do_what_the_desk_does_where_their_switches_are_chosen(names: tuple[str, ...]) -> None:
    """The same is taken, refused, shown and emitted, each alone and all together, on a walk."""
    chances = random.Random(7)
    profile = {name: value for one in names for name, value in CHOSEN[one].items()}
    made = varied(GUIDE, *later.together(*(getattr(later, one) for one in names)))
    page, today = fsm.compile(made, {"max_chats": 2}), fsm.compile(DESK, {"max_chats": 2, **profile})
    one, other, moved = page.start(0), today.start(0), 0
    known = [event for event in (*EVENTS, *EVENTS[-12:], *OTHER_OFFERS, ON, ON, ON) if type(event) in made.events]
    for _ in range(250):
        for _ in range(2):
            event = chances.choice(known)
            way, same = taken(page, one, event), taken(today, other, event)
            assert (way is None) == (same is None), event
            if way is not None and same is not None:
                assert way[1] == same[1]
                one, other, moved = way[0], same[0], moved + 1
        later_by = one.now + chances.choice((0, 0, 5_000, 20_000))
        one, other = page.advance(one, later_by).after, today.advance(other, later_by).after
        assert seen(page, one) == seen(today, other)
    assert moved > 40


OTHER_OFFERS = (OfferTask("c", "Ann", 0), OfferEmail("d", "Ann", 0), Clear("c"), Clear("d"))
