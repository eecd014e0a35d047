"""How far time comes in one call: so many timers of one instance fire, and whoever calls again goes on where it stopped."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

import fsm
from fsm import (
    BadInput,
    EventRefused,
    Field,
    Machine,
    Snapshot,
    State,
    System,
    TooManyFirings,
    each,
    effect,
    event,
    wire,
)
from fsm.live import Live
from fsm.runtime.timers import Deadlines
from fsm.storage import dump, load, trace_in, trace_out
from fsm.traces import replay


@event
class Tick:
    """Sent by time."""


@event
class Tock:
    """Sent by time."""


@event
class Stop:
    pass


@effect
class Struck:
    at: int


left, right, still = State("left"), State("right"), State("still")
CLOCK = Machine(
    "clock",
    (left, right, still),
    left,
    (
        left.after(1_000, Tick).to(right).emits(Struck, at=fsm.NOW),
        right.after(1_000, Tock).to(left).emits(Struck, at=fsm.NOW),
        (left | right).on(Stop).to(still),
    ),
)
ENGINE = fsm.compile(CLOCK)
FAR = 10**15
"""An instant that somebody wrote, by mistake or not."""


def test_an_instant_that_is_very_far_away_ends_with_how_far_time_has_come() -> None:
    """By step and by advance, by whoever asks beforehand, in a run that is read, and by the object that changes."""
    start = ENGINE.start()
    text = json.loads(json.dumps(trace_out(ENGINE, replay(ENGINE, [(None, 10)]))))
    text["steps"][-1]["at"] = FAR
    for ask, where in (
        (lambda: ENGINE.step(start, Stop(), FAR), "at"),
        (lambda: ENGINE.advance(start, FAR), "to"),
        (lambda: ENGINE.possible(start, FAR), "to"),
        (lambda: ENGINE.why_not(start, Stop(), FAR), "at"),
        (lambda: trace_in(ENGINE, text), "to"),
        (lambda: Live(CLOCK).send(Stop(), FAR), "at"),
        (lambda: Live(CLOCK).advance(FAR), "to"),
    ):
        with pytest.raises(TooManyFirings) as far:
            ask()
        assert isinstance(far.value, BadInput)
        assert (
            f"{where}: by then timers of clock would fire more than 1,000 times. "
            "Go on from the snapshot that this error carries, at 1000000, or allow more with firings=."
        ) == str(far.value)
        assert (1_000_000, 1_001_000) == (far.value.snapshot.now, far.value.snapshot.due)
        assert 1_000 == len(far.value.effects) == len(far.value.timed)


def in_pieces(snapshot: Snapshot, to: int, firings: int) -> tuple[Snapshot, tuple[object, ...], int]:
    """What somebody gets who calls again until it is done, and how often that was."""
    effects: tuple[object, ...] = ()
    for calls in range(1, 10_000):
        try:
            step = ENGINE.advance(snapshot, to, firings=firings)
        except TooManyFirings as far:
            snapshot, effects = far.snapshot, effects + far.effects
        else:
            return step.after, effects + step.effects, calls
    raise AssertionError


@pytest.mark.parametrize(("firings", "calls"), [(1, 50), (7, 8), (49, 2), (50, 1)])
def test_who_calls_again_gets_what_one_call_would_have_given(firings: int, calls: int) -> None:
    """Nothing is lost and nothing is done twice, however small the pieces."""
    whole = ENGINE.advance(ENGINE.start(), 50_500)
    assert (whole.after, whole.effects, calls) == in_pieces(ENGINE.start(), 50_500, firings)
    assert 50 == len(whole.effects)


def test_a_step_goes_on_from_what_the_error_carries() -> None:
    """Its event was not judged yet, and is judged when time has come there."""
    with pytest.raises(TooManyFirings) as far:
        ENGINE.step(ENGINE.start(), Stop(), 3_500, firings=2)
    step = ENGINE.step(far.value.snapshot, Stop(), 3_500, firings=2)
    assert ENGINE.step(ENGINE.start(), Stop(), 3_500).after == step.after
    assert ENGINE.step(ENGINE.start(), Stop(), 3_500).effects == far.value.effects + step.effects


def test_the_object_that_changes_has_come_as_far_as_the_error_says() -> None:
    """Callbacks were called for what fired; sending again goes on."""
    live, seen = Live(CLOCK), list[Any]()
    live.after(seen.append)
    with pytest.raises(TooManyFirings) as far:
        live.send(Stop(), 3_500, firings=2)
    assert (2_000, far.value.snapshot, list(far.value.timed)) == (live.snapshot.now, live.snapshot, seen)
    live.send(Stop(), 3_500, firings=2)
    assert ENGINE.step(ENGINE.start(), Stop(), 3_500).after == live.snapshot
    assert 4 == len(seen)


def test_a_refusal_after_many_firings_carries_all_of_them() -> None:
    """As many as one call may let fire, and not one more."""
    stopped = ENGINE.step(ENGINE.start(), Stop(), 0).after
    with pytest.raises(EventRefused):
        ENGINE.step(stopped, Stop(), FAR)
    assert 1_000 == len(ENGINE.advance(ENGINE.start(), 1_000_999).timed)


def test_the_error_can_be_sent_to_another_process() -> None:
    """With the snapshot that it carries."""
    with pytest.raises(TooManyFirings) as far:
        ENGINE.advance(ENGINE.start(), FAR, firings=1)
    back = pickle.loads(pickle.dumps(far.value))
    assert (str(far.value), far.value.snapshot, far.value.effects) == (str(back), back.snapshot, back.effects)


# Each instance has its own


@event
class Begin:
    who: Field[str]


@event
class End:
    who: Field[str]


@event
class Beep:
    """Sent by time."""


absent, awake = State("absent"), State("awake")
PHONE = Machine(
    "phone",
    (absent, awake),
    absent,
    (absent.on(Begin).to(awake), awake.after(10, Beep).to(awake), awake.on(End).to(absent)),
)
phones = each("phones", PHONE, key="who")
HOUSE = fsm.compile(
    System(
        "house",
        (phones,),
        (wire(Begin, phones[Begin.who].by(Begin, who=Begin.who)), wire(End, phones[End.who].by(End, who=End.who))),
    )
)


def test_many_instances_may_each_fire_so_often() -> None:
    """A hundred that fire ten times each are no circle; one that fires eleven times is told by its key."""
    snapshot = HOUSE.start()
    for number in range(100):
        snapshot = HOUSE.step(snapshot, Begin(f"p-{number}"), 0).after
    assert 1_000 == len(HOUSE.advance(snapshot, 109, firings=10).timed)
    with pytest.raises(TooManyFirings, match=r"by then timers of phones\[p-0\] would fire more than 10 times"):
        HOUSE.advance(snapshot, 110, firings=10)


# Many timers of one state


def test_a_state_may_have_many_timers() -> None:
    """Nothing is made for every combination of those that have fired."""
    here = State("here")
    signals = [
        event(type(f"Signal{number}", (), {"__annotations__": {}, "__module__": __name__})) for number in range(60)
    ]
    many = fsm.compile(
        Machine(
            "many", (here,), here, tuple(here.after(number + 1, signal).stay() for number, signal in enumerate(signals))
        )
    )
    step = many.advance(many.start(), 60)
    assert [signal.__name__ for signal in signals] == [one.event.__name__ for one in step.timed]  # type: ignore[union-attr]
    assert (None, 2**60 - 1) == (step.after.due, step.after["many"].spent)
    assert step.after == load(many, dump(many, step.after), 60)


@event
class Bring:
    key: Field[str]


@event
class Put:
    pass


@event
class Spoil:
    """Sent by time."""


absent, fresh, spoiled = State("absent"), State("fresh"), State("spoiled")
boxes = each(
    "boxes",
    Machine("box", (absent, fresh, spoiled), absent, (absent.on(Put).to(fresh), fresh.after(5_000, Spoil).to(spoiled))),
    key="key",
)
BOXES = fsm.compile(System("shelf", (boxes,), wires=(wire(Bring, boxes[Bring.key].by(Put)),)))


@pytest.mark.parametrize("many", [10, 300])
def test_of_timers_that_fall_due_together_each_is_looked_for_once(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """When time passes every instance is looked at, then only those that move: the work grows with their number and not with its square."""
    crowd = BOXES.start(0)
    for number in range(many):
        crowd = BOXES.step(crowd, Bring(str(number)), 0).after
    looked: list[int] = []
    honest = Deadlines.timer
    monkeypatch.setattr(
        Deadlines, "timer", lambda self, place, instance: looked.append(place) or honest(self, place, instance)
    )

    step = BOXES.advance(crowd, 5_000)

    assert many == len(step.timed)
    assert sorted(map(str, range(many))) == [taken.key for taken in step.timed]
    assert len(looked) == 2 * many
