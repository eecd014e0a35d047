"""The customer's side of a contact: from arrival, with the bot or straight to the queue, to its end.

The tile on an agent's desk and the customer's contact are two objects: a tile stays missed in
its slot while the contact is back in the queue, perhaps already with another agent (D3).
"""

from __future__ import annotations

from enum import Enum

from fsm.events import Field, event
from fsm.expressions import after, before, happens, inside
from fsm.machine import Kind, Machine, State
from fsm.properties import each_step, reachable, recoverable


class Entry(Enum):
    """Where a contact starts: with the bot (Amazon Lex) or in the queue (S13)."""

    BOT = "bot"
    QUEUE = "queue"


arriving = State("arriving", "not here yet", Kind.IDLE)
with_bot = State("with_bot", "talks with the bot", Kind.ACTIVE)
queued = State("queued", "waits for an agent", Kind.WAITING)
offered = State("offered", "rings at an agent's desk", Kind.WAITING)
with_agent = State("with_agent", "talks with an agent", Kind.ACTIVE)
ended = State("ended", "is over", Kind.IDLE)


@event
class Arrive:
    """A customer reaches the contact centre."""

    entry: Field[Entry]


@event
class LeaveBot:
    """The bot hands the customer to the queue."""


@event
class OfferTo:
    """The contact is offered to an agent."""


@event
class AnsweredBy:
    """The agent accepts."""


@event
class Unanswered:
    """The offer was missed, rejected or failed: back to the queue (D3)."""


@event
class Transfer:
    """The agent hands the contact on: back to the queue, with its transcript (D11)."""


@event
class Finish:
    """The conversation with the agent is over."""


@event
class Leave:
    """The customer leaves before talking to an agent (D12)."""


TRANSITIONS = (
    arriving.on(Arrive).when(Arrive.entry == Entry.BOT).to(with_bot).happily(),
    arriving.on(Arrive).when(Arrive.entry == Entry.QUEUE).to(queued),
    with_bot.on(LeaveBot).to(queued).happily(),
    queued.on(OfferTo).to(offered).happily(),
    offered.on(AnsweredBy).to(with_agent).happily(),
    offered.on(Unanswered).to(queued),
    with_agent.on(Transfer).to(queued),
    with_agent.on(Finish).to(ended).happily(),
    (with_bot | queued | offered).on(Leave).to(ended),
)  # fmt: skip

CLAIMS = (
    each_step(
        "only an accepted offer brings customer and agent together",
        (before(~inside(with_agent)) & after(inside(with_agent))) >> (before(inside(offered)) & happens(AnsweredBy)),
        cites=("S12",),
    ),
    each_step("a contact that has ended stays ended", before(inside(ended)) >> after(inside(ended)), cites=("D12",)),
    each_step(
        "an offer that is not answered returns the contact to the queue",
        happens(Unanswered) >> after(inside(queued)),
        cites=("D3",),
    ),
    reachable("a contact can talk with the bot first", inside(with_bot), cites=("S13",)),
    reachable("a contact can talk with an agent", inside(with_agent), cites=("S12",)),
    recoverable("a contact can always come to its end", inside(ended), cites=("D12",)),
)

CONTACT = Machine(
    "contact",
    states=(arriving, with_bot, queued, offered, with_agent, ended),
    initial=arriving,
    transitions=TRANSITIONS,
    properties=CLAIMS,
    doc="A contact is in exactly one place from its arrival to its end.",
)
