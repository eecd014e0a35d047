"""What one contact is on one agent's desk: a tile, which occupies a slot for as long as it is there.

A contact that is offered rings until the agent accepts or rejects it by hand, or the accept
window ends; then the tile is missed and keeps its slot until it is cleared (S10, S12, S21, S23).
"""

from __future__ import annotations

from fsm.desk.effects import (
    Connected,
    Ended,
    Failed,
    Missed,
    NonResponseCounted,
    Rang,
    Rejected,
    SlotFreed,
    TextTimerReset,
)  # fmt: skip
from fsm.desk.later.versions import AUTO_ACCEPT, SPEAKER_CHANGE, TWENTY_SECONDS, VERSIONS, since
from fsm.desk.parameters import (
    COUNTED_BEFORE_MISSED,
    accept_window,
    auto_accept,
    non_response_after,
    rejected_holds,
    speaker_change,
)  # fmt: skip
from fsm.desk.vocabulary import NEVER, Channel, Speaker
from fsm.language.events import Field, event, optional
from fsm.language.expressions import Formula, choose
from fsm.language.formulas import after, before, boolean, carried, choice, emitted, happens, inside, named
from fsm.language.leaves import ELAPSED, KEY, NOW, SINCE
from fsm.language.machine import Kind, Machine, State
from fsm.language.properties import always, can_happen, each_step, reachable, recoverable, within

# States, in the order of a contact's time on the desk

free = State("free", "no tile: the slot can be used", Kind.IDLE)
offered = State("offered", "rings and waits for the agent's hand", Kind.WAITING)
connected = State("connected", "agent and customer talk", Kind.ACTIVE)
after_work = State("after_work", "the contact has ended, the agent finishes up", Kind.WRAPPING)
missed = State("missed", "nobody answered in time", Kind.TROUBLE)
rejected = State("rejected", "the agent said no, or the customer left while it rang", Kind.TROUBLE)
failed = State("failed", "the connection broke", Kind.TROUBLE)

# What it remembers

channel = choice("channel", Channel, doc="fixed for the tile's life")
counted = boolean("counted", doc="this offer was counted as agent non-response")
speaker = choice("speaker", Speaker, doc="who wrote last in this conversation")
name = carried("name", str, initial="", doc="the contact's name, as the tab shows it")
arrived_at = carried(
    "arrived_at", int, initial=0, doc="when the contact reached the contact centre, milliseconds (S14)"
)
last_text_at = carried("last_text_at", int, initial=0, doc="when the text timer last started, milliseconds (S15)")

# Events


@event
class Offer:
    """The contact centre routes a contact to this desk."""

    channel: Field[Channel]
    name: Field[str]
    arrived_at: Field[int]
    last_text_at: Field[int] = optional(default=NEVER)


@event
class Dial:
    """The agent places a call (D2)."""

    name: Field[str]


@event
class Accept:
    """The agent connects by hand (S12)."""

    last_text_at: Field[int] = optional(default=NEVER)


@event
class Reject:
    """The agent says no (S10)."""


@event
class Abandon:
    """The customer leaves while the offer rings (D12)."""


@event
class Fail:
    """The medium breaks."""

    answered_at: Field[int] = optional(default=NEVER)


@event
class Text:
    """Somebody writes a line of a chat (S15)."""

    speaker: Field[Speaker]


@event
class End:
    """Agent or customer ends the conversation."""


@event
class Clear:
    """The agent closes the tile (S23)."""


@event
class NonResponse:
    """Sent by time: the offer has lasted long enough to be counted (S18, S19)."""


@event
class Expire:
    """Sent by time: the accept window has ended (S10)."""


by_itself = named("auto-accepted", auto_accept & (Offer.channel == Channel.CHAT))
written = (channel == Channel.CHAT) & (Text.speaker != Speaker.NOBODY)
starts_again = named("text timer starts again", written & (~speaker_change | (Text.speaker != speaker)))
goes_on = named("text timer goes on", written & speaker_change & (Text.speaker == speaker))

