"""What one contact is on one agent's desk today: that of 2019 with what came later, and what else is true of it.

A tile occupies a slot for as long as it is there (S21).
"""

from fsm import (
    ELAPSED,
    Machine,
    after,
    always,
    before,
    can_happen,
    choose,
    each_step,
    emitted,
    happens,
    inside,
    reachable,
    within,
)
from fsm.desk import desk
from fsm.desk.desk import (
    after_work,
    arrived_at,
    channel,
    connected,
    counted,
    failed,
    free,
    last_text_at,
    missed,
    name,
    offered,
    rejected,
)  # fmt: skip
from fsm.desk.later import with_all
from fsm.desk.later.outbound import Dial
from fsm.desk.later.speaker_change import speaker
from fsm.desk.later.versions import AUTO_ACCEPT, SPEAKER_CHANGE, TWENTY_SECONDS, VERSIONS, since
from fsm.desk.parameters import accept_window, non_response_after, rejected_holds
from fsm.desk.vocabulary import (
    Abandon,
    Accept,
    Channel,
    Clear,
    Connected,
    End,
    Ended,
    Expire,
    Fail,
    Failed,
    Missed,
    NonResponse,
    NonResponseCounted,
    Offer,
    Rang,
    Reject,
    Rejected,
    SlotFreed,
    Speaker,
    Text,
    TextTimerReset,
)  # fmt: skip
from fsm.language.expressions import Formula

__all__ = [
    "TILE", "Abandon", "Accept", "Clear", "Dial", "End", "Expire", "Fail", "NonResponse", "Offer", "Reject", "Text",
    "after_work", "arrived_at", "channel", "connected", "counted", "failed", "free", "last_text_at", "missed", "name", "offered",
    "rejected", "speaker",
]  # fmt: skip


def counts(effect: type, when: Formula) -> Formula:
    """A step emits the effect once where this holds of it, and never else."""
    return after(emitted(effect)) == before(emitted(effect)) + choose(when, 1, 0)


CLAIMS = (
    "only clearing ends a missed contact",
    "only clearing ends after contact work",
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
    "a missed contact was counted as non-response",
    always(
        "every contact missed, or still ringing after it was counted, was counted once",
        emitted(Missed) + choose(inside(offered) & counted, 1, 0) <= emitted(NonResponseCounted),
        cites=("S18", "S19", "D1"),
    ),
    "contacts ever missed never exceed non-responses",
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
        happens(Clear) >> (before(inside(after_work, missed, rejected, failed)) & after(inside(free))),
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
    "an offer ends within the accept window",
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
    "from everywhere the slot can be freed",
)

TILE: Machine = with_all(
    desk.TILE,
    CLAIMS,
    variables=(channel, counted, speaker, name, arrived_at, last_text_at),
    profiles=VERSIONS,
)
