"""What a person sees of a desk, fact by fact. Instants are milliseconds."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import BadInput, Engine, Snapshot, compile
from fsm.desk import (
    DESK,
    TILE,
    Accept,
    Channel,
    End,
    Fail,
    Next,
    OfferCall,
    OfferChat,
    PlaceCall,
    Rang,
    Reject,
    SetStatus,
    Speaker,
    Status,
    Text,
)  # fmt: skip
from fsm.desk.screen import Button, PopUp, Screen, Tab, View, mm_ss, popups, view
from fsm.storage import dump, load

SEED = compile(DESK)
CHAT, PHONE = Screen(Tab.CHAT), Screen(Tab.PHONE)


def after(*timed: tuple[int, Any], desk: Engine = SEED) -> Snapshot:
    """A desk whose agent is Available from instant 0, after these events."""
    snapshot = desk.step(desk.start(), SetStatus(Status.AVAILABLE), at=0).after
    for at, event in timed:
        snapshot = desk.step(snapshot, event, at).after
    return snapshot


def chat(contact: str, arrived_at: int = 0) -> OfferChat:
    return OfferChat(contact, name=contact.capitalize(), arrived_at=arrived_at)


def seen(*timed: tuple[int, Any], at: int, screen: Screen = CHAT, desk: Engine = SEED) -> View:
    return view(desk, after(*timed, desk=desk), at, screen)


# A contact arrives


def test_a_pop_up_announces_a_contact_where_the_browser_may_show_one() -> None:
    """Permission decides, not the open tab (S07)."""
    ringing = SEED.step(after(), chat("ann"), at=1_000)

    assert (PopUp("ann", "Ann", Channel.CHAT, at=1_000),) == popups(ringing.effects, Screen(notifications=True))
    assert (PopUp("ann", "Ann", Channel.CHAT, at=1_000),) == popups(
        ringing.effects, Screen(Tab.PHONE, notifications=True)
    )


def test_no_pop_up_without_permission_and_none_for_what_is_no_arrival() -> None:
    """A pop-up is about a contact that rings (S07)."""
    ringing = SEED.step(after(), chat("ann"), at=1_000)
    accepted = SEED.step(ringing.after, Accept("ann"), at=2_000)

    assert () == popups(ringing.effects, Screen(notifications=False))
    assert accepted.effects
    assert () == popups(accepted.effects, Screen(notifications=True))


def test_the_chat_tab_shows_an_arriving_chat_with_its_name_and_a_button_to_connect() -> None:
    """On the page itself, without a banner (S08)."""
    (ringing,), banners = (shown := seen((1_000, chat("ann")), at=4_000)).page, shown.banners

    assert ("Ann", 3_000, 17_000, False) == (ringing.name, ringing.rings, ringing.left, ringing.counted)
    assert Button.ACCEPT in ringing.buttons
    assert () == banners


def test_the_phone_tab_shows_an_arriving_chat_as_a_banner_with_its_name_and_a_button_to_connect() -> None:
    """The same contact, on a banner (S09)."""
    phone = seen((1_000, chat("ann")), at=4_000, screen=PHONE)

    assert seen((1_000, chat("ann")), at=4_000, screen=CHAT).page == phone.banners
    assert "Ann" == phone.banners[0].name
    assert Button.ACCEPT in phone.banners[0].buttons
    assert () == phone.page


def test_an_arriving_call_stands_on_the_page_of_the_phone_tab_and_on_a_banner_elsewhere() -> None:
    """The two tabs treat each other's contacts alike (D14)."""
    call = (1_000, OfferCall("bob", "Bob", arrived_at=0))

    assert ["bob"] == [one.contact for one in seen(call, at=1_000, screen=PHONE).page]
    assert ["bob"] == [one.contact for one in seen(call, at=1_000, screen=CHAT).banners]


def test_a_ringing_contact_that_was_counted_says_so() -> None:
    """Between the non-response time and the end of the accept window (S19, D1)."""
    (ringing,) = seen((0, chat("ann")), at=15_000).page

    assert (True, 5_000) == (ringing.counted, ringing.left)


# The timers of a tab


def test_the_first_timer_counts_from_arrival_in_the_contact_centre() -> None:
    """Forty seconds with the bot, ten of ringing, five of talk (S14)."""
    (tab,) = seen((40_000, chat("ann", arrived_at=0)), (50_000, Accept("ann")), at=55_000).tabs

    assert 55_000 == tab.in_centre


