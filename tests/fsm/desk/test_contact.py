"""The customer's side alone: where a contact can be, who may speak there, and what it remembers. Instants are milliseconds."""

from __future__ import annotations

import pytest

from fsm import EventRefused, Snapshot, compile
from fsm.desk import CONTACT, Channel
from fsm.desk.journey import Voice
from fsm.desk.journey.contact import (
    AnsweredBy,
    Arrive,
    Attach,
    ConnectAtOnce,
    Entry,
    Finish,
    HandOver,
    HandOverAtOnce,
    Leave,
    LeaveBot,
    OfferTo,
    Say,
    Transfer,
    Unanswered,
)  # fmt: skip

ONE = compile(CONTACT)

WAYS: dict[str, tuple[object, ...]] = {
    "arriving": (),
    "with_bot": (Arrive(Entry.BOT, Channel.CHAT),),
    "queued": (Arrive(Entry.QUEUE, Channel.CHAT),),
    "offered": (Arrive(Entry.QUEUE, Channel.CHAT), OfferTo()),
    "with_agent": (Arrive(Entry.QUEUE, Channel.CHAT), OfferTo(), AnsweredBy()),
    "ended": (Arrive(Entry.QUEUE, Channel.CHAT), Leave()),
}
"""A shortest way to each state, one event a second."""


def after(*events: object) -> Snapshot:
    contact = ONE.start()
    for second, event in enumerate(events):
        contact = ONE.step(contact, event, at=1_000 * second).after
    return contact


def state(snapshot: Snapshot) -> str:
    return str(snapshot["contact"].state)


@pytest.mark.parametrize("place", WAYS)
def test_a_contact_can_be_in_each_of_six_places(place: str) -> None:
    """And these are all."""
    assert place == state(after(*WAYS[place]))
    assert list(WAYS) == [one.name for one in CONTACT.states]


def test_a_contact_remembers_when_it_arrived_bot_time_included() -> None:
    """The bot's time and every transfer count, whoever has it now (S14)."""
    contact = after(Arrive(Entry.BOT, Channel.CHAT), LeaveBot(), OfferTo(), AnsweredBy(), Transfer(), OfferTo())

    assert (0, 5_000) == (contact["contact"].arrived_at, contact["contact"].since)


@pytest.mark.parametrize(
    ("events", "place"),
    [
        ((LeaveBot(),), "with_bot"),
        ((OfferTo(), ConnectAtOnce()), "queued"),
        ((AnsweredBy(), Unanswered()), "offered"),
        ((Transfer(), HandOver(), HandOverAtOnce(), Finish()), "with_agent"),
    ],
    ids=["the bot", "the queue", "the offer", "the talk"],
)
def test_an_event_belongs_to_one_place(events: tuple[object, ...], place: str) -> None:
    """Everywhere else it is refused."""
    for event in events:
        assert [place] == [name for name, way in WAYS.items() if ONE.why_not(after(*way), event, at=9_000) is None]


def test_a_customer_can_leave_wherever_the_contact_waits() -> None:
    """With the bot, in the queue and while it rings; a talk is finished instead (D12)."""
    assert ["with_bot", "queued", "offered"] == [
        name for name, way in WAYS.items() if ONE.why_not(after(*way), Leave(), at=9_000) is None
    ]


SPEAKS = {
    Voice.CUSTOMER: ["with_bot", "queued", "offered", "with_agent"],
    Voice.BOT: ["with_bot"],
    Voice.AGENT: ["with_agent"],
}


@pytest.mark.parametrize("voice", Voice, ids=lambda voice: voice.value)
def test_each_voice_is_heard_where_it_takes_part(voice: Voice) -> None:
    """The customer until the end, the bot before the queue, an agent in the talk (S13)."""
    heard = [
        name for name, way in WAYS.items() if ONE.why_not(after(*way), Say(voice, "who", "hello"), at=9_000) is None
    ]

    assert SPEAKS[voice] == heard


@pytest.mark.parametrize(
    ("voice", "where"), [(Voice.CUSTOMER, SPEAKS[Voice.CUSTOMER]), (Voice.BOT, []), (Voice.AGENT, ["with_agent"])]
)
def test_a_file_comes_from_the_customer_or_in_a_talk_from_the_agent(voice: Voice, where: list[str]) -> None:
    """A bot sends none (S04)."""
    assert where == [
        name for name, way in WAYS.items() if ONE.why_not(after(*way), Attach(voice, "who", "a.pdf"), at=9_000) is None
    ]


def test_a_voice_that_may_not_speak_is_refused_in_words() -> None:
    """The refusal says what was wanted and what was seen."""
    with pytest.raises(EventRefused, match="contact is with_agent, where say needs voice ≠ bot; now voice: bot"):
        ONE.step(after(*WAYS["with_agent"]), Say(Voice.BOT, "Lex", "hello"), at=9_000)


def test_saying_something_leaves_the_contact_where_it_is_and_for_as_long() -> None:
    """Time in state goes on: a customer who writes does not wait anew."""
    waiting = ONE.step(after(*WAYS["queued"]), Say(Voice.CUSTOMER, "Cyd", "anyone?"), at=9_000).after

    assert ("queued", 0) == (state(waiting), waiting["contact"].since)


def test_a_contact_that_has_ended_takes_nothing_more() -> None:
    """No event leads out of the end (D12)."""
    assert [] == [one.event for one in ONE.possible(after(*WAYS["ended"]), at=9_000)]
