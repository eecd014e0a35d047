"""Which properties may kill a mutant: those that cite what they come from; where none does, all."""

from __future__ import annotations

import pytest

from fsm import Machine, State, always, event, inside, integer, recoverable
from fsm.verification.mutants.subjects import Subject

idle, ready = State("idle"), State("ready")
credit = integer("credit", 0, 10)


@event
class Coin:
    pass


@event
class Cancel:
    pass


def vending(*cites: str) -> Machine:
    """Coins go in until there are five."""
    lines = (
        idle.on(Coin).when(credit < 4).stay().set(credit, credit + 1),
        idle.on(Coin).when(credit == 4).to(ready).set(credit, 5),
        ready.on(Cancel).to(idle).set(credit, 0),
    )
    claims = (
        always("five at most", credit <= 5, cites=cites),
        recoverable("it can be idle", inside(idle)),
    )
    return Machine("vending", (idle, ready), idle, lines, variables=(credit,), properties=claims)


@pytest.mark.parametrize(
    ("machine", "counted"),
    [(vending(), ("five at most", "it can be idle")), (vending("V1"), ("five at most",))],
    ids=["nobody cites", "one cites"],
)
def test_where_nothing_cites_everything_counts(machine: Machine, counted: tuple[str, ...]) -> None:
    """A first model is measured too; who writes down where claims come from is held to it."""
    assert Subject(machine, None).claims == counted
