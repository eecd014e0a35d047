"""An agent's desk, after the guide of 2019. What came later, or is decided otherwise, varies it (`fsm.desk.later`)."""

from fsm import (  # noqa: I001  # a page is read from top to bottom
    KEY, NOW, SINCE, Assumption, Kind, Machine, Rule, State, System, after, always, before, boolean, can_happen,
    carried, choice, choose, each, each_step, emitted, happens, inside, left, one, recoverable, wire, within,
)  # fmt: skip
from fsm.desk import events as on  # what is said to the desk
from fsm.desk.parameters import COUNTED_BEFORE_MISSED, accept_window, max_chats, non_response_after, voice
from fsm.desk.vocabulary import (
    NEVER, Channel, Speaker, Status, Abandon, Accept, Clear, End, Expire, Fail, NonResponse, Offer, Rang, Reject, Text,
    SetStatus, Connected, Ended, Failed, Missed, NonResponseCounted, Rejected, SlotFreed, StatusChanged, TextTimerReset,
)  # fmt: skip
from fsm.language.expressions import Formula

# fmt: off
AVAILABLE, AWAY, OFFLINE = Status
def begins(state: State) -> Formula: return before(~inside(state)) & after(inside(state))
def ends(state: State) -> Formula: return before(inside(state)) & after(~inside(state))

# The agent's status. Only Available lets contacts in (S01); no choice of a status sends any away (D6)
offline = State("offline", "not at work; a closed browser alone does not lead here (D7)", Kind.IDLE)
available = State("available", "contacts are delivered, as the routing profile allows", Kind.ACTIVE)
away = State("away", "on a break or in training: a status of the company's own", Kind.WAITING)
chosen, told = SetStatus.status, {"before": left(Status), "since": SINCE, "at": NOW}

AGENT = Machine("agent", (offline, available, away), offline, (
    (offline | away).on(SetStatus).when(chosen == AVAILABLE).to(available)
        .emits(StatusChanged, after=AVAILABLE, **told).happily(),
    (offline | available).on(SetStatus).when(chosen == AWAY).to(away).emits(StatusChanged, after=AWAY, **told),
    (available | away).on(SetStatus).when(chosen == OFFLINE).to(offline).emits(StatusChanged, after=OFFLINE, **told),
    available.on(SetStatus).when(chosen == AVAILABLE).stay(),
    away.on(SetStatus).when(chosen == AWAY).stay(),
    offline.on(SetStatus).when(chosen == OFFLINE).stay(),
), properties=(
    each_step("only a chosen status makes an agent available",
        begins(available) >> happens(SetStatus), cites=("S01", "D7")),
), doc="Contacts are delivered to an agent only while the status is Available.")

# A contact on the desk. It rings until it is accepted, rejected or missed, and holds its slot until cleared (S10, S23)
free = State("free", "no tile: the slot can be used", Kind.IDLE)
offered = State("offered", "rings and waits for the agent's hand", Kind.WAITING)
connected = State("connected", "agent and customer talk", Kind.ACTIVE)
after_work = State("after_work", "the contact has ended, the agent finishes up", Kind.WRAPPING)
missed = State("missed", "nobody answered in time", Kind.TROUBLE)
rejected = State("rejected", "the agent said no, or the customer left while it rang", Kind.TROUBLE)
failed = State("failed", "the connection broke", Kind.TROUBLE)

channel = choice("channel", Channel, doc="fixed for the tile's life")
counted = boolean("counted", doc="this offer was counted as agent non-response")
name = carried("name", str, initial="", doc="the contact's name, as the tab shows it")
arrived_at = carried(
    "arrived_at", int, initial=0, doc="when the contact reached the contact centre, milliseconds (S14)")
