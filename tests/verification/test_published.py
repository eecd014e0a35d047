"""Numbers that come from elsewhere: the published model, counted by nine other tools, comes out the same here.

By hand: N slots in five states give 5^N assignments, with the voice line free; the voice line in
one of its three other states leaves every slot free, which gives 3 more. Each goes with each of the
three statuses, since those change at any time: 3 x (5^N + 3). Up to renaming, only how many
slots are in each state counts, and N slots over five states are C(N + 4, 4) ways: 3 x (C(N + 4, 4) + 3).
"""

from __future__ import annotations

from math import comb, factorial, prod

import attrs
import pytest

from fsm import compile
from fsm.language.expressions import Const
from fsm.verification import Proved, Refuted, verify
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.search.breadth_first import search
from fsm.verification.search.goal import Goal

from .agreement.reachable import reachable
from .mutants import without_rules
from .published import DESK


@pytest.mark.parametrize(("slots", "snapshots"), [(5, 387), (10, 3_012)])
def test_the_search_meets_as_many_snapshots_as_were_published(slots: int, snapshots: int) -> None:
    """Up to renaming of slots; the search has come to an end."""
    found = search(compile(DESK, {"slots": slots}), {"nothing": Goal(Const(False))})

    assert (snapshots, True) == (found.snapshots, found.complete)
    assert snapshots == 3 * (comb(slots + 4, 4) + 3)


def test_without_renaming_they_are_as_many_as_were_published() -> None:
    """9,384 for five slots: each snapshot stands for as many as there are ways to give its chats to the slots."""
    found = reachable(compile(DESK, {"slots": 5}))
    by_state = [
        [
            sum(one.state == state for one in snapshot["chats"].values())
            for state in ("offered", "connected", "missed", "after_work")
        ]
        for snapshot in found
    ]

    assert 387 == len(found)
    assert 9_384 == sum(factorial(5) // prod(map(factorial, [*counts, 5 - sum(counts)])) for counts in by_state)


def test_every_claim_of_the_published_model_is_proved_for_every_number_of_slots() -> None:
    """The counter, too, which the others prove for one number at a time."""
    report = verify(attrs.evolve(DESK))

    assert [Proved] * 3 == [type(verdict) for verdict in report.verdicts]
    assert {"every value of slots and any number of chats"} == {
        verdict.covers for verdict in report.verdicts if isinstance(verdict, Proved)
    }


def test_a_route_that_forgets_the_voice_line_is_refuted_in_three_events() -> None:
    """As published: the agent is available, a call is routed, a chat is."""
    mutant = without_rules(DESK, "no chat while the voice line is busy")

    verdict = decide(Prover(mutant), mutant.properties[0])

    assert isinstance(verdict, Refuted)
    assert verdict.trace is not None
    assert ["SetStatus", "RouteCall", "RouteChat"] == [type(step.event).__name__ for step in verdict.trace.steps]


@pytest.mark.soak
def test_for_twenty_slots_too() -> None:
    """31,887 snapshots up to renaming."""
    found = search(compile(DESK, {"slots": 20}), {"nothing": Goal(Const(False))}, budget=5_000_000)

    assert (31_887, True) == (found.snapshots, found.complete)