TRANSITIONS = (
    free.on(Offer).when(~by_itself).to(offered)
        .set(channel, Offer.channel).set(name, Offer.name).set(arrived_at, Offer.arrived_at).set(counted, False)
        .emits(Rang, contact=KEY, name=Offer.name, channel=Offer.channel, at=NOW).happily(),
    free.on(Offer).when(by_itself).to(connected)
        .set(channel, Offer.channel).set(name, Offer.name).set(arrived_at, Offer.arrived_at).set(counted, False)
        .set(last_text_at, choose(Offer.last_text_at == NEVER, NOW, Offer.last_text_at))
        .emits(Rang, contact=KEY, name=Offer.name, channel=Offer.channel, at=NOW)
        .emits(Connected, contact=KEY, channel=Offer.channel, offered_at=NOW, at=NOW),
    free.on(Dial).to(connected)
        .set(channel, Channel.VOICE).set(name, Dial.name).set(arrived_at, NOW).set(counted, False).set(last_text_at, NOW)
        .emits(Connected, contact=KEY, channel=Channel.VOICE, offered_at=NOW, at=NOW, placed=True),
    offered.on(Accept).to(connected).set(last_text_at, choose(Accept.last_text_at == NEVER, NOW, Accept.last_text_at))
        .emits(Connected, contact=KEY, channel=channel, offered_at=SINCE, at=NOW).happily(),
    offered.on(Reject).when(rejected_holds).to(rejected)
        .emits(Rejected, contact=KEY, channel=channel, offered_at=SINCE, at=NOW),
    offered.on(Reject).when(~rejected_holds).to(free).emits(Rejected, contact=KEY, channel=channel, offered_at=SINCE, at=NOW)
        .emits(SlotFreed, contact=KEY, channel=channel, since=NOW, at=NOW),
    offered.on(Abandon).to(rejected).emits(Rejected, contact=KEY, channel=channel, offered_at=SINCE, at=NOW),
    offered.after(non_response_after, NonResponse).stay().set(counted, True)
        .emits(NonResponseCounted, contact=KEY, channel=channel, offered_at=SINCE, at=NOW),
    offered.after(accept_window, Expire).to(missed).emits(Missed, contact=KEY, channel=channel, offered_at=SINCE, at=NOW),
    connected.on(Text).when(starts_again).stay().set(speaker, Text.speaker).set(last_text_at, NOW)
        .emits(TextTimerReset, contact=KEY, at=NOW),
    connected.on(Text).when(goes_on).stay(),
    (offered | connected).on(Fail).when(rejected_holds).to(failed).set(speaker, Speaker.NOBODY)
        .emits(Failed, contact=KEY, channel=channel, since=SINCE, at=NOW, answered_at=Fail.answered_at),
    (offered | connected).on(Fail).when(~rejected_holds).to(free)
        .emits(Failed, contact=KEY, channel=channel, since=SINCE, at=NOW, answered_at=Fail.answered_at)
        .emits(SlotFreed, contact=KEY, channel=channel, since=NOW, at=NOW),
    connected.on(End).to(after_work).set(speaker, Speaker.NOBODY)
        .emits(Ended, contact=KEY, channel=channel, connected_at=SINCE, at=NOW).happily(),
    after_work.on(Clear).to(free).emits(SlotFreed, contact=KEY, channel=channel, since=SINCE, at=NOW).happily(),
    (missed | rejected | failed).on(Clear).to(free).emits(SlotFreed, contact=KEY, channel=channel, since=SINCE, at=NOW),
)  # fmt: skip

is_over = inside(after_work, missed, rejected, failed)


def counts(effect: type, when: Formula) -> Formula:
    """A step emits the effect once where this holds of it, and never else."""
    return after(emitted(effect)) == before(emitted(effect)) + choose(when, 1, 0)


