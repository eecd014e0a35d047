"""The customer's side of a contact: from arrival, with the bot or straight to the queue, to its end.

The tile on an agent's desk and the customer's contact are two objects: a tile stays missed in
its slot while the contact is back in the queue, perhaps already with another agent (D3).
"""

from enum import Enum

from fsm import (
    ELAPSED,
    NOW,
    Field,
    Kind,
    Machine,
    State,
    after,
    applied,
    before,
    can_happen,
    carried,
    choice,
    each_step,
    event,
    happens,
    inside,
    reachable,
    recoverable,
)
from fsm.desk.journey.transcript import EMPTY, Transcript, Voice, with_file, with_line
from fsm.desk.vocabulary import Channel


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


channel = choice("channel", Channel, doc="how the customer came, which no agent changes")
arrived_at = carried(
    "arrived_at", int, initial=0, doc="when the customer reached the contact centre, milliseconds (S14)"
)
transcript = carried(
    "transcript", Transcript, initial=EMPTY, doc="what customer, bot and agents have said, across transfers (S13)"
)


@event
class Arrive:
    """A customer reaches the contact centre."""

    entry: Field[Entry]
    channel: Field[Channel]


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
class ConnectAtOnce:
    """The contact is connected to an agent without the agent's hand (auto-accept)."""


@event
class HandOverAtOnce:
    """The agent hands the contact to another agent, who is connected without a hand (auto-accept)."""


@event
class Unanswered:
    """The offer was missed, rejected or failed: back to the queue (D3)."""


@event
class Say:
    """Somebody says something; the transcript keeps it (S13)."""

    voice: Field[Voice]
    speaker: Field[str]
    text: Field[str]


@event
class Attach:
    """Somebody sends a file; the transcript keeps its name where a conversation may have files (S04, S13)."""

    voice: Field[Voice]
    speaker: Field[str]
    file: Field[str]


@event
class HandOver:
    """The agent hands the contact to another agent, at whose desk it rings (S13, D11)."""


@event
class Transfer:
    """The agent hands the contact on: back to the queue, with its transcript (D11)."""


@event
class Finish:
    """The conversation with the agent is over."""


@event
class Leave:
    """The customer leaves before talking to an agent (D12)."""


kept = applied(with_line, transcript, Say.voice, Say.speaker, Say.text, NOW)
filed = applied(with_file, transcript, Attach.voice, Attach.speaker, Attach.file, NOW)

TRANSITIONS = (
    arriving.on(Arrive).when(Arrive.entry == Entry.BOT).to(with_bot).set(channel, Arrive.channel).set(arrived_at, NOW).set(transcript, EMPTY).happily(),
    arriving.on(Arrive).when(Arrive.entry == Entry.QUEUE).to(queued).set(channel, Arrive.channel).set(arrived_at, NOW).set(transcript, EMPTY),
    with_bot.on(Say).when(Say.voice != Voice.AGENT).stay().set(transcript, kept),
    (queued | offered).on(Say).when(Say.voice == Voice.CUSTOMER).stay().set(transcript, kept),
    with_agent.on(Say).when(Say.voice != Voice.BOT).stay().set(transcript, kept),
    (with_bot | queued | offered).on(Attach).when(Attach.voice == Voice.CUSTOMER).stay().set(transcript, filed),
    with_agent.on(Attach).when(Attach.voice != Voice.BOT).stay().set(transcript, filed),
    with_bot.on(LeaveBot).to(queued).happily(),
    queued.on(OfferTo).to(offered).happily(),
    offered.on(AnsweredBy).to(with_agent).happily(),
    queued.on(ConnectAtOnce).to(with_agent),
    with_agent.on(HandOverAtOnce).stay(),
    offered.on(Unanswered).to(queued),
    with_agent.on(Transfer).to(queued),
    with_agent.on(HandOver).to(offered),
    with_agent.on(Finish).to(ended).happily(),
    (with_bot | queued | offered).on(Leave).to(ended),
)  # fmt: skip

stays = (
    (before(inside(with_bot)) & after(inside(with_bot)))
    | (before(inside(queued)) & after(inside(queued)))
    | (before(inside(offered)) & after(inside(offered)))
    | (before(inside(with_agent)) & after(inside(with_agent)))
)

