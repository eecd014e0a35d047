"""Where one instance alone keeps time, all there is is gone through from change to change: the prover and the checker by themselves, and as millisecond by millisecond."""

from __future__ import annotations

from typing import Any

from hypothesis import event as noted
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import (
    ELAPSED,
    Engine,
    Machine,
    Modality,
    Property,
    State,
    after,
    always,
    before,
    can_happen,
    compile,
    each_step,
    event,
    happens,
    inside,
    integer,
    reachable,
    recoverable,
)
from fsm.canonical import write
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
    reachable("late in the last", inside(PLACES[2]) & (ELAPSED >= 4)),
    reachable("later in the last", inside(PLACES[2]) & (ELAPSED > 4) & (turns == 1)),
    always("never at two in the middle", ~(inside(PLACES[1]) & (ELAPSED == 2))),
    each_step("kicked early", happens(Kick) >> before(ELAPSED < 5)),
    can_happen("kicked at three", happens(Kick) & before(ELAPSED == 3) & after(inside(PLACES[1]))),
)
places, windows = st.sampled_from(PLACES), st.sampled_from(WINDOWS)
targets = st.sampled_from((*PLACES, None))
KINDS = [(place, kind) for place in PLACES for kind in (Turn, Kick) if (place, kind) != (PLACES[2], Kick)]
SENT = st.dictionaries(st.sampled_from(KINDS), st.tuples(targets, windows), max_size=5)
TIMERS = st.dictionaries(st.tuples(places, st.integers(1, 5)), st.tuples(targets, windows), max_size=3)


def machine(sent: Any, timers: Any) -> Machine:
    """A table of lines and timers, beside two lines that there always are."""
    begun = [(here.on(kind), *rest) for (here, kind), rest in sorted(sent.items(), key=repr)]
    begun += [
        (here.after(length, TIMES[place]), *rest)
        for place, ((here, length), rest) in enumerate(sorted(timers.items(), key=repr))
    ]
    asked = [(one if window is None else one.when(window), to) for one, to, window in begun]
    lines = [one.stay() if to is None else one.to(to) for one, to in asked]
    counted = PLACES[0].on(Count).when((ELAPSED >= 1) & (turns < 2)).to(PLACES[1]).set(turns, turns + 1)
    lines = [counted, PLACES[2].on(Kick).stay(), *lines]
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