last_text_at = carried("last_text_at", int, initial=0, doc="when the text timer last started, milliseconds (S15)")
chat, call, of = channel == Channel.CHAT, channel == Channel.VOICE, {"contact": KEY, "channel": channel, "at": NOW}
rang = {**of, "offered_at": SINCE}
TILE = Machine("tile", (free, offered, connected, after_work, missed, rejected, failed), free, (
    free.on(Offer).to(offered).stores(channel, name, arrived_at).set(counted, False)
        .emits(Rang, contact=KEY, name=Offer.name, channel=Offer.channel, at=NOW).happily(),
    offered.on(Accept).to(connected).set(last_text_at, choose(Accept.last_text_at == NEVER, NOW, Accept.last_text_at))
        .emits(Connected, **rang).happily(),
    offered.on(Reject).to(rejected).emits(Rejected, **rang),
    offered.on(Abandon).to(rejected).emits(Rejected, **rang),
    offered.after(non_response_after, NonResponse).stay().set(counted, True).emits(NonResponseCounted, **rang),
    offered.after(accept_window, Expire).to(missed).emits(Missed, **rang),
    connected.on(Text).when(chat & (Text.speaker != Speaker.NOBODY)).stay().set(last_text_at, NOW)
        .emits(TextTimerReset, contact=KEY, at=NOW),
    (offered | connected).on(Fail).to(failed).emits(Failed, since=SINCE, answered_at=Fail.answered_at, **of),
    connected.on(End).to(after_work).emits(Ended, connected_at=SINCE, **of).happily(),
    after_work.on(Clear).to(free).emits(SlotFreed, since=SINCE, **of).happily(),
    (missed | rejected | failed).on(Clear).to(free).emits(SlotFreed, since=SINCE, **of),
), (channel, counted, name, arrived_at, last_text_at), (
    each_step("only clearing ends a missed contact", ends(missed) >> happens(Clear), cites=("S21", "S23")),
    each_step("only clearing ends after contact work", ends(after_work) >> happens(Clear), cites=("S16", "S21")),
    each_step("whoever is talked to was accepted", begins(connected) >> happens(Accept), cites="S12"),
    always("a missed contact was counted as non-response", inside(missed) >> counted, cites=("S19", "D1")),
    always("contacts ever missed never exceed non-responses",
        emitted(Missed) <= emitted(NonResponseCounted), cites=("S19", "D1")),
    within("an offer ends within the accept window", accept_window, inside(offered), ~inside(offered), cites="S10"),
    recoverable("from everywhere the slot can be freed", inside(free), cites="S23"),
), (COUNTED_BEFORE_MISSED,), doc="A contact occupies its slot from the offer until the agent clears it.")

# The desk. One channel at a time, as many chats as the profile allows, one call (S02, S05, S06, S22)
agent, tiles, offers = one("agent", AGENT), each("tiles", TILE, key="contact"), (on.OfferChat, on.OfferCall)
GUIDE = System("desk", (agent, tiles), (
    wire(on.OfferChat, tiles[on.OfferChat.contact].by(Offer, channel=Channel.CHAT, name=on.OfferChat.name,
        arrived_at=on.OfferChat.arrived_at, last_text_at=on.OfferChat.last_text_at)),
    wire(on.OfferCall, tiles[on.OfferCall.contact].by(Offer, channel=Channel.VOICE, name=on.OfferCall.name,
        arrived_at=on.OfferCall.arrived_at)),
    wire(on.Accept, tiles[on.Accept.contact].by(Accept, last_text_at=on.Accept.last_text_at)),
    wire(on.Reject, tiles[on.Reject.contact].by(Reject)),
    wire(on.Abandon, tiles[on.Abandon.contact].by(Abandon)),
    wire(on.Text, tiles[on.Text.contact].by(Text, speaker=on.Text.speaker)),
    wire(on.Fail, tiles[on.Fail.contact].by(Fail, answered_at=on.Fail.answered_at)),
    wire(on.End, tiles[on.End.contact].by(End)),
    wire(on.Clear, tiles[on.Clear.contact].by(Clear)),
    wire(on.SetStatus, agent.by(SetStatus, status=on.SetStatus.status)),
), (
    Rule("only an available agent is offered contacts", on=offers, when=agent.inside(available), cites="S01"),
    Rule("no chat while another channel is held", on=on.OfferChat, when=tiles.none(call), cites=("S05", "D10")),
    Rule("no call while another channel is held", on=on.OfferCall, when=tiles.none(chat), cites=("S06", "D10")),
    Rule("a chat slot is free", on=on.OfferChat, when=tiles.count(chat) < max_chats, cites=("S02", "S22")),
    Rule("the voice slot is free", on=on.OfferCall, when=tiles.none(call), cites=("S22", "D9")),
    Rule("calls are routed to this agent", on=on.OfferCall, when=voice, cites="D13"),
), (max_chats, voice, accept_window, non_response_after), (
    Assumption("an administrator allows five chats at most", max_chats <= 5, cites="S02"),
), (
    each_step("only an Available agent is offered anything",
        happens(*offers) >> before(agent.inside(available)), cites="S01"),
    always("two channels are never held at once", ~(tiles.any(chat) & tiles.any(call)), cites=("S05", "S06", "D10")),
    always("chats in use never exceed the limit", tiles.count(chat) <= max_chats, cites=("S02", "S21")),
    always("at most one call is held", tiles.count(call) <= 1, cites="D9"),
    each_step("a missed contact holds its slot until it is cleared",
        (after(tiles.count(missed)) < before(tiles.count(missed))) >> happens(on.Clear), cites=("S21", "S23")),
    each_step("choosing a status sends no contact away",
        happens(on.SetStatus) >> (after(tiles.count()) == before(tiles.count())), cites="D6"),
    can_happen("a missed contact blocks its own slot", happens(on.OfferChat) & before(tiles.any(missed)), cites="D5"),
    can_happen("a customer can leave while it rings", happens(on.Abandon), cites="D12"),
    recoverable("from everywhere the desk can be emptied and its agent be available again",
        tiles.none() & agent.inside(available), cites="S23"),
), doc="An agent holds contacts in slots: offered one channel at a time, as many as the profile allows.")
