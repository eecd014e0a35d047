"""A number that Python refuses to print is told as the number of its digits, wherever a declaration names it: no refusal fails at its own message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import pytest

from fsm import (
    Assumption,
    DefinitionError,
    Field,
    Machine,
    NamedProfile,
    Range,
    Rule,
    State,
    System,
    always,
    compile,
    each,
    event,
    inside,
    integer,
    one,
    parameter,
    wire,
)
from fsm.errors import BadInput

LONG = 10**5_000
a, b = State("a"), State("b")


@event
class Go:
    level: Field[Annotated[int, Range(0, 9)]]


level, quota = integer("level", 0, 9), parameter("quota", int, 5, low=0, high=9)


wide = integer("wide", 0, LONG)


def machine(*lines: Any, **more: Any) -> Machine:
    return Machine("m", (a, b), a, (*lines, a.on(Go).to(b)), (level,), **more)


def system(**more: Any) -> System:
    return System("s", (one("p", machine()),), parameters=(quota,), **more)


def of_field(high: int) -> type:
    made: type = event(type("Call", (), {"__annotations__": {"size": Field[Annotated[int, Range(0, high)]]}}))
    return made


@event
class Call:
    k: Field[str]


REFUSED: dict[str, Callable[[], Any]] = {
    "the default of a parameter": lambda: parameter("quota", int, LONG, high=9),
    "the default of a parameter without bounds": lambda: parameter("quota", int, LONG),
    "a bound of a parameter": lambda: parameter("quota", int, 1, low=LONG),
    "a bound below": lambda: parameter("quota", int, 1, high=-LONG),
    "the kind of a parameter": lambda: parameter("quota", LONG, 1),  # type: ignore[arg-type]  # what is refused
    "the initial value of a variable": lambda: integer("level", 0, 9, initial=LONG),
    "a bound of a variable": lambda: integer("level", LONG, 9),
    "a bound of a field": lambda: of_field(-LONG),
    "a duration": lambda: a.after(LONG, Go),
    "a negative duration": lambda: a.after(-LONG, Go),
    "what a variable is set to": lambda: machine(a.on(Go).stay().set(level, LONG)),
    "a population": lambda: each("q", machine(), key="k", population=-LONG),
    "a state": lambda: inside(LONG),  # type: ignore[arg-type]  # what is refused
    "a citation": lambda: always("safe", inside(a), cites=(LONG,)),  # type: ignore[arg-type]  # what is refused
    "a value of a profile": lambda: system(profiles=(NamedProfile("odd", {"quota": LONG}),)),
    "a range that a step may leave": lambda: Machine("m", (a,), a, (a.on(Go).stay().set(wide, wide + 1),), (wide,)),
    "a number that a step may leave": lambda: machine(a.on(Go).when(level < 9).stay().set(level, level + LONG)),
    "a payload": lambda: system(wires=(wire(Call, one("p", machine()).by(Go, level=LONG)),)),
    "an assumption that nothing satisfies": lambda: system(assumptions=(Assumption("never", quota > LONG),)),
    "a rule that is no condition": lambda: system(rules=(Rule("never", on=Go, when=LONG),)),  # type: ignore[arg-type]  # what is refused
    "a profile": lambda: compile(system(), {"quota": LONG}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_number_of_any_length_is_refused_in_a_few_words(name: str) -> None:
    """By the error of whoever is wrong, author or caller, and never with the number itself."""
    with pytest.raises((DefinitionError, BadInput)) as refused:
        REFUSED[name]()

    assert len(str(refused.value)) < 500
