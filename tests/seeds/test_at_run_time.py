"""Facts of the guide, told as short scenes at a desk that runs. Instants are milliseconds."""

from __future__ import annotations

import pytest

from fsm import BadInput, Engine, EventRefused, Snapshot, compile
from fsm.desk import (
    DESK,
    VERSIONS,
    Abandon,
    Accept,
    Attach,
    Channel,
    Clear,
    End,
    NonResponseCounted,
    OfferCall,
    OfferChat,
    OfferEmail,
    OfferTask,
    PlaceCall,
    Reject,
    SetStatus,
    SlotFreed,
    Speaker,
    Status,
    Text,
    TextTimerReset,
)  # fmt: skip

SEED = compile(DESK)
CHOSEN = {"attachments": {"attachments": True}, "auto-accept": {"auto_accept": True}}
VERSION = {one.name: compile(DESK, {**one.values, **CHOSEN.get(one.name, {})}) for one in VERSIONS}
"""The desk in each version of the guide, what is new switched on, with the seed's values where a version leaves the choice."""


def available(desk: Engine = SEED) -> Snapshot:
    """A desk whose agent has just become Available, at instant 0."""
    return desk.step(desk.start(), SetStatus(Status.AVAILABLE), at=0).after


def chat(contact: str) -> OfferChat:
    return OfferChat(contact, name=contact.upper(), arrived_at=0)


def call(contact: str) -> OfferCall:
    return OfferCall(contact, name=contact.upper(), arrived_at=0)


def states(snapshot: Snapshot) -> dict[str, str]:
    """Each contact on the desk with the state of its tile."""
    return {contact: tile.state for contact, tile in snapshot["tiles"].items()}


def test_a_sixth_chat_is_refused() -> None:
    """Five chats at once is the most (S02)."""
    desk = available()
    for number in range(1, 6):
        desk = SEED.step(desk, chat(f"c-{number}"), at=number).after

    with pytest.raises(EventRefused, match="a chat slot is free"):
        SEED.step(desk, chat("c-6"), at=6)


def test_no_administrator_can_allow_six_chats() -> None:
    """The limit is the administrator's, up to five (S02)."""
    with pytest.raises(BadInput, match="no more chats than the vendor does"):
        compile(DESK, {"max_chats": 6})


def test_an_offer_can_be_accepted_until_twenty_seconds_have_passed() -> None:
    """At 19.999 s the agent's hand is in time, at 20 s the contact is missed (S10)."""
    ringing = SEED.step(available(), chat("ann"), at=0).after

    assert {"ann": "connected"} == states(SEED.step(ringing, Accept("ann"), at=19_999).after)
    with pytest.raises(EventRefused) as late:
        SEED.step(ringing, Accept("ann"), at=20_000)
    assert {"ann": "missed"} == states(late.value.snapshot)


def test_a_chat_missed_during_another_stays_on_the_desk() -> None:
    """A second chat that is not accepted leaves a tile that says missed; the first one goes on (S11)."""
    talking = SEED.step(SEED.step(available(), chat("ann"), at=0).after, Accept("ann"), at=1_000).after
    ringing = SEED.step(talking, chat("bob"), at=2_000).after

    assert {"ann": "connected", "bob": "missed"} == states(SEED.advance(ringing, to=60_000).after)


def test_an_agent_who_walks_away_is_offered_chats_until_every_slot_is_missed() -> None:
    """Nobody answers, the status stays Available: each chat is counted after 15 s and keeps its slot (S18, S21, S22)."""
    two_slots = compile(DESK, {"max_chats": 2})
    first = two_slots.step(available(two_slots), chat("ann"), at=0).after
    second = two_slots.step(first, chat("bob"), at=30_000)
    alone = two_slots.advance(second.after, to=60_000)

    counted = [effect.at for effect in second.effects + alone.effects if isinstance(effect, NonResponseCounted)]
    assert [15_000, 45_000] == counted
    assert {"ann": "missed", "bob": "missed"} == states(alone.after)
    assert two_slots.why_not(alone.after, chat("cyd"), at=60_000) is not None


