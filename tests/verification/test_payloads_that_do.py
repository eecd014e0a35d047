"""Some payload will do: whether an event with a wide number can be taken is decided by a number where its conditions turn."""

from __future__ import annotations

from typing import Annotated

import pytest

from fsm import (
    ELAPSED,
    Field,
    Machine,
    Property,
    Range,
    State,
    event,
    inside,
    integer,
    leads_to,
    parameter,
    recoverable,
)
from fsm.language.expressions import Formula
from fsm.verification import Proved, Refuted, Unknown, Verdict, verify
from fsm.verification.certificates.confirming import confirmed
from fsm.verification.definition import ENDS

held, shut = State("held"), State("shut")
balance = integer("balance", 0, None)
floor = integer("floor", 0, 1_000)


@event
class Put:
    amount: Field[int]


@event
class Take:
    amount: Field[int]


@event
class Lift:
    to: Field[Annotated[int, Range(0, 1_000)]]


@event
class Reset:
    pass


def verdicts(machine: Machine) -> dict[str, Verdict]:
    """By claim, every proof confirmed by the checker."""
    report = confirmed(verify(machine))
    return {one.claim.sentence: one for one in (*report.definition, *report.verdicts)}


def account(guard: Formula, *claims: Property) -> Machine:
    """Money is put in, and taken out where the guard lets it."""
    lines = (
        held.on(Put).when(Put.amount > 0).stay().set(balance, balance + Put.amount),
        held.on(Take).when((Take.amount > 0) & guard).stay().set(balance, balance - Take.amount),
    )
    return Machine("account", (held,), held, lines, variables=(balance,), properties=claims)


def test_an_account_can_always_be_emptied_and_goes_on() -> None:
    """Take all there is: the amount is not one of few values, and one of them will do."""
    found = verdicts(account(Take.amount <= balance, recoverable("it can be emptied", balance == 0)))
    assert isinstance(found["it can be emptied"], Proved)
    assert isinstance(found[ENDS], Proved)


@pytest.mark.parametrize(
    ("guard", "empties"),
    [
        (Take.amount + 0 <= balance, True),
        ((Take.amount <= balance) & (2 * Take.amount <= balance), False),
        (Take.amount + 1 <= balance, False),
    ],
    ids=["all", "half", "all but one"],
)
def test_who_can_take_half_or_all_but_one_never_empties_an_account(guard: Formula, *, empties: bool) -> None:
    """False by one: the last coin stays."""
    claim = recoverable("it can be emptied", balance == 0, wherever=None)
    assert isinstance(verdicts(account(guard, claim))[claim.sentence], Proved if empties else Unknown | Refuted)


def test_no_payload_between_a_number_and_the_next_is_not_taken_for_one() -> None:
    """Once the balance is three nothing can be put in, whatever the number: that something can always happen is not proved."""
    lines = (
        held.on(Put).when(3 * Put.amount == 2 * balance + 1).to(shut),
        shut.on(Reset).to(held).set(balance, balance + 1),
    )
    found = verdicts(Machine("slot", (held, shut), held, lines, variables=(balance,)))
    assert not isinstance(found[ENDS], Proved)


@pytest.mark.parametrize(("above", "goes_on"), [(Lift.to > floor, False), (Lift.to >= floor, True)])
def test_what_is_beyond_the_range_of_a_field_is_no_payload(above: Formula, *, goes_on: bool) -> None:
    """From the top floor no lift goes higher, though one more would satisfy the guard; the prover alone says nothing else."""
    lift = Machine("lift", (held,), held, (held.on(Lift).when(above).stay().set(floor, Lift.to),), variables=(floor,))
    [alone] = [one for one in verify(lift).definition if one.claim.sentence == ENDS]
    assert isinstance(alone, Proved) is goes_on
    assert isinstance(verdicts(lift)[ENDS], Proved) is goes_on


def test_an_event_that_waits_in_one_state_is_possible_at_once_in_another() -> None:
    """The guard on the time in state is of one line; the other lines of that event need no waiting."""
    rest = parameter("rest", int, 5, low=1)
    lines = (
        held.on(Put).to(shut),
        shut.on(Reset).when(ELAPSED >= rest).to(held),
        held.on(Reset).to(shut),
    )
    claims = (
        recoverable("held again", inside(held)),
        leads_to("shut in the end", inside(held), inside(shut), fair=Reset),
    )
    found = verdicts(Machine("door", (held, shut), held, lines, properties=claims))
    assert {sentence for sentence, one in found.items() if not isinstance(one, Proved)} == set()


def test_a_state_that_hears_no_wide_event_is_a_dead_end_where_its_guard_says_no() -> None:
    """The payload of what another state hears says nothing about this one."""
    lines = (
        held.on(Put).when(Put.amount > balance).stay().set(balance, Put.amount),
        held.on(Reset).to(shut),
        shut.on(Reset).when(balance > 0).stay().set(balance, 0),
    )
    found = verdicts(Machine("order", (held, shut), held, lines, variables=(balance,)))
    assert isinstance(found[ENDS], Refuted)
