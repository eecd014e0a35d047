"""One meaning, four executions: at every snapshot that the desk can come to, and on every event.

The compiled step, the `transitions` engine, the encoding with keys and clocks and the encoding
with counters give the same successor or the same refusal. Durations are one or two ticks, time
passes tick by tick, and snapshots that differ only in the names of contacts, or in the time spent
where no timer runs, are counted once.
"""

from __future__ import annotations

from functools import partial
from itertools import product
from math import comb

import attrs
import pytest

from fsm import compile
from fsm.desk import DESK

from .comparing import compare_under
from .reachable import along_runs, reachable

EQUAL, LATER, SLOW = (1, 1), (1, 2), (2, 2)
"""Ticks after which an offer is counted as non-response, and after which it is missed."""

SEED = ""
NO_VOICE = "voice"
OUTBOUND = "outbound_calls"
NOT_HELD = "rejected_holds"
BLOCKED = "missed_blocks_agent"
BOTH_CHANNELS = "held_blocks_channel"
FILES = "attachments"
NEXT = "next_status"
SPEAKERS = "speaker_change"
BY_ITSELF = "auto_accept"
SHARED = "chat_shares"
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
    return {
        "max_chats": limit,
        "non_response_after": ticks[0],
        "accept_window": ticks[1],
        **{name: not SWITCHES[name] for name in switched if name},
    }


# By hand, without voice, both durations one tick, one chat. A chat on the desk is one of eight:
# offered (one tick later it is missed), connected with nobody, the customer or the agent as the last
# to have written, after contact work, missed, rejected, failed. It was counted as non-response exactly
# when it was missed, since both timers fire at one instant; so that tells no two apart. With the empty
# desk that makes 9, and beside each of them the agent can be Available, Away or Offline, since no status
# sends a contact away (D6): 9 * 3 = 27.
PINNED = {
    (SEED, EQUAL, 1): Compared(45, 412, 2594, 12, 222),
    (SEED, LATER, 1): Compared(81, 754, 4694, 12, 0),
    (SEED, SLOW, 1): Compared(51, 496, 2954, 12, 222),
    (NO_VOICE, EQUAL, 1): Compared(27, 263, 1522, 6, 111),
    (NEXT, EQUAL, 1): Compared(57, 508, 3386, 12, 222),
    (BY_ITSELF, EQUAL, 1): Compared(36, 343, 2108, 6, 111),
    (SPEAKERS, EQUAL, 1): Compared(45, 412, 2594, 12, 222),
    (FILES, EQUAL, 1): Compared(45, 448, 2558, 12, 222),
    (OUTBOUND, EQUAL, 1): Compared(117, 1372, 8924, 30, 708),
    (NOT_HELD, EQUAL, 1): Compared(39, 364, 2198, 12, 222),
    (NOT_HELD, LATER, 1): Compared(69, 658, 3902, 12, 0),
    (BLOCKED, EQUAL, 1): Compared(45, 412, 2594, 12, 222),
    (SHARED, EQUAL, 1): Compared(186, 2116, 14174, 90, 2490),
    (BOTH_CHANNELS, EQUAL, 1): Compared(165, 1820, 12850, 60, 1518),
    (SEED, EQUAL, 2): Compared(153, 1927, 11447, 66, 1842),
    (NO_VOICE, LATER, 1): Compared(48, 482, 2746, 6, 0),
    (OUTBOUND, LATER, 1): Compared(216, 2566, 16490, 30, 0),
    (BLOCKED, LATER, 1): Compared(81, 754, 4694, 12, 0),
    (NEXT, LATER, 1): Compared(101, 914, 6014, 12, 0),
    (SEED, SLOW, 2): Compared(186, 2502, 14070, 72, 2004),
    (NEXT, EQUAL, 2): Compared(177, 2143, 13415, 66, 1842),
}


LARGEST = {(NEXT, EQUAL, 2), (SEED, SLOW, 2), (OUTBOUND, LATER, 1)}
"""What `make soak` compares: what each of them has in it is compared in a smaller one by the suite too."""


