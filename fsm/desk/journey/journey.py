"""One contact and the desks it rings at, the customer's side of the agent desk, and what is true of it, for every number of agents.

The tile is the machine of `DESK`, here told apart by agent: what one contact is on each agent's
desk. A missed tile stays on its desk while the contact is offered to somebody else (D3).
"""

from fsm import (
    Rule,
    System,
    after,
    always,
    before,
    can_happen,
    each,
    each_step,
    for_each,
    happens,
    inside,
    named,
    one,
    parameter,
    reachable,
    recoverable,
    wire,
)
from fsm.desk import tile
from fsm.desk.journey.contact import (
    CONTACT,
    AnsweredBy,
    Attach,
    ConnectAtOnce,
    Finish,
    HandOver,
    HandOverAtOnce,
    Leave,
    OfferTo,
    Transfer,
    Unanswered,
    arriving,
    channel,
    ended,
    offered,
    queued,
    with_agent,
    with_bot,
)
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

agents = parameter("agents", int, 3, low=1, doc="agents to whom the contact can be offered", cites=("D3", "D8"))

contact = one("contact", CONTACT)
tiles = each("tiles", tile.TILE, key="agent", population=agents)

live = tiles.any(tile.offered, tile.connected)

CLAIMS = (
    always("a contact is live on at most one desk", tiles.count(tile.offered, tile.connected) <= 1, cites=("D3", "D8")),
    always(
        "a contact rings exactly while it is offered", contact.inside(offered) == tiles.any(tile.offered), cites=("D3",)
    ),
    always(
        "a contact is talked to exactly while it is with an agent",
        contact.inside(with_agent) == tiles.any(tile.connected),
        cites=("S12", "D3"),
    ),
    always(
        "a contact that has not reached the queue is on no desk",
        contact.inside(arriving, with_bot) >> tiles.none(),
        cites=("D3",),
    ),
    always(
        "every tile of a contact is on the channel by which it came",
        for_each(tiles, tile.channel == contact[channel]),
        cites=("D8",),
    ),
    always(
        "a contact is queued exactly when it is not ended, not with the bot and live on no desk",
        contact.inside(queued) == (~contact.inside(arriving, with_bot, ended) & ~live),
        cites=("D3",),
    ),
    each_step(
        "a missed offer returns the contact to the queue and leaves its tile on that desk",
        happens(tile.Expire)
        >> (after(contact.inside(queued)) & (after(tiles.count(tile.missed)) == before(tiles.count(tile.missed)) + 1)),
        cites=("D3",),
    ),
    each_step(
        "a rejected offer returns the contact to the queue and leaves its tile, where rejected offers hold",
        (rejected_holds & happens(Decline))
        >> (
            after(contact.inside(queued))
            & (after(tiles.count(tile.rejected)) == before(tiles.count(tile.rejected)) + 1)
        ),
        cites=("D3", "D4"),
    ),
    each_step(
        "a contact is never offered again to an agent who still holds its tile",
        for_each(tiles, happens(tile.Offer) >> before(inside(tile.free))),
        cites=("D8",),
    ),
    each_step(
        "a hand-over ends the talk at one desk and rings at another",
        happens(HandTo)
        >> (
            before(contact.inside(with_agent))
            & after(live)
            & (after(tiles.count(tile.after_work)) == before(tiles.count(tile.after_work)) + 1)
        ),
        cites=("S13", "D11"),
    ),
    each_step(
        "a contact sent back is queued, not lost",
        happens(SendBack, Break) >> after(contact.inside(queued)),
        cites=("D11",),
    ),
    each_step(
        "a customer who leaves while it rings leaves a rejected tile",
        (happens(Leave) & before(contact.inside(offered))) >> after(contact.inside(ended) & tiles.any(tile.rejected)),
        cites=("D12",),
    ),
    each_step(
        "a contact is connected without the agent's hand only where that is switched on",
        happens(ConnectAtOnce, HandOverAtOnce) >> auto_accept,
        cites=("S12",),
    ),
    each_step("a file is sent only where that is switched on", happens(Attach) >> attachments, cites=("S04",)),
    always("no more desks hold a contact than there are agents", tiles.count() <= agents, cites=("D8",)),
    can_happen(
        "the last agent can be reached too",
        before(tiles.count() < agents) & after(tiles.count() == agents),
        cites=("D3", "D8"),
    ),
    can_happen(
        "a chat can be offered",
        happens(Ring) & after(tiles.any(tile.offered, tile.connected, tile.channel == Channel.CHAT)),
        cites=("S01",),
    ),
    can_happen(
        "a chat can be handed over",
        happens(HandTo) & after(tiles.any(tile.offered, tile.connected, tile.channel == Channel.CHAT)),
        cites=("S13", "D11"),
    ),
    can_happen("an offer can break", happens(Break) & before(contact.inside(offered)), cites=("D4",)),
    can_happen("a conversation can break", happens(Break) & before(contact.inside(with_agent)), cites=("D4",)),
    can_happen("a customer can hang up on the bot", happens(HangUp) & before(contact.inside(with_bot)), cites=("D12",)),
    can_happen("a customer can hang up in the queue", happens(HangUp) & before(contact.inside(queued)), cites=("D12",)),
    can_happen(
        "a customer can hang up while it rings", happens(HangUp) & before(contact.inside(offered)), cites=("D12",)
    ),
    can_happen(
        "a customer can hang up on the agent", happens(HangUp) & before(contact.inside(with_agent)), cites=("S16",)
    ),
    can_happen("an agent can conclude", happens(Conclude), cites=("S16",)),
    reachable("a contact can be with an agent", contact.inside(with_agent), cites=("S12",)),
    reachable(
        "a contact missed at one desk can be talked to at another",
        tiles.any(tile.missed) & tiles.any(tile.connected),
        cites=("D3",),
    ),
    reachable(
        "a contact that broke at one desk can be queued", tiles.any(tile.failed) & contact.inside(queued), cites=("D4",)
    ),
    reachable(
        "every agent's missed tile can be in the way",
        contact.inside(queued) & (tiles.count(tile.missed) == agents) & (agents >= 2),
        cites=("D3", "D8"),
    ),
    each_step(
        "a contact is offered only where an agent holds none of its tiles",
        happens(Ring, HandTo) >> before(tiles.count() < agents),
        cites=("D8",),
    ),
    each_step(
        "where every agent holds a tile of a queued contact, only clearing one opens a way",
        (before(contact.inside(queued) & (tiles.count() == agents)) & after(tiles.count() < agents)) >> happens(Tidy),
        cites=("D8", "S23"),
    ),
    recoverable(
        "a queued contact is offered, and nothing needs clearing, where an agent holds none of its tiles",
        contact.inside(offered, with_agent),
        wherever=contact.inside(queued) & (tiles.count() < agents),
        cites=("D3", "D8"),
    ),
    recoverable(
        "a queued contact whose tiles every agent holds waits for nothing but a tile to be cleared",
        tiles.count() < agents,
        wherever=contact.inside(queued),
        cites=("D8", "S23"),
    ),
    recoverable(
        "a contact that has not ended can be served, once agents clear the tiles in the way",
        contact.inside(with_agent),
        wherever=~contact.inside(ended),
        cites=("D3", "D8", "S23"),
    ),
)