CLAIMS = (
    each_step(
        "only clearing ends a missed contact",
        (before(inside(missed)) & after(~inside(missed))) >> happens(Clear),
        cites=("S21", "S23"),
    ),
    each_step(
        "only clearing ends after contact work",
        (before(inside(after_work)) & after(~inside(after_work))) >> happens(Clear),
        cites=("S16", "S21"),
    ),
    each_step(
        "a contact is connected only when the agent accepts or dials it",
        (before(~inside(connected)) & after(inside(connected))) >> happens(Accept, Dial),
        cites=("S12",),
        refuted_in=since(AUTO_ACCEPT),
    ),
    each_step("no chat begins with the agent", happens(Dial) >> after(channel == Channel.VOICE), cites=("S03",)),
    each_step(
        "a tile keeps its channel",
        (before(~inside(free)) & after(~inside(free))) >> (before(channel) == after(channel)),
        cites=("D8",),
    ),
    each_step(
        "an offer is counted as non-response at most once",
        happens(NonResponse) >> before(inside(offered) & ~counted),
        cites=("S19", "D1"),
    ),
    each_step(
        "an offer is counted exactly when it has lasted the non-response time",
        happens(NonResponse) >> before(ELAPSED == non_response_after),
        cites=("S18", "S19", "D1"),
    ),
    each_step(
        "an offer is missed exactly when the accept window ends",
        happens(Expire) >> before(ELAPSED == accept_window),
        cites=("S10", "D1"),
    ),
    always("a missed contact was counted as non-response", inside(missed) >> counted, cites=("S19", "D1")),
    always(
        "every contact missed, or still ringing after it was counted, was counted once",
        emitted(Missed) + choose(inside(offered) & counted, 1, 0) <= emitted(NonResponseCounted),
        cites=("S18", "S19", "D1"),
    ),
    always(
        "contacts ever missed never exceed non-responses",
        emitted(Missed) <= emitted(NonResponseCounted),
        cites=("S19", "D1"),
    ),
    each_step(
        "every text of a chat starts the text timer again",
        happens(Text) >> (after(emitted(TextTimerReset)) == before(emitted(TextTimerReset)) + 1),
        cites=("S15",),
        refuted_in=since(SPEAKER_CHANGE),
    ),
    each_step(
        "a tile rings only when a contact is offered",
        (before(~inside(offered)) & after(inside(offered))) >> happens(Offer),
        cites=("S01",),
    ),
    each_step(
        "only what rings can be accepted, turned down or given up",
        happens(Accept, Reject, Abandon) >> before(inside(offered)),
        cites=("S10", "S12", "D12"),
    ),
    each_step(
        "what is accepted or dialled is talked to",
        happens(Accept, Dial) >> after(inside(connected)),
        cites=("S12", "D2"),
    ),
    each_step(
        "nothing is written or ended but a conversation",
        happens(Text, End) >> before(inside(connected)),
        cites=("S15", "S16"),
    ),
    each_step(
        "a text is written in a chat, and the conversation goes on as long as it has",
        happens(Text)
        >> (before(channel == Channel.CHAT) & after(inside(connected)) & (after(ELAPSED) == before(ELAPSED))),
        cites=("S15",),
    ),
    each_step(
        "a conversation that ends becomes after contact work", happens(End) >> after(inside(after_work)), cites=("S16",)
    ),
    each_step(
        "an offer that nobody takes in time is missed",
        happens(Expire) >> (before(inside(offered)) & after(inside(missed))),
        cites=("S10", "S11"),
    ),
    each_step(
        "a rejected offer holds its slot where rejected offers do, and gives it back where they do not",
        happens(Reject) >> after((rejected_holds & inside(rejected)) | (~rejected_holds & inside(free))),
        cites=("D4",),
    ),
    each_step(
        "only what rings or talks can fail, and holds its slot where failed offers do",
        happens(Fail)
        >> (
            before(inside(offered, connected))
            & after((rejected_holds & inside(failed)) | (~rejected_holds & inside(free)))
        ),
        cites=("D4",),
    ),
    each_step(
        "an offer that the customer gives up leaves a rejected tile",
        happens(Abandon) >> after(inside(rejected)),
        cites=("D12",),
    ),
    each_step(
        "only what is over can be cleared, and then its slot is free",
        happens(Clear) >> (before(is_over) & after(inside(free))),
        cites=("S21", "S23"),
    ),
    each_step("only a free slot takes a contact", happens(Offer, Dial) >> before(inside(free)), cites=("S21", "D8")),
    each_step(
        "everything that becomes of a contact is reported once",
        counts(Rang, happens(Offer))
        & counts(Connected, before(~inside(connected)) & after(inside(connected)))
        & counts(Rejected, happens(Reject, Abandon))
        & counts(NonResponseCounted, happens(NonResponse))
        & counts(Missed, happens(Expire))
        & counts(Failed, happens(Fail))
        & counts(Ended, happens(End))
        & counts(SlotFreed, before(~inside(free)) & after(inside(free))),
        cites=("S07", "S11", "S12", "S16", "S19", "S23"),
    ),
    each_step(
        "only a non-response marks a contact as counted",
        (before(~counted) & after(counted)) >> happens(NonResponse),
        cites=("S18", "S19"),
    ),
    each_step(
        "after a text it is known who wrote last", happens(Text) >> after(speaker != Speaker.NOBODY), cites=("S15",)
    ),
    always(
        "who wrote last is forgotten with the conversation",
        inside(after_work, failed) >> (speaker == Speaker.NOBODY),
        cites=("S15",),
    ),
    within("an offer ends within the accept window", accept_window, inside(offered), ~inside(offered), cites=("S10",)),
    within(
        "an offer is counted or ended within the non-response time",
        non_response_after,
        inside(offered),
        counted | ~inside(offered),
        cites=("S18", "S19"),
    ),
    within("an offer ends within 20 s", 20_000, inside(offered), ~inside(offered), cites=("S10",)),
    within(
        "an offer is counted or ended within 15 s",
        15_000,
        inside(offered),
        counted | ~inside(offered),
        cites=("S18", "S19"),
        refuted_in=since(TWENTY_SECONDS),
    ),
    reachable("a contact can be talked to", inside(connected), cites=("S12",)),
    reachable("a contact can be missed", inside(missed), cites=("S11",)),
    reachable("after contact work can be reached", inside(after_work), cites=("S16",)),
    reachable("a chat can be talked to", inside(connected) & (channel == Channel.CHAT), cites=("S12",)),
    can_happen("an offer can be rejected and hold its slot", rejected_holds & happens(Reject), cites=("S10", "D4")),
    can_happen(
        "an offer can be rejected and give its slot back", ~rejected_holds & happens(Reject), cites=("S10", "D4")
    ),
    can_happen(
        "an offer can fail and hold its slot", rejected_holds & happens(Fail) & before(inside(offered)), cites=("D4",)
    ),
    can_happen(
        "an offer can fail and give its slot back",
        ~rejected_holds & happens(Fail) & before(inside(offered)),
        cites=("D4",),
    ),
    can_happen(
        "a conversation can fail and hold its slot",
        rejected_holds & happens(Fail) & before(inside(connected)),
        cites=("D4",),
    ),
    can_happen(
        "a conversation can fail and give its slot back",
        ~rejected_holds & happens(Fail) & before(inside(connected)),
        cites=("D4",),
    ),
    recoverable("from everywhere the slot can be freed", inside(free), cites=("S23",)),
)

TILE = Machine(
    "tile",
    states=(free, offered, connected, after_work, missed, rejected, failed),
    initial=free,
    variables=(channel, counted, speaker, name, arrived_at, last_text_at),
    transitions=TRANSITIONS,
    properties=CLAIMS,
    assumptions=(COUNTED_BEFORE_MISSED,),
    profiles=VERSIONS,
    doc="A contact occupies its slot from the offer until the agent clears it.",
)
