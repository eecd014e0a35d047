"""Channels may be shared; tasks and e-mails have limits of their own: the guide of 2023-04-22 (S05, S06)."""

from collections.abc import Mapping
from functools import reduce
from operator import and_

import attrs

from fsm import Rule, before, happens, wire
from fsm.desk import parameters
from fsm.desk.desk import GUIDE, agent, available, channel, tiles
from fsm.desk.events import OfferCall, OfferChat, OfferEmail, OfferTask
from fsm.desk.vocabulary import Channel, Offer
from fsm.language.expressions import Formula
from fsm.variants import Variant, claim, replaced, retracted, rule, wiring

OFFERS = {OfferChat: Channel.CHAT, OfferCall: Channel.VOICE, OfferTask: Channel.TASK, OfferEmail: Channel.EMAIL}
WORDS = {OfferChat: "chat", OfferCall: "call", OfferTask: "task", OfferEmail: "e-mail"}
HELD = "no {} while another channel is held"
max_tasks, max_emails = (parameters.otherwise(one, 5) for one in (parameters.max_tasks, parameters.max_emails))
SHARES = {
    Channel.VOICE: parameters.otherwise(parameters.voice_shares, True),
    Channel.CHAT: parameters.otherwise(parameters.chat_shares, True),
    Channel.TASK: parameters.otherwise(parameters.task_shares, True),
    Channel.EMAIL: parameters.otherwise(parameters.email_shares, True),
}


def kept_away(sentence: str, by: Mapping[Channel, Formula], cites: Mapping[type, tuple[str, ...]]) -> tuple[Rule, ...]:
    """What keeps each offer away: every other channel, unless this holds of it."""
    others = {event: [that for one, that in by.items() if one is not own] for event, own in OFFERS.items()}
    return tuple(
        Rule(sentence.format(WORDS[event]), on=event, when=reduce(and_, those), cites=cites[event]) for event, those in others.items()
    )  # fmt: skip


DECIDED = {OfferChat: ("S05", "D10"), OfferCall: ("S06", "D10"), OfferTask: ("D10",), OfferEmail: ("D10",)}
chat, *rest = kept_away(HELD, {one: shares | tiles.none(channel == one) for one, shares in SHARES.items()}, DECIDED)
(offer_call,) = GUIDE.wires_on(OfferCall)
offered_as = (
    wire(event, tiles[event.contact].by(Offer, channel=OFFERS[event], name=event.name, arrived_at=event.arrived_at))
    for event in (OfferTask, OfferEmail)
)  # fmt: skip
everybody = GUIDE.properties[0]

CROSS_CHANNEL = Variant(
    "channels may be shared", GUIDE,
    adds=(max_tasks, max_emails, *SHARES.values()),
    replaces=(
        replaced(wiring(OfferCall), offer_call, *offered_as),
        replaced(claim(everybody.sentence), attrs.evolve(everybody, formula=happens(*OFFERS) >> before(agent.inside(available)))),
        replaced(rule(GUIDE.rules[0].name), attrs.evolve(GUIDE.rules[0], on=tuple(OFFERS))),
        replaced(rule(HELD.format("chat")), chat),
        replaced(rule(HELD.format("call")), *rest),
        replaced(
            rule("a chat slot is free"),
            Rule("a chat slot is free", on=OfferChat, when=tiles.count(channel == Channel.CHAT) < parameters.max_chats, cites=("S02", "S22")),
            Rule("a task slot is free", on=OfferTask, when=tiles.count(channel == Channel.TASK) < max_tasks, cites="S22"),
            Rule("an e-mail slot is free", on=OfferEmail, when=tiles.count(channel == Channel.EMAIL) < max_emails, cites="S22"),
        ),
    ),
    retracts=(retracted("two channels are never held at once", because="one that shares keeps no other away"),),
)  # fmt: skip
