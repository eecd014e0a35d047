"""Channels may be shared; tasks and e-mails have limits of their own: the guide of 2023-04-22 (S05, S06)."""

import attrs

from fsm import Rule, before, happens, wire
from fsm.desk import actions, parameters
from fsm.desk.desk import GUIDE, agent, available, channel, connected, offered, tiles
from fsm.desk.events import OfferCall, OfferChat, OfferEmail, OfferTask
from fsm.desk.later.missed_blocks import BLOCKS
from fsm.desk.later.next_status import WAITED
from fsm.desk.parameters import held_blocks_channel, max_chats, max_emails, max_tasks
from fsm.desk.vocabulary import Channel
from fsm.variants import Variant, claim, replaced, rule, wiring

OFFERS = (OfferChat, OfferCall, OfferTask, OfferEmail)
SHARES = {
    Channel.VOICE: parameters.voice_shares,
    Channel.CHAT: parameters.chat_shares,
    Channel.TASK: parameters.task_shares,
    Channel.EMAIL: parameters.email_shares,
}

call, chat, task, email = (shares | tiles.none(offered, connected, channel == one) for one, shares in SHARES.items())
kept = ((~held_blocks_channel | shares, channel == one) for one, shares in SHARES.items())
a_call, a_chat, a_task, an_email = (free | tiles.none(held) for free, held in kept)
(offer_call,) = GUIDE.wires_on(OfferCall)
offered_as = (
    wire(event, tiles[event.contact].by(actions.Offer, channel=one, name=event.name, arrived_at=event.arrived_at))
    for event, one in ((OfferTask, Channel.TASK), (OfferEmail, Channel.EMAIL))
)
everybody = GUIDE.properties[0]
LIVE, HELD = "no {} while another channel is live", "no {} while another channel is held"

CROSS_CHANNEL = Variant(
    "channels may be shared", GUIDE,
    adds=(max_tasks, max_emails, *SHARES.values()),
    replaces=(
        replaced(wiring(OfferCall), offer_call, *offered_as),
        replaced(claim(everybody.sentence), attrs.evolve(everybody, formula=happens(*OFFERS) >> before(agent.inside(available)))),
        *(replaced(rule(one.name), attrs.evolve(one, on=OFFERS)) for one in (GUIDE.rules[0], WAITED, BLOCKS)),
        replaced(rule(LIVE.format("chat")), Rule(LIVE.format("chat"), on=OfferChat, when=call & task & email, cites="S05")),
        replaced(
            rule(LIVE.format("call")),
            Rule(LIVE.format("call"), on=OfferCall, when=chat & task & email, cites="S06"),
            Rule(LIVE.format("task"), on=OfferTask, when=call & chat & email, cites=("S05", "S06")),
            Rule(LIVE.format("e-mail"), on=OfferEmail, when=call & chat & task, cites=("S05", "S06")),
        ),
        replaced(rule(HELD.format("chat")), Rule(HELD.format("chat"), on=OfferChat, when=a_call & a_task & an_email, cites=("S05", "D10"))),
        replaced(
            rule(HELD.format("call")),
            Rule(HELD.format("call"), on=OfferCall, when=a_chat & a_task & an_email, cites=("S06", "D10")),
            Rule(HELD.format("task"), on=OfferTask, when=a_call & a_chat & an_email, cites="D10"),
            Rule(HELD.format("e-mail"), on=OfferEmail, when=a_call & a_chat & a_task, cites="D10"),
        ),
        replaced(
            rule("a chat slot is free"),
            Rule("a chat slot is free", on=OfferChat, when=tiles.count(channel == Channel.CHAT) < max_chats, cites=("S02", "S22")),
            Rule("a task slot is free", on=OfferTask, when=tiles.count(channel == Channel.TASK) < max_tasks, cites="S22"),
            Rule("an e-mail slot is free", on=OfferEmail, when=tiles.count(channel == Channel.EMAIL) < max_emails, cites="S22"),
        ),
    ),
)  # fmt: skip
