"""Invariants that nobody wrote: bounds in one state, numbers that are never above each other, sums that never change."""

from __future__ import annotations

from enum import Enum

import pytest

from fsm import (
    Field,
    Machine,
    Property,
    State,
    System,
    always,
    before,
    boolean,
    choice,
    each,
    each_step,
    event,
    happens,
    inside,
    integer,
    one,
    wire,
)
from fsm.canonical import write
from fsm.verification import Proved, Refuted, Verdict, verify
from fsm.verification.certificates.confirming import confirmed
from fsm.verification.checker.certificate import check_certificate
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import Evidence, Section, Version
from fsm.verification.checker.solver import InProcess
from fsm.verification.encoding.relations import sums
from fsm.verification.encoding.slicing import whole

go, end = State("go"), State("end")
left, right = integer("left", None, None, initial=10), integer("right", None, None)


@event
class Move:
    many: Field[int]


@event
class Back:
    pass


@event
class Drop:
    pass


@event
class Enter:
    who: Field[str]


@event
class Come:
    pass


@event
class Count:
    pass


def scales(*claims: Property, drop: int = 10, twice: bool = False) -> Machine:
    """Weights go from one pan to the other and back, as many as there are; with more than all of them in one pan it ends."""
    lines = (
        go.on(Move)
        .when((Move.many > 0) & (Move.many <= left))
        .stay()
        .set(left, left - Move.many)
        .set(right, right + (2 * Move.many if twice else Move.many)),
        go.on(Back).when(right > 0).stay().set(left, left + 1).set(right, right - 1),
        go.on(Drop).when(right > drop).to(end),
    )
    return Machine("scales", (go, end), go, lines, variables=(left, right), properties=claims)


NEVER = always("it never ends", ~inside(end))


def verdict(target: Machine | System) -> Verdict:
    """That on the last claim, confirmed by the checker."""
    return confirmed(verify(target, definition=False)).verdicts[-1]


@pytest.mark.parametrize(
    ("machine", "holds"),
    [
        (scales(NEVER), True),
        (scales(NEVER, drop=9), False),
        (scales(NEVER, twice=True), False),
        (scales(always("all are there", left + right == 10)), True),
        (scales(always("one is missing", left + right == 9)), False),
        (scales(always("none is owed", (left >= 0) & (right >= 0))), True),
        (scales(always("one is always left", left >= 1)), False),
    ],
    ids=lambda value: value.properties[0].sentence if isinstance(value, Machine) else "",
)
def test_a_sum_that_never_changes_is_found_and_false_by_one_is_not_proved(machine: Machine, *, holds: bool) -> None:
    """What goes into one pan comes from the other."""
    assert isinstance(verdict(machine), Proved) is holds


def hall(more: int) -> System:
    """A door counts who comes, and many come at any time."""
    within_, out = State("within"), State("out")
    counted = integer("counted", 0, None)
    guest = Machine("guest", (out, within_), out, (out.on(Come).to(within_), within_.on(Back).to(out)))
    door = Machine("door", (go,), go, (go.on(Count).stay().set(counted, counted + 1), go.on(Drop).when(counted > 0).stay().set(counted, counted - 1)), variables=(counted,))  # fmt: skip
    guests, doors = each("guests", guest, key="who"), one("door", door)
    return System(
        "hall",
        (guests, doors),
        (
            wire(Enter, guests[Enter.who].by(Come), doors.by(Count)),
            wire(Leave, guests[Leave.who].by(Back), doors.by(Drop)),
        ),
        properties=(always("the door knows", guests.count() + more <= doors[counted]),),
    )


@event
class Leave:
    who: Field[str]


@pytest.mark.parametrize("more", [0, 1])
def test_a_counter_and_what_it_counts_are_one_sum(more: int) -> None:
    """As many are in as the door has counted, and not one more."""
    system = hall(more)
    assert isinstance(verdict(system), Proved) is (more == 0)
    assert (((0, 1, 0), 1), ((2, 0, 1), -1)) in sums(whole(system, {})) or (((0, 1, 0), -1), ((2, 0, 1), 1)) in sums(
        whole(system, {})
    )


