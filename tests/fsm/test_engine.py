"""Running a system: where it starts, and what time does."""

from __future__ import annotations

from typing import Any

import pytest

import fsm
from fsm import NOW, SINCE, BadInput, Engine, EventRefused, Machine, Snapshot, State, event, parameter
from fsm.desk import DESK, Accept, Channel, Missed, NonResponseCounted, OfferChat, Rang, SetStatus, Status
from fsm.desk.tile import Expire, NonResponse
from fsm.live import Live

from .yard import GATE, YARD, Call, Come, Complain, Load, Nudge, Push, Requeue, Shut, Swing, Tire, Told


@pytest.fixture(scope="module")
def yard() -> Engine:
    return fsm.compile(YARD, {"patience": 6, "places": 2})


def after(engine: Engine, run: list[tuple[Any, int]]) -> Snapshot:
    """Where events lead, each with how long it comes after the one before."""
    snapshot = engine.start()
    for sent, pause in run:
        snapshot = engine.step(snapshot, sent, snapshot.now + pause).after
    return snapshot


# Starting


def test_it_starts_in_the_initial_states() -> None:
    """One instance of each `one` part, none of the others, at the instant given."""
    snapshot = fsm.compile(YARD).start(7)
    assert (7, None, "closed", 7, 0, {}) == (
        snapshot.now, snapshot.due, snapshot["gate"].state, snapshot["gate"].since, snapshot["gate"].complaints, dict(snapshot["lorries"]),
    )  # fmt: skip


def test_a_machine_alone_runs_as_its_only_part() -> None:
    """Its events are the machine's own."""
    engine = fsm.compile(GATE)
    assert "ajar" == engine.step(engine.start(), Push(), 0).after["gate"].state
    assert "Engine(gate, {'patience': 6})" == repr(engine)


def test_a_profile_is_checked_when_it_is_compiled() -> None:
    """An unknown name, a value out of range, a broken assumption."""
    with pytest.raises(BadInput, match=r"profile\.chats: desk has no such parameter"):
        fsm.compile(DESK, {"chats": 3})
    with pytest.raises(BadInput, match=r"profile\.max_chats: -1 is not an integer, 0 or more"):
        fsm.compile(DESK, {"max_chats": -1})
    with pytest.raises(
        BadInput, match="profile: breaks the assumption 'an administrator allows no more chats than the vendor does'"
    ):
        fsm.compile(DESK, {"max_chats": 6})


# Time


@pytest.fixture(scope="module")
def desk() -> Engine:
    return fsm.compile(DESK, {"accept_window": 20, "non_response_after": 15})


def offered(desk: Engine, *contacts: tuple[str, int]) -> Snapshot:
    """A desk where chats were offered at these instants."""
    snapshot = desk.step(desk.start(), SetStatus(Status.AVAILABLE), 0).after
    for contact, at in contacts:
        snapshot = desk.step(snapshot, OfferChat(contact, "Ann", arrived_at=0), at).after
    return snapshot


def test_a_timer_that_is_due_goes_before_an_event_of_the_same_instant(desk: Engine) -> None:
    """An accept at the very end of the window is too late."""
    with pytest.raises(EventRefused) as refused:
        desk.step(offered(desk, ("c-1", 0)), Accept("c-1"), 20)
    assert "missed" == refused.value.snapshot["tiles"]["c-1"].state
    assert "connected" == desk.step(offered(desk, ("c-1", 0)), Accept("c-1"), 19).after["tiles"]["c-1"].state


def test_effects_come_in_the_order_of_what_caused_them(desk: Engine) -> None:
    """Timers by deadline, those of one instant by key, then the event."""
    step = desk.step(offered(desk, ("c-2", 0), ("c-1", 5), ("c-0", 5)), OfferChat("c-3", "Dan", arrived_at=0), 20)
    assert (
        NonResponseCounted("c-2", Channel.CHAT, 0, 15),
        NonResponseCounted("c-0", Channel.CHAT, 5, 20),
        NonResponseCounted("c-1", Channel.CHAT, 5, 20),
        Missed("c-2", Channel.CHAT, 0, 20),
        Rang("c-3", "Dan", Channel.CHAT, 20),
    ) == step.effects
    assert [(15, "c-2", NonResponse), (20, "c-0", NonResponse), (20, "c-1", NonResponse), (20, "c-2", Expire)] == [
        (taken.at, taken.key, taken.event) for taken in step.timed
    ]


def test_timers_of_one_instant_fire_in_the_order_of_the_page() -> None:
    """Where both times are equal, an offer is counted before it is missed."""
    engine = fsm.compile(DESK, {"accept_window": 20, "non_response_after": 20})
    assert (NonResponseCounted("c-1", Channel.CHAT, 0, 20), Missed("c-1", Channel.CHAT, 0, 20)) == engine.advance(
        offered(engine, ("c-1", 0)), 20
    ).effects


