"""What a former prover proved though it is false, since two things met in one symbol or one name: refused, by whatever argument it is said to be shown."""

from __future__ import annotations

from enum import Enum
from typing import Any

import attrs
import pytest

from fsm import (  # fmt: skip
    ELAPSED,
    Assumption,
    Field,
    Machine,
    State,
    System,
    after,
    always,
    boolean,
    choice,
    each,
    each_step,
    effect,
    emitted,
    event,
    happens,
    inside,
    integer,
    one,
    parameter,
    wire,
    within,
)
from fsm.canonical import write
from fsm.verification.checker.certificate import check_certificate
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import Section, Version
from fsm.verification.checker.solver import InProcess

from .test_checker import forged

a, b, c, b_f = State("a"), State("b"), State("c"), State("b_f")


@event
class Go:
    pass


@event
class Back:
    pass


@event
class T:
    pass


@event
class U:
    pass


@event
class First:
    key: Field[str]


@event
class Second:
    key: Field[str]


@event
class Tell:
    x: Field[bool]


@effect
class Rang:
    at: int


class Hue(Enum):
    RED = 1
    red = 2


Bits = Enum("Bits", ["y", "x_y"])


def together(machine: Machine, *claims: Any, **more: Any) -> System:
    """Many of a machine, called by two events."""
    part = each("p", machine, key="key")
    claimed = tuple(claim(part) for claim in claims)
    wires = (wire(First, part[First.key].by(Go)), wire(Second, part[Second.key].by(Back)))
    return System("s", (part,), wires=wires, properties=claimed, **more)


def colours(kind: Any, written: Any, other: Any) -> System:
    """One value is written, of which it is said that there are as many as of another."""
    hue = choice("h", kind)
    machine = Machine("m", (a, b), a, (a.on(Go).to(b), b.on(Back).to(b).set(hue, written)), (hue,))
    return together(
        machine,
        lambda part: always("as many", part.count(hue == written) == part.count(hue == other)),
        lambda part: always("if any", part.any(hue == other) >> part.any(hue == written)),
    )


def alone(*claims: Any, lines: Any, variables: Any = (), states: Any = (a, b, c)) -> Machine:
    return Machine("m", states, a, lines, variables, properties=claims)