CLAIMS = (
    each_step(
        "only an accepted offer, or auto-accept, brings customer and agent together",
        (before(~inside(with_agent)) & after(inside(with_agent)))
        >> ((before(inside(offered)) & happens(AnsweredBy)) | happens(ConnectAtOnce)),
        cites=("S12",),
    ),
    each_step(
        "a contact keeps the channel by which it came",
        before(~inside(arriving)) >> (before(channel) == after(channel)),
        cites=("D8",),
    ),
    each_step("a contact that has ended stays ended", before(inside(ended)) >> after(inside(ended)), cites=("D12",)),
    each_step(
        "an offer that is not answered returns the contact to the queue",
        happens(Unanswered) >> after(inside(queued)),
        cites=("D3",),
    ),
    each_step(
        "a contact arrives once, with the bot or in the queue",
        happens(Arrive) >> (before(inside(arriving)) & after(inside(with_bot, queued))),
        cites=("S13",),
    ),
    each_step(
        "the bot hands a contact to the queue",
        happens(LeaveBot) >> (before(inside(with_bot)) & after(inside(queued))),
        cites=("S13",),
    ),
    each_step(
        "only who waits in the queue is offered to an agent",
        happens(OfferTo) >> (before(inside(queued)) & after(inside(offered))),
        cites=("S01", "D3"),
    ),
    each_step(
        "an offer is answered or not only while it rings",
        happens(AnsweredBy, Unanswered) >> before(inside(offered)),
        cites=("S10", "D3"),
    ),
    each_step("an accepted offer is a conversation", happens(AnsweredBy) >> after(inside(with_agent)), cites=("S12",)),
    each_step(
        "only an agent in a conversation hands it on, or ends it",
        happens(HandOver, Transfer, Finish) >> before(inside(with_agent)),
        cites=("D11",),
    ),
    each_step(
        "a contact that is sent back waits in the queue", happens(Transfer) >> after(inside(queued)), cites=("D11",)
    ),
    each_step("a contact that is handed over rings", happens(HandOver) >> after(inside(offered)), cites=("S13", "D11")),
    each_step(
        "a customer who leaves before talking to an agent ends the contact",
        happens(Leave) >> (before(inside(with_bot, queued, offered)) & after(inside(ended))),
        cites=("D12",),
    ),
    each_step("a conversation that is over ends the contact", happens(Finish) >> after(inside(ended)), cites=("D12",)),
    each_step(
        "what is said moves nobody and starts no time anew",
        happens(Say)
        >> (before(inside(with_bot, queued, offered, with_agent)) & (after(ELAPSED) == before(ELAPSED)) & stays),
        cites=("S13",),
    ),
    can_happen(
        "a call can go straight to the queue",
        happens(Arrive) & after(inside(queued) & (channel == Channel.VOICE)),
        cites=("S13",),
    ),
    can_happen("a customer can leave the bot's talk", happens(Leave) & before(inside(with_bot)), cites=("D12",)),
    can_happen("a customer can leave the queue", happens(Leave) & before(inside(queued)), cites=("D12",)),
    can_happen("a customer can leave while it rings", happens(Leave) & before(inside(offered)), cites=("D12",)),
    can_happen("customer and bot can talk", happens(Say) & before(inside(with_bot)), cites=("S13",)),
    can_happen("a customer can write while waiting", happens(Say) & before(inside(queued)), cites=("S13",)),
    can_happen("a customer can write while it rings", happens(Say) & before(inside(offered)), cites=("S13",)),
    can_happen("customer and agent can talk", happens(Say) & before(inside(with_agent)), cites=("S13",)),
    can_happen("an agent can hand a contact over without its ringing", happens(HandOverAtOnce), cites=("S13", "D11")),
    reachable("a call can talk with the bot first", inside(with_bot) & (channel == Channel.VOICE), cites=("S13",)),
    reachable("a contact can talk with an agent", inside(with_agent), cites=("S12",)),
    recoverable("a contact can always come to its end", inside(ended), cites=("D12",)),
)

CONTACT = Machine(
    "contact",
    states=(arriving, with_bot, queued, offered, with_agent, ended),
    initial=arriving,
    variables=(channel, arrived_at, transcript),
    transitions=TRANSITIONS,
    properties=CLAIMS,
    doc="A contact is in exactly one place from its arrival to its end.",
)