def test_an_arrival_that_lies_ahead_by_another_clock_shows_no_time() -> None:
    """`arrived_at` comes from another machine; a timer never runs below zero (S14)."""
    (tab,) = seen((1_000, chat("ann", arrived_at=9_000)), (2_000, Accept("ann")), at=3_000).tabs

    assert 0 == tab.in_centre


@pytest.mark.parametrize("speaker", [Speaker.CUSTOMER, Speaker.AGENT])
def test_the_second_timer_starts_again_with_every_text(speaker: Speaker) -> None:
    """In either direction; before the first text it runs from the accept (S15)."""
    talking = ((0, chat("ann")), (2_000, Accept("ann")))

    assert 3_000 == seen(*talking, at=5_000).tabs[0].since_text
    assert 1_000 == seen(*talking, (4_000, Text("ann", speaker)), at=5_000).tabs[0].since_text
    assert (
        500 == seen(*talking, (4_000, Text("ann", speaker)), (4_500, Text("ann", speaker)), at=5_000).tabs[0].since_text
    )


def test_where_only_another_speaker_starts_the_text_timer_a_second_text_does_not() -> None:
    """The guide of 2023-02, against S15."""
    desk = compile(DESK, {"speaker_change": True})
    texts = ((4_000, Text("ann", Speaker.AGENT)), (4_500, Text("ann", Speaker.AGENT)))

    assert 1_000 == seen((0, chat("ann")), (2_000, Accept("ann")), *texts, at=5_000, desk=desk).tabs[0].since_text


def test_the_two_timers_of_a_conversation_stop_with_it() -> None:
    """In after contact work one timer is left, which counts that work (S17)."""
    (tab,) = seen((0, chat("ann")), (2_000, Accept("ann")), (60_000, End("ann")), at=75_000).tabs

    assert ("after_work", 15_000, None, None) == (tab.state, tab.in_state, tab.in_centre, tab.since_text)


def test_a_call_has_no_text_timer() -> None:
    """Nobody writes on the phone (S15)."""
    (call,) = seen((0, OfferCall("bob", "Bob", arrived_at=0)), (2_000, Accept("bob")), at=9_000, screen=PHONE).calls

    assert (None, 9_000) == (call.since_text, call.in_centre)


# Several tabs


def test_with_several_tabs_an_hourglass_marks_those_in_after_contact_work() -> None:
    """And no other (S16)."""
    two = ((0, chat("ann")), (1_000, Accept("ann")), (2_000, chat("bob")), (3_000, Accept("bob")), (9_000, End("bob")))

    assert [("ann", False), ("bob", True)] == [(tab.contact, tab.hourglass) for tab in seen(*two, at=10_000).tabs]


def test_a_tab_alone_has_no_hourglass() -> None:
    """Not even beside a contact that rings, which is no tab yet, or a call on the other tab (D14)."""
    alone = ((0, chat("ann")), (1_000, Accept("ann")), (9_000, End("ann")))
    desk = compile(DESK, {"outbound_calls": True})

    assert [False] == [tab.hourglass for tab in seen(*alone, (9_500, chat("bob")), at=10_000).tabs]
    assert [False] == [
        tab.hourglass for tab in seen(*alone, (9_500, PlaceCall("bob", "Bob")), at=10_000, desk=desk).tabs
    ]


def test_a_call_in_after_contact_work_has_no_hourglass() -> None:
    """The hourglass tells chat tabs apart (S16)."""
    desk = compile(DESK, {"outbound_calls": True})
    both = (
        (0, chat("ann")),
        (1_000, Accept("ann")),
        (2_000, chat("cyd")),
        (3_000, Accept("cyd")),
        (9_000, PlaceCall("bob", "Bob")),
        (9_500, End("bob")),
    )

    assert [("after_work", False)] == [(call.state, call.hourglass) for call in seen(*both, at=10_000, desk=desk).calls]


def test_a_chat_missed_during_another_leaves_a_tab_that_says_so() -> None:
    """A ringing contact is no tab; a missed one is (S11)."""
    during = ((0, chat("ann")), (1_000, Accept("ann")), (2_000, chat("bob")))

    assert [("ann", "connected")] == [(tab.contact, tab.state) for tab in seen(*during, at=21_999).tabs]
    assert [("ann", "connected"), ("bob", "missed")] == [
        (tab.contact, tab.state) for tab in seen(*during, at=22_000).tabs
    ]


