"""An administrator changes the limit of chats in mid-shift: an event, where the page has a parameter (D19).

Whoever is talked to stays: more chats than the limit allows may be held, and nothing is offered until there is room again. What the
administrator has set for good, `max_chats`, goes on beside it.
"""

from typing import Annotated

from fsm import Event, Field, Range, Rule, after, before, can_happen, each_step, happens, integer, one, reachable
from fsm.desk.desk import AGENT, GUIDE, chat, tiles
from fsm.desk.events import OfferChat
from fsm.variants import Variant, varied

MOST = 10
allowed = integer("allowed", 0, MOST, initial=MOST, doc="the chats that the agent may be offered at once, as last set")


class SetLimit(Event):
    """The administrator allows so many chats at once, from now on."""

    chats: Field[Annotated[int, Range(0, MOST)]]


SETS_LIMIT = Variant(
    "has a limit that changes", AGENT,
    adds=(allowed, *(state.on(SetLimit).stay().set(allowed, SetLimit.chats) for state in AGENT.states)),
)  # fmt: skip

held, limit = tiles.count(chat), one("agent", varied(AGENT, SETS_LIMIT))[allowed]

CHANGING_LIMIT = Variant(
    "the limit changes in mid-shift", GUIDE,
    machines=(SETS_LIMIT,),
    adds=(
        Rule("a chat slot is free under the limit of now", on=OfferChat, when=held < limit, cites="D19"),
        each_step("changing the limit sends no contact away", happens(SetLimit) >> (after(tiles.count()) == before(tiles.count())), cites="D19"),
        each_step("over the limit of now nothing is added", before(held >= limit) >> (after(held) <= before(held)), cites="D19"),
        each_step("a limit that stays is never passed", (before(held <= limit) & ~happens(SetLimit)) >> after(held <= limit), cites="D19"),
        reachable("more chats can be held than the limit of now allows", held > limit, cites="D19"),
        can_happen("a limit can be raised while chats are held", happens(SetLimit) & before(tiles.any(chat)) & (before(limit) < after(limit)), cites="D19"),
    ),
)  # fmt: skip
