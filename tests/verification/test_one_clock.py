"""Where one instance alone keeps time, all there is is gone through from change to change: the prover and the checker by themselves, and as millisecond by millisecond."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event as noted
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import (
    ELAPSED,
    Engine,
    Field,
    Machine,
    Modality,
    Property,
    State,
    System,
    after,
    always,
    before,
    can_happen,
    compile,
    each,
    each_step,
    event,
    for_each,
    happens,
    inside,
    integer,
    one,
    reachable,
    recoverable,
    wire,
)
from fsm.canonical import write
from fsm.language.expressions import Formula
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.proofs.questions import CONFIRMED
from fsm.verification.checker.replays.claims import met, never_met
from fsm.verification.checker.replays.enumeration import World
from fsm.verification.search.breadth_first import search
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.goal import breach_of, goal_of, is_exact
from fsm.verification.search.traps import find_trap
from fsm.verification.verdict import Proved, Refuted


@event
class Turn:
    pass


@event
class Count:
    pass


@event
class Kick:
    pass


@event
class Late:
    pass


TIMES = tuple(event(type(f"Due{place}", (), {"__module__": __name__, "__annotations__": {}})) for place in range(3))
PLACES = tuple(State(f"place{number}") for number in range(3))
turns = integer("turns", 0, 2)
WINDOWS = (
    None, ELAPSED >= 2, ELAPSED == 3, ELAPSED != 1, ELAPSED < 2, (ELAPSED > 1) & (ELAPSED <= 4),
    (turns < 2) | (ELAPSED >= 3), turns == 0, ELAPSED >= 6,
)  # fmt: skip
CLAIMS = (
    *(reachable(f"to {place.name}", inside(place)) for place in PLACES),
    *(recoverable(f"again {place.name}", inside(place)) for place in PLACES),
    recoverable("late in the first again", inside(PLACES[0]) & (ELAPSED >= 3)),
    recoverable("from the first to the last", inside(PLACES[2]), wherever=inside(*PLACES[:2])),
    recoverable("from early on to the last", inside(PLACES[2]), wherever=inside(PLACES[2]) | (ELAPSED < 3)),
    recoverable("but never at two, to the first", inside(PLACES[0]), wherever=inside(PLACES[0]) | (ELAPSED != 2)),
    reachable("late in the last", inside(PLACES[2]) & (ELAPSED >= 4)),
    reachable("later in the last", inside(PLACES[2]) & (ELAPSED > 4) & (turns == 1)),
    always("never at two in the middle", ~(inside(PLACES[1]) & (ELAPSED == 2))),
    each_step("kicked early", happens(Kick) >> before(ELAPSED < 5)),
    each_step("never late at six", happens(Late) >> before(ELAPSED < 6)),
    each_step("late at six alone", happens(Late) >> (before(ELAPSED == 6) & after(ELAPSED < 2))),
    can_happen("late at six", happens(Late) & before(ELAPSED >= 6)),
    can_happen("kicked at three", happens(Kick) & before(ELAPSED == 3) & after(inside(PLACES[1]))),
)
places, windows = st.sampled_from(PLACES), st.sampled_from(WINDOWS)
targets = st.sampled_from((*PLACES, None))
KINDS = [(place, kind) for place in PLACES for kind in (Turn, Kick) if (place, kind) != (PLACES[2], Kick)]
SENT = st.dictionaries(st.sampled_from(KINDS), st.tuples(targets, windows), max_size=5)
TIMERS = st.dictionaries(st.tuples(places, st.integers(1, 5)), st.tuples(targets, windows), max_size=3)


def machine(sent: Any, timers: Any) -> Machine:
    """A table of lines and timers, beside three lines that there always are."""
    begun = [(here.on(kind), *rest) for (here, kind), rest in sorted(sent.items(), key=repr)]
    begun += [
        (here.after(length, TIMES[place]), *rest)
        for place, ((here, length), rest) in enumerate(sorted(timers.items(), key=repr))
    ]
    asked = [(line if window is None else line.when(window), to) for line, to, window in begun]
    lines = [line.stay() if to is None else line.to(to) for line, to in asked]
    counted = PLACES[0].on(Count).when((ELAPSED >= 1) & (turns < 2)).to(PLACES[1]).set(turns, turns + 1)
    lines = [counted, PLACES[2].on(Kick).stay(), PLACES[1].after(6, Late).to(PLACES[0]), *lines]
    return Machine("any", PLACES, PLACES[0], tuple(lines), variables=(turns,), properties=CLAIMS)


def by_prover(engine: Engine, claim: Property) -> tuple[bool, int] | None:
    """Whether it holds, and of how many snapshots that is said; None where they are not said to be all."""
    assert is_exact(engine.system, claim.formula)
    if claim.modality is Modality.RECOVERABLE:
        trap = find_trap(engine, claim.formula, claim.premise)
        return None if trap is None else (trap.trace is None, trap.snapshots)
    possible = claim.modality in (Modality.REACHABLE, Modality.CAN_HAPPEN)
    goal = goal_of(claim) if possible else breach_of(claim, engine.params)
    found = search(engine, {"it": goal})
    return ("it" in found.traces) == possible, found.snapshots


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SENT, TIMERS)
def test_every_way_of_going_through_all_there_is_says_the_same(sent: Any, timers: Any) -> None:
    """Of any table of lines and timers with windows of time; what the checker counts is what the prover has counted, too."""
    subject = machine(sent, timers)
    slow = enumerate_snapshots(subject)
    declaration = read_declaration(write(subject))
    engine = compile(subject)
    for place, claim in enumerate(engine.system.properties):
        holds = isinstance(slow.verdicts[place], Proved)
        assert holds or isinstance(slow.verdicts[place], Refuted)
        told = by_prover(engine, claim)
        if told is None:
            noted("a trap between two timers alone")
            assert not holds
            continue
        said, many = told
        assert said == holds, claim
        shown = claim.modality not in (Modality.REACHABLE, Modality.CAN_HAPPEN)
        name = f"claim {place}"
        look = met(declaration, name) if shown else never_met(declaration, name, ())
        outcome = World(declaration, {}, None, look.formulas).shows(look, many)
        assert (outcome == CONFIRMED) == (holds if shown else not holds), (claim, outcome)


@event
class Come:
    who: Field[str]


@event
class Go:
    pass


out, waiting = State("out"), State("waiting")
GUEST = Machine("guest", (out, waiting), out, (out.on(Go).to(waiting), waiting.on(Kick).to(out)))
GATE = one(
    "gate",
    Machine(
        "gate",
        PLACES[:2],
        PLACES[0],
        (PLACES[0].after(4, TIMES[0]).to(PLACES[1]), PLACES[1].after(1, TIMES[1]).to(PLACES[0])),
    ),
)
GUESTS = each("guests", GUEST, key="who", at_most=1)


@pytest.mark.parametrize(
    ("asked", "exact"),
    [
        (GATE.inside(PLACES[1]) | GUESTS.none(waiting), True),
        (for_each(GUESTS, inside(out) | (ELAPSED >= 3)), False),
    ],
    ids=["of the gate", "of each guest"],
)  # fmt: skip
def test_whose_time_is_asked_counts_among_those_that_keep_time(asked: Formula, exact: bool) -> None:
    """A guest who has no timer keeps time as soon as a claim asks for how long she has waited, and the gate does by itself: that is two clocks."""
    leaves = wire(GATE.sends(TIMES[1]), GUESTS.every().by(Kick))
    party = System(
        "party", (GATE, GUESTS), (wire(Come, GUESTS[Come.who].by(Go)), leaves), properties=(always("it is", asked),)
    )

    assert exact == is_exact(party, *[claim.formula for claim in party.properties])
