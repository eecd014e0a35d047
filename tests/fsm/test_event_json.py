"""Events travel as JSON and come back as they were; what is no event of the system is told with its path."""

from __future__ import annotations

from typing import Any

import pytest

import fsm
from fsm import BadInput, BadSnapshot
from fsm.desk import DESK, Accept, Channel, OfferChat, Rang, SetStatus, Speaker, Status, Text
from fsm.storage import effect_out, event_in, event_out, trace_in, trace_out
from fsm.traces import replay

ENGINE = fsm.compile(DESK)


@fsm.event
class Borrow:
    pass


@fsm.effect
class Lent:
    book: str
    days: int


@pytest.mark.parametrize(
    "event",
    [OfferChat("c-1", "Zoë", 7), Accept(""), SetStatus(Status.AWAY), Text("c-1", Speaker.CUSTOMER)],
    ids=lambda event: type(event).__name__,
)
def test_an_event_comes_back_as_it_was(event: object) -> None:
    """By the name that messages use, with its fields by theirs."""
    assert event == event_in(ENGINE, event_out(event))


def test_the_form_is_one_that_a_person_can_read() -> None:
    """Enumerations by member name; a key of an effect as it is."""
    assert {"name": "text", "fields": {"contact": "c-1", "speaker": "AGENT"}} == event_out(Text("c-1", Speaker.AGENT))
    rang = {"name": "rang", "fields": {"contact": "c-1", "name": "Ann", "channel": "CHAT", "at": 3}}
    assert rang == effect_out(Rang("c-1", "Ann", Channel.CHAT, 3))


@pytest.mark.parametrize(
    ("data", "where", "said"),
    [
        ({"name": "accept"}, "fields", "is missing"),
        (["accept"], "document", "is not an object"),
        ({"name": "expire", "fields": {}}, "name", "'expire' is no event of desk"),
        ({"name": "accept", "fields": {"contact": 1}}, "fields.contact", "1 is not a string"),
        ({"name": "accept", "fields": {"contact": "c-1", "at": 1}}, "fields.at", "is no field of this document"),
        (
            {"name": "set_status", "fields": {"status": "available"}},
            "fields.status",
            "is not one of AVAILABLE, AWAY, OFFLINE",
        ),
    ],
)
def test_what_is_no_event_is_refused_with_its_path(data: Any, where: str, said: str) -> None:
    """An event that time sends is none either."""
    with pytest.raises(BadInput) as bad:
        event_in(ENGINE, data)

    assert where == bad.value.where
    assert said in bad.value.what


def test_an_event_with_a_value_of_another_type_does_not_leave() -> None:
    """The path begins where the caller says that it stands."""
    with pytest.raises(BadSnapshot) as bad:
        event_out(Accept(3), "steps[2].event")  # type: ignore[arg-type]

    assert "steps[2].event.fields.contact" == bad.value.where


def test_a_trace_of_events_with_enumerations_comes_back() -> None:
    """Through the same reader and writer."""
    trace = replay(ENGINE, [(SetStatus(Status.AVAILABLE), 0), (OfferChat("c-1", "Ann", 0), 5), (None, 90_000)])

    assert trace == trace_in(ENGINE, trace_out(ENGINE, trace))


def test_the_key_of_what_has_none_is_null_whatever_its_type() -> None:
    """A machine alone emits what it would emit as one of many; its runs travel."""
    shelf, lent = fsm.State("shelf"), fsm.State("lent")
    book = fsm.Machine("book", (shelf, lent), shelf, (shelf.on(Borrow).to(lent).emits(Lent, book=fsm.KEY, days=14),))
    engine = fsm.compile(book)
    trace = replay(engine, [(Borrow(), 0)])

    written = trace_out(engine, trace)

    assert [{"name": "lent", "fields": {"book": None, "days": 14}}] == written["steps"][0]["effects"]
    assert trace == trace_in(engine, written)
