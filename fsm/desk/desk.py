"""One agent's desk: which tile an event moves, and what the business forbids, rule by rule."""

from __future__ import annotations

from fsm.desk import agent as status
from fsm.desk import tile
from fsm.desk.agent import available, following
from fsm.desk.claims import CLAIMS
from fsm.desk.events import (
    Abandon,
    Accept,
    Attach,
    Clear,
    End,
    Fail,
    OfferCall,
    OfferChat,
    OfferEmail,
    OfferTask,
    PlaceCall,
    Reject,
    SetStatus,
    Text,
)  # fmt: skip
from fsm.desk.later.versions import VERSIONS
from fsm.desk.parameters import (
    PARAMETERS,
    WITHIN_CEILING,
    attachments,
    max_chats,
    max_emails,
    max_tasks,
    missed_blocks_agent,
    next_status,
    outbound_calls,
    rejected_holds,
    voice,
)  # fmt: skip
from fsm.desk.parts import agent, tiles
from fsm.desk.report_claims import REPORT_CLAIMS
from fsm.desk.routing import (
    no_held_call,
    no_held_chat,
    no_held_email,
    no_held_task,
    no_live_call,
    no_live_chat,
    no_live_email,
    no_live_task,
)  # fmt: skip
from fsm.desk.tile import after_work, channel, connected, failed, missed, offered
from fsm.desk.vocabulary import Channel, Next, Status
from fsm.language.formulas import named
from fsm.language.system import Rule, System, wire

leaves = SetStatus.status != Status.AVAILABLE
must_wait = named(
    "the status must wait", next_status & leaves & agent.inside(available) & tiles.any(offered, connected)
)
tidies_up = named(
    "the status need not wait", next_status & leaves & ~(agent.inside(available) & tiles.any(offered, connected))
)
takes_next = named("the next status is due", (agent[following] != Next.NONE) & (tiles.count() == 1))

OFFERS = (OfferChat, OfferCall, OfferTask, OfferEmail)

DESK = System(
    "desk",
    parts=(agent, tiles),
    parameters=PARAMETERS,
    assumptions=(WITHIN_CEILING,),
    wires=(
        wire(OfferChat, tiles[OfferChat.contact].by(tile.Offer, channel=Channel.CHAT, name=OfferChat.name, arrived_at=OfferChat.arrived_at, last_text_at=OfferChat.last_text_at)),
        wire(OfferCall, tiles[OfferCall.contact].by(tile.Offer, channel=Channel.VOICE, name=OfferCall.name, arrived_at=OfferCall.arrived_at)),
        wire(OfferTask, tiles[OfferTask.contact].by(tile.Offer, channel=Channel.TASK, name=OfferTask.name, arrived_at=OfferTask.arrived_at)),
        wire(OfferEmail, tiles[OfferEmail.contact].by(tile.Offer, channel=Channel.EMAIL, name=OfferEmail.name, arrived_at=OfferEmail.arrived_at)),
        wire(PlaceCall, tiles[PlaceCall.contact].by(tile.Dial, name=PlaceCall.name)),
        wire(Accept, tiles[Accept.contact].by(tile.Accept, last_text_at=Accept.last_text_at)),
        wire(Reject, tiles[Reject.contact].by(tile.Reject), when=rejected_holds | ~takes_next),
        wire(Reject, tiles[Reject.contact].by(tile.Reject), agent.by(status.TakeNextStatus), when=~rejected_holds & takes_next),
        wire(Abandon, tiles[Abandon.contact].by(tile.Abandon)),
        wire(Text, tiles[Text.contact].by(tile.Text, speaker=Text.speaker)),
        wire(Attach, tiles[Attach.contact].by(tile.Text, speaker=Attach.speaker)),
        wire(Fail, tiles[Fail.contact].by(tile.Fail, answered_at=Fail.answered_at), when=rejected_holds | ~takes_next),
        wire(Fail, tiles[Fail.contact].by(tile.Fail, answered_at=Fail.answered_at), agent.by(status.TakeNextStatus), when=~rejected_holds & takes_next),
        wire(End, tiles[End.contact].by(tile.End)),
        wire(Clear, tiles[Clear.contact].by(tile.Clear), when=~takes_next),
        wire(Clear, tiles[Clear.contact].by(tile.Clear), agent.by(status.TakeNextStatus), when=takes_next),
        wire(SetStatus, agent.by(status.SetStatus, status=SetStatus.status), when=~next_status | ~leaves),
        wire(SetStatus, agent.by(status.SetStatus, status=SetStatus.status), tiles.every(after_work).by(tile.Clear), when=tidies_up),
        wire(SetStatus, agent.by(status.PlanStatus, status=SetStatus.status), tiles.every(after_work).by(tile.Clear), when=must_wait),
    ),
    rules=(
        Rule("only an available agent is offered contacts", on=OFFERS, when=agent.inside(available), cites="S01"),
        Rule("nothing is offered while a status waits", on=OFFERS, when=agent[following] == Next.NONE, cites="D6"),
        Rule("no chat while another channel is live", on=OfferChat, when=no_live_call & no_live_task & no_live_email, cites="S05"),
        Rule("no call while another channel is live", on=OfferCall, when=no_live_chat & no_live_task & no_live_email, cites="S06"),
        Rule("no task while another channel is live", on=OfferTask, when=no_live_call & no_live_chat & no_live_email, cites=("S05", "S06")),
        Rule("no e-mail while another channel is live", on=OfferEmail, when=no_live_call & no_live_chat & no_live_task, cites=("S05", "S06")),
        Rule("no chat while another channel is held", on=OfferChat, when=no_held_call & no_held_task & no_held_email, cites=("S05", "D10")),
        Rule("no call while another channel is held", on=OfferCall, when=no_held_chat & no_held_task & no_held_email, cites=("S06", "D10")),
        Rule("no task while another channel is held", on=OfferTask, when=no_held_call & no_held_chat & no_held_email, cites="D10"),
        Rule("no e-mail while another channel is held", on=OfferEmail, when=no_held_call & no_held_chat & no_held_task, cites="D10"),
        Rule("a chat slot is free", on=OfferChat, when=tiles.count(channel == Channel.CHAT) < max_chats, cites=("S02", "S22")),
        Rule("a task slot is free", on=OfferTask, when=tiles.count(channel == Channel.TASK) < max_tasks, cites="S22"),
        Rule("an e-mail slot is free", on=OfferEmail, when=tiles.count(channel == Channel.EMAIL) < max_emails, cites="S22"),
        Rule("the voice slot is free", on=(OfferCall, PlaceCall), when=tiles.none(channel == Channel.VOICE), cites=("S22", "D9")),
        Rule("calls are routed to this agent", on=OfferCall, when=voice, cites="D13"),
        Rule("outbound calls are switched on", on=PlaceCall, when=outbound_calls, cites="D2"),
        Rule("missed contacts block the agent", on=OFFERS, when=~missed_blocks_agent | tiles.none(missed, failed), cites=("D5", "D18")),
        Rule("a chat is text only", on=Attach, when=attachments, cites="S04"),
    ),
    properties=(*CLAIMS, *REPORT_CLAIMS),
    profiles=VERSIONS,
    doc="An agent holds contacts in slots: offered one channel at a time, as many as the profile allows.",
)  # fmt: skip
