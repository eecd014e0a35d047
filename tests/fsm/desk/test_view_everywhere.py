"""What a person sees is right in every shape that a small desk can have, and on any run of a large one.

The buttons are the claim that matters most: a button is live exactly when its event is possible.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import Engine, EventRefused, Snapshot, compile
from fsm.desk import (
    DESK,
    Abandon,
    Accept,
    Channel,
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
)  # fmt: skip
from fsm.desk.screen import Button, ContactTab, Ringing, Screen, Tab, View, view
from fsm.runtime.enabled import Possible

from .shapes import SHORT, reachable, taken

CHAT, PHONE = Screen(Tab.CHAT), Screen(Tab.PHONE)


def contacts_of(seen: View) -> list[Ringing | ContactTab]:
    return [*seen.page, *seen.banners, *seen.tabs, *seen.calls]


def check(engine: Engine, snapshot: Snapshot) -> None:
    """What is true of every view."""
    chat, phone = (view(engine, snapshot, snapshot.now, screen) for screen in (CHAT, PHONE))
    assert (chat.page, chat.banners, chat.tabs, chat.calls) == (phone.banners, phone.page, phone.tabs, phone.calls)
    assert sorted(snapshot["tiles"]) == sorted(one.contact for one in contacts_of(chat))
    possible = engine.possible(snapshot, snapshot.now)
    for one in contacts_of(chat):
        listed = tuple(button for button in Button if Possible(button.value, (("contact", one.contact),)) in possible)
        works = tuple(button for button in Button if taken(engine, snapshot, button.value(one.contact)) is not None)
        assert one.buttons == listed == works == by_hand(snapshot["tiles"][one.contact].state)
    marked = [tab.contact for tab in contacts_of(chat) if isinstance(tab, ContactTab) and tab.hourglass]
    working = [tab.contact for tab in chat.tabs if tab.state == "after_work"]
    assert marked == (working if len(chat.tabs) > 1 else [])
    assert [tab.contact for tab in chat.missed] == [
        tab.contact for tab in (*chat.tabs, *chat.calls) if tab.state == "missed"
    ]


def by_hand(state: str) -> tuple[Button, ...]:
    """The buttons as somebody would draw them who has only read the guide."""
    match state:
        case "offered":
            return (Button.ACCEPT, Button.REJECT)
        case "connected":
            return (Button.END,)
        case _:
            return (Button.CLEAR,)


# Counted by hand. A tile alone has 7 shapes: rings at 0 ms, rings at 1 ms and is counted, talks, after work, missed, rejected,
# failed. An empty desk is one shape, and the agent has 3 statuses.
#   a chat and a placed call  alone 2 * 7 of either contact; together the chat came first, and the call talks, works after, or failed
#   two chats                 together any of the 7 * 7
#   rejected contacts leave   rejected is who was left by the customer; nothing is ever failed
#   next status               available, 64; with one of 2 statuses waiting, all but the empty desk; away or offline, 3 shapes a tile
#   shared channels           a chat and a call together, each in any shape, of either contact
#   tasks and auto-accept     a chat only talks, works after, or failed. A call may follow a chat or a task, not the other way round:
#                             so it never rings longer than the task, nor is missed while the task rings
@pytest.mark.parametrize(
    ("profile", "shapes"),
    [
        ({"max_chats": 1, "outbound_calls": True}, 3 * (1 + 2 * 7 * 2 + 2 * 7 * 3)),
        ({"max_chats": 2, "voice": False}, 3 * (1 + 2 * 7 + 7 * 7)),
        ({"max_chats": 2, "voice": False, "rejected_holds": False}, 3 * (1 + 2 * 6 + 6 * 6)),
        ({"max_chats": 2, "voice": False, "next_status": True}, 64 + 2 * 63 + 2 * (1 + 2 * 3 + 3 * 3)),
        ({"max_chats": 1, "chat_shares": True, "voice_shares": True}, 3 * (1 + 2 * 7 * 2 + 2 * 7 * 7)),
        (
            {"max_chats": 1, "max_tasks": 1, "chat_shares": True, "task_shares": True, "auto_accept": True},
            3 * (1 + 2 * (3 + 7 + 7) + 2 * 3 * 7 + 2 * 3 * 7 + 2 * (7 * 7 - 3)),
        ),
    ],
    ids=[
        "a chat and placed calls",
        "two chats",
        "rejected contacts leave",
        "next status",
        "shared channels",
        "tasks and auto-accept",
    ],
)
def test_in_every_shape_of_a_small_desk_the_buttons_are_what_is_possible_and_nothing_is_hidden(
    profile: dict[str, Any], shapes: int
) -> None:
    """Every contact is seen once, on either tab; a button is live exactly when its event is possible and is taken."""
    engine = compile(DESK, profile | SHORT)
    found = reachable(engine)
    for snapshot in found:
        check(engine, snapshot)
    assert shapes == len(found)


# On any run


class Notes:
    """What somebody notes who watches the events: since when each timer runs."""

    def __init__(self) -> None:
        self.arrived: dict[str, int] = {}
        self.offered: dict[str, int] = {}
        self.texted: dict[str, int] = {}
        self.ended: dict[str, int] = {}

    def note(self, event: Any, at: int) -> None:
        match event:
            case OfferChat() | OfferCall():
                self.arrived[event.contact], self.offered[event.contact] = event.arrived_at, at
            case Accept() | Text():
                self.texted[event.contact] = at
            case End():
                self.ended[event.contact] = at
            case _:
                pass

    def agree(self, tab: ContactTab, at: int) -> bool:
        match tab.state:
            case "connected":
                since_text = at - self.texted[tab.contact] if tab.channel is Channel.CHAT else None
                return (tab.in_centre, tab.since_text) == (at - self.arrived[tab.contact], since_text)
            case "after_work":
                return tab.in_state == at - self.ended[tab.contact]
            case "missed":
                return tab.in_state == at - self.offered[tab.contact] - 20_000
            case _:
                return (tab.in_centre, tab.since_text) == (None, None)


KEYS = st.sampled_from(["c-1", "c-2", "c-3"])
EVENTS = st.one_of(
    st.builds(OfferChat, KEYS, st.just("Ann"), st.integers(-90_000, 0)),
    st.builds(OfferCall, KEYS, st.just("Ann"), st.integers(-90_000, 0)),
    st.builds(Text, KEYS, st.sampled_from([Speaker.CUSTOMER, Speaker.AGENT])),
    *(st.builds(kind, KEYS) for kind in (Accept, Reject, Abandon, Fail, End, Clear)),
)
PAUSES = st.sampled_from([0, 1, 4_000, 15_000, 20_000, 100_000])


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(EVENTS, PAUSES), max_size=40))
def test_on_any_run_the_timers_are_those_that_a_watcher_would_keep(run: list[tuple[Any, int]]) -> None:
    """Since arrival, since the last text, since the end of the talk, since the miss (S14, S15, S17, S20); buttons as ever."""
    desk, notes = compile(DESK, {"max_chats": 2}), Notes()
    snapshot = desk.step(desk.start(), SetStatus(Status.AVAILABLE), 0).after
    for event, pause in run:
        at = snapshot.now + pause
        try:
            snapshot = desk.step(snapshot, event, at).after
        except EventRefused as refused:
            snapshot = refused.snapshot
        else:
            notes.note(event, at)
        seen = view(desk, snapshot, at, CHAT)
        assert all(notes.agree(tab, at) for tab in (*seen.tabs, *seen.calls))
        assert all(
            one.rings == at - notes.offered[one.contact] and one.left == 20_000 - one.rings > 0
            for one in (*seen.page, *seen.banners)
        )
        check(desk, snapshot)
