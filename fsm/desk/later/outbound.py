"""Calls that an agent places, where that is switched on (D2, D16)."""

from fsm import KEY, NOW, Field, Rule, each, event, wire
from fsm.desk import events, parameters
from fsm.desk.desk import GUIDE, TILE, arrived_at, call, channel, connected, counted, free, last_text_at, name
from fsm.desk.vocabulary import Channel, Connected, Offer
from fsm.variants import Variant, line, replaced, retracted, rule, varied, wiring

outbound_calls = parameters.otherwise(parameters.outbound_calls, True)


@event
class Dial:
    """The agent places a call (D2)."""

    name: Field[str]


dials = (
    free.on(Dial).to(connected)
    .set(channel, Channel.VOICE).set(name, Dial.name).set(arrived_at, NOW).set(counted, False).set(last_text_at, NOW)
    .emits(Connected, contact=KEY, channel=Channel.VOICE, offered_at=NOW, at=NOW, placed=True)
)  # fmt: skip

DIALS = Variant(
    "dials", TILE,
    replaces=(replaced(line(free, Offer), TILE.transitions[0], dials),),
    retracts=(retracted("whoever is talked to was accepted", because="calls are dialled, too"),),
)  # fmt: skip

tiles = each("tiles", varied(TILE, DIALS), key="contact")
(offer_call,) = GUIDE.wires_on(events.OfferCall)

OUTBOUND = Variant(
    "outbound calls", GUIDE,
    adds=(outbound_calls,),
    replaces=(
        replaced(wiring(events.OfferCall), offer_call, wire(events.PlaceCall, tiles[events.PlaceCall.contact].by(Dial, name=events.PlaceCall.name))),
        replaced(rule(GUIDE.rules[-1].name), GUIDE.rules[-1], Rule("outbound calls are switched on", on=events.PlaceCall, when=outbound_calls, cites="D2")),
        replaced(rule("the voice slot is free"), Rule("the voice slot is free", on=(events.OfferCall, events.PlaceCall), when=tiles.none(call), cites=("S22", "D9"))),
    ),
    retracts=(retracted("two channels are never held at once", because="an agent in a chat may place a call"),),
    machines=(DIALS,),
)  # fmt: skip
