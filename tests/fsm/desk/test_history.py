"""Counting effects: any cut of a stream gives the same history, and what does not fit is refused."""

from __future__ import annotations

import pickle
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import BadInput
from fsm.desk import (
    Accept,
    Channel,
    Clear,
    Connected,
    End,
    Ended,
    Fail,
    Failed,
    Missed,
    NonResponseCounted,
    OfferCall,
    OfferChat,
    PlaceCall,
    Rang,
    Reject,
    SlotFreed,
    Status,
    StatusChanged,
    TextTimerReset,
)  # fmt: skip
from fsm.desk.reports import EMPTY, History, fold

from .shifts import Shift, shifts, told

CHAT = Channel.CHAT
DAY_OF_ALL = told(
    (0, OfferChat("c-1", "Ann", 0)), (0, Accept("c-1")), (5_000, OfferChat("c-2", "Bob", 0)), (20_000, OfferChat("c-3", "Cyd", 0)), (0, Reject("c-3")),
    (900_000, End("c-1")), (0, Clear("c-1")), (0, Clear("c-2")), (0, Clear("c-3")), (0, OfferChat("c-1", "Ann", 0)), (0, Fail("c-1")), (5, Clear("c-1")),
    (0, PlaceCall("c-4", "Dan")), (7, Fail("c-4")), (0, Clear("c-4")), (0, OfferCall("c-4", "Dan", 0)), (30_000, Clear("c-4")),
    profile={"outbound_calls": True},
)  # fmt: skip
"""Every stage of a contact and every way out of it, much of it at one instant."""


def joined(parts: list[History], how: st.DataObject) -> History:
    """Neighbours put together two by two, in any order, until one is left."""
    while len(parts) > 1:
        place = how.draw(st.integers(0, len(parts) - 2))
        parts[place : place + 2] = [parts[place].then(parts[place + 1])]
    return parts[0]


