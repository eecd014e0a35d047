"""Stepping many machines at once gives in every lane what `Engine.step` gives."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import BadInput, Engine, System
from fsm.batch import Batch
from fsm.errors import CannotBatch, WiresOverlap
from fsm.language.domains import Booleans, Domain, Enumeration, Integers
from fsm.language.events import field_refs
from fsm.runtime.engine import prepare

from ...corpus.executions import Subject  # noqa: TID252  # the suite is no installed package
from ...corpus.generate import BY_HAND, DECLARATIONS, DRAWN, rows  # noqa: TID252  # the suite is no installed package
from ...systems import profiles, systems  # noqa: TID252  # the suite is no installed package
from .lanes import events_of, said_alone, said_of


def corpus_groups() -> list[tuple[Subject, list[Any]]]:
    """The cases of the corpus by declaration and profile; of each those whose arguments can be made."""
    declarations = rows(DECLARATIONS)
    groups: dict[tuple[int, str], list[Any]] = {}
    for case in [*rows(BY_HAND), *rows(DRAWN)]:
        groups.setdefault((case["declaration"], json.dumps(case["parameters"])), []).append(case)
    found = []
    for (place, parameters), cases in groups.items():
        try:
            found.append((Subject(declarations[place]["form"], json.loads(parameters)), cases))
        except BadInput:
            continue
    return found


def test_it_passes_the_corpus() -> None:
    """All cases of a declaration at once, a lane for each; declarations with many instances are refused by name."""
    seen, refused = 0, Counter[str]()
    for subject, cases in corpus_groups():
        engine = subject.engine
        try:
            batch = Batch(engine)
        except CannotBatch as cannot:
            refused[cannot.what.partition(",")[0]] += len(cases)
            continue
        known = [case for case in cases if _is_of(engine, subject, case)]
        befores = [subject.snapshot(case) for case in known]
        events = [None if case["event"] is None else subject.event(case["event"]) for case in known]
        ats = [case["at"] for case in known]
        result = batch.step(batch.snapshots(befores), events_of(batch, events), ats)
        for lane, case in enumerate(known):
            assert said_alone(engine, befores[lane], events[lane], ats[lane]) == said_of(result, lane), case
            assert result.outcomes[lane] == KINDS[case["outcome"]["kind"]], case
        seen += len(known)

    assert (1_324, {"has many instances": 832, "applies joined": 7}) == (seen, refused)


KINDS = {"taken": 0, "refused": 1, "passed": 2, "stopped": 3, "rejected": 5}


def _is_of(engine: Engine, subject: Subject, case: Any) -> bool:
    """Whether the case's event is one that callers send, of values that stand in a column: a truth value is none of integers."""
    if case["event"] is None:
        return True
    event = subject.event(case["event"])
    return type(event) in engine.system.events and all(
        _of_kind(ref.domain, getattr(event, name)) for name, ref in field_refs(type(event)).items()
    )


def _of_kind(domain: Domain, value: Any) -> bool:
    match domain:
        case Booleans():
            return type(value) is bool
        case Enumeration(members=members):
            return type(value) is members
        case Integers():
            return type(value) is int and abs(value) < 2**63
    return True


@st.composite
def crowds(draw: st.DrawFn) -> tuple[Engine, list[list[tuple[object | None, int]]]]:
    """A drawn system of parts made by `one`, and for a few lanes what comes to each."""
    system = draw(systems(alone=True))
    engine = prepare(system, draw(profiles(system)))
    lanes = draw(st.integers(1, 6))
    rounds = [
        [(draw(calls(system)), draw(st.integers(-1, 6))) for _ in range(lanes)] for _ in range(draw(st.integers(1, 6)))
    ]
    return engine, rounds


@st.composite
def calls(draw: st.DrawFn, system: System) -> object | None:
    if not system.events or draw(st.integers(0, 4)) == 0:
        return None
    event = draw(st.sampled_from(system.events))
    values: dict[str, Any] = {}
    for name, ref in field_refs(event).items():
        match ref.domain:
            case Booleans():
                values[name] = draw(st.booleans())
            case Enumeration(members=members):
                values[name] = draw(st.sampled_from(list(members)))
            case Integers():
                values[name] = draw(st.integers(0, 3))
            case _:
                values[name] = draw(st.sampled_from("abc"))
    return event(**values)


@given(crowds())
@settings(max_examples=50, deadline=None, derandomize=True, database=None)
def test_it_agrees_on_drawn_systems(drawn: tuple[Engine, list[list[tuple[object | None, int]]]]) -> None:
    """Round by round, with timers, rules, wires, refusals and lanes that run apart."""
    engine, rounds = drawn
    batch = Batch(engine)
    held = batch.start(len(rounds[0]))
    for round_ in rounds:
        events = [event for event, _ in round_]
        ats = [snapshot.now + delay for snapshot, (_, delay) in zip(held, round_, strict=True)]
        try:
            alone = [said_alone(engine, one, event, at, 3) for one, event, at in zip(held, events, ats, strict=True)]
        except WiresOverlap:
            return
        result = batch.step(held, events_of(batch, events), ats, firings=3)
        assert alone == [said_of(result, lane) for lane in range(len(held))]
        held = result.after
