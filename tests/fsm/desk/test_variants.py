"""What a person sees of a variant of the desk, and what is counted of it: what it has added is shown as what it is."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import KEY, NOW, SINCE, BadInput, Event, Field, State, compile, effect
from fsm.desk import (
    AGENT,
    DESK,
    TILE,
    Accept,
    Channel,
    Clear,
    Connected,
    End,
    Ended,
    Fail,
    Next,
    OfferChat,
    PlaceCall,
    SetStatus,
    Speaker,
    Status,
)  # fmt: skip
from fsm.desk.agent import available, away
from fsm.desk.events import Reject
from fsm.desk.later import GUIDE
from fsm.desk.reports import DAY, Activity, activity, fold, real_time, report
from fsm.desk.reports.activity import Unlisted
from fsm.desk.screen import Button, Screen, view
from fsm.desk.tile import End as EndOfTile
from fsm.desk.tile import after_work, channel, connected, speaker
from fsm.variants import Variant, varied, wiring
from fsm.verification.decide.elsewhere.packing import packed, unpacked

on_hold, training = State("on_hold"), State("training")


class Hold(Event):
    contact: Field[str]


class Resume(Event):
    contact: Field[str]


class Train(Event):
    """The agent is trained."""


@effect
class Held:
    contact: object
    channel: Channel
    since: int
    at: int


@effect
class Resumed:
    begins = Connected
    contact: object
    channel: Channel
    since: int
    at: int


@effect
class Noted:
    """Says of nobody since when."""

    contact: object
    at: int


TOLD: dict[str, Any] = {"contact": KEY, "channel": channel, "at": NOW}
HOLD = Variant(
    "hold", TILE,
    adds=(
        on_hold,
        connected.on(Hold).to(on_hold).emits(Held, since=SINCE, **TOLD).emits(Noted, contact=KEY, at=NOW),
        on_hold.on(Resume).to(connected).emits(Resumed, since=SINCE, **TOLD),
        on_hold.on(EndOfTile).to(after_work).set(speaker, Speaker.NOBODY)
            .emits(Resumed, since=SINCE, **TOLD).emits(Ended, connected_at=NOW, **TOLD),
    ),
)  # fmt: skip
TRAINING = Variant("training", AGENT, adds=(training, (available | away).on(Train).to(training)))
ENGINE = compile(varied(DESK, HOLD, TRAINING), {"outbound_calls": True})


def shift(*said: tuple[int, Any]) -> tuple[Any, list[object]]:
    """The desk after these events, and what it emitted."""
    step = ENGINE.step(ENGINE.start(0), SetStatus(Status.AVAILABLE), 0)
    snapshot, effects = step.after, list(step.effects)
    for at, event in said:
        step = ENGINE.step(snapshot, event, at)
        snapshot, effects = step.after, [*effects, *step.effects]
    return snapshot, effects


TALK = ((0, OfferChat("c", "Cem", 0)), (5, Accept("c")), (10, Hold("c")))
ON_HOLD = shift(*TALK)[0]
IN_TRAINING = shift((3, Train()))[0]


def test_a_state_that_a_variant_has_added_is_shown_by_its_name_and_time() -> None:
    """A contact on hold has a tab like any other; the agent's buttons are those that the engine takes."""
    (tab,) = view(ENGINE, ON_HOLD, 30, Screen()).tabs

    assert ("on_hold", 20, None, (Button.END,)) == (tab.state, tab.in_state, tab.in_centre, tab.buttons)
    assert ("training", Status.AVAILABLE) == (
        view(ENGINE, IN_TRAINING, 30, Screen()).status,
        view(ENGINE, ON_HOLD, 30, Screen()).status,
    )


def test_a_button_whose_event_a_variant_has_taken_away_is_not_there() -> None:
    """Nobody rejects where there is no rejecting."""
    gone = tuple(wiring(Reject, when=one.when) for one in DESK.wires if one.event is Reject)
    without = compile(varied(DESK, Variant("no rejecting", DESK, leaves_out=gone)))
    snapshot = without.start(0)
    for event in (SetStatus(Status.AVAILABLE), OfferChat("c", "Cem", 0)):
        snapshot = without.step(snapshot, event, 0).after

    assert [(Button.ACCEPT,)] == [ringing.buttons for ringing in view(without, snapshot, 1, Screen()).page]