def test_a_non_response_is_counted_once_with_its_instants() -> None:
    """The effect says which contact, since when it rang and when it was counted (S19)."""
    ringing = SEED.step(available(), chat("ann"), at=5_000).after

    counted = [effect for effect in SEED.advance(ringing, to=100_000).effects if isinstance(effect, NonResponseCounted)]
    assert [NonResponseCounted("ann", Channel.CHAT, offered_at=5_000, at=20_000)] == counted


def test_an_offer_accepted_at_seventeen_seconds_was_counted() -> None:
    """Between the two times an offer is counted and can still be accepted (D1)."""
    accepted = SEED.step(SEED.step(available(), chat("ann"), at=0).after, Accept("ann"), at=17_000)

    assert {"ann": "connected"} == states(accepted.after)
    assert NonResponseCounted("ann", Channel.CHAT, offered_at=0, at=15_000) == accepted.effects[0]


def test_a_missed_tile_knows_since_when_it_is_there() -> None:
    """What an agent who returns wants to see: missed, and for how long (S20)."""
    ringing = SEED.step(available(), chat("ann"), at=1_000).after

    tile = SEED.advance(ringing, to=600_000).after["tiles"]["ann"]
    assert ("missed", 21_000) == (tile.state, tile.since)


def test_a_tile_knows_since_when_it_is_in_after_contact_work() -> None:
    """After contact work has a time of its own, which starts when the conversation ends (S17)."""
    talking = SEED.step(SEED.step(available(), chat("ann"), at=0).after, Accept("ann"), at=1_000).after

    tile = SEED.step(talking, End("ann"), at=90_000).after["tiles"]["ann"]
    assert ("after_work", 90_000) == (tile.state, tile.since)


def test_clearing_a_missed_contact_lets_the_next_chat_in() -> None:
    """The one slot is taken by a missed contact; clearing it, and that alone, frees it (S23)."""
    one_slot = compile(DESK, {"max_chats": 1})
    missed = one_slot.advance(one_slot.step(available(one_slot), chat("ann"), at=0).after, to=20_000).after
    assert one_slot.why_not(missed, chat("bob"), at=20_000) is not None

    cleared = one_slot.step(missed, Clear("ann"), at=30_000)

    assert (SlotFreed("ann", Channel.CHAT, since=20_000, at=30_000),) == cleared.effects
    assert {"bob": "offered"} == states(one_slot.step(cleared.after, chat("bob"), at=30_000).after)


@pytest.mark.parametrize(
    ("holds", "left"), [(True, {"ann": "rejected"}), (False, {})], ids=["holds its slot", "gives it back"]
)
def test_a_rejected_offer_gives_its_slot_back_only_where_the_profile_says_so(holds: bool, left: dict[str, str]) -> None:
    """A rejected offer stays until it is cleared, unless the profile decides otherwise (D4)."""
    desk = compile(DESK, {"rejected_holds": holds})
    ringing = desk.step(available(desk), chat("ann"), at=0).after

    assert left == states(desk.step(ringing, Reject("ann"), at=1_000).after)


@pytest.mark.parametrize("status", [Status.AWAY, Status.OFFLINE])
def test_a_status_change_sends_no_contact_away(status: Status) -> None:
    """What rings and what is live stays as it is; only new contacts are kept out (D6)."""
    talking = SEED.step(SEED.step(available(), chat("ann"), at=0).after, Accept("ann"), at=1_000).after
    ringing = SEED.step(talking, chat("bob"), at=2_000).after

    gone = SEED.step(ringing, SetStatus(status), at=3_000).after

    assert {"ann": "connected", "bob": "offered"} == states(gone)
    assert SEED.why_not(gone, chat("cyd"), at=3_000) is not None


def test_a_contact_whose_tile_is_held_is_not_offered_again() -> None:
    """A contact is on a desk once: not again while its missed tile is there, on no channel (D8)."""
    missed = SEED.advance(SEED.step(available(), chat("ann"), at=0).after, to=20_000).after

    assert SEED.why_not(missed, chat("ann"), at=20_000) is not None
    assert SEED.why_not(missed, call("ann"), at=20_000) is not None


def test_a_missed_call_keeps_calls_away_until_it_is_cleared() -> None:
    """A missed call is a missed tile in the one voice slot (D9)."""
    missed = SEED.advance(SEED.step(available(), call("ann"), at=0).after, to=20_000).after

    with pytest.raises(EventRefused, match="the voice slot is free"):
        SEED.step(missed, call("bob"), at=20_000)
    cleared = SEED.step(missed, Clear("ann"), at=21_000).after
    assert {"bob": "offered"} == states(SEED.step(cleared, call("bob"), at=21_000).after)


