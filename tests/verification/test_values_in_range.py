"""A value that a line writes has room because an earlier step, another line, a timer or an assumption saw to it; or has not, and a run shows it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import pytest

from fsm import (
    ELAPSED,
    NOW,
    Assumption,
    DefinitionError,
    Event,
    EventRefused,
    Field,
    Machine,
    Range,
    State,
    as_system,
    compile,
    effect,
    integer,
    parameter,
)
from fsm.canonical import fingerprint
from fsm.language.expressions import Formula
from fsm.language.machine import Transition
from fsm.traces import replay
from fsm.variants import Variant, line, replaced, varied
from fsm.verification import Proved, Refuted, Verdict, verify
from fsm.verification.certificates.confirming import Checker, begin
from fsm.verification.definition import RANGES, checks_of
from fsm.verification.mutants.generate import mutants_of

idle, busy, done = State("idle"), State("busy"), State("done")
coins, price = integer("coins", 0, 50, initial=20), integer("price", 0, 50)
tries = integer("tries", 0, 3)
low, high = parameter("low", int, 3, low=0, high=10), parameter("high", int, 8, low=0, high=10)


class Choose(Event):
    price: Field[Annotated[int, Range(0, 50)]]


class Pay(Event):
    pass


class Look(Event):
    pass


class Expire(Event):
    """Sent by time."""


class Late(Event):
    """Sent by time."""


PAY = busy.on(Pay).to(idle).set(coins, coins - price)
CHOOSE = idle.on(Choose).when(Choose.price <= coins).to(busy).set(price, Choose.price)


def shop(*lines: Transition, assumptions: tuple[Assumption, ...] = ()) -> Machine:
    """A shop whose customer has so many coins."""
    return Machine("shop", (idle, busy, done), idle, lines, (coins, price, tries), assumptions=assumptions)


def checked(machine: Machine) -> Verdict:
    """What is found of the ranges of a machine; every proof and every run confirmed by the checker."""
    report = verify(machine)
    with ThreadPoolExecutor(1) as pool:
        again = begin(report, Checker(pool)).finish()
    (before,), (after,) = (
        [one for one in found.definition if one.claim.sentence == RANGES] for found in (report, again)
    )
    assert type(before) is type(after)
    return before


SETTLED = {
    "looked at before": (CHOOSE, PAY),
    "handed on": (
        CHOOSE,
        busy.on(Look).to(done),
        done.on(Pay).to(idle).set(coins, coins - price),
        (busy | done).on(Choose).to(idle),
    ),
    "by the line before": (
        idle.on(Pay).to(busy).set(tries, 1),
        busy.on(Look).when(tries == 3).to(idle),
        busy.on(Look).to(busy).set(tries, tries + 1),
    ),
    "by time": (
        idle.on(Look).to(busy),
        busy.after(1_000, Expire).when(ELAPSED >= 1_000).to(done).set(tries, tries + 1),
        done.on(Look).when(tries < 3).to(busy),
    ),
}


@pytest.mark.parametrize("lines", [pytest.param(lines, id=name) for name, lines in SETTLED.items()])
def test_what_another_step_or_line_keeps_in_range_is_proved(lines: tuple[Transition, ...]) -> None:
    """By what always holds in the state from which the line goes; the checker confirms it."""
    assert isinstance(checked(shop(*lines)), Proved)


UNSETTLED = {
    "one coin too many": ((idle.on(Choose).when(Choose.price <= coins + 1).to(busy).set(price, Choose.price), PAY), 1),
    "steps of two": (
        (
            idle.on(Pay).to(busy).set(tries, 2),
            busy.on(Look).when(tries == 3).to(idle),
            busy.on(Look).to(busy).set(tries, tries + 2),
        ),
        1,
    ),
    "one round too many": (
        (
            idle.on(Look).to(busy),
            busy.after(1_000, Expire).to(done).set(tries, tries + 2),
            done.on(Look).when(tries < 3).to(busy),
        ),
        3,
    ),
    "behind another timer": (
        (
            idle.on(Look).to(busy).set(tries, 3),
            busy.after(500, Late).stay(),
            busy.after(1_000, Expire).to(done).set(tries, tries + 1),
        ),
        3,
    ),
}


@pytest.mark.parametrize(("lines", "steps"), [pytest.param(*case, id=name) for name, case in UNSETTLED.items()])
def test_what_leaves_its_range_by_one_is_refuted_by_a_run_to_there(lines: tuple[Transition, ...], steps: int) -> None:
    """Where an event is refused that was meant to be taken, or a timer lapses; and never is such a value stored."""
    machine = shop(*lines)
    verdict = checked(machine)

    assert isinstance(verdict, Refuted)
    assert verdict.trace is not None
    assert steps == len(verdict.trace.steps)
    engine = compile(machine)
    there = replay(engine, verdict.trace.events).last
    (left,) = (one for one in machine.transitions if one.narrowed)
    if left.duration is None:
        with pytest.raises(EventRefused) as refused:
            engine.step(there, left.event(), there.now)
        assert str(left.guard) in str(refused.value)
    else:
        assert engine.advance(there, there.now + 1_000).timed == ()


@pytest.mark.parametrize(("sooner", "verdict"), [(True, Proved), (False, Refuted)])
def test_of_two_timers_of_one_instant_the_first_may_make_room_for_the_second(
    sooner: bool, verdict: type[Verdict]
) -> None:
    """As they are declared; the other way round there is none when it is needed."""
    late = busy.after(1_000, Late).stay().set(tries, 0)
    expire = busy.after(1_000, Expire).to(idle).set(tries, tries + 1)
    timers = (late, expire) if sooner else (expire, late)
    assert isinstance(checked(shop(idle.on(Look).to(busy).set(tries, 3), *timers)), verdict)


def test_assumptions_on_parameters_keep_a_difference_in_range() -> None:
    """That one of two numbers is the larger is assumed, and nowhere else is it said."""
    apart = idle.on(Pay).to(busy).set(tries, high - low)
    few = Assumption("few apart", (low <= high) & (high <= low + 3))
    assert isinstance(checked(shop(apart, assumptions=(few,))), Proved)


def test_a_machine_of_which_intervals_say_all_is_not_asked() -> None:
    """The check is there where the machine had to write a guard, and nowhere else."""
    plain = shop(idle.on(Pay).when(coins >= price).stay().set(coins, coins - price))
    assert RANGES not in [one.sentence for one in checks_of(plain)]
    assert RANGES in [one.sentence for one in checks_of(shop(CHOOSE, PAY))]


def test_a_wider_variable_of_a_variant_gives_a_wider_guard() -> None:
    """The variant's own machine says what has room, of its own variable."""
    more = integer("tries", 0, 9)
    base = shop(*SETTLED["by the line before"])
    wide = varied(base, Variant("patient", base, replaces=(replaced(tries, more),)))
    assert ["tries + 1 ≤ 9"] == [str(one.guard) for one in wide.transitions if one.narrowed]


