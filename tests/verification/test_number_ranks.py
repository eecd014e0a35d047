"""Ranks over whole numbers: what counts down or up comes to its end, however wide the range is, and by one weight."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from fsm import (
    Field,
    Machine,
    Property,
    Rule,
    State,
    System,
    each,
    event,
    inside,
    integer,
    leads_to,
    parameter,
    recoverable,
    wire,
)
from fsm.verification import Proved, Refuted, Verdict, verify
from fsm.verification.certificates.confirming import Checker, begin
from fsm.verification.facts import read

idle, busy, done = State("idle"), State("busy"), State("done")


@event
class Begin:
    many: Field[int]


@event
class Work:
    pass


@event
class More:
    pass


def verdict(machine: Machine) -> Verdict:
    """That on the only claim, its certificate checked."""
    with ThreadPoolExecutor(1) as pool:
        [found] = begin(verify(machine, definition=False), Checker(pool)).finish().verdicts
    return found


def job(high: int | None, *properties: Property, step: int = 1) -> Machine:
    """So much work that is done bit by bit."""
    left = integer("left", 0, high)
    lines = (
        idle.on(Begin).when(Begin.many >= 0 if high is None else (Begin.many >= 0) & (Begin.many <= high)).to(busy).set(left, Begin.many),
        busy.on(Work).when(left > 0).stay().set(left, left - step),
        busy.on(Work).to(done),
    )  # fmt: skip
    return Machine("job", (idle, busy, done), idle, lines, variables=(left,), properties=properties)


ENDS = (
    leads_to("it ends", inside(busy), inside(done), fair=(Work,)),
    recoverable("it can end", inside(done), wherever=inside(busy)),
)


@pytest.mark.parametrize("claim", ENDS, ids=lambda claim: claim.sentence)
@pytest.mark.parametrize("high", [10, 1_000_000, None])
def test_what_counts_down_ends_however_far_it_has_to(high: int | None, claim: Property) -> None:
    """A weight for the number, not one for each of its values."""
    assert isinstance(verdict(job(high, claim)), Proved)


def test_what_counts_up_to_a_parameter_ends() -> None:
    """How far it still has to go weighs, whatever the parameter is."""
    need, made = parameter("need", int, 3, low=1), integer("made", 0)
    lines = (
        idle.on(More).to(busy).set(made, 0),
        busy.on(Work).when(made + 1 < need).stay().set(made, made + 1),
        busy.on(Work).to(done),
    )
    claims = (
        leads_to("it ends", inside(busy), inside(done), fair=(Work,)),
        recoverable("it can end", inside(done), wherever=inside(busy)),
    )
    machine = Machine("job", (idle, busy, done), idle, lines, variables=(made,), properties=claims)
    for claim in claims:
        assert isinstance(verdict(attrs.evolve(machine, properties=(claim,))), Proved)


def test_one_number_may_run_after_another() -> None:
    """How far the one is behind the other weighs."""
    came, went = integer("came", 0), integer("went", 0)
    lines = (busy.on(More).stay().set(came, came + 1), busy.on(Work).when(went < came).stay().set(went, went + 1))
    claim = recoverable("all have gone", went >= came)
    assert isinstance(verdict(Machine("queue", (busy,), busy, lines, (came, went), properties=(claim,))), Proved)


@pytest.mark.parametrize(
    "machine",
    [
        pytest.param(job(None, ENDS[0], step=0), id="nothing is done"),
        pytest.param(job(None, ENDS[1], step=0), id="nothing can be done"),
        pytest.param(job(None, leads_to("it ends", inside(busy), inside(done))), id="nobody must work"),
    ],
)
def test_what_does_not_come_nearer_is_not_proved(machine: Machine) -> None:
    """No weight falls where nothing does."""
    assert not isinstance(verdict(machine), Proved)


def test_what_may_fall_below_its_goal_for_ever_has_no_rank() -> None:
    """A gap is never less than nothing: below nought there is no way on."""
    depth = integer("depth", None, None)
    lines = (busy.on(Work).stay().set(depth, depth - 2),)
    claim = leads_to("it lands", depth > 0, depth == 0, fair=(Work,))
    machine = Machine(
        "fall",
        (busy,),
        busy,
        (*lines, busy.on(More).when(depth <= 0).stay().set(depth, 5)),
        (depth,),
        properties=(claim,),
    )
    assert not isinstance(verdict(machine), Proved)


outer, inner = integer("outer", 0, None), integer("inner", 0, None)


@event
class Refill:
    many: Field[int]


def loops(*, lowers: int = 1, refills_first: bool = False, fair: tuple[type, ...] = (Work, Refill)) -> Machine:
    """Two loops: the inner number is filled anew, by as much as somebody likes, each time the outer one is lowered."""
    lines = (
        idle.on(Begin).when(Begin.many >= 0).to(busy).set(outer, Begin.many).set(inner, 0),
        busy.on(Work).when(inner > 0).stay().set(inner, inner - 1).set(outer, outer + 1 if refills_first else outer),
        busy.on(Refill).when((outer > 0) & (Refill.many >= 0)).stay().set(outer, outer - lowers).set(inner, Refill.many),
        busy.on(Work).when((outer == 0) & (inner == 0)).to(done),
    )  # fmt: skip
    ends = leads_to("it ends", inside(busy), inside(done), fair=fair)
    return Machine("loops", (idle, busy, done), idle, lines, variables=(outer, inner), properties=(ends,))


def test_a_number_that_is_filled_anew_whenever_another_falls_comes_to_its_end() -> None:
    """No sum of the two falls, since nobody knows by how much the inner one is filled: the outer one counts first."""
    found = verdict(loops())
    assert isinstance(found, Proved)
    assert "loops outer, then loops inner" in found.argument


@pytest.mark.parametrize(
    "machine",
    [
        pytest.param(loops(lowers=0), id="the outer number stands still"),
        pytest.param(loops(refills_first=True), id="the inner loop raises the outer number"),
        pytest.param(loops(fair=(Refill,)), id="nobody need do the work"),
    ],
)
def test_two_loops_of_which_one_feeds_the_other_are_not_proved_to_end(machine: Machine) -> None:
    """Each by one word from the one that ends."""
    assert not isinstance(verdict(machine), Proved)


together, there = State("together"), State("there")


@event
class Arrive:
    who: Field[str]


@event
class Open:
    pass


@event
class Come:
    pass


@event
class Go:
    pass


def barrier(*, more: int) -> System:
    """It opens when all have come; with one more than there are it never does."""
    crowd = parameter("crowd", int, 3, low=1)
    walker = Machine("walker", (together, there), together, (together.on(Come).to(there), there.on(Go).to(together)))
    walkers = each("walkers", walker, key="who", population=crowd)
    return System(
        "barrier",
        (walkers,),
        parameters=(crowd,),
        wires=(wire(Arrive, walkers[Arrive.who].by(Come)), wire(Open, walkers.every(there).by(Go))),
        rules=(Rule("all have come", on=Open, when=walkers.count(there) == crowd + more),),
        properties=(recoverable("it opens again", walkers.none()),),
    )


@pytest.mark.parametrize("more", [0, 1])
def test_who_is_still_to_come_weighs(more: int) -> None:
    """More of them come first, so those who are there are no measure: those who are missing are one."""
    with ThreadPoolExecutor(1) as pool:
        [found] = begin(verify(barrier(more=more), definition=False), Checker(pool)).finish().verdicts
    assert isinstance(found, Proved) is (more == 0)


@pytest.mark.parametrize(("step", "holds"), [(1, True), (0, False), (-1, False)])
def test_what_a_claim_compares_a_number_with_is_how_far_it_has_to_go(step: int, *, holds: bool) -> None:
    """No guard knows of the five: the claim does."""
    many = integer("many", None, None)
    lines = (idle.on(Begin).to(busy), busy.on(Work).stay().set(many, many + step))
    claim = leads_to("five come", inside(busy), many >= 5, fair=(Work,))
    assert (
        isinstance(verdict(Machine("tally", (idle, busy), idle, lines, variables=(many,), properties=(claim,))), Proved)
        is holds
    )


@event
class FillUp:
    pass


@event
class Cancel:
    pass


def vending(*more: Property, refills: bool = True) -> Machine:
    """Coins are put in while somebody pays; what is sold out is filled up while nobody does."""
    credit, stock = integer("credit", 0, 4), integer("stock", 0, 3, initial=3)
    lines = [
        idle.on(More).to(busy).set(credit, 1),
        busy.on(More).when(credit < 4).stay().set(credit, credit + 1),
        busy.on(Work).when((credit >= 3) & (stock > 0)).to(done).set(stock, stock - 1).set(credit, 0),
        busy.on(Cancel).to(idle).set(credit, 0),
        done.on(Cancel).to(idle),
    ]
    lines += [idle.on(FillUp).when(stock == 0).stay().set(stock, 3)] if refills else []
    return Machine("vending", (idle, busy, done), idle, tuple(lines), (credit, stock), more)


GOODS = recoverable("it can be bought", inside(done))


@pytest.mark.parametrize(("refills", "expected"), [(True, Proved), (False, Refuted)])
def test_what_must_fall_in_one_state_may_grow_in_another(refills: bool, expected: type[Verdict]) -> None:
    """Who pays where nothing is left must go back, which is further away for whoever pays where something is: numbers weigh by state."""
    found = verdict(vending(GOODS, refills=refills))
    assert isinstance(found, expected)
    if isinstance(found, Proved):
        assert found.evidence is not None
        assert any(str(place).startswith("local gap") for place, _ in found.evidence.weights)


@pytest.mark.parametrize(
    "place", ["local gap 0 9 1 0 1 2 0 1", "local gap 1 0 1 0 1 2 0 1", "local gap 0 0 1 0 1 2 0 9"]
)
def test_a_weight_of_a_number_in_a_state_that_there_is_not_shows_nothing(place: str) -> None:
    """Of another state, part or variable."""
    report = verify(vending(GOODS), definition=False)
    (found,) = report.verdicts
    assert isinstance(found, Proved)
    assert found.evidence is not None
    more = attrs.evolve(found.evidence, weights=(*found.evidence.weights, (read(place), 1)))
    with ThreadPoolExecutor(1) as pool:
        [again] = (
            begin(attrs.evolve(report, verdicts=(attrs.evolve(found, evidence=more),)), Checker(pool)).finish().verdicts
        )
    assert not isinstance(again, Proved)
