"""One missed or failed contact blocks the agent, where that is chosen: D5 decided otherwise, as D18 reads its source."""

from fsm import Rule, before, can_happen, happens
from fsm.desk import events, parameters
from fsm.desk.desk import GUIDE, failed, missed, offers, tiles
from fsm.variants import Variant, claim, replaced, rule

missed_blocks_agent = parameters.otherwise(parameters.missed_blocks_agent, True)
BLOCKS = Rule(
    "missed contacts block the agent",
    on=offers,
    when=~missed_blocks_agent | tiles.none(missed, failed),
    cites=("D5", "D18"),
)

MISSED_BLOCKS = Variant(
    "a missed contact blocks the agent", GUIDE,
    adds=(
        missed_blocks_agent,
        can_happen(
            "a chat can be offered to an agent whom a missed contact would block",
            missed_blocks_agent & happens(events.OfferChat) & before(tiles.none(missed, failed)), cites="D5",
        ),
    ),
    replaces=(
        replaced(rule(GUIDE.rules[-1].name), GUIDE.rules[-1], BLOCKS),
        replaced(claim("a missed contact blocks its own slot"), can_happen(
            "a missed contact blocks its own slot only, where it does not block the agent",
            ~missed_blocks_agent & happens(events.OfferChat) & before(tiles.any(missed)), cites=("S21", "D5"),
        )),
    ),
)  # fmt: skip