def test_each_step_of_time_is_told_with_its_snapshot(desk: Engine) -> None:
    """What was between two timers can be looked at."""
    first, second = desk.advance(offered(desk, ("c-1", 0)), 100).timed
    assert (15, "offered", True) == (
        first.after.now,
        first.after["tiles"]["c-1"].state,
        first.after["tiles"]["c-1"].counted,
    )
    assert ("tiles", "c-1", 20, "missed") == (
        second.part,
        second.key,
        second.after.now,
        second.after["tiles"]["c-1"].state,
    )


def test_a_timer_fires_once_in_a_stay(desk: Engine) -> None:
    """However long the stay goes on."""
    counted = desk.advance(offered(desk, ("c-1", 0)), 15)
    assert () == desk.advance(counted.after, 19).effects


def test_a_timer_whose_guard_says_no_has_had_its_chance(yard: Engine) -> None:
    """The gate with two complaints stays open at its deadline, also when the complaints are gone later, and shuts at twelve."""
    run = [(Push(), 0), (Push(), 0)]
    engine = fsm.compile(GATE, {"patience": 5})
    snapshot = after(engine, [*run, (Complain("a"), 1), (Complain("b"), 1)])
    lapsed = engine.advance(snapshot, 5)
    assert ("wide", 0b01, (), (), 12) == (
        lapsed.after["gate"].state,
        lapsed.after["gate"].spent,
        lapsed.effects,
        lapsed.timed,
        lapsed.after.due,
    )
    assert [(12, Shut)] == [(taken.at, taken.event) for taken in engine.advance(lapsed.after, 12).timed]


def test_staying_keeps_the_time_in_state_and_a_transition_to_oneself_starts_it_anew(yard: Engine) -> None:
    """A nudge does not make a lorry more patient; queueing again does."""
    waiting = after(yard, [(Push(), 0), (Come("x", Load.SAND, ""), 0)])
    assert (0, 6) == (
        yard.step(waiting, Nudge("x"), 2).after["lorries"]["x"].since,
        yard.due(yard.advance(yard.step(waiting, Nudge("x"), 2).after, 3).after),
    )
    assert (2, 3) == (
        yard.step(waiting, Requeue("x"), 2).after["lorries"]["x"].since,
        yard.due(yard.step(waiting, Requeue("x"), 2).after),
    )


def test_a_guard_may_ask_how_long(yard: Engine) -> None:
    """A lorry enters two milliseconds after it came, no sooner."""
    waiting = after(yard, [(Push(), 0), (Come("x", Load.SAND, ""), 0)])
    assert yard.why_not(waiting, Call("x"), 1) is not None
    assert yard.why_not(waiting, Call("x"), 2) is None


def test_what_time_sends_moves_the_parts_wired_to_it(yard: Engine) -> None:
    """A lorry that tires complains at the gate, by its own name; first its effects, then the gate's."""
    waiting = after(yard, [(Push(), 0), (Come("x", Load.SAND, ""), 0)])
    step = yard.advance(waiting, 6)
    assert [(3, "gate", None, Swing), (6, "lorries", "x", Tire)] == [
        (taken.at, taken.part, taken.key, taken.event) for taken in step.timed
    ]
    assert (Told("x", "tired", 0, 6), Told("x", "hush", 3, 6)) == step.effects
    assert 1 == step.after["gate"].complaints


# What a profile decides

dark, lit = State("dark"), State("lit")
automatic = parameter("automatic", bool, True)


@event
class Dusk:
    pass


@event
class Press:
    pass


LAMP = Machine(
    "lamp",
    states=(dark, lit),
    initial=dark,
    transitions=(
        dark.after(5, Dusk).when(automatic).to(lit),
        (dark | lit)
        .on(Press)
        .to(dark)
        .emits(Told, who="a", what="first", since=SINCE, at=NOW)
        .emits(Told, who="b", what="second", since=SINCE, at=NOW),
    ),
)


def test_a_timer_that_the_profile_switches_off_does_nothing() -> None:
    """It passes its deadline and is done with, for this stay."""
    assert "lit" == fsm.compile(LAMP).advance(fsm.compile(LAMP).start(), 5).after["lamp"].state
    by_hand = fsm.compile(LAMP, {"automatic": False})
    step = by_hand.advance(by_hand.start(), 7)
    assert ("dark", 0b1, None, ()) == (step.after["lamp"].state, step.after["lamp"].spent, step.after.due, step.timed)
    live = Live(LAMP, {"automatic": False})
    live.advance(7)
    assert step.after == live.snapshot


def test_a_transition_emits_its_effects_in_the_order_of_the_page() -> None:
    """All of them, at one instant."""
    lamp = fsm.compile(LAMP)
    assert (Told("a", "first", 0, 3), Told("b", "second", 0, 3)) == lamp.step(lamp.start(), Press(), 3).effects
