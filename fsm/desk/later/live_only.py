"""Only live contacts keep other channels away, where that is chosen: D10 decided otherwise."""

from fsm import Rule
from fsm.desk import events, parameters
from fsm.desk.desk import GUIDE, call, chat, connected, offered, tiles
from fsm.variants import Variant, replaced, retracted, rule

held_blocks_channel = parameters.otherwise(parameters.held_blocks_channel, False)

LIVE_ONLY = Variant(
    "only live contacts keep other channels away", GUIDE,
    adds=(held_blocks_channel,),
    replaces=(
        replaced(
            rule("no chat while another channel is held"),
            Rule("no chat while another channel is live", on=events.OfferChat, when=tiles.none(offered, connected, call), cites="S05"),
            Rule("no call while another channel is live", on=events.OfferCall, when=tiles.none(offered, connected, chat), cites="S06"),
            Rule("no chat while another channel is held", on=events.OfferChat, when=~held_blocks_channel | tiles.none(call), cites=("S05", "D10")),
        ),
        replaced(
            rule("no call while another channel is held"),
            Rule("no call while another channel is held", on=events.OfferCall, when=~held_blocks_channel | tiles.none(chat), cites=("S06", "D10")),
        ),
    ),
    retracts=(retracted("two channels are never held at once", because="what is over keeps nothing away"),),
)  # fmt: skip