def test_a_customer_who_leaves_while_it_rings_leaves_a_tile_behind() -> None:
    """The slot stays taken until the agent clears it (D12)."""
    ringing = SEED.step(available(), chat("ann"), at=0).after

    assert {"ann": "rejected"} == states(SEED.step(ringing, Abandon("ann"), at=1_000).after)


def test_a_profile_without_voice_and_chats_is_routed_nothing() -> None:
    """A routing profile may switch every channel off (D13)."""
    silent = compile(DESK, {"voice": False, "max_chats": 0})
    desk = available(silent)

    assert silent.why_not(desk, chat("ann"), at=0) is not None
    assert silent.why_not(desk, call("ann"), at=0) is not None


# Texts, files and instants of a chat


def talking(desk: Engine = SEED, arrived_at: int = 0) -> Snapshot:
    """A chat with ann, accepted at 1 s."""
    ringing = desk.step(available(desk), OfferChat("ann", name="ANN", arrived_at=arrived_at), at=0).after
    return desk.step(ringing, Accept("ann"), at=1_000).after if ringing["tiles"]["ann"].state == "offered" else ringing


def test_a_file_is_refused_in_words() -> None:
    """The rule that stands in the way says so, with the fact it comes from (S04)."""
    with pytest.raises(EventRefused, match=r"a chat is text only \(S04\)"):
        SEED.step(talking(), Attach("ann", Speaker.CUSTOMER), at=2_000)


def test_a_tile_knows_when_its_contact_arrived() -> None:
    """The first timer of a tab counts from the arrival in the contact centre, before the offer (S14)."""
    assert -90_000 == talking(arrived_at=-90_000)["tiles"]["ann"].arrived_at


def texts(desk: Engine, *speakers: Speaker) -> list[int]:
    """When the text timer started, with one text every second from 2 s on."""
    snapshot, started = talking(desk), [1_000]
    for second, speaker in enumerate(speakers, start=2):
        step = desk.step(snapshot, Text("ann", speaker), at=1_000 * second)
        snapshot = step.after
        started += [effect.at for effect in step.effects if isinstance(effect, TextTimerReset)]
    assert started[-1] == snapshot["tiles"]["ann"].last_text_at
    return started


def test_every_text_starts_the_text_timer_again() -> None:
    """Whoever wrote it (S15)."""
    assert [1_000, 2_000, 3_000, 4_000] == texts(SEED, Speaker.CUSTOMER, Speaker.CUSTOMER, Speaker.AGENT)


@pytest.mark.parametrize("event", [Text, Attach])
def test_what_nobody_wrote_is_no_text(event: type) -> None:
    """A text has somebody who wrote it, so that the text timer is never started again by nobody (S15)."""
    with pytest.raises(EventRefused, match="speaker"):
        VERSION["attachments"].step(talking(VERSION["attachments"]), event("ann", Speaker.NOBODY), at=2_000)


# What later versions changed


def test_since_2023_only_another_speaker_starts_the_text_timer_again() -> None:
    """A second text of the same side changes nothing (S15, guide of 2023-02)."""
    assert [1_000, 2_000, 4_000] == texts(VERSION["speaker-change"], Speaker.CUSTOMER, Speaker.CUSTOMER, Speaker.AGENT)


def test_since_2021_files_can_be_sent_where_that_is_switched_on() -> None:
    """An attachment is a text like any other (S04, guide of 2021-01)."""
    desk = VERSION["attachments"]

    assert (
        2_000 == desk.step(talking(desk), Attach("ann", Speaker.CUSTOMER), at=2_000).after["tiles"]["ann"].last_text_at
    )


def test_since_2021_a_status_waits_until_the_desk_is_empty() -> None:
    """Chosen on a live contact, it is taken when the last tile is cleared; until then nothing is offered (D6, guide of 2021-07)."""
    desk = VERSION["next-status"]
    waiting = desk.step(talking(desk), SetStatus(Status.AWAY), at=2_000).after
    assert "available" == waiting["agent"].state
    with pytest.raises(EventRefused, match="nothing is offered while a status waits"):
        desk.step(waiting, chat("bob"), at=2_000)

    ended = desk.step(waiting, End("ann"), at=3_000).after
    assert "available" == ended["agent"].state
    assert "away" == desk.step(ended, Clear("ann"), at=4_000).after["agent"].state


