"""A snapshot is a value: read by name, compared by content, never changed, carried anywhere."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from typing import Any

import pytest

import fsm
from fsm import DefinitionError, Engine, Machine, Snapshot, State, Step, integer
from fsm.desk import DESK, Accept, Channel, OfferChat, SetStatus, Speaker, Status
from fsm.desk.tile import NonResponse

from .yard import GATE, YARD


@pytest.fixture(scope="module")
def engine() -> Engine:
    return fsm.compile(DESK)


@pytest.fixture
def ringing(engine: Engine) -> Snapshot:
    """A desk where a chat rings since 10."""
    available = engine.step(engine.start(), SetStatus(Status.AVAILABLE), 0).after
    return engine.step(available, OfferChat("c-1", "Ann", arrived_at=0), 10).after


# Reading


def test_parts_are_read_by_name(ringing: Snapshot) -> None:
    """A part made by one() is an instance, one made by each() a mapping from key to instance."""
    agent, tile = ringing["agent"], ringing["tiles"]["c-1"]
    assert ("available", 0) == (agent.state, agent.since)
    assert ("offered", 10, 0) == (tile.state, tile.since, tile.spent)
    assert (Channel.CHAT, False, "Ann") == (tile.channel, tile.counted, tile.name)
    carried = {"name": "Ann", "arrived_at": 0, "last_text_at": 0}
    assert {"channel": Channel.CHAT, "counted": False, "speaker": Speaker.NOBODY, **carried} == tile.variables


def test_an_unknown_part_is_named(ringing: Snapshot) -> None:
    """The message lists the parts there are."""
    with pytest.raises(KeyError, match=r"desk has no part 'tile'; it has agent, tiles"):
        ringing["tile"]


def test_it_knows_when_time_will_act(engine: Engine, ringing: Snapshot) -> None:
    """The earliest deadline, as `due` gives it; none where no timer runs."""
    assert (15_010, 15_010) == (ringing.due, engine.due(ringing))
    assert engine.due(engine.start()) is None


def test_timers_that_have_fired_are_remembered(engine: Engine, ringing: Snapshot) -> None:
    """One bit for each timer of the state, in the order of the page."""
    counted = engine.advance(ringing, 15_010).after["tiles"]["c-1"]
    assert (
        0b1,
        "tile(offered since 10, spent=1, channel=chat, counted=true, speaker=nobody, name='Ann', arrived_at=0, last_text_at=0)",
    ) == (counted.spent, repr(counted))


def test_its_repr_shows_the_part_and_the_time(ringing: Snapshot) -> None:
    """What a failing test or a log line shows."""
    expected = (
        "Snapshot(desk at 10: agent=agent(available since 0, following=none), "
        "tiles={'c-1': tile(offered since 10, channel=chat, counted=false, speaker=nobody, name='Ann', arrived_at=0, last_text_at=0)})"
    )
    assert expected == repr(ringing)


# Equality


def order_of_offers(engine: Engine, first: str, second: str) -> Snapshot:
    snapshot = engine.step(engine.start(), SetStatus(Status.AVAILABLE), 0).after
    for contact in (first, second):
        snapshot = engine.step(snapshot, OfferChat(contact, "Ann", arrived_at=0), 1).after
    return snapshot


def test_snapshots_are_equal_by_content(engine: Engine) -> None:
    """Two ways to the same desk give equal snapshots with equal hashes, that look the same."""
    one, other = order_of_offers(engine, "c-1", "c-2"), order_of_offers(engine, "c-2", "c-1")
    assert (one, hash(one), repr(one)) == (other, hash(other), repr(other))


def test_snapshots_differ_where_anything_differs(engine: Engine, ringing: Snapshot) -> None:
    """A different time, state or system is a different snapshot."""
    others = [
        engine.start(),
        engine.advance(ringing, 11).after,
        engine.step(ringing, Accept("c-1"), 10).after,
        fsm.compile(YARD).start(10),
    ]
    assert [] == [other for other in others if other == ringing]
    assert 5 == len({ringing, *others})


def test_two_engines_of_one_declaration_share_snapshots(ringing: Snapshot) -> None:
    """A snapshot belongs to the declaration and its parameters, not to the engine that made it."""
    again = fsm.compile(DESK, dict(ringing.layout.profile))
    assert "connected" == again.step(ringing, Accept("c-1"), 11).after["tiles"]["c-1"].state


# Never changed


def test_nothing_of_a_snapshot_can_be_set(ringing: Snapshot) -> None:
    """Neither the snapshot, nor an instance, nor the instances of a part."""
    with pytest.raises(AttributeError):
        ringing.now = 3  # type: ignore[misc]  # the mistake in question
    with pytest.raises(AttributeError):
        ringing["agent"].state = "away"
    with pytest.raises(AttributeError):
        ringing["tiles"]["c-1"].counted = True
    with pytest.raises(AttributeError):
        ringing["agent"].mood = "good"
    with pytest.raises(TypeError):
        ringing["tiles"]["c-2"] = ringing["tiles"]["c-1"]
    with pytest.raises(TypeError):
        del ringing["tiles"]["c-1"]


def test_a_step_leaves_the_snapshot_before_it_alone(engine: Engine, ringing: Snapshot) -> None:
    """The next snapshot shares nothing with it that a step could change."""
    before = repr(ringing)
    engine.step(ringing, OfferChat("c-2", "Bob", arrived_at=0), 40_000)
    assert before == repr(ringing)


# Carried anywhere


@pytest.mark.parametrize("carry", [copy.copy, copy.deepcopy, lambda kept: pickle.loads(pickle.dumps(kept))])
def test_a_copy_is_equal_and_steps_on(engine: Engine, ringing: Snapshot, carry: Any) -> None:
    """Copied, deeply copied or pickled, it is the same desk."""
    carried = carry(ringing)
    assert (ringing, hash(ringing)) == (carried, hash(carried))
    assert engine.step(ringing, Accept("c-1"), 11) == engine.step(carried, Accept("c-1"), 11)


def test_a_step_can_be_pickled(engine: Engine, ringing: Snapshot) -> None:
    """With its effects and the steps that time took."""
    step = engine.step(ringing, OfferChat("c-2", "Bob", arrived_at=0), 16_000)
    assert [NonResponse] == [taken.event for taken in step.timed]
    assert step == pickle.loads(pickle.dumps(step))


ELSEWHERE = """
import pickle, sys
import fsm
from fsm.desk import DESK, Accept
snapshot = pickle.loads(sys.stdin.buffer.read())
assert snapshot in {snapshot}
sys.stdout.buffer.write(pickle.dumps(fsm.compile(DESK).step(snapshot, Accept("c-1"), 11)))
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_a_pickled_snapshot_steps_on_in_another_process(engine: Engine, ringing: Snapshot, seed: str) -> None:
    """Whatever that process's hashes are."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    answer = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], input=pickle.dumps(ringing), env=environment, capture_output=True, check=True
    )
    step: Step = pickle.loads(answer.stdout)
    assert engine.step(ringing, Accept("c-1"), 11) == step


# Names that every instance has


@pytest.mark.parametrize("name", ["state", "since", "spent", "variables", "layout", "count", "index"])
def test_no_variable_hides_what_every_instance_has(name: str) -> None:
    """A variable called like that could not be read."""
    idle = State("idle")
    with pytest.raises(DefinitionError, match="has a name that every machine uses"):
        Machine("lamp", states=(idle,), initial=idle, transitions=(), variables=(integer(name),))


def test_instances_of_one_machine_in_two_systems_are_alike() -> None:
    """The gate alone and the gate of the yard start the same."""
    assert fsm.compile(GATE).start()["gate"] == fsm.compile(YARD).start()["gate"]
