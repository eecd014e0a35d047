"""One meaning, four executions, for a contact and the desks it rings at: as for the desk, here told apart by agent."""

from __future__ import annotations

from functools import partial
from itertools import product

import pytest

from fsm.desk import JOURNEY, Channel

from .comparing import compare_under
from .reachable import along_runs

EQUAL, LATER, SLOW = (1, 1), (1, 2), (2, 2)
"""Ticks after which an offer is counted as non-response, and after which it is missed."""

SWITCHES = {param.name: param.default for param in JOURNEY.parameters if isinstance(param.default, bool)}


def profile(switched: tuple[str, ...], ticks: tuple[int, int], agents: int) -> dict[str, int]:
    """So many agents, these durations, and some switches turned."""
    return {
        "agents": agents,
        "non_response_after": ticks[0],
        "accept_window": ticks[1],
        **{name: not SWITCHES[name] for name in switched if name},
    }


# By hand, with one agent. On each of four channels a tile that is not live is none, after contact work,
# missed, rejected or failed; where the two times differ, all but none and missed were counted or not.
DONE = {EQUAL: 5, LATER: 1 + 2 + 1 + 2 + 2, SLOW: 5}
# It rings for 0 ticks; LATER for 0, or for 1 and counted; SLOW for 0 or for 1.
RINGS = {EQUAL: 1, LATER: 2, SLOW: 2}
TALKS = {EQUAL: 1, LATER: 2, SLOW: 1}


@pytest.mark.parametrize(("switched", "ticks"), [("", EQUAL), ("", LATER), ("attachments", SLOW)])
def test_a_contact_and_one_agent_agree_everywhere(switched: str, ticks: tuple[int, int]) -> None:
    """At every snapshot and event; and there are as many as can be counted: not arrived, with the bot, queued, ringing, talking, ended."""
    seen = compare_under(JOURNEY, profile((switched,), ticks, 1))

    assert 1 + len(Channel) * (1 + DONE[ticks] + RINGS[ticks] + TALKS[ticks] + DONE[ticks]) == seen["snapshots"]


@pytest.mark.parametrize("switched", ["auto_accept", "rejected_holds"])
def test_what_an_administrator_sets_agrees_too(switched: str) -> None:
    """A chat that connects by itself; a rejected offer that gives its slot back."""
    assert compare_under(JOURNEY, profile((switched,), LATER, 1))["taken"] > 0


def test_a_contact_and_two_agents_agree_everywhere() -> None:
    """Tiles at two desks at once, and a hand-over from one to the other."""
    seen = compare_under(JOURNEY, profile((), EQUAL, 2))

    assert (165, 40) == (seen["snapshots"], seen["timers"])


@pytest.mark.soak
@pytest.mark.parametrize(("switched", "ticks"), [*product(("", *SWITCHES), (EQUAL, LATER, SLOW))])
def test_three_agents_agree_along_runs(switched: str, ticks: tuple[int, int]) -> None:
    """With each switch by itself."""
    assert compare_under(JOURNEY, profile((switched,), ticks, 3), partial(along_runs, number=0))["snapshots"] > 0
