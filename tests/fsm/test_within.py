"""`within`: whenever the premise is true the goal is, then or at most so much later. A level and not an edge."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import (
    ELAPSED,
    DefinitionError,
    Field,
    Machine,
    State,
    System,
    boolean,
    compile,
    each,
    effect,
    emitted,
    event,
    for_each,
    inside,
    one,
    parameter,
    wire,
    within,
)
from fsm.language.expressions import Formula
from fsm.language.leaves import Clock
from fsm.semantics.stopwatch import Stopwatch
from fsm.traces import breach, replay
from fsm.verification.testing import PropertyBroken
from fsm.verification.testing.stateful import DerivedPlan

Sent = tuple[object | None, int]
Position = tuple[int, bool, bool]
"""The instant, whether the premise holds there, whether the goal does."""


# The rule

ASKED, BOTH, MET, NEITHER = (True, False), (True, True), (False, True), (False, False)

RUNS: list[tuple[str, list[tuple[int, tuple[bool, bool]]], int | None]] = [
    ("nothing is asked", [(0, NEITHER), (99, NEITHER)], None),
    ("it is there at once", [(0, BOTH), (99, BOTH)], None),
    ("it comes at the last instant", [(0, ASKED), (3, MET)], None),
    ("it comes a millisecond late", [(0, ASKED), (4, MET)], 1),
    ("it never comes", [(0, ASKED), (3, ASKED), (4, ASKED)], 2),
    ("the run ends before", [(0, ASKED), (3, ASKED)], None),
    ("the premise goes, what was asked is asked", [(0, ASKED), (1, NEITHER), (4, NEITHER)], 2),
    ("the first position counts, not the last", [(0, ASKED), (2, ASKED), (4, MET)], 2),
    ("what goes on being asked is asked anew when the goal has gone", [(0, BOTH), (5, ASKED), (9, ASKED)], 2),
    ("each time the goal comes again in time", [(0, BOTH), (5, ASKED), (8, BOTH), (9, ASKED), (12, MET)], None),
    ("a goal at an earlier position of the same instant is over", [(0, MET), (0, ASKED), (4, NEITHER)], 2),
    ("a goal at a later position of the same instant is in time", [(0, ASKED), (0, MET), (9, NEITHER)], None),
    ("asked and met between two timers of one instant", [(5, NEITHER), (5, ASKED), (5, MET), (9, NEITHER)], None),
    ("asked between two timers of one instant, and never met", [(5, NEITHER), (5, ASKED), (5, NEITHER), (9, MET)], 3),
    ("late stays late", [(0, ASKED), (4, MET), (5, MET)], 1),
]  # fmt: skip


@pytest.mark.parametrize(("run", "late"), [one[1:] for one in RUNS], ids=[one[0] for one in RUNS])
def test_a_goal_has_three_milliseconds_from_every_position_where_the_premise_holds(
    run: list[tuple[int, tuple[bool, bool]]], late: int | None
) -> None:
    """At which position it is too late, counted from nought; None where it never is."""
    watch, found = Stopwatch(3), None
    for place, (instant, (premise, goal)) in enumerate(run):
        watch = watch.at(instant, premise=premise, goal=goal)
        found = place if watch.late and found is None else found

    assert late == found
    assert watch.late is (late is not None)


# On runs of machines

idle, busy = State("idle"), State("busy")
lit, answered = boolean("lit", initial=True), boolean("answered")
patience = parameter("patience", int, 3, low=1)


@event
class On:
    pass


@event
class Off:
    pass


LAMP = Machine(
    "lamp", (idle,), idle, (idle.on(On).stay().set(lit, True), idle.on(Off).stay().set(lit, False)), (lit,),
    properties=(within("it is lit at most so long after it is idle", patience + 1, inside(idle), lit),),
)  # fmt: skip

BROKEN: list[tuple[str, dict[str, int], list[Sent], int | None]] = [
    ("lit all the time", {}, [(None, 99)], None),
    ("lit again at the last instant", {}, [(Off(), 10), (On(), 14)], None),
    ("dark for a millisecond too long", {}, [(Off(), 10), (On(), 15)], 2),
    ("dark for as long as is allowed, and then the run ends", {}, [(Off(), 10), (None, 14)], None),
    ("dark for longer", {}, [(Off(), 10), (None, 14), (None, 15)], 3),
    ("a longer patience", {"patience": 4}, [(Off(), 10), (On(), 15)], None),
]


@pytest.mark.parametrize(("profile", "events", "after"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN])
def test_reports_and_derived_tests_say_after_which_step_it_is_broken(
    profile: dict[str, int], events: list[Sent], after: int | None
) -> None:
    """The premise is true all the time, and the duration is an expression over a parameter."""
    engine = compile(LAMP, profile)
    found = breach(engine, engine.system.properties[0], replay(engine, events))
    failed = DerivedPlan(engine, LAMP, None, ()).play(0, tuple(events))

    assert after == (None if found is None else len(found.trace.steps))
    assert after == (None if failed is None else len(failed.run))


def test_a_breach_tells_what_was_waited_for_and_how_long() -> None:
    """In the words of the machine."""
    engine = compile(LAMP)
    found = breach(engine, engine.system.properties[0], replay(engine, [(Off(), 10), (None, 25)]))

    assert found is not None
    assert ["wanted  at most 4 ms after lamp is idle: lamp.lit", "false   lamp.lit", "seen    lamp.lit = false, waited = 15 ms"] == found.lines()  # fmt: skip


# Between two timers of one instant

a, b, c = State("a"), State("b"), State("c")


@event
class Mark:
    pass


@event
class Move:
    pass


@event
class Go:
    pass


marked = boolean("marked")
CLOCKWORK = (a.after(5, Mark).stay().set(marked, True), a.after(5, Move).to(b), b.on(Go).to(c))


@pytest.mark.parametrize(
    ("claim", "broken"),
    [
        (within("it is marked in a by then", 5, inside(a), inside(a) & marked), False),
        (within("it is marked in a before", 4, inside(a), inside(a) & marked), True),
        (within("what is marked in a goes on to c", 9, inside(a) & marked, inside(c)), True),
        (within("what is marked in a leaves at once", 1, inside(a) & marked, inside(b)), False),
    ],
    ids=lambda value: getattr(value, "sentence", ""),
)
def test_between_two_timers_of_one_instant_there_is_a_position(claim: Any, broken: bool) -> None:
    """The mark comes first, then the move, both after 5 ms: in between the machine is marked and still in a."""
    machine = Machine("clockwork", (a, b, c), a, CLOCKWORK, (marked,), properties=(claim,))
    engine = compile(machine)
    events: tuple[Sent, ...] = ((None, 5), (None, 60))

    assert broken is (breach(engine, engine.system.properties[0], replay(engine, events)) is not None)
    assert broken is (DerivedPlan(engine, machine, None, ()).play(0, events) is not None)


# Of each instance by itself

free, ringing = State("free"), State("ringing")


@event
class Ring:
    pass


@event
class Answer:
    pass


@event
class Offer:
    who: Field[str]


@event
class Accept:
    who: Field[str]


PHONE = Machine(
    "phone", (free, ringing), free, (free.on(Ring).to(ringing), ringing.on(Answer).to(free)),
    properties=(within("a phone does not ring for long", 10, inside(ringing), inside(free)),),
)  # fmt: skip
phones = each("phones", PHONE, key="who")
DESK = System("desk", (phones,), (wire(Offer, phones[Offer.who].by(Ring)), wire(Accept, phones[Accept.who].by(Answer))))


@pytest.mark.parametrize(
    ("events", "after"),
    [
        (((Offer("x"), 0), (Offer("y"), 5), (Accept("x"), 10), (Accept("y"), 15), (None, 99)), None),
        (((Offer("x"), 0), (Offer("y"), 5), (Accept("y"), 10), (None, 11)), 4),
        (((Offer("x"), 0), (Accept("x"), 10), (Offer("x"), 10), (Accept("x"), 20)), None),
        (((Offer("x"), 0), (Accept("x"), 10), (Offer("x"), 10), (Accept("x"), 21)), 4),
    ],
)
def test_the_claim_of_a_machine_is_watched_for_each_instance_of_a_part(
    events: tuple[Sent, ...], after: int | None
) -> None:
    """One phone that is answered does not answer for another; one that is free again has answered."""
    engine = compile(DESK)
    found = breach(engine, PHONE.properties[0], replay(engine, events))
    failed = DerivedPlan(engine, DESK, None, ()).play(0, events)

    assert after == (None if found is None else len(found.trace.steps))
    assert after == (None if failed is None else len(failed.run))
    assert failed is None or isinstance(failed, PropertyBroken)


# What was emitted


@effect
class Rang:
    pass


BELL = Machine(
    "bell", (free, ringing), free,
    (free.on(Ring).to(ringing).emits(Rang), ringing.on(Answer).to(free)),
    properties=(within("whoever rang twice is answered", 10, emitted(Rang) == 2, inside(free)),),
)  # fmt: skip


@pytest.mark.parametrize(("pause", "broken"), [(10, False), (11, True)])
def test_a_premise_may_count_effects(pause: int, broken: bool) -> None:
    """Counted since the start of the run."""
    engine = compile(BELL)
    events: tuple[Sent, ...] = ((Ring(), 0), (Answer(), 99), (Ring(), 100), (Answer(), 100 + pause))

    assert broken is (breach(engine, engine.system.properties[0], replay(engine, events)) is not None)
    assert broken is (DerivedPlan(engine, BELL, None, ()).play(0, events) is not None)


# What is refused

alone = one("alone", LAMP)
CLOCKS: list[tuple[str, Formula]] = [
    ("alone", ELAPSED > 3),
    ("in a formula", inside(idle) & ~(ELAPSED <= 3)),
]


@pytest.mark.parametrize("clock", [one[1] for one in CLOCKS], ids=[one[0] for one in CLOCKS])
@pytest.mark.parametrize("place", ["premise", "goal"])
def test_neither_premise_nor_goal_may_read_the_time_in_state(clock: Formula, place: str) -> None:
    """That would be a second clock: the author is told what to write instead."""
    claim = within("soon", 5, *((clock, inside(busy)) if place == "premise" else (inside(idle), clock)))

    with pytest.raises(DefinitionError) as refused:
        Machine("lamp", (idle, busy), idle, (idle.on(On).to(busy), busy.on(Off).to(idle)), properties=(claim,))

    assert str(refused.value) == (
        "machine lamp: property 'soon': within(...) reads the time in state. "
        "Compare it in always(...), or let a timer enter a state of its own."
    )


def test_nor_may_those_of_a_system_of_any_of_its_parts() -> None:
    """Of a part made by `one`, and of every instance of one made by `each`."""
    for clock in (alone.inside(idle) & (Clock(alone) > 3), for_each(phones, ELAPSED < 9)):
        with pytest.raises(DefinitionError, match="reads the time in state"):
            System(
                "both",
                (alone, phones),
                parameters=(patience,),
                properties=(within("soon", 5, clock, alone.inside(idle)),),
            )


def test_of_two_parts_with_one_machine_the_one_that_is_late_is_told() -> None:
    """Whichever stands first in the declaration."""
    left, right = one("left", LAMP), one("right", LAMP)
    both = System("both", (left, right), (wire(Off, right.by(Off)),), parameters=(patience,))
    engine = compile(both)

    found = breach(engine, LAMP.properties[0], replay(engine, [(Off(), 0), (None, 5)]))

    assert found is not None
    assert ("right.lit",) == found.blame.parts
    assert isinstance(DerivedPlan(engine, both, None, ()).play(0, ((Off(), 0), (None, 5))), PropertyBroken)