rings_at_once = named("auto-accepted", auto_accept & (Ring.channel == Channel.CHAT))
hands_at_once = named("auto-accepted", auto_accept & (HandTo.channel == Channel.CHAT))

JOURNEY = System(
    "journey",
    parts=(contact, tiles),
    parameters=(agents, accept_window, non_response_after, rejected_holds, speaker_change, auto_accept, attachments),
    wires=(
        wire(Ring, contact.by(OfferTo),
            tiles[Ring.agent].by(tile.Offer, channel=Ring.channel, name=Ring.name, arrived_at=Ring.arrived_at), when=~rings_at_once),
        wire(Ring, contact.by(ConnectAtOnce),
            tiles[Ring.agent].by(tile.Offer, channel=Ring.channel, name=Ring.name, arrived_at=Ring.arrived_at), when=rings_at_once),
        wire(Answer, contact.by(AnsweredBy), tiles[Answer.agent].by(tile.Accept)),
        wire(Decline, contact.by(Unanswered), tiles[Decline.agent].by(tile.Reject)),
        wire(tiles.sends(tile.Expire), contact.by(Unanswered)),
        wire(Break, contact.by(Unanswered), tiles[Break.agent].by(tile.Fail), when=contact.inside(offered)),
        wire(Break, contact.by(Transfer), tiles[Break.agent].by(tile.Fail), when=contact.inside(with_agent)),
        wire(HangUp, contact.by(Leave), when=contact.inside(with_bot, queued)),
        wire(HangUp, contact.by(Leave), tiles.every(tile.offered).by(tile.Abandon), when=contact.inside(offered)),
        wire(HangUp, contact.by(Finish), tiles.every(tile.connected).by(tile.End), when=contact.inside(with_agent)),
        wire(Conclude, contact.by(Finish), tiles[Conclude.agent].by(tile.End)),
        wire(SendBack, contact.by(Transfer), tiles[SendBack.agent].by(tile.End)),
        wire(HandTo, contact.by(HandOver), tiles[HandTo.agent].by(tile.End),
            tiles[HandTo.to].by(tile.Offer, channel=HandTo.channel, name=HandTo.name, arrived_at=HandTo.arrived_at), when=~hands_at_once),
        wire(HandTo, contact.by(HandOverAtOnce), tiles[HandTo.agent].by(tile.End),
            tiles[HandTo.to].by(tile.Offer, channel=HandTo.channel, name=HandTo.name, arrived_at=HandTo.arrived_at), when=hands_at_once),
        wire(Tidy, tiles[Tidy.agent].by(tile.Clear)),
    ),
    rules=(
        Rule("an offer is on the contact's own channel", on=Ring, when=Ring.channel == contact[channel], cites="D8"),
        Rule("a hand-over is on the contact's own channel", on=HandTo, when=HandTo.channel == contact[channel], cites="D8"),
        Rule("a chat is text only", on=Attach, when=attachments, cites="S04"),
    ),
    properties=CLAIMS,
    doc="A contact is in exactly one place, is live on at most one desk, and is never lost.",
)  # fmt: skip
