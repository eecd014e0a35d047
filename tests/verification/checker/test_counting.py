"""What the checker says of parts that are counted, and what it remembers from one question to the next."""

from __future__ import annotations

from typing import Annotated

import pytest

from fsm import Field, Machine, Range, State, System, always, each, event, inside, integer, wire
from fsm.canonical.writing import write
from fsm.verification.checker import solver, steps
from fsm.verification.checker.certificate import Session
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import Evidence, Section
from fsm.verification.checker.meaning import Instance, Situation, how_many, of_all
from fsm.verification.checker.proofs.questions import UNSAT, answers
from fsm.verification.checker.solver import InProcess
from fsm.verification.checker.steps import Step, steps_of
from fsm.verification.checker.terms import Script, conj, disj, equal, negation, total
from fsm.verification.checker.unknowns import Unknowns

free, taken, gone = State("free"), State("taken"), State("gone")
n = integer("n", 0, 2)


@event
class Take:
    pass


@event
class Leave:
    pass


@event
class Come:
    who: Field[str]


@event
class Swap:
    one: Field[str]
    other: Field[str]


@event
class Close:
    pass


@event
class Fill:
    number: Field[Annotated[int, Range(0, 99)]]


@event
class Refill:
    who: Field[str]
    number: Field[Annotated[int, Range(0, 99)]]


GUEST = Machine(
    "guest",
    (free, taken, gone),
    free,
    (
        free.on(Take).to(taken),
        taken.on(Take).when(n < 2).stay().set(n, n + 1),
        taken.on(Leave).when(n > 0).to(gone).set(n, 0),
        taken.on(Leave).when(n == 0).to(free),
        gone.on(Take).to(taken),
        gone.on(Leave).stay(),
    ),
    (n,),
)
guests = each("guests", GUEST, key="who")
HALL = System(
    "hall",
    parts=(guests,),
    wires=(
        wire(Come, guests[Come.who].by(Take)),
        wire(Swap, guests[Swap.one].by(Take), guests[Swap.other].by(Leave)),
        wire(Close, guests.every(taken).by(Leave)),
    ),
    properties=(always("at most three", guests.count(taken) <= 3),),
)


def after(step: Step, script: Script) -> Situation:
    """The moment after a step, of which something is said in this script; whoever moved is in a cell or gone, as is asked of every step."""
    return step.told_in(script).after


def cells_add_up(unknowns: Unknowns, step: Step, state: int, more: str = "0") -> list[str]:
    """What is answered to whether a state has more or fewer instances after a step than its cells say; and to whether some are elsewhere."""
    common = step.script.copy()
    for mover in step.situation.movers:
        in_a_cell = disj(mover.after.at(cell) for cell in unknowns.cells[mover.part])
        common.require(disj([negation(mover.comes), in_a_cell]))

    def there(one: Instance) -> str:
        return equal(one.state, str(state))

    def differs(own: Script) -> str:
        moment = after(step, own)
        cells = moment.before.counted[0]
        many = total(cells[cell] for cell in cells if cell.state == state)
        return negation(equal(total([how_many(moment, 0, there), more]), many))

    def quarrels(own: Script) -> str:
        moment = after(step, own)
        cells = moment.before.counted[0]
        none_elsewhere = conj(f"(<= {cells[cell]} 0)" for cell in cells if cell.state != state)
        return negation(equal(of_all(moment, 0, there), none_elsewhere))

    return answers(common, [differs, quarrels], InProcess())


def test_what_is_counted_after_a_step_is_what_its_cells_add_up_to() -> None:
    """Whether one instance moves, or two of a part, or every one: as many as before, less those that left, and those that came. One more is another number."""
    unknowns = Unknowns(read_declaration(write(HALL)), {})

    for step in steps_of(unknowns):
        for state in range(len(GUEST.states)):
            assert [UNSAT, UNSAT] == cells_add_up(unknowns, step, state)
            assert "sat" == cells_add_up(unknowns, step, state, "1")[0]
    assert [1, 2] == [len(step.situation.movers) for step in steps_of(unknowns)[:2]]


def test_a_lemma_that_was_lost_is_not_assumed_for_another_of_its_name() -> None:
    """Two orders to one session: whatever the first says under the name of a claim, the second is answered as if it were alone."""
    declaration = read_declaration(write(HALL))
    first, second = (
        Section((), {"claim 0": Evidence("FOUND", formula=formula)}) for formula in ("(<= 0 n0.1.0)", "(<= n0.1.0 2)")
    )
    session = Session(declaration, InProcess())

    alone = Session(declaration, InProcess()).outcomes({}, second)
    session.outcomes({}, first)
    assert alone == session.outcomes({}, second) and alone["claim 0"].why
    false = Section((), {"claim 0": Evidence("FOUND", formula="(<= n0.1.0 1)")})
    assert Session(declaration, InProcess()).outcomes({}, false) == session.outcomes({}, false)


def test_a_machine_of_many_states_is_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that can lead to hundreds of states is no deep choice: a fiftieth of the budget is enough, where such a choice took more."""
    states = tuple(State(f"s{place}") for place in range(254))
    lines = (states[place].on(Take).to(states[(7 * place + 1) % 250]) for place in range(250))
    large = Machine(
        "large", states, states[0], tuple(lines), properties=(always("never at the end", ~inside(states[-1])),)
    )
    section = Section((), {"claim 0": Evidence("INVARIANT")})
    monkeypatch.setattr(solver, "BUDGET", solver.BUDGET // 50)

    def answered() -> str:
        return Session(read_declaration(write(large)), InProcess()).outcomes({}, section)["claim 0"].why

    assert answered() == ""
    monkeypatch.setattr(steps, "MANY", len(states))
    assert "unknown" in answered()


def test_values_that_are_too_many_are_told_before_they_are_put_together() -> None:
    """Four numbers of a hundred values each, whatever an event says: a hundred million cells, of which none is made."""
    numbers = tuple(integer(f"number_{place}", 0, 99) for place in range(4))
    line = taken.on(Fill).stay()
    for number in numbers:
        line = line.set(number, Fill.number)
    many = Machine("many", (free, taken), free, (free.on(Take).to(taken), line), numbers)
    boxes = each("boxes", many, key="who")
    store = System(
        "store",
        parts=(boxes,),
        wires=(wire(Come, boxes[Come.who].by(Take)), wire(Refill, boxes[Refill.who].by(Fill, number=Refill.number))),
        properties=(always("none too many", boxes.count() >= 0),),
    )
    session = Session(read_declaration(write(store)), InProcess())
    found = session.outcomes({}, Section((), {"claim 0": Evidence("INVARIANT")}))

    assert found["claim 0"].why == "an instance can be in more than 3,000 cells"