@pytest.mark.parametrize(
    ("switched", "ticks", "limit"),
    [pytest.param(*one, marks=[pytest.mark.soak] if one in LARGEST else []) for one in PINNED],
)
def test_every_execution_gives_the_same_successor_or_the_same_refusal(
    switched: str, ticks: tuple[int, int], limit: int
) -> None:
    """At every snapshot of a small desk, for every event now and a tick later, and whichever timer goes first."""
    seen = compare_under(DESK, profile((switched,), ticks, limit))
    compared = Compared(seen["snapshots"], seen["taken"], seen["refused"], seen["timers"], seen["waiting"])
    print(f"{switched or 'seed'}, counted after {ticks[0]} and missed after {ticks[1]}, limit {limit}: {compared}")
    assert PINNED[switched, ticks, limit] == compared


CALLS = {EQUAL: 6, LATER: 11, SLOW: 7}
"""What the tile of a call can be. LATER: offered for 0 or for 1 tick and counted; connected, after work, rejected and failed with
and without having been counted; missed. SLOW: offered for 0 or for 1 tick, and the other five as in EQUAL."""
CHATS = {EQUAL: 6 + 2, LATER: 11 + 2 * 2, SLOW: 7 + 2}
"""That of a chat: a connected one also tells who wrote last."""


@pytest.mark.parametrize(
    ("ticks", "limit"),
    [*product(CHATS, (1, 2)), (EQUAL, 3), (SLOW, 3), pytest.param(LATER, 3, marks=pytest.mark.soak)],
)
def test_the_desk_has_as_many_snapshots_as_can_be_counted_by_hand(ticks: tuple[int, int], limit: int) -> None:
    """Beside each of three statuses: at most so many chats of some kinds, in no order; or, with voice, one call."""
    chats = comb(limit + CHATS[ticks], limit)
    assert 3 * chats == len(reachable(compile(DESK, profile((NO_VOICE,), ticks, limit))))
    assert 3 * (chats + CALLS[ticks]) == len(reachable(compile(DESK, profile((), ticks, limit))))


TRIPLES = [
    tuple(name for column, name in enumerate(SWITCHES, start=1) if ((row & column).bit_count() + turned) % 2)
    for row, turned in product(range(16), range(2))
]
"""Any three switches in each of their eight combinations, equally often: of the eight thousand profiles all would take days.

An orthogonal array of strength three: the rows of Sylvester's Hadamard matrix of order 16, and these turned round (Rao 1947).
"""


@pytest.mark.soak
@pytest.mark.parametrize(
    ("switched", "ticks", "limit"), [*product(TRIPLES, (EQUAL, LATER, SLOW), (1,)), *product(TRIPLES, (EQUAL,), (2,))]
)
def test_every_profile_agrees(switched: tuple[str, ...], ticks: tuple[int, int], limit: int) -> None:
    """With any three switches however they stand, up to two chats."""
    assert compare_under(DESK, profile(switched, ticks, limit))["snapshots"] > 0


@pytest.mark.soak
@pytest.mark.parametrize(("switched", "ticks"), [(SEED, EQUAL), (SEED, LATER), (SEED, SLOW), (NO_VOICE, EQUAL)])
def test_three_chats_agree_everywhere(switched: str, ticks: tuple[int, int]) -> None:
    """In the seed's profile, whichever of the two times is the longer."""
    assert compare_under(DESK, profile((switched,), ticks, 3))["snapshots"] > 0


@pytest.mark.soak
@pytest.mark.parametrize(("row", "limit"), [*product(range(len(TRIPLES)), (3, 4, 5))])
def test_every_limit_agrees_along_runs(row: int, limit: int) -> None:
    """With any three switches however they stand, up to the five chats of the seed."""
    ticks = (EQUAL, LATER, SLOW)[(row + limit) % 3]
    seen = compare_under(DESK, profile(TRIPLES[row], ticks, limit), partial(along_runs, number=row))
    assert seen["snapshots"] > 0
