"""The search by breadth: shortest runs through the public step, snapshots that nothing tells apart taken for one."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from fsm import ELAPSED, Field, Machine, State, System, as_system, compile, each, event, happens, integer, one, wire
from fsm.desk import DESK, OfferChat, SetStatus, Status
from fsm.language.domains import Opaque
from fsm.language.expressions import Const, Formula
from fsm.language.values.annotations import kind_of
from fsm.verification.search.breadth_first import Found, search
from fsm.verification.search.goal import Goal, is_exact
from fsm.verification.search.samples import first_values, new_keys, sample
from fsm.verification.testing import stateful

idle, busy = State("idle"), State("busy")
number = integer("number", 0, None)


@event
class Start:
    pass


@event
class Stop:
    pass


@event
class Add:
    by: Field[int]


@event
class Come:
    who: Field[str]


@event
class Pair:
    first: Field[str]
    second: Field[str]


@event
class Part:
    first: Field[str]
    second: Field[str]


@event
class Write:
    who: Field[str]


@event
class Both:
    who: Field[str]


LINE = Machine("line", states=(idle, busy), initial=idle, transitions=(idle.on(Start).to(busy), busy.on(Stop).to(idle)))
PATIENT = Machine(
    "patient",
    states=(idle, busy),
    initial=idle,
    transitions=(idle.on(Start).when(ELAPSED >= 7).to(busy), busy.after(9, Stop).to(idle)),
)
ADDER = Machine(
    "adder",
    states=(idle,),
    initial=idle,
    variables=(number,),
    transitions=(idle.on(Add).when(Add.by > 2).stay().set(number, number + 1),),
)


def found(subject: Any, **goals: Goal) -> Found:
    return search(compile(subject), goals, budget=500)


def test_a_run_is_shortest_and_waits_only_for_what_matters() -> None:
    """The guard lets nobody in before seven: one wait, one event."""
    engine = compile(as_system(PATIENT))
    trace = search(engine, {"busy": Goal(engine.system.parts[0].inside(busy))}).traces["busy"]  # type: ignore[union-attr]  # a part made by one

    assert [(None, 7), (Start(), 7)] == list(trace.events)


def test_snapshots_that_differ_in_names_of_keys_alone_are_one() -> None:
    """Three guests are three snapshots and not eight; the one who comes gets a name that nobody has."""
    guests = each("guests", LINE, key="who", at_most=3)
    room = System("room", parts=(guests,), wires=(wire(Come, guests[Come.who].by(Start)),))
    seen = search(compile(room), {"four": Goal(guests.count() == 4)})

    assert (4, True, {}) == (seen.snapshots, seen.complete, dict(seen.traces))


def test_a_search_that_spends_its_budget_says_that_it_is_not_complete() -> None:
    """Nothing follows from that it found nothing."""
    assert not found(ADDER, never=Goal(Const(False))).complete


def test_a_step_that_breaks_a_claim_is_found_with_the_event_that_does() -> None:
    """The last step of the run is the one."""
    trace = found(LINE, hung_up=Goal(~happens(Stop), of_steps=True)).traces["hung_up"]

    assert [Start(), Stop()] == [step.event for step in trace.steps]


def test_only_a_finite_system_without_parameters_and_with_one_clock_at_most_is_exact() -> None:
    """An integer without end that callers send, a parameter, two that keep time, each of many that does: each forbids it."""
    hasty = Machine("hasty", (idle, busy), idle, (idle.on(Start).to(busy), busy.after(9, Stop).to(idle)))
    patients = each("patients", hasty, key="who", at_most=1)
    two = System("two", (one("first", PATIENT), one("second", PATIENT)), ())
    many = System("many", (patients,), (wire(Come, patients[Come.who].by(Start)),))

    assert is_exact(as_system(LINE))
    assert is_exact(as_system(PATIENT))
    assert not is_exact(as_system(PATIENT), timeless=True)
    assert not is_exact(two)
    assert not is_exact(many)
    assert not is_exact(as_system(ADDER))
    assert not is_exact(DESK)


@pytest.mark.parametrize(
    ("read", "exact"),
    [
        (ELAPSED >= number, False),
        (2 * ELAPSED >= 9, False),
        (ELAPSED + 1 < 5, False),
        ((ELAPSED >= 2) == (number > 0), True),
        ((ELAPSED > 2) | (number > ELAPSED), False),
    ],
    ids=str,
)
def test_time_that_is_not_just_compared_with_numbers_is_not_exact(read: Formula, exact: bool) -> None:
    """Around which times something changes is told by the numbers alone."""
    clerk = Machine(
        "clerk", (idle, busy), idle, (idle.on(Start).when(read).to(busy), busy.after(9, Stop).to(idle)), (number,)
    )

    assert exact == is_exact(as_system(clerk))


def test_a_run_to_the_desk_names_contacts_as_people_do() -> None:
    """`c-1` is the first contact, and what is carried is named after its field."""
    tiles = DESK.part("tiles")
    trace = search(compile(DESK), {"held": Goal(tiles.any())}).traces["held"]  # type: ignore[union-attr]  # a part made by each

    assert [SetStatus(Status.AVAILABLE), OfferChat("c-1", "name", arrived_at=0)] == [step.event for step in trace.steps]


@pytest.mark.parametrize(("kind", "expected"), [(str, "note"), (object, None), (int, 0), (tuple, ())])
def test_what_no_condition_reads_gets_some_value(kind: type, expected: object) -> None:
    """Of its own type."""
    assert expected == sample(Opaque(kind), "note")


@attrs.frozen
class Tree:
    left: Tree | None
    right: Tree | None
    leaves: tuple[Tree, ...]


@attrs.frozen
class Man:
    wife: Woman | None


@attrs.frozen
class Woman:
    man: Man | None


@attrs.frozen
class Bottomless:
    inside: Bottomless


@event
class Put:
    tree: Field[Tree]


@pytest.mark.parametrize("kind", [Tree, Man, Woman, tuple[Tree, Man]])
def test_a_record_may_contain_itself(kind: Any) -> None:
    """Its values come to an end, and any two numbers have two of them."""
    values = first_values(Opaque(kind), 6)

    assert 6 == len(set(values))
    assert all(kind_of(kind).contains(value) for value in values)


def test_what_has_no_value_has_none() -> None:
    """A record that always contains another of its own."""
    assert sample(Opaque(Bottomless), "note") is None
    assert [] == first_values(Opaque(Bottomless), 6)


@attrs.frozen
class Code:
    """Its class takes no text that a search would make up."""

    text: str

    def __attrs_post_init__(self) -> None:
        if len(self.text) != 22:
            raise ValueError("a code has 22 letters")


@event
class Enter:
    code: Field[Code]


def test_what_is_so_at_the_start_asks_for_no_payload() -> None:
    """Nothing has to be sent."""
    engine = compile(Machine("m", (idle, busy), idle, (idle.on(Enter).to(busy), busy.on(Stop).to(idle))))

    found = search(engine, {"idle": Goal(engine.system.part("m").inside(idle))})  # type: ignore[union-attr]  # a part made by one

    assert () == found.traces["idle"].steps


def test_what_is_tested_by_itself_may_take_a_record_that_contains_itself() -> None:
    """Hypothesis cannot read such annotations, and needs nobody to tell it how."""
    low, high = State("low"), State("high")
    machine = Machine("shelf", (low, high), low, (low.on(Put).to(high), high.on(Put).to(low)))

    run_state_machine_as_test(
        stateful(machine), settings=settings(max_examples=3, stateful_step_count=5, database=None)
    )


def test_a_new_key_is_one_that_nobody_has() -> None:
    """Of the type that the event wants."""
    assert ["c-2", "c-4"] == new_keys("contact", Opaque(str), {"c-1", "c-3"}, 2)
    assert [1] == new_keys("desk", Opaque(int), set(), 1)


def test_an_event_with_two_keys_moves_two_instances_of_one_kind() -> None:
    """Two that come together, two that leave together: nobody is told apart by more than the name."""
    guests = each("guests", LINE, key="who", at_most=2)
    room = System(
        "room",
        parts=(guests,),
        wires=(
            wire(Pair, guests[Pair.first].by(Start), guests[Pair.second].by(Start)),
            wire(Part, guests[Part.first].by(Stop), guests[Part.second].by(Stop)),
        ),
    )
    seen = search(compile(room), {"parted": Goal(~happens(Part), of_steps=True), "one": Goal(guests.count() == 1)})

    assert (2, True, {"parted"}) == (seen.snapshots, seen.complete, set(seen.traces))


def test_one_key_in_two_parts_is_told_from_two_keys() -> None:
    """Who is at the desk and on the list may leave; somebody else on the list may not."""
    desk, names = each("desk", LINE, key="who", at_most=1), each("names", LINE, key="who", at_most=1)
    room = System(
        "room",
        parts=(desk, names),
        wires=(
            wire(Come, desk[Come.who].by(Start)),
            wire(Write, names[Write.who].by(Start)),
            wire(Both, desk[Both.who].by(Stop), names[Both.who].by(Stop)),
        ),
    )
    seen = search(compile(room), {"nothing": Goal(Const(False)), "left": Goal(~happens(Both), of_steps=True)})

    assert (5, True, {"left"}) == (seen.snapshots, seen.complete, set(seen.traces))
