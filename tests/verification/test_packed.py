"""One more execution: packed numbers against the public step, at every snapshot, and against published counts.

By hand, N slots: 3 x (5^N + 3) snapshots with names, 3 x (C(N + 4, 4) + 3) without (`test_published`).
Die hard: TLC prints 97 states generated, 16 distinct; the first of those it generates is the start.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable
from itertools import product
from math import comb
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, event, given, reject, settings
from hypothesis import strategies as st

from fsm import DefinitionError, Engine, EventRefused, System, as_system, compile
from fsm.command.invocation.target import resolve
from fsm.verification import Proved, Refuted, Unknown
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.packed import Unpackable, explore
from fsm.verification.search.packed import plans as planning
from fsm.verification.search.packed.exploring import space_of
from fsm.verification.search.packed.plans import Plans, Question
from fsm.verification.search.packed.shape import Shape
from fsm.verification.search.packed.traces import Contradiction, Space
from fsm.verification.search.results import Explored

from ..systems import profiles, systems  # noqa: TID252  # the suite is no installed package
from .mutants import without_rules
from .packed_systems import untimed, with_claims
from .published import DESK

SOAK = "SOAK" in os.environ
"""Set by `make soak`: then one claim has many more cases, drawn anew each time."""
REGRESSION = Path(__file__).parents[1] / "regression"
QUIET = ["proved/at_the_limit", "proved/finite", "proved/locker", "proved/mutual_exclusion", "proved/two_phase_commit", "refuted/excluded",
         "refuted/jugs", "refuted/overlapping_guards", "refuted/peterson_without_turn", "refuted/trap", "refuted/one_key_in_two_parts"]  # fmt: skip
"""Machines without clocks, and with few snapshots in a world of three keys."""


def machine(file: str) -> System:
    return as_system(resolve(f"{REGRESSION / file}.py:SUBJECT"))


# Published counts


@pytest.mark.parametrize(("slots", "snapshots"), [(5, 387), (10, 3_012), (20, 31_887)])
def test_up_to_renaming_there_are_as_many_snapshots_as_were_published(slots: int, snapshots: int) -> None:
    """And every claim holds, which none of them breaks."""
    found = explore(DESK, {"slots": slots})

    assert (snapshots, True, 0, 0) == (found.snapshots, found.complete, found.deadlocks, found.ends)
    assert snapshots == 3 * (comb(slots + 4, 4) + 3)
    assert [Proved] * 3 == [type(verdict) for verdict in found.verdicts]


@pytest.mark.parametrize(("slots", "snapshots"), [(5, 9_384), (8, 1_171_884)])
def test_with_names_too(slots: int, snapshots: int) -> None:
    """The world has as many keys as slots, found by counting without names first."""
    found = explore(DESK, {"slots": slots}, named=True)

    assert (snapshots, slots, True) == (found.snapshots, found.keys, found.complete)
    assert snapshots == 3 * (5**slots + 3)


def test_die_hard_has_as_many_as_tlc_says() -> None:
    """16 distinct, 97 generated."""
    found = explore(machine("refuted/jugs"))

    assert (16, 97) == (found.snapshots, found.steps + 1)


# Against the public step


def names(many: int) -> list[str]:
    return [f"k-{number}" for number in range(1, many + 1)]


def compare(engine: Engine, keys: int, *, named: bool, make: Callable[[Shape, Question], Plans] = Plans) -> int:
    """Walk through every snapshot by the public step; at each, every event must lead to the same snapshots. How many there are."""
    space: Space = space_of(engine, Question(), keys, named=named)
    space.plans = make(space.shape, Question())
    known = names(keys)
    found = {space.packed(engine.start(0), known): engine.start(0)}
    queue = list(found.items())
    for number, snapshot in queue:
        taken: set[tuple[type, int]] = set()
        for sent in named_events(engine.system, known):
            try:
                after = engine.step(snapshot, sent, 0).after
            except EventRefused:
                continue
            taken.add((type(sent), space.packed(after, known)))
            if space.packed(after, known) not in found:
                found[space.packed(after, known)] = after
                queue.append((space.packed(after, known), after))
        assert taken == set(space.steps(number)), f"at {snapshot}"
        assert {after for _, after in taken} == set(space.successors(number))
    level: Any = [space.start]
    grown = set(level)
    while level:
        level = space.grow(level)
        grown |= set(level)
    assert set(found) == grown
    return len(found)


def named_events(system: System, known: list[str]) -> list[object]:
    """Every event with every key of the world and every value of its other fields."""
    from fsm.language.domains import Opaque
    from fsm.language.events import field_refs
    from fsm.runtime.enabled import key_fields

    def values(kind: type, name: str, domain: Any) -> list[Hashable]:
        return (
            [*known]
            if name in key_fields(system, kind)
            else [name]
            if isinstance(domain, Opaque)
            else [*domain.values()]
        )

    return [
        kind(*picked)
        for kind in system.events
        for picked in product(*[values(kind, name, ref.domain) for name, ref in field_refs(kind).items()])
    ]


@pytest.mark.parametrize(("slots", "named"), [(1, True), (3, True), (4, False)])
def test_the_published_model_goes_the_same_way_at_every_snapshot(slots: int, named: bool) -> None:
    """With names and without."""
    expected = 3 * (5**slots + 3) if named else 3 * (comb(slots + 4, 4) + 3)

    assert expected == compare(compile(DESK, {"slots": slots}), slots, named=named)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("file", QUIET)
def test_machines_without_clocks_go_the_same_way(file: str, named: bool) -> None:
    """Moves by two keys, of one key in two parts and of all at once among them."""
    assert compare(compile(machine(file)), 3, named=named) > 1


def counts(found: Explored) -> tuple[object, ...]:
    """What both enumerations must say alike: runs are as long, whichever of the shortest is shown."""
    verdicts = [
        (type(one), len(one.trace.steps) if isinstance(one, Refuted) and one.trace is not None else None)
        for one in found.verdicts
    ]
    return (found.snapshots, found.steps, found.depth, found.ends, found.deadlocks, found.complete, verdicts)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("file", QUIET)
def test_both_enumerations_count_and_judge_alike(file: str, named: bool) -> None:
    """Claims of every sort, true or not."""
    system = with_claims(machine(file))

    assert counts(enumerate_snapshots(system, keys=3, named=named)) == counts(explore(system, keys=3, named=named))


@settings(
    max_examples=1500 if SOAK else 60, deadline=None, derandomize=not SOAK, suppress_health_check=list(HealthCheck)
)
@given(systems().flatmap(lambda system: st.tuples(st.just(system), profiles(system))), st.booleans())
def test_any_system_goes_the_same_way_without_its_clocks(drawn: tuple[System, dict[str, object]], named: bool) -> None:
    """At every snapshot of a world of two keys; and is counted and judged alike."""
    try:
        system = untimed(drawn[0])
    except DefinitionError:
        reject()
    event(f"{compare(compile(system, drawn[1]), 2, named=named).bit_length()} bits of snapshots")
    claimed = with_claims(system)
    assert counts(enumerate_snapshots(claimed, drawn[1], keys=2, named=named)) == counts(
        explore(claimed, drawn[1], keys=2, named=named)
    )


# What is judged


def test_a_run_that_breaks_a_claim_is_a_shortest_one_that_the_runtime_takes() -> None:
    """As published: three events, with names and without."""
    mutant = without_rules(DESK, "no chat while the voice line is busy")
    for found in (explore(mutant, {"slots": 3}), explore(mutant, {"slots": 3}, named=True)):
        verdict = found.verdicts[0]

        assert isinstance(verdict, Refuted)
        assert verdict.trace is not None
        assert ["SetStatus", "RouteCall", "RouteChat"] == [type(step.event).__name__ for step in verdict.trace.steps]


def test_a_step_that_breaks_a_claim_is_shown() -> None:
    """A missed slot that somebody takes again: offered, missed, and then the step."""
    claimed = with_claims(DESK)
    verdicts = {verdict.claim.sentence: verdict for verdict in explore(claimed, {"slots": 2}).verdicts}
    broken = verdicts["chats: leaves by one event"]

    assert isinstance(broken, Refuted)
    assert broken.trace is not None
    assert "ClearChat" == type(broken.trace.steps[-1].event).__name__


def test_a_budget_that_ends_proves_nothing() -> None:
    """What was met stays met; all else is unknown."""
    found = explore(machine("proved/mutual_exclusion"), budget=100)

    assert not found.complete
    assert [Unknown, Proved, Unknown] == [type(verdict) for verdict in found.verdicts]
    with_names = explore(machine("proved/mutual_exclusion"), named=True, budget=100)
    assert ("more than 100 snapshots", False) == (with_names.why, with_names.named)


def test_a_deadlock_is_told_from_an_end() -> None:
    """Peterson without turn: one end, where both are done; two where one waits for ever."""
    found = explore(machine("refuted/peterson_without_turn"))

    assert (1, 2) == (found.ends, found.deadlocks)
    assert found.deadlock is not None
    assert 2 == len(found.deadlock.steps)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("proved/traffic_light", "has timers"),
        ("proved/turnstile", "more than 16384 things"),
        ("unknown/unbounded_data", "more than 16384 things"),
    ],
)
def test_what_does_not_fit_is_refused(file: str, why: str) -> None:
    """Never less than was declared."""
    with pytest.raises(Unpackable, match=why):
        explore(machine(file))


# Planted faults


class MergesTwoKinds(Plans):
    """Two snapshots that differ are one: a slot in after call work is taken for a missed one."""

    def at(self, tally: int) -> planning.MovePlan:
        shape = self.shape
        many = shape.many(tally, 4)
        return super().at(tally + many * (shape.unit(3) - shape.unit(4)))


class LosesASuccessor(Plans):
    """The last thing that can happen is forgotten where there are many."""

    def at(self, tally: int) -> planning.MovePlan:
        plan = super().at(tally)
        return attrs.evolve(plan, effects=plan.effects[: max(3, len(plan.effects) - 1)])


class TakesOneForNone(Plans):
    """Whether there are keys of a kind is read off a field that is one too small."""

    def __init__(self, shape: Shape, question: Question) -> None:
        super().__init__(shape, question)
        self._fill -= shape.unit(1)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("faulty", [MergesTwoKinds, LosesASuccessor, TakesOneForNone])
def test_a_fault_in_the_enumerator_is_noticed_by_the_comparison(faulty: type[Plans], named: bool) -> None:
    """At some snapshot an event leads elsewhere, or nowhere."""
    with pytest.raises(AssertionError):
        compare(compile(DESK, {"slots": 2}), 2, named=named, make=faulty)


def test_a_count_that_merges_two_snapshots_is_not_the_published_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is one that loses a successor."""
    for faulty in (MergesTwoKinds, LosesASuccessor):
        monkeypatch.setattr("fsm.verification.search.packed.exploring.Plans", faulty)
        try:
            assert 387 != explore(DESK, {"slots": 5}).snapshots
        except Contradiction:
            continue  # a run that the runtime does not take is noticed earlier


def test_a_run_that_the_runtime_does_not_take_is_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    """The enumerator forgets a rule that the runtime keeps: what it finds is not believed."""

    def without(shape: Shape, question: Question) -> Plans:
        shape.system = without_rules(DESK, "no chat while the voice line is busy")
        return Plans(shape, question)

    monkeypatch.setattr("fsm.verification.search.packed.exploring.Plans", without)

    with pytest.raises(Contradiction, match="that the runtime does not"):
        explore(DESK, {"slots": 2})
