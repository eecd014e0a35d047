"""What the reports rest on: laws of conservation between slots, tiles and what was ever emitted (S19).

Said of the system, so that they are proved for every limit and every profile, and not of the
code that counts (`fsm.desk.realtime`, `fsm.desk.historical`), which is tested against them.
"""

from __future__ import annotations

from fsm.desk import tile
from fsm.desk.channel import Channel
from fsm.desk.effects import Connected, Ended, NonResponseCounted, Rang, SlotFreed
from fsm.desk.parts import tiles
from fsm.desk.profile import outbound_calls, voice
from fsm.desk.tile import after_work, channel, connected, failed, missed, offered, rejected
from fsm.expressions import after, before, choose, emitted, happens
from fsm.properties import always, each_step

REPORT_CLAIMS = (
    always(
        "a call is in use only where calls are routed or placed",
        tiles.count(channel == Channel.VOICE) <= choose(voice | outbound_calls, 1, 0),
        cites=("S19", "D9", "D13"),
    ),
    always(
        "slots taken and not given back are active, or offered, missed, rejected or failed, where the agent places no calls",
        ~outbound_calls
        >> (emitted(Rang) - emitted(SlotFreed) - tiles.count(connected, after_work) == tiles.count(offered, missed, rejected, failed)),
        cites=("S19", "S21"),
    ),
    each_step(
        "a non-response is reported exactly when an offer has lasted the non-response time",
        after(emitted(NonResponseCounted)) == before(emitted(NonResponseCounted)) + choose(happens(tile.NonResponse), 1, 0),
        cites=("S18", "S19"),
    ),
    always(
        "every contact that was ever offered has given its slot back or holds it, where the agent places no calls",
        ~outbound_calls >> (emitted(Rang) == emitted(SlotFreed) + tiles.count()),
        cites=("S19", "S21"),
    ),
    always(
        "conversations reported as ended, and those going on, were all reported as connected",
        emitted(Ended) + tiles.count(connected) <= emitted(Connected),
        cites=("S19",),
    ),
)
