"""One meaning of `within`, whoever reads it: reports, derived tests, mutants, searches, enumerations with names and without, and proofs."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from fsm import Engine, EventRefused, Property, State, System, TimeStopped, as_system, within
from fsm.command.invocation.target import resolve
from fsm.errors import WiresOverlap
from fsm.language.composition import with_machine
from fsm.language.parts import Each, One
from fsm.runtime.engine import prepare
from fsm.semantics.evaluation import interpret
from fsm.traces import Trace, breach, replay
from fsm.verification import Proved, Refuted
from fsm.verification.decide.prover import Prover
from fsm.verification.decide.safety import show_safety
from fsm.verification.mutants.first_kill import breaks, hunt
from fsm.verification.search.breadth_first import search
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.goal import Goal
from fsm.verification.search.packed import Unpackable, explore
from fsm.verification.testing import PropertyBroken
from fsm.verification.testing.stateful import DerivedPlan

from ...systems import systems  # noqa: TID252  # the suite is no installed package
from ..packed_systems import untimed  # noqa: TID252
from ..random_systems import Enumeration, allowed_profiles, bounded, lightened  # noqa: TID252
from .bounded_response import Position, broken, first_broken
from .reachable import event_choices

SOAK = "SOAK" in os.environ
pytestmark = [pytest.mark.soak] if SOAK else []
REGRESSION = Path(__file__).parents[2] / "regression"
Sent = tuple[object | None, int]
MANY = 150
"""How many snapshots are looked at of each system."""


# The definition itself, on runs of which a person sees at once what they are

ASKED, MET, BOTH, NEITHER = (True, False), (False, True), (True, True), (False, False)


@pytest.mark.parametrize(
    ("run", "late"),
    [
        ([(0, ASKED), (3, MET)], False),
        ([(0, ASKED), (4, MET)], True),
        ([(0, ASKED), (3, NEITHER)], False),
        ([(0, BOTH), (9, ASKED), (13, ASKED)], True),
        ([(0, MET), (0, ASKED), (4, NEITHER)], True),
        ([(0, ASKED), (0, MET), (9, NEITHER)], False),
    ],
)
def test_the_definition_says_what_a_person_does(run: list[tuple[int, tuple[bool, bool]]], late: bool) -> None:
    """Within three milliseconds."""
    assert late is broken([Position(at, asked, met) for at, (asked, met) in run], 3)


# Along runs


def wandering(engine: Engine, choices: list[int]) -> Trace:
    """A run of events that are taken and of waits, as the choices say; it ends where two wires overlap."""
    snapshot, sent = engine.start(0), list[Sent]()
    for chosen in choices:
        event, at = None, snapshot.now + 1 + chosen // 7 % 3
        try:
            taken = [
                event
                for event in event_choices(engine.system, snapshot)
                if engine.why_not(snapshot, event, snapshot.now) is None
            ]
            if taken and chosen % 3:
                event, at = taken[chosen // 3 % len(taken)], snapshot.now
            snapshot = (engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at)).after
        except (EventRefused, TimeStopped, WiresOverlap):
            break
        sent.append((event, at))
    return replay(engine, sent)


def check_along(engine: Engine, claim: Property, trace: Trace) -> str:
    """Hold whoever reads a run against the definition: after which step it is broken, if it is."""
    late = first_broken(engine, claim, trace)
    found = breach(engine, claim, trace)
    assert late == (None if found is None else len(found.trace.steps)), f"the report: {claim}"
    assert breaks(engine, claim, trace) is (late is not None), f"the mutants: {claim}"
    failed = DerivedPlan(engine, engine.system, None, ()).play(0, trace.events)
    if late is None:
        assert failed is None, f"the derived test: {failed}"
    else:
        assert isinstance(failed, PropertyBroken), f"the derived test: {failed}"
        assert trace.steps[late - 1].at <= failed.run[-1].at
        assert late <= len(replay(engine, [(one.event, one.at) for one in failed.run if one.taken is not False]).steps)
    return "kept" if late is None else "broken"


def alone(system: System, claim: Property) -> System:
    """The system with this claim and no other."""
    return attrs.evolve(system, properties=(claim,))


def bare(system: System) -> System:
    """The system without what its machines claim by themselves."""
    for machine in dict.fromkeys(part.machine for part in system.parts):
        system = with_machine(system, machine, attrs.evolve(machine, properties=()))
    return system


@st.composite
def systems_with_a_response(draw: st.DrawFn) -> tuple[System, dict[str, Any]]:
    """A system with a bounded response and nothing else that could be broken, and a profile."""
    system = lightened(draw(systems()))
    system = alone(system, draw(bounded("soon", system)))
    return system, draw(st.sampled_from(allowed_profiles(system)))


def test_whoever_reads_a_run_reads_the_same() -> None:
    """At every step of runs of systems drawn at random, those between two timers of one instant included."""
    seen: Counter[str] = Counter()

    @seed(0)
    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(systems_with_a_response(), st.lists(st.integers(0, 60), min_size=4, max_size=14))
    def compared(drawn: tuple[System, dict[str, Any]], choices: list[int]) -> None:
        engine = prepare(*drawn)
        (claim,) = engine.system.properties
        seen[check_along(engine, claim, wandering(engine, choices))] += 1

    compared()
    assert min(seen["kept"], seen["broken"]) >= 3, seen


def machines() -> list[Any]:
    return [
        pytest.param(file, id=f"{file.parent.name}-{file.stem}")
        for verdict in ("proved", "refuted", "unknown")
        for file in sorted((REGRESSION / verdict).glob("*.py"))
    ]


def responses(system: System) -> list[Property]:
    """Bounded responses between states of each part, of a few lengths."""
    lengths = (1, 4, 4_000)
    pairs = [
        (part, state, other)
        for part in system.parts
        for state, other in zip(part.machine.states, part.machine.states[1:], strict=False)
    ]
    return [
        within(f"{part.name} {state.name} {place}", lengths[place % 3], _inside(part, other), _inside(part, state))
        for place, (part, state, other) in enumerate(pairs)
    ]


def _inside(part: Any, state: State) -> Any:
    if isinstance(part, One):
        return part.inside(state)
    return part.none() if state == part.machine.initial else part.any(state)


@pytest.mark.parametrize("file", machines())
def test_whoever_reads_a_run_of_a_regression_machine_reads_the_same(file: Path) -> None:
    """With its own bounded responses, and some between the states of each of its parts."""
    system = bare(as_system(resolve(f"{file}:SUBJECT")))
    own = [claim for claim in system.properties if claim.duration is not None]
    for claim in (*own, *responses(system)[:3]):
        engine = prepare(alone(system, claim))
        for start in range(3):
            check_along(engine, claim, wandering(engine, [(start + 1) * (7 + 5 * step) % 61 for step in range(12)]))


# Everywhere


def check_everywhere(system: System, profile: dict[str, Any]) -> str:
    """Hold whoever looks at all runs against an enumeration that keeps the deadline of every position."""
    engine = prepare(system, profile)
    (claim,) = system.properties
    naive = Enumeration(engine, MANY).run(engine.start(0))
    late = claim.sentence in naive.broken
    assert claim.duration is not None
    goal = Goal(claim.formula, premise=claim.premise, duration=interpret(claim.duration, params=engine.params))
    for name, trace in (
        ("the search", search(engine, {"": goal}, MANY).traces.get("")),
        ("the hunt", getattr(hunt(engine, (claim,), MANY), "trace", None)),
        ("the enumeration", getattr(enumerate_snapshots(system, profile, budget=10 * MANY).verdicts[0], "trace", None)),
    ):
        assert trace is None or first_broken(engine, claim, trace) is not None, f"{name} shows a run that keeps it"
    proof = show_safety(Prover(system, profile), claim)
    assert not (late and isinstance(proof, Proved)), "the proof shows what a run breaks"
    if naive.whole:
        for name, found in counted(system, profile):
            assert isinstance(found, Refuted) is late or not isinstance(found, Proved | Refuted), name
            assert isinstance(found, Proved | Refuted), f"{name} came to no end"
    return "late" if late else "whole" if naive.whole else "open"


def counted(system: System, profile: dict[str, Any]) -> list[tuple[str, Any]]:
    """What each way of counting says."""
    found = [("counted by step", enumerate_snapshots(system, profile).verdicts[0])]
    try:
        found.append(("packed", explore(system, profile).verdicts[0]))
    except Unpackable:
        return found
    keys = 4 if any(isinstance(part, Each) for part in system.parts) else None
    if keys is None:
        found.append(("packed with names", explore(system, profile, named=True).verdicts[0]))
    return found


@pytest.mark.parametrize("timed", [True, False], ids=["with clocks", "without"])
def test_whoever_looks_at_all_runs_says_the_same(timed: bool) -> None:
    """What is refuted has its run, what is proved no run breaks; and where everything was looked at, both ways of counting know it."""
    seen: Counter[str] = Counter()

    @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(systems_with_a_response())
    def compared(drawn: tuple[System, dict[str, Any]]) -> None:
        system, profile = drawn
        if not timed:
            system = untimed(system)
        seen[check_everywhere(system, profile)] += 1

    for number in range(40) if SOAK else (0, 2, 3):
        seed(number)(compared)()
    assert min(seen["late"], seen["whole"]) >= 3, seen
