"""The desk of a contact-centre agent on one page, as the chat guide of 2019 has it.

`fsm.desk` is the same desk with everything that the guide leaves open and all that changed later.

Proved and tested by

    fsm verify examples/desk.py:DESK
    pytest examples/desk.py
"""

from __future__ import annotations

from enum import Enum

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    boolean,
    choice,
    compile,
    each,
    each_step,
    effect,
    event,
    for_each,
    happens,
    inside,
    one,
    parameter,
    reachable,
    recoverable,
    wire,
    within,
)
from fsm.verification.testing import stateful

COUNTED_AFTER, ACCEPT_WINDOW = 15_000, 20_000  # milliseconds

max_chats = parameter("max_chats", int, 5, low=0, high=5, doc="chats at once, set by an administrator")


class Channel(Enum):
    CHAT = "chat"
    VOICE = "voice"


# What arrives at a desk; the contact is its id.


@event
class GoAvailable:
    """The agent takes contacts."""


@event
class GoOffline:
    """The agent takes no more contacts; those at the desk stay."""


@event
class OfferChat:
    contact: Field[str]


@event
class OfferCall:
    contact: Field[str]


@event
class Accept:
    contact: Field[str]


@event
class Reject:
    contact: Field[str]


@event
class End:
    contact: Field[str]


@event
class Clear:
    contact: Field[str]


# What one contact at the desk does then.


@event
class Ring:
    channel: Field[Channel]


@event
class Answer:
    """By hand, never by itself."""


@event
class Decline:
    """The agent does not want it."""


@event
class HangUp:
    """The conversation is over, the work is not."""


@event
class Tidy:
    """The contact leaves the desk."""


@event
class Count:
    """Sent by time."""


@event
class Expire:
    """Sent by time."""


@effect
class NonResponse:
    """For the report: one more offer that nobody answered in time."""


available, offline = State("available"), State("offline")
free, offered, connected = State("free"), State("offered"), State("connected")
after_work, missed, rejected = State("after_work"), State("missed"), State("rejected")

channel = choice("channel", Channel)
counted = boolean("counted", doc="as a non-response")

AGENT = Machine(
    "agent",
    states=(offline, available),
    initial=offline,
    transitions=(offline.on(GoAvailable).to(available).happily(), available.on(GoOffline).to(offline)),
)

CONTACT = Machine(
    "contact",
    states=(free, offered, connected, after_work, missed, rejected),
    initial=free,
    variables=(channel, counted),
    transitions=(
        free.on(Ring).to(offered).set(channel, Ring.channel).set(counted, False).happily(),
        offered.on(Answer).to(connected).happily(),
        offered.on(Decline).to(rejected),
        offered.after(COUNTED_AFTER, Count).stay().set(counted, True).emits(NonResponse),
        offered.after(ACCEPT_WINDOW, Expire).to(missed),
        connected.on(HangUp).to(after_work).happily(),
        (after_work | missed | rejected).on(Tidy).to(free).happily(),
    ),
    properties=(
        always("a missed contact was counted", inside(missed) >> counted, cites="S19"),
        each_step("a contact is missed by time alone", (~before(inside(missed)) & after(inside(missed))) >> happens(Expire), cites="S10"),
        each_step("a missed contact leaves when it is cleared", (before(inside(missed)) & ~after(inside(missed))) >> happens(Tidy), cites="S23"),
        within("an offer ends after twenty seconds", ACCEPT_WINDOW, inside(offered), ~inside(offered), cites="S10"),
    ),
)  # fmt: skip

agent, contacts = one("agent", AGENT), each("contacts", CONTACT, key="contact")
chats, calls = contacts.count(channel == Channel.CHAT), contacts.count(channel == Channel.VOICE)

DESK = System(
    "desk",
    parts=(agent, contacts),
    parameters=(max_chats,),
    wires=(
        wire(OfferChat, contacts[OfferChat.contact].by(Ring, channel=Channel.CHAT)),
        wire(OfferCall, contacts[OfferCall.contact].by(Ring, channel=Channel.VOICE)),
        wire(Accept, contacts[Accept.contact].by(Answer)),
        wire(Reject, contacts[Reject.contact].by(Decline)),
        wire(End, contacts[End.contact].by(HangUp)),
        wire(Clear, contacts[Clear.contact].by(Tidy)),
    ),
    rules=(
        Rule("only an available agent is offered contacts", on=(OfferChat, OfferCall), when=agent.inside(available), cites="S01"),
        Rule("a chat slot is free", on=OfferChat, when=chats < max_chats, cites=("S02", "S22")),
        Rule("no chat beside a call", on=OfferChat, when=calls == 0, cites="S05"),
        Rule("no call beside chats", on=OfferCall, when=chats == 0, cites="S06"),
        Rule("one call at a time", on=OfferCall, when=calls == 0, cites="S22"),
    ),
    properties=(
        always("chats never exceed the limit", chats <= max_chats, cites=("S02", "S21")),
        always("there is one call at most", calls <= 1, cites="S22"),
        always("the desk holds chats or a call, never both", (chats == 0) | (calls == 0), cites=("S05", "S06")),
        always("every missed contact was counted", for_each(contacts, inside(missed) >> counted), cites="S19"),
        each_step("only an available agent is offered anything", happens(OfferChat, OfferCall) >> before(agent.inside(available)), cites="S01"),
        reachable("the whole desk can be full of missed chats", (contacts.count(missed) == max_chats) & (chats == max_chats), cites="S21"),
        reachable("an agent who went away still has contacts", agent.inside(offline) & contacts.any(connected)),
        recoverable("a desk can always be cleared", contacts.none()),
    ),
)  # fmt: skip


TestDesk = stateful(DESK).TestCase


def test_a_missed_chat_keeps_its_slot_until_it_is_cleared() -> None:
    """With one slot: the next chat is refused, and taken when the agent has cleared the missed one."""
    engine = compile(DESK, {"max_chats": 1})
    desk = engine.start(at=0)
    for sent in (GoAvailable(), OfferChat(contact="c-1")):
        desk = engine.step(desk, sent, at=0).after
    desk = engine.advance(desk, to=ACCEPT_WINDOW).after

    assert "a chat slot is free (S02, S22)" in str(engine.why_not(desk, OfferChat(contact="c-2"), at=30_000))

    desk = engine.step(desk, Clear(contact="c-1"), at=30_000).after
    assert engine.why_not(desk, OfferChat(contact="c-2"), at=30_000) is None
