"""Today's desk: that of 2019 with every later version of the guide, and every decision that can be taken otherwise.

What an administrator may choose is a parameter; a version of the guide fixes some of them (`fsm.desk.later.versions`).

`REPORT_CLAIMS` are what the reports rest on: laws of conservation between slots, tiles and what was ever emitted (S19). They are said of
the system, so that they are proved for every limit and every profile, and not of the code that counts (`fsm.desk.reports`), which is
tested against them.
"""

from fsm import System, after, always, before, choose, each_step, emitted, happens
from fsm.desk import desk
from fsm.desk.claims import CLAIMS
from fsm.desk.later import with_all
from fsm.desk.later.rejected_frees import rejected_holds
from fsm.desk.later.versions import VERSIONS
from fsm.desk.parameters import PARAMETERS, auto_accept, outbound_calls, speaker_change, voice
from fsm.desk.parts import agent, tiles
from fsm.desk.tile import NonResponse, after_work, channel, connected, failed, missed, offered, rejected
from fsm.desk.vocabulary import Channel, Connected, Ended, NonResponseCounted, Rang, SlotFreed
from fsm.language.expressions import Formula
from fsm.variants import Variant, replaced


def _accounted(one: Channel) -> Formula:
    """What the rules count as in use on a channel, whatever its state, is what the report tells state by state."""
    on = channel == one
    return tiles.count(on) - tiles.count(connected, after_work, on) == tiles.count(
        offered, missed, rejected, failed, on
    )


REPORT_CLAIMS = (
    always(
        "a call is in use only where calls are routed or placed",
        tiles.count(channel == Channel.VOICE) <= choose(voice | outbound_calls, 1, 0),
        cites=("S19", "D9", "D13"),
    ),
    always(
        "slots in use that are not active are offered, missed, rejected or failed",
        _accounted(Channel.CHAT) & _accounted(Channel.VOICE) & _accounted(Channel.TASK) & _accounted(Channel.EMAIL),
        cites=("S19", "S21"),
    ),
    each_step(
        "a non-response is reported exactly when an offer has lasted the non-response time",
        after(emitted(NonResponseCounted)) == before(emitted(NonResponseCounted)) + choose(happens(NonResponse), 1, 0),
        cites=("S18", "S19"),
    ),
    always(
        "every contact that was ever offered has given its slot back or holds it, where the agent places no calls",
        ~outbound_calls >> (emitted(Rang) == emitted(SlotFreed) + tiles.count()),
        cites=("S19", "S21"),
    ),
    always(
        "every slot ever taken, by an offer or a placed call, was given back or is in use",
        (emitted(Rang) <= emitted(SlotFreed) + tiles.count())
        & (emitted(SlotFreed) + tiles.count() <= emitted(Rang) + emitted(Connected)),
        cites=("S19", "S21", "D2"),
    ),
    always(
        "conversations reported as ended, and those going on, were all reported as connected",
        emitted(Ended) + tiles.count(connected) <= emitted(Connected),
        cites=("S19",),
    ),
)

MACHINES = Variant(
    "the machines of today",
    desk.GUIDE,
    adds=(rejected_holds, speaker_change, auto_accept),
    replaces=(replaced(desk.agent, agent), replaced(desk.tiles, tiles)),
)
DESK: System = with_all(desk.GUIDE, (*CLAIMS, *REPORT_CLAIMS), MACHINES, parameters=PARAMETERS, profiles=VERSIONS)
