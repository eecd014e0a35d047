"""Chats are connected without the agent's hand, where that is switched on; the guide never dated it (S12)."""

import attrs

from fsm import KEY, NOW, choose, named
from fsm.desk import parameters
from fsm.desk.desk import TILE, connected, free, last_text_at
from fsm.desk.vocabulary import NEVER, Channel, Connected, Offer
from fsm.variants import Variant, line, replaced, retracted

auto_accept = parameters.otherwise(parameters.auto_accept, True)
by_itself = named("auto-accepted", auto_accept & (Offer.channel == Channel.CHAT))
(offers,) = (one for one in TILE.transitions if one.event is Offer)
rings = attrs.evolve(offers, guard=~by_itself)
at_once = (
    attrs.evolve(offers, guard=by_itself, target=connected, happy=False)
    .set(last_text_at, choose(Offer.last_text_at == NEVER, NOW, Offer.last_text_at))
    .emits(Connected, contact=KEY, channel=Offer.channel, offered_at=NOW, at=NOW)
)  # fmt: skip

AUTO_ACCEPT = Variant(
    "chats are connected by themselves", TILE,
    replaces=(replaced(line(free, Offer), rings, at_once),),
    retracts=(retracted("whoever is talked to was accepted", because="a chat is connected without the agent's hand"),),
)  # fmt: skip
