"""Claims that are false, each of a kind at which some fault of an encoding would prove it. None is called proved, and `make plant` sees what becomes of them."""

from __future__ import annotations

import attrs
import pytest

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    boolean,
    each,
    each_step,
    event,
    inside,
    integer,
    parameter,
    recoverable,
    wire,
    within,
)
from fsm.language.properties import Property
from fsm.verification import Proved, Report, verify
from fsm.verification.certificates.confirming import confirmed

here, gone = State("here"), State("gone")
one, two, flag = integer("one", 0, 3), integer("two", 0, 3), boolean("flag")
room = parameter("room", int, 3, low=1)
few = parameter("few", int, 2, low=0, high=9)


@event
class Go:
    pass


@event
class Back:
    pass


@event
class Late:
    pass


@event
class Come:
    who: Field[str]


@event
class Pair:
    first: Field[str]
    second: Field[str]


def counts(claim: Property) -> Machine:
    """Counts to three, one way, and says nothing of the other."""
    return Machine(
        "counts", (here,), here, (here.on(Go).when(one < 3).stay().set(one, one + 1),), (one, two), properties=(claim,)
    )


guests = each("guests", Machine("guest", (gone, here), gone, (gone.on(Go).to(here),)), key="who", at_most=room)


def house(claim: Property) -> System:
    """Guests come by ones and twos, as long as there is room."""
    return System(
        "house",
        parts=(guests,),
        parameters=(room,),
        wires=(wire(Come, guests[Come.who].by(Go)), wire(Pair, guests[Pair.first].by(Go), guests[Pair.second].by(Go))),
        properties=(claim,),
    )


TRAP = Machine(
    "trap",
    (here, gone),
    here,
    (here.on(Go).to(gone), gone.on(Back).when(flag).to(here)),
    (flag,),
    properties=(recoverable("one can come back", inside(here)),),
)
KETTLE = Machine(
    "kettle",
    (here, gone),
    here,
    (here.on(Go).to(gone), gone.after(10_000, Late).to(here)),
    properties=(within("it is back a moment sooner", 9_999, inside(gone), inside(here)),),
)
BOUND = System(
    "bound",
    parts=(guests,),
    parameters=(room, few),
    wires=(wire(Come, guests[Come.who].by(Go)),),
    rules=(Rule("few", on=Come, when=guests.count() < few),),
    properties=(always("never more than one", guests.count() <= 1),),
)
SUBJECTS: dict[str, Machine | System] = {
    "two that are apart": counts(always("both are the same", one == two)),
    "as far as it goes": counts(always("it stays below three", one < 3)),
    "a step": counts(each_step("nothing changes", before(one) == after(one))),
    "a trap": TRAP,
    "a deadline": KETTLE,
    "a limit": house(always("a place is always free", guests.count() < room)),
    "two at once": house(each_step("one comes at a time", after(guests.count()) <= before(guests.count()) + 1)),
    "a rule": BOUND,
}


def false_claims(report: Report) -> list[str]:
    """Those that are called proved: each subject has one claim, which is false."""
    return [claim.claim.sentence for claim in report.verdicts if isinstance(claim, Proved)]


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_prover_alone_claims_nothing_false(name: str) -> None:
    assert [] == false_claims(verify(SUBJECTS[name]))


@pytest.mark.parametrize("name", SUBJECTS)
def test_nothing_false_is_confirmed(name: str) -> None:
    """Also where a fault of the encoding was planted, and the prover claims it."""
    report = verify(SUBJECTS[name])

    assert [] == false_claims(confirmed(attrs.evolve(report, definition=())))
