"""Wires: all instances that an event names move in one step, or none does."""

from __future__ import annotations

from typing import Any

import pytest

import fsm
from fsm import DefinitionError, Engine, EventRefused, Field, Machine, Snapshot, State, System, TimeStopped, each, event, integer, one, wire
from fsm.live import Live

from .yard import STUCK, YARD, Call, Come, Load, Push, Ring, SendHome, Swap, Told


@pytest.fixture(scope="module")
def yard() -> Engine:
    return fsm.compile(YARD, {"patience": 6, "places": 2})


def after(engine: Engine, run: list[tuple[Any, int]]) -> Snapshot:
    """Where events lead, each with how long it comes after the one before."""
    snapshot = engine.start()
    for sent, pause in run:
        snapshot = engine.step(snapshot, sent, snapshot.now + pause).after
    return snapshot


def loading(yard: Engine, *plates: str) -> Snapshot:
    """A yard with an open gate where these lorries load."""
    come: list[tuple[Any, int]] = [(Come(plate, Load.SAND, ""), 0) for plate in plates]
    return after(yard, [(Push(), 0), *come, *((Call(plate), 2 if plate == plates[0] else 0) for plate in plates)])


def test_every_instance_that_fits_moves_at_once(yard: Engine) -> None:
    """All lorries that load go home, in the order of their plates, and the gate moves with them."""
    step = yard.step(loading(yard, "y", "x"), SendHome(), 2)
    assert ({}, "wide") == (dict(step.after["lorries"]), step.after["gate"].state)
    assert ["x", "y"] == [told.who for told in step.effects if isinstance(told, Told)]


def test_where_nobody_fits_everybody_has_moved(yard: Engine) -> None:
    """With no lorry to send home the gate moves alone."""
    assert "wide" == yard.step(after(yard, [(Push(), 0)]), SendHome(), 0).after["gate"].state


def test_an_instance_back_in_its_initial_state_is_forgotten(yard: Engine) -> None:
    """A lorry that went home is no lorry of the yard, and its plate can come again, as new."""
    home = yard.step(loading(yard, "x"), SendHome(), 2).after
    assert {} == dict(home["lorries"])
    assert ("waiting", 4) == yard.step(home, Come("x", Load.SAND, ""), 4).after["lorries"]["x"][:2]


def test_one_event_moves_two_instances_of_a_part(yard: Engine) -> None:
    """A lorry leaves and another takes its place, also in a full yard."""
    swapped = yard.step(loading(yard, "x", "y"), Swap("x", "z"), 2).after
    assert {"y": "loading", "z": "waiting"} == {key: lorry.state for key, lorry in swapped["lorries"].items()}


def test_one_event_does_not_move_an_instance_twice(yard: Engine) -> None:
    """A lorry cannot be swapped for itself."""
    with pytest.raises(EventRefused, match=r"part     lorries\[x\] is named twice"):
        yard.step(loading(yard, "x"), Swap("x", "x"), 2)


def test_a_part_never_holds_more_than_it_may(yard: Engine) -> None:
    """The third lorry of two is refused."""
    with pytest.raises(EventRefused, match="part     lorries may hold 2 at most; now held: 2"):
        yard.step(loading(yard, "x", "y"), Come("z", Load.SAND, ""), 2)


# Two at once, where there is little room

out, inside = State("out"), State("inside")


@event
class Enter:
    pass


@event
class Exit:
    pass


@event
class EnterTogether:
    first: Field[str]
    second: Field[str]


@event
class Relieve:
    number: Field[int]


GUARD = Machine("guard", states=(out, inside), initial=out, transitions=(out.on(Enter).to(inside), inside.on(Exit).to(out)))
rounds = integer("rounds", initial=10)
CHIEF = Machine("chief", states=(out, inside), initial=out, variables=(rounds,), transitions=(out.on(Exit).stay().set(rounds, rounds + 1),))
guards, chief = each("guards", GUARD, key="name", at_most=1), one("chief", CHIEF)
ROOM = System(
    "room",
    parts=(guards, chief),
    wires=(
        wire(EnterTogether, guards[EnterTogether.first].by(Enter), guards[EnterTogether.second].by(Enter)),
        wire(Relieve, chief.by(Exit), when=Relieve.number == 3 * chief[rounds]),
        wire(Relieve, guards.every().by(Exit), when=Relieve.number - chief[rounds] >= 20),
    ),
)


def test_two_new_instances_need_room_for_two() -> None:
    """Each alone would find room."""
    room = fsm.compile(ROOM)
    with pytest.raises(EventRefused, match="part     guards may hold 1 at most; now held: 0"):
        room.step(room.start(), EnterTogether("ann", "bob"), 0)


def test_two_wires_that_apply_at_once_are_a_fault_of_the_declaration() -> None:
    """Which the checks could not find; neither the step nor a live object chooses."""
    room = fsm.compile(ROOM)
    told = r"system room: 2 wires apply to Relieve\(number=30\) at once\. Make their conditions disjoint\."
    with pytest.raises(DefinitionError, match=told):
        room.step(room.start(), Relieve(30), 0)
    with pytest.raises(DefinitionError, match=told):
        Live(ROOM).send(Relieve(30), 0)
    assert 10 == room.step(room.start(), Relieve(100), 0).after["chief"].rounds


# What time sends cannot be refused, or time stops


def test_time_stops_where_a_part_wired_to_a_timer_cannot_move() -> None:
    """Up to there it passes; the error says who stood in the way, and `fsm verify` would have said so before."""
    stuck = fsm.compile(STUCK)
    assert 4 == stuck.advance(stuck.start(), 4).after.now
    with pytest.raises(TimeStopped) as stopped:
        stuck.advance(stuck.start(), 5)
    assert "time cannot pass: ring is refused.\n  part     sleeper is calm, where there is no wake" == str(stopped.value)
    assert (Ring, 5, ()) == (stopped.value.refusal.event, stopped.value.refusal.at, stopped.value.refusal.possible)
