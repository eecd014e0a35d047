"""The laws of stepping, under any run: pure, time before events, refusals that change nothing."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fsm
from fsm import Engine, EventRefused, Snapshot
from fsm.desk import DESK, Accept, OfferChat, SetStatus, Status

from .yard import YARD, YARD_EVENTS, Run, runs


@pytest.fixture(scope="module")
def yard() -> Engine:
    return fsm.compile(YARD, {"patience": 6, "places": 2})


def after(engine: Engine, run: Run) -> Snapshot:
    """Where a run leads; refused events leave the advanced snapshot."""
    snapshot = engine.start()
    for handful, pause in run:
        at = snapshot.now + pause
        for sent in handful:
            try:
                snapshot = (engine.advance(snapshot, at) if sent is None else engine.step(snapshot, sent, at)).after
            except EventRefused as refused:
                snapshot = refused.snapshot
    return snapshot


def answer(
    engine: Engine, snapshot: Snapshot, sent: object, at: int
) -> tuple[Snapshot, tuple[object, ...], object, str]:
    """The next snapshot, all effects, the steps of time, and the refusal if there is one."""
    try:
        step = engine.step(snapshot, sent, at)
    except EventRefused as refused:
        return refused.snapshot, refused.effects, refused.timed, str(refused)
    return step.after, step.effects, step.timed, ""


@settings(deadline=None)
@given(runs(YARD_EVENTS), YARD_EVENTS, st.integers(0, 20))
def test_the_same_arguments_give_the_same_answer(yard: Engine, run: Run, sent: object, pause: int) -> None:
    """No clock, no chance, no memory; another engine of the same declaration answers alike, and the arguments are as they were."""
    snapshot = after(yard, run)
    before = repr(snapshot)
    again = fsm.compile(YARD, {"patience": 6, "places": 2})
    first = answer(yard, snapshot, sent, snapshot.now + pause)
    assert (
        first
        == answer(yard, snapshot, sent, snapshot.now + pause)
        == answer(again, snapshot, sent, snapshot.now + pause)
    )
    assert before == repr(snapshot)


@settings(deadline=None)
@given(runs(YARD_EVENTS), YARD_EVENTS, st.integers(0, 20), st.integers(0, 20))
def test_time_passes_before_an_event_is_judged(yard: Engine, run: Run, sent: object, first: int, more: int) -> None:
    """step(advance(s, t), e, t) == step(s, e, t), however often one looked at the clock on the way."""
    snapshot = after(yard, run)
    at = snapshot.now + first + more
    halfway = yard.advance(snapshot, snapshot.now + first)
    there = yard.advance(halfway.after, at)
    last = answer(yard, there.after, sent, at)
    expected = answer(yard, snapshot, sent, at)
    assert expected[0] == last[0]
    assert expected[1] == (*halfway.effects, *there.effects, *last[1])
    assert expected[2] == (*halfway.timed, *there.timed)
    assert expected[3] == last[3]


@settings(deadline=None)
@given(runs(YARD_EVENTS), st.integers(0, 20))
def test_no_timer_that_is_due_is_left(yard: Engine, run: Run, pause: int) -> None:
    """After any passing of time the next deadline lies ahead, and nothing happens before it."""
    snapshot = yard.advance(after(yard, run), after(yard, run).now + pause).after
    due = yard.due(snapshot)
    if due is not None:
        assert snapshot.now < due
        idle = yard.advance(snapshot, due - 1)
        assert (due - 1, snapshot.parts, (), ()) == (idle.after.now, idle.after.parts, idle.effects, idle.timed)


@settings(deadline=None)
@given(runs(YARD_EVENTS), YARD_EVENTS, st.integers(0, 20))
def test_a_refused_event_changes_nothing_but_time(yard: Engine, run: Run, sent: object, pause: int) -> None:
    """The refusal carries exactly what `advance` would have given."""
    snapshot = after(yard, run)
    at = snapshot.now + pause
    refusal = yard.why_not(snapshot, sent, at)
    if refusal is not None:
        with pytest.raises(EventRefused) as refused:
            yard.step(snapshot, sent, at)
        assert yard.advance(snapshot, at) == (refused.value.snapshot, refused.value.effects, refused.value.timed)
        assert (refusal, sent, at) == (refused.value.refusal, refusal.event, refusal.at)
        assert () != refusal.obstacles


OFFERS = st.one_of(
    *(st.builds(OfferChat, contact=st.sampled_from("xyz"), name=st.just(""), arrived_at=st.just(0)) for _ in range(3)),
    st.builds(Accept, contact=st.sampled_from("xyz")),
)


@settings(deadline=None)
@given(runs(OFFERS))
def test_keys_are_only_names(run: Run) -> None:
    """Timers of different keys at the same instant commute: with the contacts renamed, the run is the same run."""
    engine = fsm.compile(DESK, {"accept_window": 9, "non_response_after": 4})
    names = {"x": "z", "y": "x", "z": "y"}
    renamed = [
        ([one and attrs.evolve(one, contact=names[one.contact]) for one in handful], pause) for handful, pause in run
    ]
    start: Run = [([SetStatus(Status.AVAILABLE)], 0)]
    plain, other = after(engine, start + run)["tiles"], after(engine, start + renamed)["tiles"]
    assert {names[key]: tuple(tile) for key, tile in plain.items()} == {key: tuple(tile) for key, tile in other.items()}
