"""A live object does what the pure step does, and its callbacks cannot break it."""

from __future__ import annotations

import logging
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fsm
from fsm import (
    ELAPSED, KEY, NOW, SINCE, BadInput, Engine, EventRefused, Field, Machine, Rule, Snapshot, State, System, TimeStopped,
    boolean, carried, choice, choose, each, effect, event, integer, one, parameter, wire,
)  # fmt: skip
from fsm.desk import DESK, Abandon, Accept, Clear, End, Fail, OfferCall, OfferChat, PlaceCall, Reject, SetStatus, Status
from fsm.desk.tile import Missed, NonResponseCounted, Rang
from fsm.live import Live, LiveStep

# A yard with one gate and any number of lorries: a bit of everything a declaration can say


class Load(Enum):
    SAND = "sand"
    GLASS = "glass"


away, waiting, loading, tired = State("away"), State("waiting"), State("loading"), State("tired")
closed, ajar, wide = State("closed"), State("ajar"), State("wide")

load = choice("load", Load)
hurried = boolean("hurried")
nudges = integer("nudges", 0, 2)
note = carried("note", str, initial="")
complaints = integer("complaints", 0, None)

patience = parameter("patience", int, 6, low=1, high=9)
places = parameter("places", int, 2, low=0, high=3)


@event
class Come:
    plate: Field[str]
    load: Field[Load]
    note: Field[str]


@event
class Arrive:
    load: Field[Load]
    note: Field[str]


@event
class Call:
    plate: Field[str]


@event
class Enter:
    pass


@event
class Nudge:
    plate: Field[str]


@event
class Requeue:
    plate: Field[str]


@event
class Leave:
    pass


@event
class Swap:
    leaving: Field[str]
    coming: Field[str]


@event
class SendHome:
    pass


@event
class Push:
    pass


@event
class Complain:
    who: Field[object]


@event
class Hurry:
    pass


@event
class Tire:
    pass


@event
class Swing:
    pass


@event
class Shut:
    pass


@effect
class Told:
    who: object
    what: str
    since: int
    at: int


LORRY = Machine(
    "lorry",
    states=(away, waiting, loading, tired),
    initial=away,
    variables=(load, hurried, nudges, note),
    transitions=(
        away.on(Arrive).to(waiting).set(load, Arrive.load).set(note, Arrive.note).set(hurried, False),
        waiting.after(patience, Tire).when(~hurried).to(tired).emits(Told, who=KEY, what="tired", since=SINCE, at=NOW),
        waiting.after(3, Hurry).when(load == Load.GLASS).stay().set(hurried, True).emits(Told, who=KEY, what=note, since=SINCE, at=NOW),
        waiting.on(Enter).when(ELAPSED >= 2).to(loading),
        waiting.on(Nudge).when(nudges < 2).stay().set(nudges, nudges + 1),
        waiting.on(Requeue).to(waiting).set(nudges, choose(hurried, 1, 0)),
        (loading | tired).on(Leave).to(away).emits(Told, who=KEY, what="left", since=SINCE, at=ELAPSED),
        waiting.on(Leave).when((load == Load.SAND) | hurried).to(away),
    ),
)

GATE = Machine(
    "gate",
    states=(closed, ajar, wide),
    initial=closed,
    variables=(complaints,),
    transitions=(
        closed.on(Push).to(ajar),
        ajar.on(Push).to(wide),
        wide.on(Push).to(wide),
        ajar.after(3, Swing).to(wide),
        wide.after(patience, Shut).when(complaints < 2).to(closed).set(complaints, 0),
        wide.after(12, Shut).to(closed),
        (closed | ajar | wide).on(Complain).stay().set(complaints, complaints + 1).emits(Told, who=Complain.who, what="hush", since=SINCE, at=NOW),
    ),
)

gate = one("gate", GATE)
lorries = each("lorries", LORRY, key="plate", at_most=places)
TIRES = lorries.sends(Tire)

YARD = System(
    "yard",
    parts=(gate, lorries),
    parameters=(patience, places),
    wires=(
        wire(Push, gate.by(Push)),
        wire(Come, lorries[Come.plate].by(Arrive, load=Come.load, note=Come.note), when=gate.inside(ajar)),
        wire(Come, lorries[Come.plate].by(Arrive, load=Come.load, note=""), gate.by(Complain, who="gate"), when=gate.inside(wide)),
        wire(Call, lorries[Call.plate].by(Enter)),
        wire(Nudge, lorries[Nudge.plate].by(Nudge, plate=Nudge.plate)),
        wire(Requeue, lorries[Requeue.plate].by(Requeue, plate=Requeue.plate)),
        wire(Swap, lorries[Swap.leaving].by(Leave), lorries[Swap.coming].by(Arrive, load=Load.SAND, note="swapped")),
        wire(SendHome, lorries.every(loading, tired).by(Leave), gate.by(Push)),
        wire(TIRES, gate.by(Complain, who=TIRES.key)),
    ),
    rules=(
        Rule("glass alone", on=Come, when=(Come.load == Load.SAND) | lorries.none(load == Load.GLASS)),
        Rule("nobody is sent home while the gate is shut", on=SendHome, when=~gate.inside(closed) & (gate[complaints] < 9)),
    ),
)

