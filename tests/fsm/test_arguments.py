"""What callers hand in: a mistake is told where it is, before anything moves."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import attrs
import pytest

import fsm
from fsm import BadInput, Engine, Field, Machine, Snapshot, State, carried, event
from fsm.desk import DESK, Accept, OfferChat, SetStatus, Status
from fsm.desk.tile import Expire
from fsm.storage import dump

from .yard import GATE, YARD, Push


@pytest.fixture(scope="module")
def desk() -> Engine:
    return fsm.compile(DESK, {"accept_window": 20, "non_response_after": 15})


def offered(desk: Engine, *contacts: tuple[str, int]) -> Snapshot:
    """A desk where chats were offered at these instants."""
    snapshot = desk.step(desk.start(), SetStatus(Status.AVAILABLE), 0).after
    for contact, at in contacts:
        snapshot = desk.step(snapshot, OfferChat(contact, "Ann", arrived_at=0), at).after
    return snapshot


def test_an_instant_is_an_int_that_does_not_lie_in_the_past(desk: Engine) -> None:
    """Time never runs backwards, and nothing but whole milliseconds counts."""
    snapshot = desk.start(10)
    for at in (True, 10.0, "10", None):
        asked = (
            partial(desk.step, snapshot, Accept("c-1"), at),
            partial(desk.advance, snapshot, at),
            partial(desk.start, at),
        )
        for ask in asked:
            with pytest.raises(
                BadInput, match=f"(at|to): {at!r} is not an instant. Instants are whole milliseconds, as int."
            ):
                ask()
    with pytest.raises(BadInput, match="at: 9 lies before the snapshot's 10: time does not run backwards"):
        desk.step(snapshot, Accept("c-1"), 9)
    with pytest.raises(BadInput, match="to: 9 lies before the snapshot's 10: time does not run backwards"):
        desk.advance(snapshot, 9)


EVENTS_OF_THE_DESK = "offer_chat, offer_call, offer_task, offer_email, place_call, accept, reject, abandon, text, attach, fail, end, clear, set_status"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (Push(), f"event: Push() is no event of desk. Its events: {EVENTS_OF_THE_DESK}."),
        ("accept", f"event: 'accept' is no event of desk. Its events: {EVENTS_OF_THE_DESK}."),
        (None, f"event: None is no event of desk. Its events: {EVENTS_OF_THE_DESK}."),
        (Accept, "event: accept is a class of events. Send an object: Accept(...)."),
        (
            Expire(),
            f"event: expire is sent by time and cannot be sent by a caller. Callers send: {EVENTS_OF_THE_DESK}.",
        ),
        (SetStatus("available"), "set_status.status: 'available' is not one of available, away, offline."),  # type: ignore[arg-type]  # the mistake in question
        (OfferChat("c-1", 7, arrived_at=0), "offer_chat.name: 7 is not a value of type str."),  # type: ignore[arg-type]  # the mistake in question
        (Accept(["c-1"]), "accept.contact: ['c-1'] is not a value of type str."),  # type: ignore[arg-type]  # the mistake in question
    ],
)
def test_a_foreign_event_or_field_is_told(desk: Engine, sent: object, message: str) -> None:
    """Where it is, what is wrong with it and what is accepted; before any timer fires."""
    with pytest.raises(BadInput) as bad:
        desk.step(offered(desk, ("c-1", 0)), sent, 100)
    assert message == str(bad.value)


def test_a_snapshot_of_something_else_is_told(desk: Engine) -> None:
    """Of another system, of the same one declared otherwise, or no snapshot at all."""
    strangers: list[tuple[Any, str]] = [
        (fsm.compile(GATE).start(), "a snapshot of gate"),
        (
            fsm.compile(fsm.System("desk", (fsm.one("gate", GATE),), parameters=YARD.parameters)).start(),
            "a snapshot of desk as declared otherwise",
        ),
        ((), "()"),
        (tuple.__new__(Snapshot), "a half-made snapshot"),
        (tuple.__new__(Snapshot, (attrs.evolve(desk.layout), 0, None, ())), "a half-made snapshot"),
        (tuple.__new__(Snapshot, (attrs.evolve(desk.layout), True, None, (1, 2))), "a half-made snapshot"),
        (None, "None"),
    ]
    for stranger, told in strangers:
        for ask in (
            desk.due,
            lambda one: desk.step(one, Accept("c-1"), 5),
            lambda one: desk.advance(one, 5),
            lambda one: desk.possible(one, 5),
        ):
            with pytest.raises(BadInput) as bad:
                ask(stranger)
            assert f"snapshot: {told} is no snapshot of this desk. Stored ones are read with load()." == str(bad.value)


def test_a_snapshot_made_under_other_parameters_is_told(desk: Engine) -> None:
    """Which they are, and the explicit way over."""
    for ask in (
        desk.due,
        partial(dump, desk),
        lambda one: desk.step(one, Accept("c-1"), 5),
        lambda one: desk.possible(one, 5),
    ):
        with pytest.raises(BadInput) as bad:
            ask(fsm.compile(DESK).start())
        assert (
            "snapshot: was made under other parameters: accept_window = 20000, here 20, non_response_after = 15000, here 15. "
            "Take it over with fsm.storage.take_over(engine, snapshot, at)."
        ) == str(bad.value)


# Data that rides along

kept, filled = carried("kept", object, initial=None), State("filled")


@event
class Keep:
    what: Field[object]


DRAWER = Machine(
    "drawer",
    states=(filled,),
    initial=filled,
    variables=(kept,),
    transitions=(filled.on(Keep).stay().set(kept, Keep.what),),
)


def test_what_rides_along_must_not_be_able_to_change() -> None:
    """A list would change under the snapshot that keeps it; a tuple, a date or None would not."""
    drawer = fsm.compile(DRAWER)
    for what in (("a", 1), date(2026, 11, 22), None, 1.5):
        assert what == drawer.step(drawer.start(), Keep(what), 0).after["drawer"].kept
    with pytest.raises(BadInput, match=r"keep\.what: \['a'\] is not a value of type object\. As any object go"):
        drawer.step(drawer.start(), Keep(["a"]), 0)