delay = parameter("delay", int, 5, low=1)
elapsed = integer("elapsed", 0, 5, initial=5)
elapsed_0 = parameter("elapsed_0", int, 5, low=1)
age, spent, x, rang = integer("age", 0, 1_000), boolean("spent_1"), boolean("x"), integer("rang", 0, 2)
tell = one("Tell", Machine("m", (a, b), a, (a.on(Tell).when(Tell.x & ~x).to(b), b.on(Tell).when(~Tell.x).to(a).set(x, True)), (x,)))  # fmt: skip
bells = one("ever", Machine("m", (a, b), a, (a.on(Go).when(rang < 2).to(b).set(rang, rang + 1).emits(Rang, at=0), b.on(Go).to(a).emits(Rang, at=0)), (rang,)))  # fmt: skip
safe = one("p", Machine("m", (a, b), a, (a.on(Go).to(b),), properties=(always("safe", inside(a, b)),)))
waits = one("p", Machine("p", (a, b), a, (a.after(delay, T).to(b), b.after(delay, T).to(a))))
LATER = (a.on(Go).to(b).set(age, 0), b.after(10, T).to(c), c.on(Go).to(a))
SUBJECTS: dict[str, Machine | System] = {
    "a parameter called delay": alone(always("three at most", inside(a) >> (ELAPSED <= 3)), lines=(a.after(delay, T).to(b),), states=(a, b)),
    "a variable called age": alone(
        always("never long", inside(c) >> (ELAPSED == age)), always("at its start", inside(b) >> (ELAPSED == 0)),
        always("young", inside(b) >> (ELAPSED <= age)), within("at once", 3, inside(b), inside(c)), lines=LATER, variables=(age,),
    ),
    "a variable called elapsed": alone(always("never c", ~inside(c)), lines=(a.on(Go).to(b), b.on(Back).when(ELAPSED < elapsed).to(c)), variables=(elapsed,)),
    "a parameter called elapsed_0": together(
        Machine("m", (a, b, c), a, (a.on(Go).to(b), b.on(Back).when(ELAPSED < elapsed_0).to(c))),
        lambda part: always("nobody in c", part.none(c)), parameters=(elapsed_0,),
    ),
    "a variable called as a timer's mark": alone(
        always("never", ~spent), always("c has it not", inside(c) >> ~spent),
        lines=(a.on(Go).to(b).set(spent, True), b.after(3, T).stay(), b.after(4, U).to(c)), variables=(spent,),
    ),
    "two members that differ in case": colours(Hue, Hue.red, Hue.RED),
    "two members that meet with a state": colours(Bits, Bits.x_y, Bits.y),
    "a state called as another's timer": together(
        Machine("m", (a, b, b_f), a, (a.on(Go).to(b), b.after(5, T).to(a), b.on(Back).to(b_f))),
        lambda part: always("as many", part.count(b) == part.count(b_f)), lambda part: always("if any", part.any(b) >> part.any(b_f)),
    ),
    "a part called as an event with such a field": System("s", (tell,), properties=(always("never b", ~tell.inside(b)),)),
    "a part called ever": System("s", (bells,), properties=(always("as often as counted", emitted(Rang) == bells[rang]),)),
    "a claim called as a part's": System("s", (safe,), properties=(always("p: safe", safe.inside(a)),)),
    "assumptions that nothing satisfies": System("s", (waits,), parameters=(delay,), assumptions=(Assumption("seven", delay == 7),), properties=(
        always("never b", waits.inside(a)), each_step("T stays", happens(T) >> after(waits.inside(a))), within("soon", 1, waits.inside(a), waits.inside(b)),
    )),
}  # fmt: skip
"""By the root of the fault; all that each claims is false."""
NAMED = (
    "part 0 claim 0",
    "order 0 1",
    "order 0 0",
    "never 0 2",
    "never 0 1",
    "lapsed 0 1 0",
    "unfired 0 1 0",
    "part claim 0 0",
)


@pytest.mark.parametrize("turn", [0, 1, 2])
@pytest.mark.parametrize("root", SUBJECTS)
def test_what_a_former_prover_proved_and_is_false_is_refused(root: str, turn: int) -> None:
    """With every claim among its own lemmas, and all that such certificates name; the assumption is made one that nothing satisfies."""
    declaration = read_declaration(write(SUBJECTS[root]).replace('{"constant":7}', '{"constant":-1}'))
    section = forged(declaration, turn)
    section = Section((*section.lemmas, *NAMED), section.claims)
    sections = {"definition": Section((), {}), "properties": section, "version": Section((), {})}
    outcomes = check_certificate(declaration, Version(), sections, InProcess())

    assert len(outcomes) == len(SUBJECTS[root].properties)
    assert [] == [claim for claim, outcome in outcomes.items() if not outcome.why]


@pytest.mark.parametrize(("seconds", "shown"), [(7, 1), (1, 0)])
def test_what_a_version_contradicts_shows_nothing(seconds: int, shown: int) -> None:
    """Somebody waits for seven, as is assumed; in a version that says otherwise nothing is, so all would hold."""
    machine = attrs.evolve(waits.machine, properties=(always("a or b", inside(a, b)),))
    part = one("p", machine)
    system = System(
        "s",
        (part,),
        parameters=(delay,),
        assumptions=(Assumption("seven", delay == 7),),
        properties=(always("a or b", part.inside(a, b)),),
    )
    declaration = read_declaration(write(system))
    sections = dict.fromkeys(("definition", "properties"), Section((), {})) | {"version": forged(declaration)}
    outcomes = check_certificate(declaration, Version(None, ((0, seconds),)), sections, InProcess())

    assert shown == sum(not one.why for one in outcomes.values())
