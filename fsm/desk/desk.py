"""One agent's desk: which tile an event moves, and what the business forbids, rule by rule."""

from __future__ import annotations

from fsm.desk import tile
from fsm.desk.agent import available
from fsm.desk.channel import Channel
from fsm.desk.claims import CLAIMS
from fsm.desk.events import Abandon, Accept, Clear, End, Fail, OfferCall, OfferChat, PlaceCall, Reject
from fsm.desk.parts import agent, tiles
from fsm.desk.profile import (
    AT_MOST_FIVE, PARAMETERS, held_blocks_channel, max_chats, missed_blocks_agent, outbound_calls, voice,
)  # fmt: skip
from fsm.desk.tile import channel, connected, missed, offered
from fsm.system import Rule, System, wire

DESK = System(
    "desk",
    parts=(agent, tiles),
    parameters=PARAMETERS,
    assumptions=(AT_MOST_FIVE,),
    wires=(
        wire(OfferChat, tiles[OfferChat.contact].by(tile.Offer, channel=Channel.CHAT, name=OfferChat.name)),
        wire(OfferCall, tiles[OfferCall.contact].by(tile.Offer, channel=Channel.VOICE, name=OfferCall.name)),
        wire(PlaceCall, tiles[PlaceCall.contact].by(tile.Dial, name=PlaceCall.name)),
        wire(Accept, tiles[Accept.contact].by(tile.Accept)),
        wire(Reject, tiles[Reject.contact].by(tile.Reject)),
        wire(Abandon, tiles[Abandon.contact].by(tile.Abandon)),
        wire(Fail, tiles[Fail.contact].by(tile.Fail)),
        wire(End, tiles[End.contact].by(tile.End)),
        wire(Clear, tiles[Clear.contact].by(tile.Clear)),
    ),
    rules=(
        Rule("only an available agent is offered contacts", on=(OfferChat, OfferCall), when=agent.inside(available), cites=("S01",)),
        Rule("no chat during a call", on=OfferChat, when=tiles.none(offered, connected, channel == Channel.VOICE), cites=("S05",)),
        Rule("no call during chats", on=OfferCall, when=tiles.none(offered, connected, channel == Channel.CHAT), cites=("S06",)),
        Rule("no chat while a call is held", on=OfferChat, when=~held_blocks_channel | tiles.none(channel == Channel.VOICE), cites=("S05", "D10")),
        Rule("no call while a chat is held", on=OfferCall, when=~held_blocks_channel | tiles.none(channel == Channel.CHAT), cites=("S06", "D10")),
        Rule("a chat slot is free", on=OfferChat, when=tiles.count(channel == Channel.CHAT) < max_chats, cites=("S02", "S22")),
        Rule("the voice slot is free", on=(OfferCall, PlaceCall), when=tiles.none(channel == Channel.VOICE), cites=("S22", "D9")),
        Rule("calls are routed to this agent", on=OfferCall, when=voice, cites=("D13",)),
        Rule("outbound calls are switched on", on=PlaceCall, when=outbound_calls, cites=("D2",)),
        Rule("missed contacts block the agent", on=(OfferChat, OfferCall), when=~missed_blocks_agent | tiles.none(missed), cites=("D5",)),
    ),
    properties=CLAIMS,
    doc="An agent holds contacts in slots: offered one channel at a time, as many as the profile allows.",
)  # fmt: skip
