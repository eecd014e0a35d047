"""One meaning, four executions: at every snapshot that the desk can come to, and on every event.

The compiled step, the `transitions` engine, the encoding with keys and clocks and the encoding
with counters give the same successor or the same refusal. Durations are one or two ticks, time
passes tick by tick, and snapshots that differ only in the names of contacts, or in the time spent
where no timer runs, are counted once.
"""

from __future__ import annotations

from itertools import product
from math import comb

import attrs
import pytest

from fsm.desk import DESK
from fsm.engine import compile

from .comparing import compare_everywhere
from .reachable import reachable

EQUAL, LATER, SLOW = (1, 1), (1, 2), (2, 2)
"""Ticks after which an offer is counted as non-response, and after which it is missed."""

SEED = ""
NO_VOICE = "voice"
OUTBOUND = "outbound_calls"
NOT_HELD = "rejected_holds"
BLOCKED = "missed_blocks_agent"
BOTH_CHANNELS = "held_blocks_channel"
"""The parameter that is the other way round than in the seed's profile."""

SWITCHES = {param.name: param.default for param in DESK.parameters if isinstance(param.default, bool)}


@attrs.frozen
class Compared:
    """How much was compared: snapshots, events taken and refused there, timers that fired, events that came while one was due."""

    snapshots: int
    taken: int
    refused: int
    timers: int
    waiting: int


def profile(switched: tuple[str, ...], ticks: tuple[int, int], limit: int) -> dict[str, int]:
    """The seed's profile with some switches turned, these durations and so many chats."""
    return {"max_chats": limit, "non_response_after": ticks[0], "accept_window": ticks[1], **{name: not SWITCHES[name] for name in switched if name}}


# By hand, without voice, both durations one tick, one chat. A chat on the desk is one of six:
# offered (one tick later it is missed), connected, after contact work, missed, rejected, failed.
# It was counted as non-response exactly when it was missed, since both timers fire at one instant;
# so that tells no two apart. With the empty desk that makes 7, and beside each of them the agent
# can be Available, Away or Offline, since no status sends a contact away (D6): 7 * 3 = 21.
PINNED = {
    (SEED, EQUAL, 1): Compared(39, 316, 1142, 12, 126),
    (SEED, EQUAL, 2): Compared(102, 969, 3729, 54, 846),
    (SEED, EQUAL, 3): Compared(270, 3042, 12303, 222, 4941),
    (SEED, LATER, 1): Compared(69, 562, 2030, 12, 0),
    (SEED, LATER, 2): Compared(267, 2595, 9987, 84, 270),
    (SEED, LATER, 3): Compared(1125, 13026, 52323, 552, 4365),
    (SEED, SLOW, 1): Compared(45, 400, 1310, 12, 126),
    (SEED, SLOW, 2): Compared(129, 1400, 4720, 60, 936),
    (SEED, SLOW, 3): Compared(381, 5061, 17439, 276, 6084),
    (NO_VOICE, EQUAL, 1): Compared(21, 167, 598, 6, 63),
    (NO_VOICE, LATER, 1): Compared(36, 290, 1042, 6, 0),
    (NO_VOICE, LATER, 2): Compared(234, 2323, 8999, 78, 270),
    (NO_VOICE, EQUAL, 3): Compared(252, 2893, 11759, 216, 4878),
    (OUTBOUND, EQUAL, 1): Compared(93, 928, 3500, 30, 396),
    (OUTBOUND, LATER, 1): Compared(168, 1678, 6314, 30, 0),
    (OUTBOUND, EQUAL, 2): Compared(345, 4047, 16257, 198, 3924),
    (NOT_HELD, EQUAL, 1): Compared(33, 268, 938, 12, 126),
    (NOT_HELD, LATER, 1): Compared(57, 466, 1622, 12, 0),
    (NOT_HELD, LATER, 2): Compared(192, 1865, 6793, 72, 270),
    (NOT_HELD, EQUAL, 3): Compared(183, 2051, 7840, 174, 3915),
    (BLOCKED, EQUAL, 1): Compared(39, 316, 1142, 12, 126),
    (BLOCKED, LATER, 1): Compared(69, 562, 2030, 12, 0),
    (BLOCKED, LATER, 2): Compared(264, 2569, 9923, 81, 270),
    (BLOCKED, EQUAL, 3): Compared(249, 2831, 11722, 174, 3915),
    (BOTH_CHANNELS, EQUAL, 1): Compared(135, 1292, 5206, 60, 846),
    (BOTH_CHANNELS, LATER, 1): Compared(384, 3740, 15232, 96, 0),
    (BOTH_CHANNELS, EQUAL, 2): Compared(510, 5699, 24397, 330, 6480),
}


@pytest.mark.parametrize(("switched", "ticks", "limit"), PINNED)
def test_every_execution_gives_the_same_successor_or_the_same_refusal(switched: str, ticks: tuple[int, int], limit: int) -> None:
    """At every snapshot of a small desk, for every event now and a tick later, and whichever timer goes first."""
    seen = compare_everywhere(DESK, profile((switched,), ticks, limit))
    compared = Compared(seen["snapshots"], seen["taken"], seen["refused"], seen["timers"], seen["waiting"])
    print(f"{switched or 'seed'}, counted after {ticks[0]} and missed after {ticks[1]}, limit {limit}: {compared}")
    assert PINNED[switched, ticks, limit] == compared


KINDS = {EQUAL: 6, LATER: 11, SLOW: 7}
"""What one tile can be. LATER: offered for 0 or for 1 tick and counted; connected, after work, rejected and failed with and
without having been counted; missed. SLOW: offered for 0 or for 1 tick, and the other five as in EQUAL."""


@pytest.mark.parametrize(("ticks", "limit"), [*product(KINDS, (1, 2, 3))])
def test_the_desk_has_as_many_snapshots_as_can_be_counted_by_hand(ticks: tuple[int, int], limit: int) -> None:
    """Beside each of three statuses: at most so many chats of some kinds, in no order; or, with voice, one call."""
    chats = comb(limit + KINDS[ticks], limit)
    assert 3 * chats == len(reachable(compile(DESK, profile((NO_VOICE,), ticks, limit))))
    assert 3 * (chats + KINDS[ticks]) == len(reachable(compile(DESK, profile((), ticks, limit))))


ALL_SWITCHES = [tuple(name for name, turned in zip(SWITCHES, chosen, strict=True) if turned) for chosen in product((False, True), repeat=len(SWITCHES))]


@pytest.mark.soak
@pytest.mark.parametrize(("switched", "ticks", "limit"), [*product(ALL_SWITCHES, (EQUAL, LATER, SLOW), (1, 2))])
def test_every_profile_agrees(switched: tuple[str, ...], ticks: tuple[int, int], limit: int) -> None:
    """With every combination of switches, up to two chats."""
    assert compare_everywhere(DESK, profile(switched, ticks, limit))["snapshots"] > 0


@pytest.mark.soak
@pytest.mark.parametrize(("switched", "ticks", "limit"), [*product((SEED, *SWITCHES), (EQUAL, LATER, SLOW), (3, 4, 5))])
def test_every_limit_agrees(switched: str, ticks: tuple[int, int], limit: int) -> None:
    """With each switch by itself, up to the five chats of the seed."""
    assert compare_everywhere(DESK, profile((switched,), ticks, limit))["snapshots"] > 0
