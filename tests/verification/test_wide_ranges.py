"""What a proof costs does not grow with the range of a number: to the solver a wide one is a symbol like any other."""

from __future__ import annotations

import pytest

from fsm import Field, Machine, State, always, as_system, event, inside, integer, leads_to, recoverable, within
from fsm.verification import Proved, verify
from fsm.verification.decide.prover import Prover
from fsm.verification.encoding.counting import Counting
from fsm.verification.engines.induction import Induction
from fsm.verification.engines.ranks.pending import literals
from fsm.verification.engines.ranks.rank import places


@event
class Hold:
    """Some cents are held."""

    cents: Field[int]


@event
class Lapse:
    """Sent by time."""


idle, held = State("idle"), State("held")


def account(most: int) -> Machine:
    cents = integer("cents", 0, most)
    return Machine(
        "account",
        (idle, held),
        idle,
        (
            idle.on(Hold).when((Hold.cents > 0) & (Hold.cents <= most)).to(held).set(cents, Hold.cents),
            held.after(1_000, Lapse).to(idle).set(cents, 0),
        ),
        (cents,),
        properties=(
            always("cents are held while they are held", inside(held) | (cents == 0)),
            within("they are let go", 1_000, inside(held), inside(idle)),
            leads_to("it comes to rest", inside(held), inside(idle)),
            recoverable("it can always come to rest", inside(idle)),
        ),
    )


def guesses(most: int) -> tuple[int, int, int]:
    """How many invariants, facts of what is pending, and things that weigh are tried."""
    system = as_system(account(most))
    induction = Prover(system).induction
    assert isinstance(induction, Induction)
    counting = induction.counting
    assert isinstance(counting, Counting)
    return len(induction.candidates), len(list(literals(counting))), len(list(places(counting)))


@pytest.mark.parametrize("most", [1_000, 10**30])
def test_as_much_is_guessed_whatever_the_range(most: int) -> None:
    """And each value of a small one is worth a guess."""
    few, wide, small = guesses(100), guesses(most), guesses(10)

    assert few == wide
    assert all(more > less for more, less in zip(small, wide, strict=True))


def test_claims_over_a_wide_number_are_proved() -> None:
    """By induction, with the clock, by a rank."""
    report = verify(account(1_000_000_000), definition=False)

    assert {Proved} == {type(verdict) for verdict in report.verdicts}
