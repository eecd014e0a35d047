"""More about a verdict, for whoever asks: what a proof rests on as claims that can be pasted, where an induction fails, whether that is ever reached."""

from __future__ import annotations

from enum import Enum

import attrs
import pytest

from fsm import (
    Machine,
    Property,
    State,
    always,
    before,
    boolean,
    choice,
    choose,
    each_step,
    event,
    happens,
    inside,
    integer,
)
from fsm.verification import Proved, verify
from fsm.verification.messages import Decided
from fsm.verification.stream import study_on
from fsm.verification.study import Study

go, end = State("go"), State("end")
left, right, side = integer("left", None, None, initial=10), integer("right", None, None), integer("side", 0, None)


@event
class Move:
    pass


@event
class Drop:
    pass


def scales(*claims: Property, drop: int = 10) -> Machine:
    """What goes into one pan comes from the other."""
    lines = (
        go.on(Move).when(left > 0).stay().set(left, left - 1).set(right, right + 1),
        go.on(Drop).when(right > drop).to(end),
    )
    return Machine("scales", (go, end), go, lines, variables=(left, right), properties=claims)


def square(*claims: Property) -> Machine:
    """An area that only ever is a square."""
    grows = go.on(Move).stay().set(left, left + 2 * side + 1).set(side, side + 1)
    return Machine("square", (go,), go, (grows,), variables=(left, side), properties=claims)


NEVER = always("it never ends", ~inside(end))


def told(machine: Machine, asked: str) -> list[str]:
    """The lines of all verdicts."""
    said: list[str] = []
    study_on(
        [Study(machine, definition=False)],
        [None],
        lambda one: said.extend(line.strip() for line in one.entry.lines) if isinstance(one, Decided) else None,
        explain=asked,
    )
    return said


def test_what_a_proof_rests_on_can_be_pasted() -> None:
    """As claims of one's own it is proved by itself."""
    lines = told(scales(NEVER), "never ends")
    formulas = [line.rsplit(", ", 1)[1].removesuffix(")") for line in lines if line.startswith("always(")]
    assert "left + right == 10" in formulas
    known = {"left": left, "right": right, "go": go, "end": end, "inside": inside, "choose": choose}
    pasted = [always(f"claim {place}", eval(one, known)) for place, one in enumerate(formulas)]  # ours
    found = verify(attrs.evolve(scales(), properties=tuple(pasted)), definition=False)
    assert all(isinstance(one, Proved) for one in found.verdicts)


def test_nobody_is_told_more_who_does_not_ask() -> None:
    assert not any("rests on" in line for line in told(scales(NEVER), "something else"))


@pytest.mark.parametrize("area", [99])
def test_where_an_induction_fails_and_that_it_was_not_reached_is_told(area: int) -> None:
    """Ninety-nine is no square, which no engine here finds."""
    lines = " ".join(told(square(always("no such area", left != area)), "no such"))
    assert "the induction fails on move, from square in go" in lines
    assert "no run to that state was found" in lines


class Mode(Enum):
    COLD = "cold"
    HOT = "hot"


hot, mode = boolean("hot"), choice("mode", Mode)


def test_values_that_a_state_never_has_can_be_pasted() -> None:
    """A switch as itself or its contrary, a choice as another member."""
    lines = (
        go.on(Move).to(end).set(hot, True).set(mode, Mode.HOT),
        end.on(Drop).to(go).set(hot, False).set(mode, Mode.COLD),
    )
    warm = each_step("it is warm where it is dropped", happens(Drop) >> (before(hot) & (before(mode) == Mode.HOT)))
    cold = each_step("it is cold where it starts", happens(Move) >> ~before(hot))
    machine = Machine("stove", (go, end), go, lines, variables=(hot, mode), properties=(warm, cold))
    said = "\n".join(told(machine, "it is"))
    assert "inside(end) >> hot)" in said
    assert "inside(end) >> (mode != Mode.COLD))" in said
    assert "inside(go) >> ~hot)" in said