@settings(deadline=None)
@given(shifts(), st.data())
def test_any_cut_of_a_stream_into_parts_gives_the_same_history(shift: Shift, data: st.DataObject) -> None:
    """Parts of any length, empty ones too, put together in any order of neighbours (S19)."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(shift.effects)), max_size=6)))
    edges = [0, *cuts, len(shift.effects)]
    parts = [fold(shift.effects[begin:end]) for begin, end in pairwise(edges)]

    assert fold(shift.effects) == joined(parts, data)


@settings(deadline=None)
@given(shifts(), st.data())
def test_a_stream_without_its_beginning_is_cut_alike(shift: Shift, data: st.DataObject) -> None:
    """Counting may begin in the middle of offers and conversations; parts agree all the same."""
    late = shift.effects[data.draw(st.integers(0, len(shift.effects))) :]
    cut = data.draw(st.integers(0, len(late)))

    assert fold(late) == fold(late[:cut]).then(fold(late[cut:]))


@pytest.mark.parametrize("late", range(len(DAY_OF_ALL.effects)))
def test_every_single_effect_is_a_part(late: int) -> None:
    """A day in which every stage begins and ends, from each of its effects on, one by one."""
    effects = DAY_OF_ALL.effects[late:]
    history = EMPTY
    for effect in effects:
        history = history.then(fold([effect]))

    assert fold(effects) == history


def test_the_history_of_nothing_changes_nothing() -> None:
    """Before and behind a history, and alone."""
    history = fold(DAY_OF_ALL.effects)

    assert history == EMPTY.then(history) == history.then(EMPTY)
    assert EMPTY == fold(()) == EMPTY.then(EMPTY)


def test_texts_alone_leave_no_history() -> None:
    """A text says nothing to a report."""
    assert EMPTY == fold([TextTimerReset("c-1", at=5)])


def test_what_is_open_at_the_end_of_a_stream_is_at_its_late_edge() -> None:
    """An offer that rings, a conversation, a missed tile, the status (S19)."""
    shift = told(
        (0, OfferChat("c-1", "Ann", 0)),
        (1_000, Accept("c-1")),
        (0, OfferChat("c-2", "Bob", 0)),
        (30_000, OfferChat("c-3", "Cyd", 0)),
    )
    history = fold(shift.effects)

    assert {"c-1": Connected, "c-2": Missed, "c-3": Rang} == {
        contact: type(effect) for contact, effect in history.open.items()
    }
    assert history.status is not None and history.status.after is Status.AVAILABLE
    assert {} == history.begun


def test_what_was_open_before_a_stream_is_at_its_early_edge() -> None:
    """Which stage a failure or a freed slot ended is known only to the part before."""
    late = fold([Failed("c-1", CHAT, since=10, at=50), SlotFreed("c-2", CHAT, since=20, at=60)])

    assert ["c-1", "c-2"] == list(late.begun)
    assert ["c-1"] == list(late.open)


def test_a_call_that_the_agent_places_is_no_early_edge() -> None:
    """It begins connected: nothing of it lies before the stream (D2)."""
    history = fold([Rang("c-1", "Ann", CHAT, at=10), Connected("c-2", Channel.VOICE, offered_at=20, at=20)])

    assert {} == history.begun


@settings(deadline=None)
@given(shifts())
def test_a_part_that_follows_is_never_put_in_front(shift: Shift) -> None:
    """Histories are put together in the order of time."""
    history = fold(shift.effects)
    later = fold([StatusChanged(Status.OFFLINE, Status.AWAY, since=0, at=shift.end + 1)])

    with pytest.raises(BadInput, match=r"begins at \d+, before this history ends"):
        later.then(history)


RANG, CONNECTED = Rang("c-1", "Ann", CHAT, at=10), Connected("c-1", CHAT, offered_at=10, at=20)
ASTRAY = {
    "what is no effect": [("c-1", 10)],
    "an effect before the one before it": [CONNECTED, RANG],
    "a status before an offer": [RANG, StatusChanged(Status.OFFLINE, Status.AWAY, since=0, at=5)],
    "an offer of a contact that is there": [RANG, RANG],
    "an end of what nobody connected": [RANG, Ended("c-1", CHAT, connected_at=10, at=20)],
    "another offer than the last": [RANG, Missed("c-1", CHAT, offered_at=11, at=20)],
    "an offer that nobody saw begin": [RANG, Missed("c-2", CHAT, offered_at=11, at=20)],
    "a non-response of a conversation": [RANG, CONNECTED, NonResponseCounted("c-1", CHAT, offered_at=10, at=25)],
    "a non-response of an offer that nobody saw": [RANG, NonResponseCounted("c-2", CHAT, offered_at=11, at=25)],
    "a slot freed twice": [SlotFreed("c-1", CHAT, since=5, at=10), SlotFreed("c-1", CHAT, since=5, at=10)],
    "another status than the last": [
        StatusChanged(Status.OFFLINE, Status.AVAILABLE, since=0, at=10), StatusChanged(Status.AWAY, Status.OFFLINE, since=10, at=20),
    ],
    "a status that nobody saw begin": [RANG, StatusChanged(Status.AWAY, Status.OFFLINE, since=15, at=20)],
}  # fmt: skip


@pytest.mark.parametrize("effects", ASTRAY.values(), ids=ASTRAY.keys())
def test_a_stream_that_does_not_fit_together_is_refused(effects: list[object]) -> None:
    """Nothing is counted from effects that were lost, doubled or come out of order."""
    with pytest.raises(
        BadInput, match=r"effects: .*no effect of a desk|comes after an effect|does not fit what was told before it"
    ):
        fold(effects)


UNSEEN = {"what is no effect", "a non-response of a conversation", "a non-response of an offer that nobody saw"}


@pytest.mark.parametrize(
    "effects",
    [said for name, said in ASTRAY.items() if name not in UNSEEN],
    ids=[name for name in ASTRAY if name not in UNSEEN],
)
def test_parts_that_do_not_fit_together_are_refused(effects: list[object]) -> None:
    """Cut into single effects, what is lost between two parts is found too."""
    with pytest.raises(BadInput, match=r"does not fit|before this history ends"):
        fold(effects[:-1]).then(fold(effects[-1:]))


@settings(deadline=None)
@given(shifts())
def test_a_history_travels_between_processes(shift: Shift) -> None:
    """Parts may be folded elsewhere."""
    history = fold(shift.effects)

    assert history == pickle.loads(pickle.dumps(history))


def test_a_history_cannot_be_changed() -> None:
    """It is a value."""
    history = fold([RANG])

    with pytest.raises(TypeError):
        history.open["c-2"] = RANG  # type: ignore[index]  # that is the claim
