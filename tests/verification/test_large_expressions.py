"""Proofs over large expressions: what shares its parts is decided as quickly as what is small, what is too deep is refused and told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fsm import Machine, State, always, as_system, boolean, choose, event, inside, integer, reachable
from fsm.language.expressions import Formula
from fsm.verification import Proved, Unknown, verify
from fsm.verification.search.packed import Unpackable, explore


@event
class Tick:
    """It ticks."""


n, on = integer("n", 0, 9), boolean("on")
idle, gone = State("idle"), State("gone")


def grown(start: Any, many: int, grow: Callable[[Any], Any]) -> Any:
    """An expression made of itself, many times over."""
    for _ in range(many):
        start = grow(start)
    return start


def guarded(guard: Formula) -> Machine:
    leaves = idle.on(Tick).when(guard).to(gone)
    claims = (
        always("nothing is written", (n == 0) & ~on),
        always("it holds", guard),
        reachable("it goes", inside(gone)),
    )
    return Machine("wide", (idle, gone), idle, (leaves, gone.on(Tick).to(idle)), (n, on), claims)


SHARED: dict[str, Formula] = {
    "choices": grown(n, 60, lambda some: choose(some == 3, some + 1, some)) == 0,
    "sums": grown(n, 60, lambda some: some + some) == 0,
    "conditions": ~grown(on, 60, lambda some: (some & on) | (some >> ~some)),
}


@pytest.mark.parametrize("guard", SHARED.values(), ids=SHARED)
def test_what_shares_its_parts_is_decided(guard: Formula) -> None:
    """As many places as there are atoms in the world, and sixty nodes."""
    report = verify(guarded(guard), definition=False)

    assert [Proved, Proved, Proved] == [type(one) for one in report.verdicts]


def test_what_is_too_deep_for_a_solver_is_refused_and_told() -> None:
    """Runs and enumeration still show what they show; what only a proof could show is unknown, and says why."""
    deep = grown(n, 3_000, lambda some: some + 1) == 3_000
    report = verify(guarded(deep))

    assert report.definition
    for check in report.definition:
        assert isinstance(check, Unknown) and "an expression 3,002 operators deep" in check.why
    assert [Proved, Proved, Proved] == [type(one) for one in report.verdicts]


@pytest.mark.parametrize("guard", SHARED.values(), ids=SHARED)
def test_packed_snapshots_refuse_what_would_be_unfolded_case_by_case(guard: Formula) -> None:
    with pytest.raises(Unpackable, match="is too large"):
        explore(as_system(guarded(guard)))