@pytest.mark.parametrize(
    ("lemma", "holds"),
    [
        ("sum 0 0 0 2 0 0 1 2", True),
        ("sum 0 0 0 4 0 0 1 4", True),
        ("sum 0 0 0 2 0 0 1 4", False),
        ("sum 0 0 0 2 0 0 1 3", False),
        ("sum 0 0 0 2 0 0 1", False),
        ("sum 0 0 0 2 0 0 7 2", False),
        ("sum 0 7 0 2 0 0 1 2", False),
        ("sum 2 0 1 2", False),
        ("sum 3 0 1 2", False),
        ("sum 1 0 9 2", False),
        ("not above 0 0 0 7", False),
        ("not above 0 7 0 1", False),
        ("bound in 0 0 0 8 1", False),
        ("without 0 0 7 0", False),
    ],
)
def test_the_checker_believes_no_sum_that_changes(lemma: str, *, holds: bool) -> None:
    """Weights that do not cancel out, and things that there are not."""
    text = write(scales(NEVER))
    bounds = ("bound 0 0 7 10", "bound 0 1 1 0")
    section = Section((lemma, *bounds, "claim 0"), {"claim 0": Evidence("INVARIANT")})
    sections = {"definition": Section((), {}), "properties": section, "version": Section((), {})}
    [outcome] = check_certificate(read_declaration(text), Version(), sections, InProcess()).values()
    assert bool(outcome.why) is not holds


@event
class Arm:
    pass


@event
class Fire:
    pass


class Mode(Enum):
    SAFE = "safe"
    HOT = "hot"
    DONE = "done"


armed, mode = boolean("armed"), choice("mode", Mode)


def rocket(*claims: Property, again: bool = False) -> Machine:
    """It goes off only from where it was armed; where it is armed again afterwards, it is not so any more."""
    lines = (
        go.on(Arm).to(ready).set(armed, True).set(mode, Mode.HOT),
        ready.on(Fire).to(end).set(mode, Mode.DONE),
        end.on(Fire).stay(),
        *([end.on(Arm).stay().set(armed, False).set(mode, Mode.SAFE)] if again else []),
    )
    return Machine("rocket", (go, ready, end), go, lines, variables=(armed, mode), properties=claims)


ready = State("ready")
FIRED = each_step("it fires only when it is armed", happens(Fire) >> (before(armed) & (before(mode) != Mode.SAFE)))


@pytest.mark.parametrize("again", [False, True])
def test_a_value_that_a_state_never_has_is_found(again: bool) -> None:
    """Nobody claims that it is armed where it can fire: that is found, and what breaks it is a run."""
    assert isinstance(verdict(rocket(FIRED, again=again)), Refuted if again else Proved)


@pytest.mark.parametrize(
    ("lemmas", "holds"),
    [
        (("without 0 1 0 0", "without 0 2 0 0", "without 0 1 1 0", "without 0 2 1 0"), True),
        (("without 0 1 0 0", "without 0 1 1 0", "without 0 2 1 0"), False),
        (("without 0 1 0 1", "without 0 2 0 0", "without 0 1 1 0", "without 0 2 1 0"), False),
        (("without 0 0 0 0", "without 0 2 0 0", "without 0 1 1 0", "without 0 2 1 0"), False),
        (("without 0 1 0 0", "without 0 2 0 0", "without 0 1 1 0", "without 0 2 1 0", "without 0 1 7 0"), True),
    ],
)
def test_the_checker_believes_no_value_that_a_state_has(lemmas: tuple[str, ...], *, holds: bool) -> None:
    """One lemma too few, one of the other value, one that the start breaks; one of a variable that there is not counts for nothing."""
    text = write(rocket(FIRED))
    sections = {
        "definition": Section((), {}),
        "properties": Section(lemmas, {"claim 0": Evidence("STEPS")}),
        "version": Section((), {}),
    }
    [outcome] = check_certificate(read_declaration(text), Version(), sections, InProcess()).values()
    assert bool(outcome.why) is not holds
