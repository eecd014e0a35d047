"""What is true of a desk: every claim with the facts it comes from. `fsm verify` proves them for every limit."""

from fsm import after, always, before, can_happen, each_step, emitted, happens, reachable, recoverable
from fsm.desk.agent import available, following
from fsm.desk.desk import call, chat
from fsm.desk.events import (
    Attach,
    Clear,
    Fail,
    OfferCall,
    OfferChat,
    OfferEmail,
    OfferTask,
    PlaceCall,
    Reject,
    SetStatus,
    Text,
)
from fsm.desk.later.versions import ATTACHMENTS, CROSS_CHANNEL, NEXT_STATUS, TEN_CHATS, TWENTY_SECONDS, since
from fsm.desk.parameters import (
    accept_window,
    auto_accept,
    held_blocks_channel,
    max_chats,
    max_emails,
    max_tasks,
    missed_blocks_agent,
    next_status,
    non_response_after,
    outbound_calls,
    rejected_holds,
)
from fsm.desk.parts import agent, tiles
from fsm.desk.tile import (
    after_work,
    channel,
    connected,
    counted,
    failed,
    missed,
    offered,
    rejected,
    speaker,
)
from fsm.desk.vocabulary import Channel, Missed, Next, NonResponseCounted, Speaker

offers = happens(OfferChat, OfferCall, OfferTask, OfferEmail)
not_finished = (offered, connected, missed, rejected, failed)
two_channels = tiles.any(chat) & tiles.any(call)