def test_an_agent_who_returns_sees_the_missed_contacts_and_how_long_each_has_been_there() -> None:
    """Two chats came while nobody was there (S20)."""
    shown = seen((0, chat("ann")), (30_000, chat("bob", arrived_at=5_000)), at=600_000)

    assert [("Ann", 580_000), ("Bob", 550_000)] == [(tab.name, tab.in_state) for tab in shown.missed]
    assert [(Button.CLEAR,), (Button.CLEAR,)] == [tab.buttons for tab in shown.missed]


def test_a_missed_call_is_among_the_missed() -> None:
    """It stays on the phone tab until it is cleared (S20, D9)."""
    shown = seen((0, OfferCall("bob", "Bob", arrived_at=0)), at=25_000)

    assert (
        [("bob", 5_000)]
        == [(tab.contact, tab.in_state) for tab in shown.missed]
        == [(tab.contact, tab.in_state) for tab in shown.calls]
    )


def test_tabs_stand_in_the_order_in_which_their_contacts_reached_the_contact_centre() -> None:
    """So they keep their places when a conversation ends or a chat is offered late; equal snapshots look alike."""
    one = after(
        (100, chat("ann", arrived_at=20)), (200, chat("bob", arrived_at=10)), (300, Accept("ann")), (400, Reject("bob"))
    )
    other = load(SEED, dump(SEED, one), now=400)

    assert ["bob", "ann"] == [tab.contact for tab in view(SEED, one, 500, CHAT).tabs]
    assert one == other
    assert view(SEED, one, 500, CHAT) == view(SEED, other, 500, CHAT)


# The agent


def test_the_status_and_the_one_that_waits_are_shown() -> None:
    """The guide of 2021-07 (D6)."""
    desk = compile(DESK, {"next_status": True})
    waiting = seen((0, chat("ann")), (1_000, SetStatus(Status.AWAY)), at=1_000, desk=desk)

    assert (Status.AVAILABLE, Next.AWAY) == (waiting.status, waiting.following)
    assert (Status.AWAY, Next.NONE) == (seen((1_000, SetStatus(Status.AWAY)), at=1_000).status, seen(at=0).following)


# What a view is


def test_looking_later_is_looking_after_time_has_passed() -> None:
    """Timers due by the instant go first, and the snapshot that is looked at stays as it is."""
    snapshot = after((0, chat("ann")), (1_000, chat("bob")), (2_000, Accept("bob")), (5_000, Fail("bob")))

    for at in (5_000, 15_000, 19_999, 20_000, 50_000):
        assert view(SEED, snapshot, at, CHAT) == view(SEED, SEED.advance(snapshot, at).after, at, CHAT)
    assert 5_000 == snapshot.now


def test_an_instant_before_the_snapshot_is_bad_input() -> None:
    """Time never runs backwards."""
    with pytest.raises(BadInput, match=r"^at: 4999 lies before"):
        view(SEED, after((5_000, chat("ann"))), 4_999, CHAT)


def test_an_engine_of_another_system_is_bad_input() -> None:
    """A tile alone is no desk."""
    alone = compile(TILE)

    with pytest.raises(BadInput, match="runs tile, which is no agent desk"):
        view(alone, alone.start(), 0, CHAT)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"tab": "chat"}, "screen.tab: 'chat' is not a Tab"),
        ({"notifications": 1}, "screen.notifications: 1 is not a bool"),
    ],
    ids=["tab", "notifications"],
)
def test_a_screen_of_wrong_values_is_bad_input(wrong: dict[str, Any], complaint: str) -> None:
    """Said where it is written, not where it is looked at."""
    with pytest.raises(BadInput, match=complaint):
        Screen(**wrong)


@pytest.mark.parametrize(
    ("duration", "shown"), [(0, "00:00"), (999, "00:00"), (65_000, "01:05"), (7_500_999, "125:00")]
)
def test_a_timer_shows_minutes_and_the_seconds_that_have_passed(duration: int, shown: str) -> None:
    """Minutes go on beyond an hour."""
    assert shown == mm_ss(duration)


def test_a_timer_shows_no_time_below_zero() -> None:
    """Nothing lasts less than nothing."""
    with pytest.raises(BadInput, match="-1 is negative"):
        mm_ss(-1)


def test_what_rings_is_what_a_pop_up_says() -> None:
    """Name, channel and instant are those of the effect (S07)."""
    step = SEED.step(after(), chat("ann"), at=1_000)

    (rang,) = [effect for effect in step.effects if isinstance(effect, Rang)]
    (popup,) = popups(step.effects, Screen(notifications=True))
    assert (rang.contact, rang.name, rang.channel, rang.at) == (popup.contact, popup.name, popup.channel, popup.at)
