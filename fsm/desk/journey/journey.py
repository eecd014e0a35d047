"""One contact and the desks it rings at: the customer's side of the agent desk.

The tile is the machine of `DESK`, here told apart by agent: what one contact is on each agent's
desk. A missed tile stays on its desk while the contact is offered to somebody else (D3).
"""

from fsm import Rule, System, named, wire
from fsm.desk import tile
from fsm.desk.journey import contact as customer
from fsm.desk.journey.claims import CLAIMS, agents, contact, tiles
from fsm.desk.journey.events import Answer, Break, Conclude, Decline, HandTo, HangUp, Ring, SendBack, Tidy
from fsm.desk.parameters import (
    accept_window,
    attachments,
    auto_accept,
    non_response_after,
    rejected_holds,
    speaker_change,
)
from fsm.desk.vocabulary import Channel

rings_at_once = named("auto-accepted", auto_accept & (Ring.channel == Channel.CHAT))
hands_at_once = named("auto-accepted", auto_accept & (HandTo.channel == Channel.CHAT))

JOURNEY = System(
    "journey",
    parts=(contact, tiles),
    parameters=(agents, accept_window, non_response_after, rejected_holds, speaker_change, auto_accept, attachments),
    wires=(
        wire(Ring, contact.by(customer.OfferTo),
            tiles[Ring.agent].by(tile.Offer, channel=Ring.channel, name=Ring.name, arrived_at=Ring.arrived_at), when=~rings_at_once),
        wire(Ring, contact.by(customer.ConnectAtOnce),
            tiles[Ring.agent].by(tile.Offer, channel=Ring.channel, name=Ring.name, arrived_at=Ring.arrived_at), when=rings_at_once),
        wire(Answer, contact.by(customer.AnsweredBy), tiles[Answer.agent].by(tile.Accept)),
        wire(Decline, contact.by(customer.Unanswered), tiles[Decline.agent].by(tile.Reject)),
        wire(tiles.sends(tile.Expire), contact.by(customer.Unanswered)),
        wire(Break, contact.by(customer.Unanswered), tiles[Break.agent].by(tile.Fail), when=contact.inside(customer.offered)),
        wire(Break, contact.by(customer.Transfer), tiles[Break.agent].by(tile.Fail), when=contact.inside(customer.with_agent)),
        wire(HangUp, contact.by(customer.Leave), when=contact.inside(customer.with_bot, customer.queued)),
        wire(HangUp, contact.by(customer.Leave), tiles.every(tile.offered).by(tile.Abandon), when=contact.inside(customer.offered)),
        wire(HangUp, contact.by(customer.Finish), tiles.every(tile.connected).by(tile.End), when=contact.inside(customer.with_agent)),
        wire(Conclude, contact.by(customer.Finish), tiles[Conclude.agent].by(tile.End)),
        wire(SendBack, contact.by(customer.Transfer), tiles[SendBack.agent].by(tile.End)),
        wire(HandTo, contact.by(customer.HandOver), tiles[HandTo.agent].by(tile.End),
            tiles[HandTo.to].by(tile.Offer, channel=HandTo.channel, name=HandTo.name, arrived_at=HandTo.arrived_at), when=~hands_at_once),
        wire(HandTo, contact.by(customer.HandOverAtOnce), tiles[HandTo.agent].by(tile.End),
            tiles[HandTo.to].by(tile.Offer, channel=HandTo.channel, name=HandTo.name, arrived_at=HandTo.arrived_at), when=hands_at_once),
        wire(Tidy, tiles[Tidy.agent].by(tile.Clear)),
    ),
    rules=(
        Rule("an offer is on the contact's own channel", on=Ring, when=Ring.channel == contact[customer.channel], cites="D8"),
        Rule("a hand-over is on the contact's own channel", on=HandTo, when=HandTo.channel == contact[customer.channel], cites="D8"),
        Rule("a chat is text only", on=customer.Attach, when=attachments, cites="S04"),
    ),
    properties=CLAIMS,
    doc="A contact is in exactly one place, is live on at most one desk, and is never lost.",
)  # fmt: skip