CLAIMS = (
    "only an Available agent is offered anything",
    each_step(
        "no chat is offered while a call is live",
        happens(OfferChat) >> before(tiles.none(offered, connected, call)),
        cites=("S05",),
        refuted_in=since(CROSS_CHANNEL),
    ),
    each_step(
        "no call is offered while a chat is live",
        happens(OfferCall) >> before(tiles.none(offered, connected, chat)),
        cites=("S06",),
        refuted_in=since(CROSS_CHANNEL),
    ),
    each_step(
        "no chat is offered while a call is held in any state",
        (held_blocks_channel & happens(OfferChat)) >> before(tiles.none(call)),
        cites=("S05", "D10"),
        refuted_in=since(CROSS_CHANNEL),
    ),
    each_step(
        "no call is offered while a chat is held in any state",
        (held_blocks_channel & happens(OfferCall)) >> before(tiles.none(chat)),
        cites=("S06", "D10"),
        refuted_in=since(CROSS_CHANNEL),
    ),
    always(
        "two channels are held at once only with outbound calls",
        (held_blocks_channel & ~outbound_calls) >> ~two_channels,
        cites=("S05", "S06", "D2", "D10"),
        refuted_in=since(CROSS_CHANNEL),
    ),
    always(
        "a call and a chat ring together never",
        ~(tiles.any(offered, call) & tiles.any(offered, chat)),
        cites=("S05", "S06"),
        refuted_in=since(CROSS_CHANNEL),
    ),
    "chats in use never exceed the limit",
    always("the limit never exceeds five", max_chats <= 5, cites=("S02",), refuted_in=since(TEN_CHATS)),
    always("the limit never exceeds ten", max_chats <= 10, cites=("S02",)),
    "at most one call is held",
    each_step(
        "nothing is offered while a missed call is there",
        (held_blocks_channel & offers) >> before(tiles.none(missed, call)),
        cites=("D9", "D10"),
        refuted_in=since(CROSS_CHANNEL),
    ),
    each_step(
        "no chat is offered when every slot is in use",
        happens(OfferChat) >> before(tiles.count(chat) < max_chats),
        cites=("S22",),
    ),
    each_step(
        "a slot once taken is given back only by clearing, or by an offer that does not hold it",
        (after(tiles.count()) < before(tiles.count())) >> (happens(Clear) | before(tiles.any(offered, connected))),
        cites=("S21", "S23", "D4"),
        refuted_in=since(NEXT_STATUS),
    ),
    "a missed contact holds its slot until it is cleared",
    each_step(
        "after contact work holds its slot until it is cleared",
        (after(tiles.count(after_work)) < before(tiles.count(after_work))) >> happens(Clear),
        cites=("S16", "S21"),
        refuted_in=since(NEXT_STATUS),
    ),
    each_step(
        "where one missed contact blocks the agent, nothing is offered before it is cleared, or before a failed one is",
        (missed_blocks_agent & offers) >> before(tiles.none(missed, failed)),
        cites=("D5", "D18"),
    ),
    each_step(
        "the agent starts calls only, and only where that is switched on",
        happens(PlaceCall) >> (outbound_calls & (after(tiles.count(chat)) == before(tiles.count(chat)))),
        cites=("S03", "D2"),
    ),
    each_step("no file is sent in a chat", ~happens(Attach), cites=("S04",), refuted_in=since(ATTACHMENTS)),
    always("tasks in use never exceed their limit", tiles.count(channel == Channel.TASK) <= max_tasks, cites=("S22",)),
    always(
        "e-mails in use never exceed their limit", tiles.count(channel == Channel.EMAIL) <= max_emails, cites=("S22",)
    ),
    each_step(
        "a status chosen while contacts are live waits, where the guide lets it",
        (next_status & happens(SetStatus) & before(agent.inside(available) & tiles.any(offered, connected)))
        >> after(agent.inside(available)),
        cites=("D6",),
    ),
    always(
        "no status waits where the guide knows no waiting",
        ~next_status >> (agent[following] == Next.NONE),
        cites=("D6",),
    ),
    each_step(
        "nothing is offered while a status waits", offers >> before(agent[following] == Next.NONE), cites=("D6",)
    ),
    each_step(
        "a status that waits is taken by itself only when the desk is empty",
        (before(agent[following] != Next.NONE) & after(~agent.inside(available)) & ~happens(SetStatus))
        >> after(tiles.none()),
        cites=("D6",),
    ),
    "a status waits only while something is held",
    each_step(
        "where no status can wait, a chosen one is taken at once and sends no contact away",
        (~next_status & happens(SetStatus)) >> (after(tiles.count()) == before(tiles.count())),
        cites=("D6", "D7"),
    ),
    each_step(
        "choosing a status clears after contact work and nothing else",
        happens(SetStatus) >> (after(tiles.count(*not_finished)) == before(tiles.count(*not_finished))),
        cites=("D6", "S21"),
    ),
    always(
        "every contact missed, or still ringing after it was counted, was counted once",
        emitted(Missed) + tiles.count(offered, counted) <= emitted(NonResponseCounted),
        cites=("S18", "S19", "D1"),
    ),
    always(
        "contacts ever missed never exceed non-responses",
        emitted(Missed) <= emitted(NonResponseCounted),
        cites=("S19", "D1"),
    ),
    always(
        "a contact is connected after it was counted only where the two times differ",
        (non_response_after == accept_window) >> tiles.none(connected, counted),
        cites=("S18", "S19", "D1"),
    ),
    reachable(
        "a contact can be connected after it was counted",
        tiles.any(connected, counted),
        cites=("S18", "S19", "D1"),
        refuted_in=since(TWENTY_SECONDS),
    ),
    "a missed contact blocks its own slot only, where it does not block the agent",
    can_happen(
        "a chat can be offered to an agent in a chat, where held contacts keep other channels away",
        held_blocks_channel & happens(OfferChat) & before(tiles.any(connected, chat)),
        cites=("S02", "D10"),
    ),
    "a chat can be offered to an agent whom a missed contact would block",
    "a customer can leave while it rings",
    can_happen(
        "a customer can write twice in a row",
        happens(Text)
        & before(tiles.any(connected, speaker == Speaker.CUSTOMER) & (tiles.count() == 1))
        & after(tiles.any(connected, speaker == Speaker.CUSTOMER)),
        cites=("S15",),
    ),
    can_happen(
        "a call can be offered where held contacts keep other channels away",
        held_blocks_channel & happens(OfferCall),
        cites=("D10",),
    ),
    can_happen(
        "a chat can be offered while a call is held that is over, where only live contacts keep other channels away",
        ~held_blocks_channel & happens(OfferChat) & before(tiles.any(call)),
        cites=("D10",),
    ),
    can_happen(
        "a call can be offered while a chat is held that is over, where only live contacts keep other channels away",
        ~held_blocks_channel & happens(OfferCall) & before(tiles.any(chat)),
        cites=("D10",),
    ),
    can_happen(
        "the last offer can be rejected and leave the desk empty",
        ~rejected_holds & happens(Reject) & after(tiles.none()),
        cites=("S10", "D4"),
    ),
    can_happen(
        "the last contact can fail and leave the desk empty",
        ~rejected_holds & happens(Fail) & after(tiles.none()),
        cites=("D4",),
    ),
    can_happen("the last tile can be cleared", happens(Clear) & after(tiles.none()), cites=("S23",)),
    can_happen(
        "an agent can stop receiving contacts",
        happens(SetStatus) & before(agent.inside(available)) & after(~agent.inside(available)),
        cites=("S01", "D6"),
    ),
    reachable("an agent can be offered a chat", tiles.any(offered, chat), cites=("S01",)),
    reachable("an agent can be offered a call", tiles.any(offered, call), cites=("S01",)),
    reachable("two chats can be held at once", tiles.count(chat) >= 2, cites=("S02",)),
    reachable(
        "every slot can be taken by missed contacts",
        (tiles.count(missed, chat) == max_chats) & (max_chats >= 2),
        cites=("S20", "S22"),
    ),
    reachable("a call and a chat can be held together with outbound calls", two_channels, cites=("D2",)),
    reachable("a contact can be in after contact work", tiles.any(after_work), cites=("S16",)),
    reachable("a contact can be rejected", tiles.any(rejected), cites=("S10",)),
    reachable("a contact can fail", tiles.any(failed), cites=("D4",)),
    recoverable(
        "from everywhere a chat can reach the agent again, where chats are routed at all",
        tiles.any(offered, chat) | (auto_accept & tiles.any(connected, chat)) | (max_chats == 0),
        cites=("S22", "S23"),
    ),
    "from everywhere the desk can be emptied and its agent be available again",
)