def test_a_variant_names_a_line_as_it_was_written() -> None:
    """By the line itself, or by the guard that its author gave it."""
    base = shop(CHOOSE, PAY)
    by_line = varied(base, Variant("for free", base, leaves_out=(PAY,)))
    by_guard = varied(base, Variant("for free", base, leaves_out=(line(busy, Pay, when=None),)))
    assert [1, 1] == [len(one.transitions) for one in (by_line, by_guard)]


@effect
class Paid:
    """Emitted, with an instant that no condition reads."""

    at: int
    left: Annotated[int, Range(0, 50)]


@pytest.mark.parametrize("fee", [0, 1])
def test_what_is_carried_into_an_effect_stands_in_nobodys_way(fee: int) -> None:
    """An instant in a field without a range says nothing of the number beside it, which is proved or refuted, and confirmed."""
    paid = PAY.emits(Paid, at=NOW, left=coins - price - fee)
    assert isinstance(checked(shop(CHOOSE, paid)), Refuted if fee else Proved)


def test_a_line_of_several_states_has_its_mutants_although_its_machine_wrote_its_guard() -> None:
    """Taken apart, each of its lines has the guard that the one had: a target that is wrong is no guard that is left out."""
    machine = shop(CHOOSE, busy.on(Look).to(done), (busy | done).on(Pay).to(idle).set(coins, coins - price))
    astray = [one for one in mutants_of(machine) if "on pay" in one.name and one.kind == "transition led elsewhere"]
    assert [True] * 4 == [one.declared() is not None for one in astray]


@pytest.mark.parametrize("guard", [coins >= price, (coins >= price) & (tries < 3)])
def test_no_mutant_is_made_by_leaving_out_what_keeps_a_value_in_its_range(guard: Formula) -> None:
    """The machine would write it again: a guard that nobody misses kills nothing."""
    machine = shop(idle.on(Pay).when(guard).stay().set(coins, coins - price))
    left_out = [one for one in mutants_of(machine) if one.kind == "guard left out"]
    assert [None] == [one.declared() for one in left_out]


def test_a_line_behind_one_that_was_meant_to_be_taken_always_is_refused() -> None:
    """That the first has a guard now does not make the second one an answer to it."""
    with pytest.raises(DefinitionError, match="can never fire in busy"):
        shop(CHOOSE, PAY, busy.on(Pay).to(done))


def test_a_guard_that_its_author_writes_in_place_of_the_machine_leaves_snapshots_readable() -> None:
    """No step tells who wrote it; what is asked of the proofs does."""
    left, said = shop(CHOOSE, PAY), shop(CHOOSE, busy.on(Pay).when(coins >= price).to(idle).set(coins, coins - price))
    same = shop(CHOOSE, busy.on(Pay).when(coins - price >= 0).to(idle).set(coins, coins - price))
    assert [True, False] == [one.transitions[1].narrowed for one in (left, same)]
    assert fingerprint(as_system(left)) == fingerprint(as_system(same)) != fingerprint(as_system(said))
