"""Callbacks around the steps of a live object: they see each step, and break nothing when they raise."""

from __future__ import annotations

import pytest

from fsm import BadInput, EventRefused, Taken
from fsm.desk import DESK, Accept, End, Missed, NonResponseCounted, OfferChat, Rang, SetStatus, Status
from fsm.live import Live


@pytest.fixture
def desk() -> Live:
    """A desk with an Available agent and a chat that rings since 10."""
    live = Live(DESK, {"max_chats": 2, "accept_window": 20, "non_response_after": 15})
    live.send(SetStatus(Status.AVAILABLE), 0)
    live.send(OfferChat("c-1", "Ann", arrived_at=0), 10)
    return live


def test_callbacks_see_each_step_before_and_after_it(desk: Live) -> None:
    """The steps of time come one by one, then the event; the snapshot turns between before and after."""
    seen: list[tuple[str, object, int, bool, bool]] = []
    desk.before(
        lambda step: seen.append(
            ("before", step.event, step.at, desk.snapshot is step.before, desk.snapshot is step.after)
        )
    )
    desk.after(
        lambda step: seen.append(
            ("after", step.event, step.at, desk.snapshot is step.before, desk.snapshot is step.after)
        )
    )
    desk.send(OfferChat("c-2", "Bob", arrived_at=0), 26)
    kinds = [type(what).__name__ if not isinstance(what, type) else what.__name__ for _, what, *_ in seen]
    assert ["NonResponse", "NonResponse", "OfferChat", "OfferChat"] == kinds
    assert [
        ("before", 25, True, False),
        ("after", 25, False, True),
        ("before", 26, True, False),
        ("after", 26, False, True),
    ] == [(when, at, old, new) for when, _, at, old, new in seen]


def test_a_step_says_whom_time_moved_and_what_it_emits(desk: Live) -> None:
    """A step that time takes names its part and key; one that a caller sends names none."""
    steps: list[Taken] = []
    desk.after(steps.append)
    effects = desk.send(OfferChat("c-2", "Bob", arrived_at=0), 31)
    assert [("tiles", "c-1"), ("tiles", "c-1"), (None, None)] == [(step.part, step.key) for step in steps]
    assert (
        [NonResponseCounted, Missed, Rang]
        == [type(one) for step in steps for one in step.effects]
        == [type(one) for one in effects]
    )


class Unwell(Exception):
    """What a callback of somebody's service raises."""


def unwell(step: Taken) -> None:
    raise Unwell


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_callback_that_raises_leaves_the_old_state(desk: Live, when: str) -> None:
    """Nothing of the call remains, not even the timers that went first, and the same call can be made again."""
    old = desk.snapshot
    sick = [True]
    getattr(desk, when)(lambda step: unwell(step) if isinstance(step.event, Accept | OfferChat) and sick else None)
    with pytest.raises(Unwell):
        desk.send(OfferChat("c-2", "Bob", arrived_at=0), 31)
    assert old is desk.snapshot
    sick.clear()
    assert [NonResponseCounted, Missed, Rang] == [
        type(one) for one in desk.send(OfferChat("c-2", "Bob", arrived_at=0), 31)
    ]


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
    with pytest.raises(
        BadInput,
        match=r"callback: moves the object whose step called it\. Send when the call that is under way has returned\.",
    ):
        desk.send(OfferChat("c-2", "Bob", arrived_at=0), 11)
    assert old is desk.snapshot


def test_no_callback_is_called_for_what_is_refused(desk: Live) -> None:
    """A refused event is no step, but the timers before it are."""
    seen: list[object] = []
    desk.before(lambda step: seen.append(step.event))
    with pytest.raises(EventRefused):
        desk.send(End("c-1"), 11)
    assert [] == seen
