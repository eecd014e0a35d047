"""What was said in a contact: kept from the bot to the last agent, and all of it there for whoever accepts. Instants are milliseconds."""

from __future__ import annotations

import pytest

from fsm import EventRefused, Snapshot, compile
from fsm.desk import JOURNEY, Channel
from fsm.desk.journey import (
    Answer,
    Arrive,
    Conclude,
    Decline,
    Entry,
    HandTo,
    HangUp,
    LeaveBot,
    Ring,
    Say,
    SendBack,
    Transcript,
    Voice,
)
from fsm.desk.journey.transcript import EMPTY, Line, with_line
from fsm.storage import dump, load

JOURNEYS = compile(JOURNEY, {"agents": 3})

BOT = Say(Voice.BOT, "Lex", "How can I help?")
CUSTOMER = Say(Voice.CUSTOMER, "Cyd", "My parcel is lost.")
ANN = Say(Voice.AGENT, "Ann", "Which parcel?")
BOB = Say(Voice.AGENT, "Bob", "I have found it.")


def ring(agent: str) -> Ring:
    return Ring(agent, Channel.CHAT, name="Cyd", arrived_at=0)


def hand(agent: str, to: str) -> HandTo:
    return HandTo(agent, to, Channel.CHAT, name="Cyd", arrived_at=0)


def after(*events: object) -> Snapshot:
    """The journey after these events, one a second."""
    journey = JOURNEYS.start()
    for second, event in enumerate(events):
        journey = JOURNEYS.step(journey, event, at=1_000 * second).after
    return journey


def said(journey: Snapshot) -> list[tuple[str, str]]:
    """Who said what, first to last."""
    transcript: Transcript = journey["contact"].transcript
    return [(line.speaker, line.text) for line in transcript.lines]


def words(*spoken: Say) -> list[tuple[str, str]]:
    return [(one.speaker, one.text) for one in spoken]


WITH_ANN = (Arrive(Entry.BOT, Channel.CHAT), BOT, CUSTOMER, LeaveBot(), ring("ann"), Answer("ann"))


def test_a_line_says_who_spoke_and_when() -> None:
    """Voice, name, words and instant."""
    assert (Line(Voice.BOT, "Lex", "How can I help?", at=1_000),) == after(Arrive(Entry.BOT, Channel.CHAT), BOT)[
        "contact"
    ].transcript.lines


def test_a_transcript_grows_and_never_changes() -> None:
    """The transcript of an earlier snapshot stays as it was."""
    one = with_line(EMPTY, Voice.CUSTOMER, "Cyd", "hello", 1)
    two = with_line(one, Voice.AGENT, "Ann", "hello", 2)

    assert (0, 1, 2) == (len(EMPTY.lines), len(one.lines), len(two.lines))
    assert one.lines == two.lines[:1]


def test_the_accepting_agent_sees_all_that_was_said_before() -> None:
    """What the bot said and what the customer typed, with the bot, in the queue and while it rang (S13)."""
    waiting = Say(Voice.CUSTOMER, "Cyd", "Anyone there?")
    ringing = Say(Voice.CUSTOMER, "Cyd", "Hello?")

    accepted = after(
        Arrive(Entry.BOT, Channel.CHAT), BOT, CUSTOMER, LeaveBot(), waiting, ring("ann"), ringing, Answer("ann")
    )

    assert "connected" == accepted["tiles"]["ann"].state
    assert words(BOT, CUSTOMER, waiting, ringing) == said(accepted)


def test_the_transcript_goes_with_a_contact_that_is_handed_over() -> None:
    """The next agent sees what the bot and the earlier agent said (S13, D11)."""
    accepted = after(*WITH_ANN, ANN, hand("ann", "bob"), Answer("bob"), BOB)

    assert words(BOT, CUSTOMER, ANN, BOB) == said(accepted)


def test_the_transcript_goes_back_to_the_queue_with_its_contact() -> None:
    """Sent back, offered to somebody who declines, accepted by a third: nothing is lost (S13, D11)."""
    queued = (*WITH_ANN, ANN, SendBack("ann"))
    assert words(BOT, CUSTOMER, ANN) == said(after(*queued))

    accepted = after(*queued, ring("bob"), Decline("bob"), ring("cat"), Answer("cat"))
    assert words(BOT, CUSTOMER, ANN) == said(accepted)


def test_a_missed_offer_keeps_the_transcript() -> None:
    """Time takes the offer away and none of the words (D3)."""
    missed = JOURNEYS.advance(after(Arrive(Entry.QUEUE, Channel.CHAT), CUSTOMER, ring("ann")), to=60_000).after

    assert words(CUSTOMER) == said(missed)


@pytest.mark.parametrize("end", [HangUp(), Conclude("ann")], ids=["by the customer", "by the agent"])
def test_what_was_said_is_kept_when_the_contact_has_ended(end: object) -> None:
    """And nothing is added to it any more."""
    ended = after(*WITH_ANN, ANN, end)

    assert words(BOT, CUSTOMER, ANN) == said(ended)
    with pytest.raises(EventRefused, match="contact is ended, where there is no say"):
        JOURNEYS.step(ended, CUSTOMER, at=60_000)


@pytest.mark.parametrize(
    ("events", "silent"),
    [
        ((Arrive(Entry.BOT, Channel.CHAT),), ANN),
        ((Arrive(Entry.QUEUE, Channel.CHAT),), BOT),
        ((Arrive(Entry.QUEUE, Channel.CHAT), ring("ann")), ANN),
        (WITH_ANN, BOT),
    ],
    ids=["an agent, with the bot", "the bot, in the queue", "an agent, while it rings", "the bot, with an agent"],
)
def test_a_voice_that_may_not_speak_is_refused_and_nothing_is_kept(events: tuple[object, ...], silent: Say) -> None:
    """The journey says which voice it heard."""
    before = after(*events)

    with pytest.raises(EventRefused, match=f"now voice: {silent.voice.value}") as refused:
        JOURNEYS.step(before, silent, at=60_000 if "offered" != before["contact"].state else 5_000)
    assert said(before) == said(refused.value.snapshot)


def test_a_transcript_comes_back_from_json() -> None:
    """A journey that is stored keeps its words."""
    journey = after(*WITH_ANN, ANN)

    assert journey == load(JOURNEYS, dump(JOURNEYS, journey), now=journey.now)