def test_the_activity_of_a_state_that_the_list_does_not_know_is_its_name() -> None:
    """Behind those that it knows, and never another word of the list."""
    more = ENGINE.step(ON_HOLD, OfferChat("d", "Dan", 0), 11).after

    assert (Unlisted("on_hold"), Unlisted("training")) == (activity(ON_HOLD), activity(IN_TRAINING))
    assert Activity.INCOMING is activity(more)


def test_the_real_time_report_counts_every_slot_in_use_and_says_what_it_does_not_know() -> None:
    """A contact on hold takes its slot; how many there are, and what may be routed, is for the variant to say."""
    now = real_time(ON_HOLD, ENGINE.params)
    chats = now.slots[Channel.CHAT]

    assert (1, 0, 1) == (chats.in_use, chats.active, chats.other)
    assert (None, None, None, None) == (chats.limit, chats.available, now.available, now.routable)
    assert "training" == real_time(IN_TRAINING).status


WAYS = {
    "resumed and ended": (((20, Resume("c")), (50, End("c")), (60, Clear("c"))), (1, 1, 35, 10)),
    "ended on hold": (((20, End("c")), (60, Clear("c"))), (1, 1, 5, 40)),
    "still on hold": (((60, SetStatus(Status.AWAY)),), (1, 0, 5, 0)),
    "held twice": (((20, Resume("c")), (25, Hold("c")), (40, Resume("c")), (45, End("c")), (60, Clear("c"))), (1, 1, 15, 15)),
    "still talking": (((20, Resume("c")), (60, SetStatus(Status.AWAY))), (1, 0, 45, 0)),
    "failed after a hold": (((20, Resume("c")), (50, Fail("c"))), (1, 0, 35, 0)),
}  # fmt: skip


@pytest.mark.parametrize(("later", "expected"), WAYS.values(), ids=WAYS)
def test_the_historical_report_counts_a_stage_that_it_knows_and_no_other(
    later: tuple[tuple[int, Any], ...], expected: tuple[int, int, int, int]
) -> None:
    """Talk until the hold, and from its end: the conversation's own end says since when; wherever the stream is cut."""
    snapshot, effects = shift(*TALK, *later)

    for cut in range(len(effects) + 1):
        (day,) = report(fold(effects[:cut]).then(fold(effects[cut:])), 0, DAY, every=DAY, at=60)
        chats = day.channels[Channel.CHAT]
        assert expected[:2] == (chats.handled, chats.ended)
        assert expected[2:] == (chats.talk_time, chats.after_work_time), cut
    assert snapshot.now in (50, 60)


def test_a_placed_call_that_is_held_was_answered() -> None:
    """Nobody is put on hold who does not talk (D16)."""
    _, effects = shift((0, PlaceCall("v", "Vic")), (10, Hold("v")), (20, Resume("v")), (30, Fail("v")))
    (day,) = report(fold(effects), 0, DAY, every=DAY)

    assert (1, 20) == (day.channels[Channel.VOICE].handled, day.channels[Channel.VOICE].talk_time)


def test_what_lost_effects_leave_is_refused_for_a_variant_too() -> None:
    """The hold began when nobody had told of a conversation."""
    with pytest.raises(BadInput, match="does not fit what was told before it"):
        fold([Held("c", Channel.CHAT, since=5, at=10), Held("c", Channel.CHAT, since=7, at=12)])


def test_a_variant_travels_to_another_process() -> None:
    """Where its proofs are looked for; the fields of the desk's own events are the same there."""
    system = unpacked(packed(varied(DESK, HOLD)))
    desk = compile(system)
    snapshot = desk.step(desk.start(0), SetStatus(Status.AVAILABLE), 0).after

    assert "offered" == desk.step(snapshot, OfferChat("c", "Cem", 0), 1).after["tiles"]["c"].state


def test_the_page_of_2019_is_seen_and_counted_as_the_desk_is() -> None:
    """What came later added variables that it has not: no status waits."""
    page = compile(GUIDE)
    snapshot = page.start(0)
    for event in (SetStatus(Status.AVAILABLE), OfferChat("c", "Cem", 0), OfferChat("d", "Dan", 0), Accept("c")):
        snapshot = page.step(snapshot, event, 0).after
    seen, now = view(page, snapshot, 5_000, Screen()), real_time(snapshot, page.params)

    assert (["c"], ["d"], 15_000) == (
        [one.contact for one in seen.tabs],
        [one.contact for one in seen.page],
        seen.page[0].left,
    )
    assert (Next.NONE, None, 2, None) == (seen.following, now.next_status, now.in_use, now.available)
    assert Activity.ON_CONTACT is activity(snapshot)