def test_since_2021_an_agent_who_is_away_is_moved_at_once_though_on_a_call() -> None:
    """Only an Available agent's choice waits; the call that was placed stays (D2, D6)."""
    desk = compile(DESK, {**VERSION["next-status"].params, "outbound_calls": True})
    away = desk.step(desk.start(), SetStatus(Status.AWAY), at=0).after
    calling = desk.step(away, PlaceCall("ann", name="ANN"), at=1_000).after

    gone = desk.step(calling, SetStatus(Status.OFFLINE), at=2_000).after

    assert ("offline", {"ann": "connected"}) == (gone["agent"].state, states(gone))


def test_since_2021_a_status_that_waits_is_forgotten_by_choosing_available() -> None:
    """The desk goes on as if nothing had been chosen (D6)."""
    desk = VERSION["next-status"]
    waiting = desk.step(talking(desk), SetStatus(Status.AWAY), at=2_000).after

    again = desk.step(waiting, SetStatus(Status.AVAILABLE), at=3_000).after

    assert {"ann": "connected", "bob": "offered"} == states(desk.step(again, chat("bob"), at=3_000).after)


def test_since_2021_choosing_a_status_clears_after_contact_work() -> None:
    """And is taken at once where nothing is live (D6)."""
    desk = VERSION["next-status"]
    ended = desk.step(talking(desk), End("ann"), at=2_000).after

    gone = desk.step(ended, SetStatus(Status.AWAY), at=3_000).after

    assert ({}, "away") == (states(gone), gone["agent"].state)


def test_since_2021_an_offer_is_counted_and_missed_at_twenty_seconds() -> None:
    """Both at one instant, so that accepting comes too late to be counted (S10, S18, guide of 2021-04)."""
    desk = VERSION["twenty-seconds"]
    ringing = desk.step(available(desk), chat("ann"), at=0).after

    assert () == desk.step(ringing, Accept("ann"), at=19_999).effects[:-1]
    assert ["NonResponseCounted", "Missed"] == [
        type(effect).__name__ for effect in desk.advance(ringing, to=20_000).effects
    ]


def test_since_2022_a_sixth_chat_can_be_allowed() -> None:
    """Ten is the most (S02, guide of 2022-11)."""
    ten = dict(next(one for one in VERSIONS if one.name == "ten-chats").values)

    assert 10 == compile(DESK, {**ten, "max_chats": 10}).params["max_chats"]
    with pytest.raises(BadInput, match="no more chats than the vendor does"):
        compile(DESK, {**ten, "max_chats": 11})


def test_since_2023_channels_can_be_shared() -> None:
    """A call is offered during a chat where chats are shared; tasks and e-mails have limits of their own (S05, S06, guide of 2023-04)."""
    version = dict(next(one for one in VERSIONS if one.name == "cross-channel").values)
    desk = compile(
        DESK,
        {**version, "chat_shares": True, "voice_shares": True, "task_shares": True, "max_tasks": 1, "max_emails": 1},
    )
    busy = desk.step(talking(desk), call("bob"), at=2_000).after

    tasked = desk.step(busy, OfferTask("t-1", name="T", arrived_at=0), at=2_000).after
    mailed = desk.step(tasked, OfferEmail("e-1", name="E", arrived_at=0), at=2_000).after

    assert {"ann": "connected", "bob": "offered", "t-1": "offered", "e-1": "offered"} == states(mailed)
    with pytest.raises(EventRefused, match="a task slot is free"):
        desk.step(tasked, OfferTask("t-2", name="T", arrived_at=0), at=2_000)


def test_a_chat_can_be_connected_without_the_agents_hand_where_that_is_switched_on() -> None:
    """It never rings; calls still do (S12, option of later versions)."""
    desk = VERSION["auto-accept"]

    assert {"ann": "connected"} == states(desk.step(available(desk), chat("ann"), at=0).after)
    assert {"ann": "offered"} == states(desk.step(available(desk), call("ann"), at=0).after)
