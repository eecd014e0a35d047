"""What cannot happen at a desk because there is no event for it: the alphabet, in full."""

from __future__ import annotations

from fsm.desk import AGENT, DESK
from fsm.language.events import field_refs, left_out
from fsm.language.printing import label

ALPHABET = {
    "offer_chat": ("contact", "name", "arrived_at", "last_text_at"),
    "offer_call": ("contact", "name", "arrived_at"),
    "offer_task": ("contact", "name", "arrived_at"),
    "offer_email": ("contact", "name", "arrived_at"),
    "place_call": ("contact", "name"),
    "accept": ("contact", "last_text_at"),
    "reject": ("contact",),
    "abandon": ("contact",),
    "text": ("contact", "speaker"),
    "attach": ("contact", "speaker"),
    "fail": ("contact", "answered_at"),
    "end": ("contact",),
    "clear": ("contact",),
    "set_status": ("status",),
}


def test_the_alphabet_of_the_desk_is_this() -> None:
    """The claims below are read off this table, so it has to be the whole one."""
    assert ALPHABET == {label(event): tuple(field_refs(event)) for event in DESK.events}


def test_who_knows_nothing_of_texts_and_placed_calls_need_not_speak_of_them() -> None:
    """Those fields may be left out, and what is left out changes nothing (D15, D16)."""
    assert {"last_text_at", "answered_at"} == {name for event in DESK.events for name in left_out(event)}


def test_no_event_lets_an_agent_start_a_chat() -> None:
    """A chat enters by being offered; what an agent starts is a call (S03)."""
    assert [name for name in ALPHABET if name.startswith(("offer", "place"))] == [
        "offer_chat", "offer_call", "offer_task", "offer_email", "place_call",
    ]  # fmt: skip


def test_no_event_carries_what_is_in_a_file() -> None:
    """`attach` says that somebody sends one, and a rule refuses it where a chat is text only (S04); the file itself is never in an event."""
    assert {"contact", "name", "arrived_at", "last_text_at", "answered_at", "speaker", "status"} == {
        field for fields in ALPHABET.values() for field in fields
    }


def test_no_event_is_a_closed_browser() -> None:
    """An agent's status changes by being chosen, at once or when the desk is empty, and by nothing else (D7)."""
    assert ["SetStatus", "PlanStatus", "TakeNextStatus"] == [event.__name__ for event in AGENT.events]
