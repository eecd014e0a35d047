"""What mutants cost does not grow with the range of a number: to the solver a wide one is a symbol like any other."""

from __future__ import annotations

import pytest

from fsm import Machine, State, always, as_system, event, integer
from fsm.verification.decide.prover import Prover
from fsm.verification.engines.induction import Induction
from fsm.verification.mutants.lemmas import stronger


@event
class Coin:
    pass


idle, ready = State("idle"), State("ready")


def vending(most: int) -> Machine:
    credit = integer("credit", 0, most)
    return Machine(
        "vending",
        (idle, ready),
        idle,
        (
            idle.on(Coin).when(credit + 1 < most).stay().set(credit, credit + 1),
            idle.on(Coin).when(credit + 1 >= most).to(ready),
        ),
        (credit,),
        properties=(always("credit ends", credit < most),),
    )


def candidates(most: int) -> int:
    induction = Prover(as_system(vending(most))).induction
    assert isinstance(induction, Induction)
    return len(stronger(induction).candidates)


@pytest.mark.parametrize("most", [500, 10**30])
def test_no_more_lemmas_are_guessed_however_wide_the_range(most: int) -> None:
    """And each value of a small one is worth a guess."""
    assert 0 < candidates(most) <= candidates(100) < candidates(10)