PLATES = st.sampled_from(["x", "y", "z"])
YARD_EVENTS = st.one_of(
    st.builds(Come, plate=PLATES, load=st.sampled_from(Load), note=st.sampled_from(["", "fragile"])),
    st.builds(Call, plate=PLATES),
    st.builds(Nudge, plate=PLATES),
    st.builds(Requeue, plate=PLATES),
    st.builds(Swap, leaving=PLATES, coming=PLATES),
    st.builds(SendHome),
    st.builds(Push),
    st.builds(Come, plate=PLATES, load=st.just(Load.SAND), note=st.just("more often than glass")),
)
YARD_PROFILES = st.fixed_dictionaries({"patience": st.integers(1, 9), "places": st.sampled_from([2, 3, 1, 0])})

CONTACTS = st.sampled_from(["c-1", "c-2", "c-3"])
DESK_EVENTS = st.one_of(
    st.just(SetStatus(Status.AVAILABLE)),
    st.builds(SetStatus, status=st.sampled_from(Status)),
    *(st.builds(kind, contact=CONTACTS, name=st.just("Ann")) for kind in (OfferChat, OfferChat, OfferCall, PlaceCall)),
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


Run = list[tuple[list[Any], int]]


def runs(events: st.SearchStrategy[Any]) -> st.SearchStrategy[Run]:
    """Handfuls of events, with None for time alone, each with how long it comes after the one before."""
    return st.lists(st.tuples(st.lists(st.none() | events, min_size=1, max_size=5), st.integers(0, 7)), min_size=8, max_size=20)


def taken(engine: Engine, snapshot: Snapshot, sent: object, at: int) -> tuple[Snapshot, object]:
    """What the pure engine answers: the next snapshot, and effects or everything that a refusal says."""
    try:
        step = engine.advance(snapshot, at) if sent is None else engine.step(snapshot, sent, at)
    except EventRefused as refused:
        return refused.snapshot, (refused.refusal, str(refused), refused.effects, refused.timed)
    return step.after, step.effects


def lived(live: Live, sent: object, at: int) -> tuple[Snapshot, object]:
    """What a live object answers, in the same form."""
    try:
        effects = live.advance(at) if sent is None else live.send(sent, at)
    except EventRefused as refused:
        assert refused.snapshot == live.snapshot
        return live.snapshot, (refused.refusal, str(refused), refused.effects, refused.timed)
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


@settings(deadline=None, max_examples=60)
@given(desk_profiles(), runs(DESK_EVENTS))
def test_a_live_desk_does_what_the_pure_step_does(profile: dict[str, Any], run: Run) -> None:
    """Whatever is routed to the desk under whatever profile, both remember, emit and refuse the same."""
    walk_both(DESK, profile, run)


@settings(deadline=None, max_examples=120)
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


# Two of one kind of timer, of which the guards say which goes: time takes the one that is due


def test_the_timer_that_is_due_is_the_one_taken() -> None:
    """A gate with complaints does not shut after its patience, but it shuts after twelve."""
    live = Live(GATE, {"patience": 5})
    for at, sent in enumerate((Push(), Push(), Complain("a"), Complain("b"))):
        live.send(sent, at)
    live.advance(12)
    assert ("wide", 1) == (live.snapshot["gate"].state, live.snapshot["gate"].since)
    live.advance(13)
    assert ("closed", 13) == (live.snapshot["gate"].state, live.snapshot["gate"].since)


# Callbacks


@pytest.fixture
def desk() -> Live:
    """A desk with an Available agent and a chat that rings since 10."""
    live = Live(DESK, {"max_chats": 2, "accept_window": 20, "non_response_after": 15})
    live.send(SetStatus(Status.AVAILABLE), 0)
    live.send(OfferChat("c-1", "Ann"), 10)
    return live


def test_callbacks_see_each_step_before_and_after_it(desk: Live) -> None:
    """The steps of time come one by one, then the event; the snapshot turns between before and after."""
    seen: list[tuple[str, object, int, bool, bool]] = []
    desk.before(lambda step: seen.append(("before", step.event, step.at, desk.snapshot is step.before, desk.snapshot is step.after)))
    desk.after(lambda step: seen.append(("after", step.event, step.at, desk.snapshot is step.before, desk.snapshot is step.after)))
    desk.send(OfferChat("c-2", "Bob"), 26)
    kinds = [type(what).__name__ if not isinstance(what, type) else what.__name__ for _, what, *_ in seen]
    assert ["NonResponse", "NonResponse", "OfferChat", "OfferChat"] == kinds
    assert [("before", 25, True, False), ("after", 25, False, True), ("before", 26, True, False), ("after", 26, False, True)] == [
        (when, at, old, new) for when, _, at, old, new in seen
    ]


def test_a_step_says_whom_time_moved_and_what_it_emits(desk: Live) -> None:
    """A step that time takes names its part and key; one that a caller sends names none."""
    steps: list[LiveStep] = []
    desk.after(steps.append)
    effects = desk.send(OfferChat("c-2", "Bob"), 31)
    assert [("tiles", "c-1"), ("tiles", "c-1"), (None, None)] == [(step.part, step.key) for step in steps]
    assert [NonResponseCounted, Missed, Rang] == [type(one) for step in steps for one in step.effects] == [type(one) for one in effects]


class Unwell(Exception):
    """What a callback of somebody's service raises."""


def unwell(step: LiveStep) -> None:
    raise Unwell


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_callback_that_raises_leaves_the_old_state(desk: Live, when: str) -> None:
    """Nothing of the call remains, not even the timers that went first, and the same call can be made again."""
    old = desk.snapshot
    sick = [True]
    getattr(desk, when)(lambda step: unwell(step) if isinstance(step.event, Accept | OfferChat) and sick else None)
    with pytest.raises(Unwell):
        desk.send(OfferChat("c-2", "Bob"), 31)
    assert old is desk.snapshot
    sick.clear()
    assert [NonResponseCounted, Missed, Rang] == [type(one) for one in desk.send(OfferChat("c-2", "Bob"), 31)]


def test_a_callback_that_raises_at_a_timer_leaves_the_old_state(desk: Live) -> None:
    """Time that passes alone is all or nothing as well."""
    old = desk.snapshot
    desk.after(unwell)
    with pytest.raises(Unwell):
        desk.advance(25)
    assert old is desk.snapshot


def test_a_callback_may_look_but_not_send(desk: Live) -> None:
    """A step inside a step would have no order; the call under way is undone."""
    old = desk.snapshot
    desk.after(lambda step: desk.send(Accept("c-1"), step.at))
    with pytest.raises(BadInput, match=r"callback: moves the object whose step called it\. Send when the call that is under way has returned\."):
        desk.send(OfferChat("c-2", "Bob"), 11)
    assert old is desk.snapshot


def test_no_callback_is_called_for_what_is_refused(desk: Live) -> None:
    """A refused event is no step, but the timers before it are."""
    seen: list[object] = []
    desk.before(lambda step: seen.append(step.event))
    with pytest.raises(EventRefused):
        desk.send(End("c-1"), 11)
    assert [] == seen


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
        (OfferCall("c-2", "Bob"), "rule     no call during chats"),
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
    with pytest.raises(EventRefused, match=r"guard    lorries\[x\] is waiting, where enter needs time in state ≥ 2 ms; now time in state: 1 ms"):
        live.send(Call("x"), 1)


def test_the_library_logs_no_warning(desk: Live, caplog: pytest.LogCaptureFixture) -> None:
    """What is refused is told to the caller, not to a log."""
    with caplog.at_level(logging.WARNING), pytest.raises(EventRefused):
        desk.send(End("c-1"), 11)
    assert [] == caplog.records


@pytest.mark.parametrize(
    ("sent", "at", "where"),
    [
        (OfferChat("c-2", "Bob"), 9, "at"),
        (OfferChat("c-2", "Bob"), True, "at"),
        (OfferChat("c-2", "Bob"), 11.0, "at"),
        (OfferChat([], "Bob"), 11, "offer_chat.contact"),  # type: ignore[arg-type]  # the mistake in question
        (Push(), 11, "event"),
        ("accept", 11, "event"),
    ],
)
def test_what_no_event_could_make_right_is_bad_input_and_changes_nothing(desk: Live, sent: object, at: Any, where: str) -> None:
    """The same words as from the pure engine, and not even time passes."""
    old = desk.snapshot
    with pytest.raises(BadInput) as bad:
        desk.send(sent, at)
    with pytest.raises(BadInput) as same:
        fsm.compile(DESK, {"accept_window": 20, "non_response_after": 15}).step(old, sent, at)
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

calm, loud = State("calm"), State("loud")


@event
class Ring:
    pass


@event
class Wake:
    pass


BELL = Machine("bell", states=(calm, loud), initial=calm, transitions=(calm.after(5, Ring).to(loud),))
SLEEPER = Machine("sleeper", states=(calm, loud), initial=calm, transitions=(loud.on(Wake).to(calm),))
bell, sleeper = one("bell", BELL), one("sleeper", SLEEPER)
STUCK = System("stuck", parts=(bell, sleeper), wires=(wire(bell.sends(Ring), sleeper.by(Wake)),))


def test_time_that_cannot_pass_is_told_and_changes_nothing() -> None:
    """A sleeper who cannot wake stops the bell: the declaration was not proved."""
    live = Live(STUCK)
    old = live.snapshot
    with pytest.raises(TimeStopped) as stopped:
        live.advance(7)
    assert "time cannot pass: ring is refused.\n  part     sleeper is calm, where there is no wake" == str(stopped.value)
    assert old is live.snapshot
