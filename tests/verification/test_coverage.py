"""What proofs and derived tests go through: everything of what is shipped, and what is left out is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from fsm import (
    Assumption,
    Field,
    Machine,
    Rule,
    State,
    System,
    as_system,
    compile,
    each,
    event,
    one,
    parameter,
    reachable,
    wire,
)
from fsm.command.cover import cover as command
from fsm.command.invocation.target import resolve
from fsm.desk import AGENT, CONTACT, DESK, JOURNEY, TILE
from fsm.runtime.obstacles import Full
from fsm.verification import coverage
from fsm.verification.coverage import Coverage, cover, items_of
from fsm.verification.decide.prover import Prover

REGRESSION = Path(__file__).parents[1] / "regression"


@pytest.mark.parametrize("target", [AGENT, TILE, CONTACT, DESK, JOURNEY], ids=lambda target: target.name)
def test_nothing_of_what_is_shipped_is_left_out(target: Machine | System) -> None:
    """Every state, every transition, and each guard and rule both ways, by the runs of the proofs alone."""
    assert () == cover(target, rounds=0).unexercised


@event
class Pull:
    hard: Field[bool]


@event
class Push:
    pass


@event
class Guest:
    name: Field[str]


@event
class In:
    pass


@event
class Creak:
    """Sent by time."""


shut, ajar, broken = State("shut"), State("ajar"), State("broken")
old = parameter("old", bool, False)
slots = parameter("slots", int, 5, low=1)
DOOR = Machine(
    "door", (shut, ajar, broken), shut,
    (
        shut.on(Pull).when(Pull.hard).to(ajar), ajar.on(Push).when(~old).to(shut), ajar.after(1_000, Creak).when(old).stay(),
        ajar.on(Pull).when(old & ~old).to(broken), broken.on(Push).to(shut),
    ),
)  # fmt: skip
away, there = State("away"), State("there")
door, guests = (
    one("door", DOOR),
    each("guests", Machine("guest", (away, there), away, (away.on(In).to(there),)), key="guest", at_most=slots),
)
HOUSE = System(
    "house", (door, guests), (wire(Pull, door.by(Pull, hard=Pull.hard)), wire(Push, door.by(Push)), wire(Guest, guests[Guest.name].by(In))),
    rules=(Rule("through the door", on=Guest, when=~door.inside(shut)), Rule("always well", on=Push, when=slots >= 1)),
    parameters=(old, slots), assumptions=(Assumption("few slots", slots <= 7),),
    properties=(reachable("somebody is there", guests.any(there)),),
)  # fmt: skip


@pytest.fixture(scope="module")
def covered() -> Coverage:
    """What proofs and derived tests of the house go through."""
    return cover(HOUSE)


def test_what_nothing_goes_through_is_named(covered: Coverage) -> None:
    """A state that is never entered, its transitions, a guard and a rule that have one outcome only."""
    left = covered.unexercised

    assert {
        ("state", "door broken"),
        ("transition", "door ajar on pull when old and not old to broken"),
        ("transition", "door broken on push to shut"),
        ("guard holds", "door ajar on pull when old and not old"),
        ("rule forbids", "always well"),
    } == set(left)


def test_tests_and_proofs_are_told_apart(covered: Coverage) -> None:
    """Both go through most of it; a timer whose guard says no lapses, which counts."""
    timer = ("guard does not", "door ajar on creak when old")

    assert timer in covered.tests
    assert ("rule forbids", "through the door") in covered.tests
    assert ("transition", "guests away on in to there") in covered.proofs
    assert {"proofs", "tests"} == {by for item in covered.plain()["items"] for by in item["by"]}


def test_the_derived_tests_go_through_the_same_every_time() -> None:
    """So that the count does not depend on chance."""
    assert coverage._of_tests(HOUSE, {}, 0) == coverage._of_tests(HOUSE, {}, 0)


def test_profiles_turn_what_the_assumptions_allow() -> None:
    """The defaults, switches turned, small numbers, and both."""
    assert [{}, {"old": True}, {"slots": 1}, {"old": True, "slots": 1}] == coverage._profiles(HOUSE, [{"slots": 99}])


def test_an_obstacle_that_is_neither_rule_nor_guard_counts_for_nothing() -> None:
    """A part that is full."""
    engine = compile(HOUSE, {"slots": 1})
    snapshot = engine.step(engine.step(engine.start(), Pull(True), 0).after, Guest("Ann"), 0).after
    refusal = engine.why_not(snapshot, Guest("Bob"), 0)

    assert refusal is not None
    assert [Full] == [type(one) for one in refusal.obstacles]
    assert set() == coverage._of_refusal(engine, refusal)


def test_what_nothing_sends_is_not_counted() -> None:
    """A transition of a machine whose action the system never wires."""
    alone = System("alone", (door, guests), parameters=(old, slots))

    assert not [what for kind, what in items_of(alone) if kind == "transition" and " on in " in what]


def test_where_the_encoding_cannot_say_something_no_profile_is_suggested() -> None:
    """The proofs have no run to a transition then."""
    system = as_system(resolve(f"{REGRESSION / 'unknown' / 'unbounded_data.py'}:SUBJECT"))
    part, source, transition = next(coverage._transitions(system))

    assert [] == coverage._to(Prover(system), part, source, transition)


def test_the_command_prints_a_table_and_what_is_left() -> None:
    """Status 1 when something is; 0 when not."""
    done = CliRunner().invoke(command, ["fsm.desk:AGENT", "--rounds", "0"])
    assert 0 == done.exit_code
    assert "machine agent: 42 of 42 exercised\n" in done.stdout
    assert (
        42 == json.loads(CliRunner().invoke(command, ["fsm.desk:AGENT", "--rounds", "0", "--json"]).stdout)["exercised"]
    )

    dead = CliRunner().invoke(command, [f"{REGRESSION / 'refuted' / 'dead_transition.py'}:SUBJECT", "--rounds", "0"])
    assert 1 == dead.exit_code
    assert "not exercised: transition: " in dead.stdout
