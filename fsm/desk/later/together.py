"""What has to be said where two of them meet: neither can speak of the other, since each stands alone on the page of 2019."""

import attrs

from fsm.desk import events
from fsm.desk.desk import GUIDE, TILE, channel, connected, offered, tiles
from fsm.desk.later import attachments, auto_accept, numbers, outbound
from fsm.desk.later.cross_channel import CROSS_CHANNEL, DECIDED, HELD, OFFERS, SHARES, kept_away
from fsm.desk.later.live_only import LIVE_ONLY, held_blocks_channel
from fsm.desk.later.missed_blocks import BLOCKS, MISSED_BLOCKS
from fsm.desk.later.next_status import NEXT_STATUS, WAITED, last, takes_next
from fsm.desk.later.rejected_frees import REJECTED_FREES, fails, rejected_holds
from fsm.desk.later.speaker_change import SPEAKER_CHANGE, speaker
from fsm.desk.vocabulary import Fail, Reject, Speaker
from fsm.variants import Variant, line, replaced, rule

LIVE = "no {} while another channel is live"
SAID = {events.OfferChat: ("S05",), events.OfferCall: ("S06",), events.OfferTask: ("S05", "S06"), events.OfferEmail: ("S05", "S06")}  # fmt: skip
live = {one: shares | tiles.none(offered, connected, channel == one) for one, shares in SHARES.items()}
held = {one: ~held_blocks_channel | shares | tiles.none(channel == one) for one, shares in SHARES.items()}
chat, *rest = kept_away(LIVE, live, SAID)
may_free = (rejected_holds | ~takes_next, ~rejected_holds & takes_next)

MEETINGS = (
    (NEXT_STATUS, CROSS_CHANNEL, Variant(
        "no task while a status waits", GUIDE, replaces=(replaced(rule(WAITED.name), attrs.evolve(WAITED, on=tuple(OFFERS))),),
    )),
    (MISSED_BLOCKS, CROSS_CHANNEL, Variant(
        "no task for whom a missed contact blocks", GUIDE, replaces=(replaced(rule(BLOCKS.name), attrs.evolve(BLOCKS, on=tuple(OFFERS))),),
    )),
    (LIVE_ONLY, CROSS_CHANNEL, Variant("only live contacts of channels that are not shared", GUIDE, replaces=(
        replaced(rule(LIVE.format("chat")), chat), replaced(rule(LIVE.format("call")), *rest),
        *(replaced(rule(one.name), one) for one in kept_away(HELD, held, DECIDED)),
    ))),
    (NEXT_STATUS, REJECTED_FREES, Variant("a rejected offer may have been the last", GUIDE, replaces=(
        last(events.Reject, tiles[events.Reject.contact].by(Reject), *may_free),
        last(events.Fail, tiles[events.Fail.contact].by(Fail, answered_at=events.Fail.answered_at), *may_free),
    ))),
    (SPEAKER_CHANGE, REJECTED_FREES, Variant("who spoke last is forgotten with what has failed", TILE, replaces=(
        replaced(line(offered | connected, Fail, rejected_holds), fails.set(speaker, Speaker.NOBODY)),
    ))),
)  # fmt: skip

ALL = (
    attachments.ATTACHMENTS, MISSED_BLOCKS, outbound.OUTBOUND, LIVE_ONLY, NEXT_STATUS, numbers.TEN_CHATS, CROSS_CHANNEL, SPEAKER_CHANGE,
    REJECTED_FREES, auto_accept.AUTO_ACCEPT,
)  # fmt: skip
"""In the order in which they are made."""


def together(*variants: Variant) -> tuple[Variant, ...]:
    """These in the order in which they are made, and what has to be said where two of them meet.

    Others may be among them, and come behind. A claim that two of them retract is retracted by the first.
    """
    known: set[str] = set()
    given = (*(one for one in ALL if one in variants), *(one for one in variants if one not in ALL))
    meet = (more for one, other, more in MEETINGS if one in variants and other in variants)
    return (*[_retracting_once(one, known) for one in given], *meet)


def _retracting_once(variant: Variant, known: set[str]) -> Variant:
    machines = tuple([_retracting_once(one, known) for one in variant.machines])
    retracts = tuple([one for one in variant.retracts if one.sentence not in known])
    known.update(one.sentence for one in retracts)
    return attrs.evolve(variant, machines=machines, retracts=retracts)
