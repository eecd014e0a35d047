"""A live object does what the pure step does, refusals included."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fsm
from fsm import BadInput, Engine, EventRefused, Snapshot, System, TimeStopped
from fsm.desk import (
    DESK,
    Abandon,
    Accept,
    Clear,
    End,
    Fail,
    Missed,
    NonResponseCounted,
    OfferCall,
    OfferChat,
    OfferTask,
    PlaceCall,
    Reject,
    SetStatus,
    Speaker,
    Status,
    Text,
)  # fmt: skip
from fsm.live import Live

from .yard import GATE, STUCK, YARD, YARD_EVENTS, YARD_PROFILES, Call, Come, Complain, Load, Push, Run, Told, runs

CONTACTS = st.sampled_from(["c-1", "c-2", "c-3"])
DESK_EVENTS = st.one_of(
    st.just(SetStatus(Status.AVAILABLE)),
    st.builds(SetStatus, status=st.sampled_from(Status)),
    *(
        st.builds(kind, contact=CONTACTS, name=st.just("Ann"), arrived_at=st.just(0))
        for kind in (OfferChat, OfferChat, OfferCall, OfferTask)
    ),
    st.builds(PlaceCall, contact=CONTACTS, name=st.just("Ann")),
    st.builds(Text, contact=CONTACTS, speaker=st.sampled_from(Speaker)),
    *(st.builds(kind, contact=CONTACTS) for kind in (Accept, Reject, Abandon, Fail, End, Clear)),
)


@st.composite
def desk_profiles(draw: st.DrawFn) -> dict[str, object]:
    window = draw(st.integers(1, 20))
    switches = ("voice", "outbound_calls", "rejected_holds", "missed_blocks_agent", "held_blocks_channel")
    return {
        "max_chats": draw(st.integers(0, 5)),
        "accept_window": window,
        "non_response_after": draw(st.integers(1, window)),
        **{name: draw(st.booleans()) for name in switches},
    }


def taken(engine: Engine, snapshot: Snapshot, sent: object, at: int) -> tuple[Snapshot, object]:
    """What the pure engine answers: the next snapshot, and effects or everything that a refusal says."""
    try:
        step = engine.advance(snapshot, at) if sent is None else engine.step(snapshot, sent, at)
    except EventRefused as refused:
        return refused.snapshot, (refused.refusal, str(refused), refused.snapshot, refused.effects, refused.timed)
    return step.after, step.effects


def lived(live: Live, sent: object, at: int) -> tuple[Snapshot, object]:
    """What a live object answers, in the same form."""
    try:
        effects = live.advance(at) if sent is None else live.send(sent, at)
    except EventRefused as refused:
        return live.snapshot, (refused.refusal, str(refused), refused.snapshot, refused.effects, refused.timed)
    return live.snapshot, effects


def walk_both(system: System, profile: dict[str, Any], run: Run) -> None:
    """Send the same events to both and compare after each. Of a handful, those after the first that is taken are left."""
    engine, live = fsm.compile(system, profile), Live(system, profile, at=100)
    snapshot, at = engine.start(100), 100
    assert snapshot == live.snapshot
    for handful, pause in run:
        at += pause
        for sent in handful:
            expected = taken(engine, snapshot, sent, at)
            assert expected == lived(live, sent, at)
            moved = snapshot.parts != expected[0].parts
            snapshot = expected[0]
            if moved:
                break


@settings(deadline=None, max_examples=30)
@given(desk_profiles(), runs(DESK_EVENTS))
def test_a_live_desk_does_what_the_pure_step_does(profile: dict[str, Any], run: Run) -> None:
    """Whatever is routed to the desk under whatever profile, both remember, emit and refuse the same."""
    walk_both(DESK, profile, run)


@settings(deadline=None, max_examples=60)
@given(YARD_PROFILES, runs(YARD_EVENTS))
def test_a_live_yard_does_what_the_pure_step_does(profile: dict[str, Any], run: Run) -> None:
    """Selections, two keys, limits, guards on time, lapsing timers and wires on timers mean the same to both."""
    walk_both(YARD, profile, run)


def test_a_machine_alone_lives_too() -> None:
    """No system is needed for one machine."""
    live = Live(GATE)
    live.send(Push(), 1)
    live.advance(4)
    assert "wide" == live.snapshot["gate"].state


def test_the_timer_that_is_due_is_the_one_taken() -> None:
    """A gate with complaints does not shut after its patience, but it shuts after twelve."""
    live = Live(GATE, {"patience": 5})
    for at, sent in enumerate((Push(), Push(), Complain("a"), Complain("b"))):
        live.send(sent, at)
    live.advance(12)
    assert ("wide", 1) == (live.snapshot["gate"].state, live.snapshot["gate"].since)
    live.advance(13)
    assert ("closed", 13) == (live.snapshot["gate"].state, live.snapshot["gate"].since)


@pytest.fixture
def desk() -> Live:
    """A desk with an Available agent and a chat that rings since 10."""
    live = Live(DESK, {"max_chats": 2, "accept_window": 20, "non_response_after": 15})
    live.send(SetStatus(Status.AVAILABLE), 0)
    live.send(OfferChat("c-1", "Ann", arrived_at=0), 10)
    return live


def test_what_falls_due_together_fires_in_the_same_order() -> None:
    """One lorry hurries at the instant at which another tires, whichever plate comes first."""
    for first, second in (("x", "y"), ("y", "x")):
        engine, live = fsm.compile(YARD, {"patience": 6, "places": 3}), Live(YARD, {"patience": 6, "places": 3})
        snapshot = engine.start()
        for sent, at in ((Push(), 0), (Come(first, Load.SAND, ""), 0), (Come(second, Load.GLASS, ""), 3)):
            snapshot = engine.step(snapshot, sent, at).after
            live.send(sent, at)
        together = engine.advance(snapshot, 6)
        assert [second, first, first] == [told.who for told in together.effects if isinstance(told, Told)]
        assert (together.effects, together.after) == (live.advance(6), live.snapshot)


# Refusals


def test_a_refused_event_changes_nothing_but_time(desk: Live) -> None:
    """Time goes on, and what it did is in the refusal."""
    before = desk.snapshot
    with pytest.raises(EventRefused) as refused:
        desk.send(Accept("c-1"), 30)
    assert (30, "missed") == (desk.snapshot.now, desk.snapshot["tiles"]["c-1"].state)
    assert [NonResponseCounted, Missed] == [type(one) for one in refused.value.effects]
    assert before["agent"] == desk.snapshot["agent"]


@pytest.mark.parametrize(
    ("sent", "because"),
    [
        (Accept("c-9"), "tiles[c-9] is free, where there is no accept"),
        (End("c-1"), "tiles[c-1] is offered, where there is no end"),
        (OfferCall("c-2", "Bob", arrived_at=0), "rule     no call while another channel is live"),
    ],
)
def test_no_refusal_is_swallowed(desk: Live, sent: object, because: str) -> None:
    """An unknown trigger, a state that does not know it and a rule all raise, though the library would answer False or log."""
    with pytest.raises(EventRefused) as refused:
        desk.send(sent, 11)
    assert because in str(refused.value)


def test_a_guard_that_says_no_is_a_refusal() -> None:
    """The library answers False for it; here it raises and names the guard."""
    live = Live(YARD)
    live.send(Push(), 0)
    live.send(Come("x", Load.SAND, ""), 0)
    with pytest.raises(
        EventRefused,
        match=r"guard    lorries\[x\] is waiting, where enter needs time in state ≥ 2 ms; now time in state: 1 ms",
    ):
        live.send(Call("x"), 1)


def test_the_library_logs_no_warning(desk: Live, caplog: pytest.LogCaptureFixture) -> None:
    """What is refused is told to the caller, not to a log."""
    with caplog.at_level(logging.WARNING), pytest.raises(EventRefused):
        desk.send(End("c-1"), 11)
    assert [] == caplog.records


@pytest.mark.parametrize(
    ("sent", "at", "where"),
    [
        (OfferChat("c-2", "Bob", arrived_at=0), 9, "at"),
        (OfferChat("c-2", "Bob", arrived_at=0), True, "at"),
        (OfferChat("c-2", "Bob", arrived_at=0), 11.0, "at"),
        (OfferChat([], "Bob", arrived_at=0), 11, "offer_chat.contact"),  # type: ignore[arg-type]  # the mistake in question
        (Push(), 11, "event"),
        ("accept", 11, "event"),
    ],
)
def test_what_no_event_could_make_right_is_bad_input_and_changes_nothing(
    desk: Live, sent: object, at: Any, where: str
) -> None:
    """The same words as from the pure engine, and not even time passes."""
    old = desk.snapshot
    with pytest.raises(BadInput) as bad:
        desk.send(sent, at)
    with pytest.raises(BadInput) as same:
        fsm.compile(DESK, dict(old.layout.profile)).step(old, sent, at)
    assert (where, str(same.value)) == (bad.value.where, str(bad.value))
    assert old is desk.snapshot


def test_time_alone_does_not_run_backwards(desk: Live) -> None:
    """`advance` refuses an instant in the past."""
    with pytest.raises(BadInput, match="to: 9 lies before the snapshot's 10: time does not run backwards"):
        desk.advance(9)


def test_it_starts_at_an_instant_and_under_a_profile_that_exist() -> None:
    """What is wrong with the arguments is said when it is made."""
    with pytest.raises(BadInput, match="at: None is not an instant"):
        Live(DESK, {}, at=None)  # type: ignore[arg-type]  # the mistake in question
    with pytest.raises(BadInput, match=r"profile\.chats"):
        Live(DESK, {"chats": 1})


# Going on from a snapshot


def test_it_goes_on_from_a_snapshot_of_the_pure_engine(desk: Live) -> None:
    """A service that restarts resumes where it was."""
    again = Live(DESK, {"max_chats": 2, "accept_window": 20, "non_response_after": 15})
    again.resume(desk.snapshot)
    again.send(Accept("c-1"), 12)
    assert "connected" == again.snapshot["tiles"]["c-1"].state


def test_it_does_not_go_on_from_a_snapshot_of_another_system(desk: Live) -> None:
    """A gate is no desk."""
    with pytest.raises(BadInput, match="a snapshot of gate is no snapshot of this desk"):
        desk.resume(Live(GATE).snapshot)


def test_its_repr_shows_where_it_is() -> None:
    """What a log line shows."""
    assert "Live(Snapshot(gate at 0: gate=gate(closed since 0, complaints=0)))" == repr(Live(GATE))


# Time that stops


def test_time_that_cannot_pass_is_told_and_changes_nothing() -> None:
    """A sleeper who cannot wake stops the bell: the declaration was not proved."""
    live = Live(STUCK)
    old = live.snapshot
    with pytest.raises(TimeStopped) as stopped:
        live.advance(7)
    assert "time cannot pass: ring is refused.\n  part     sleeper is calm, where there is no wake" == str(
        stopped.value
    )
    assert old is live.snapshot
