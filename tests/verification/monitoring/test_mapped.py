"""A mapping written as data: columns to events, fields and states; instants and values as records write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any, NewType

import pytest

from fsm import BadInput, Field, Machine, State, System, each, event, wire
from fsm.language.domains import Enumeration, Opaque
from fsm.verification.monitoring import Observation, Seen, Sight, Since, Verdict
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.columns import Misread, converted, value_reader
from fsm.verification.monitoring.mapped.mapping import Column, mapping_of

from .models import DOOR, ORDER, SAFE, Code, Enter, Payment, PickUp, Place


def read(target: Any, source: Mapping[str, Any], record: Mapping[str, Any]) -> Observation:
    _, (one,) = bound(mapping_of({"source": [source]}), target)
    (observation,) = one.read(record, "log:1")
    return observation


def test_an_event_its_fields_its_instant_and_its_key_stand_in_columns() -> None:
    source = {
        "at": "when.begun",
        "key": "order",
        "id": "uuid",
        "number": "n",
        "event": {"column": "type", "values": {"ordered": "place", "taken": "pick_up"}},
        "fields": {"payment": {"column": "paid_by", "values": {"plastic": "card"}}},
    }
    record = {
        "when": {"begun": "2024-05-01T00:00:01.500Z"},
        "order": 7,
        "uuid": "u",
        "n": "3",
        "type": "ordered",
        "paid_by": "plastic",
    }

    seen = read(ORDER, source, record)
    assert (seen.at, seen.key, seen.id, seen.number) == (1_714_521_601_500, 7, "u", 3)
    assert (seen.event, seen.fields) == (Place, {"payment": Payment.CARD})
    assert read(ORDER, source, {**record, "type": "taken"}).event is PickUp


@pytest.mark.parametrize(
    ("clock", "written", "milliseconds"),
    [
        (None, 5, 5),
        (None, "5", 5),
        ("s", 5, 5_000),
        ("s", 1.5, 1_500),
        ("us", 5_000, 5),
        ("ns", 5_000_000, 5),
        ("iso", "1970-01-01T00:00:05", 5_000),
    ],
)
def test_an_instant_is_written_in_many_ways(clock: str | None, written: Any, milliseconds: int) -> None:
    source = {"at": "t", "event": "code"} | ({} if clock is None else {"clock": clock})

    assert read(SAFE, source, {"t": written}).at == milliseconds


@pytest.mark.parametrize("written", ["soon", True, [], "9" * 5_000, 1e999])
def test_an_instant_that_is_none_is_told_and_the_record_counts_as_lost(written: Any) -> None:
    seen = read(SAFE, {"at": "t", "event": "code"}, {"t": written})

    assert (seen.at, seen.event, seen.lost) == (None, None, True)
    assert seen.trouble


@pytest.mark.parametrize("written", ["\u0665", "\uff15", "5_0"])
def test_a_number_is_written_in_digits_of_ascii(written: str) -> None:
    """Other digits Python reads too; no recorder writes them."""
    source = {"at": "t", "event": "enter", "fields": {"person": "who"}, "parameters": {"room": "room"}}

    assert read(SAFE, {"at": "t", "event": "code"}, {"t": written}).trouble
    assert read(DOOR, source, {"t": 1, "who": "ann", "room": written}).trouble


# No two things are read as one


LIKE_TEXTS = [True, 1.0, [1], {"a": 1}]


@pytest.mark.parametrize("written", LIKE_TEXTS, ids=str)
def test_what_is_neither_a_text_nor_a_number_names_nobody(written: Any) -> None:
    """Else the machine that `true` is said of and that called "True" would be one, and what either does would be held against both."""
    machine = {"at": "t", "key": "k", "event": "code"}
    person = {"at": "t", "event": "enter", "fields": {"person": "k"}}
    record = {"at": "t", "id": "k", "event": "code"}

    for target, source in ((SAFE, machine), (DOOR, person), (SAFE, record)):
        seen = read(target, source, {"t": 1, "k": written})
        assert (seen.key, seen.id, seen.fields, seen.lost) == (None, None, {}, True)
        assert "neither a text nor a whole number" in seen.trouble[0]


@pytest.mark.parametrize("written", LIKE_TEXTS, ids=str)
def test_a_value_of_any_type_is_read_as_what_is_written_alone(written: Any) -> None:
    """A key that may be any object: a list is not its text, and true is not one."""
    column, anything = Column("v"), Opaque(object)
    values = [value_reader(column, anything)({"v": one}) for one in (written, str(written), json.dumps(written), 1)]

    assert len(set(values)) == len({str(written), json.dumps(written)}) + 2
    assert values[0] == value_reader(column, anything)({"v": written})


def test_whatever_stands_in_a_record_a_watch_can_be_stopped_and_goes_on() -> None:
    """What was read is kept in its state, also while it waits for older records."""
    source = {"at": "t", "event": "enters", "fields": {"person": "who"}, "disorder": 9}
    watcher, (one,) = bound(mapping_of({"source": [source]}), HALL)
    watch = watcher.watch()
    for at, written in enumerate([*LIKE_TEXTS, "1", 1, None]):
        for observation in one.read({"t": at, "who": written}, f"log:{at}"):
            watch.feed(observation)

    assert watch.state() == watcher.resume(watch.state()).state()


on_hold, onhold = State("on_hold"), State("onhold")


@event
class Enters:
    """Who it is may be anything."""

    person: Field[object]


@event
class Comes: ...


outside, within = State("outside"), State("within")
PEOPLE = each("people", Machine("person", (outside, within), outside, (outside.on(Comes).to(within),)), key="person")
HALL = System("hall", (PEOPLE,), (wire(Enters, PEOPLE[Enters.person].by(Comes)),))


class Numbered(Enum):
    ONE = 1
    TWO = 2


@pytest.mark.parametrize("written", ["7", 7, 7.0, " 7"])
def test_a_key_that_is_a_number_is_one_however_it_is_written(written: Any) -> None:
    """A text of a CSV file and a number of JSON name one instance: `NewType("Number", int)` is what such keys are declared as."""
    assert 7 == converted(written, Opaque(NewType("Number", int)))


class Grade(Enum):
    """Names that differ in what stands between their letters, and a value that is the name of another."""

    A_B = 1
    AB = 2
    C = "D"
    D = "E"


@pytest.mark.parametrize(
    ("written", "member"),
    [("A_B", Grade.A_B), ("AB", Grade.AB), (2, Grade.AB), ("c", Grade.C), ("E", Grade.D)],
)
def test_a_member_is_written_as_its_name_or_its_value(written: Any, member: Grade) -> None:
    assert converted(written, Enumeration(Grade)) is member


@pytest.mark.parametrize("written", ["a b", "D", "F", 3, 1.5, [1], False])
def test_what_may_be_read_of_two_members_or_of_none_is_told(written: Any) -> None:
    """`a b` may be A_B or AB; D is the value of one and the name of another."""
    with pytest.raises(Misread):
        converted(written, Enumeration(Grade))


def test_a_truth_value_is_no_number() -> None:
    """JSON tells `true` from 1, also where Python does not."""
    flag = {"at": "t", "record": [{"when": {"on": 1}, "event": "code"}, {"lost": True}]}

    assert [True, False] == [converted(one, Enumeration(Numbered)) is Numbered.ONE for one in (1, "two")]
    with pytest.raises(Misread):
        converted(True, Enumeration(Numbered))
    assert read(SAFE, flag, {"t": 1, "on": 1}).event is Code
    assert read(SAFE, flag, {"t": 1, "on": True}).lost


def test_states_whose_names_are_alike_are_told_apart_or_both_are_meant() -> None:
    """`on hold` and `onhold`: a record that spells neither may mean either, and the monitor tries both; a list is no name of a state."""
    source = {"at": "t", "state": {"call": "s"}}
    calls = Machine("call", (on_hold, onhold), on_hold, (on_hold.on(Code).to(onhold),))

    seen = [read(calls, source, {"t": 1, "s": written}).after for written in ("on_hold", "onhold", "On-Hold")]
    assert seen == [
        Seen((Sight("call", None, states),), ()) for states in (("on_hold",), ("onhold",), ("on_hold", "onhold"))
    ]
    assert "no state that the mapping knows" in read(calls, source, {"t": 1, "s": ["onhold"]}).trouble[0]


def test_a_state_stands_in_columns_with_what_its_texts_mean() -> None:
    source = {
        "at": "t",
        "state": {
            "gate": {"state": "door", "states": {"OPEN": "open", "SHUT": "closed"}},
            "people": {
                "each": "inside",
                "key": "name",
                "state": {"value": "inside"},
                "since": "since",
                "since_means": "at latest",
            },
        },
    }
    record = {"t": 9, "door": "SHUT", "inside": [{"name": "ann", "since": 4}]}
    gate = Sight("gate", None, ("closed",))

    assert read(DOOR, source, record).after == Seen(
        (gate, Sight("people", "ann", ("inside",), (), 4, Since.AT_LATEST)), ("people",)
    )
    assert read(DOOR, source, {"t": 9, "door": "SHUT"}).after == Seen((gate,), ())
    assert "no state that the mapping knows" in read(DOOR, source, {"t": 9, "door": "ajar"}).trouble[0]


def test_the_first_form_that_fits_a_record_reads_it() -> None:
    source = {
        "at": "t",
        "ignore": [{"kind": "noise"}],
        "record": [
            {"when": {"kind": "code"}, "event": "code", "fields": {"right": "ok"}},
            {"when": {"kind": ["lost", "gap"]}, "lost": True},
        ],
    }
    _, (one,) = bound(mapping_of({"source": [source]}), SAFE)

    assert one.read({"t": 1, "kind": "code", "ok": "yes"}, "log:1")[0].fields == {"right": True}
    assert one.read({"t": 1, "kind": "gap"}, "log:1")[0].lost
    assert one.read({"t": 1, "kind": "noise"}, "log:1") == ()
    assert "no form for such a record" in one.read({"t": 1, "kind": "other"}, "log:1")[0].trouble[0]


def test_a_value_that_its_type_has_not_violates() -> None:
    """A safe has no code that is neither right nor wrong, and what cannot be read says nothing."""
    source = {"at": "t", "event": "code", "fields": {"right": "ok"}, "shows": {"code": "always"}}
    watcher, (one,) = bound(mapping_of({"source": [source]}), SAFE)

    assert watcher.check(one.read({"t": 1, "ok": "maybe"}, "log:1")).verdict is Verdict.INCONCLUSIVE
    assert one.read({"t": 1, "ok": 1}, "log:1")[0].event is Code


def test_fields_of_the_same_names_may_stand_together() -> None:
    seen = read(
        DOOR,
        {"at": "t", "event": {"column": "what"}, "inside": "body"},
        {"t": 1, "what": "enter", "body": {"person": "ann"}},
    )

    assert (seen.event, seen.fields) == (Enter, {"person": "ann"})


@pytest.mark.parametrize(
    "record",
    [{"t": 1}, {"t": 1, "who": None}, {"t": 1, "who": "ann", "room": 0}, {"t": 1, "who": "ann", "room": "many"}],
)
def test_a_record_that_does_not_say_enough_is_inconclusive_and_counts_as_lost(record: dict[str, Any]) -> None:
    """Nobody knows who entered, or the room that it tells is none: no record of a stream stops the monitor."""
    source = {"at": "t", "event": "enter", "fields": {"person": "who"}, "parameters": {"room": "room"}}
    watcher, (one,) = bound(mapping_of({"source": [source]}), DOOR)
    report = watcher.check(one.read(record, "log:1"))

    assert (report.verdict, report.total().inconclusive) == (Verdict.INCONCLUSIVE, 1)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"event": {"column": "what", "values": {"in": {}}}}, "no event of door"),
        ({"state": {"gate": None}}, "is empty"),
        ({"state": {"gate": {"state": {"value": "ajar"}}}}, "no state of gate"),
        ({"state": {"people": {"state": "s"}}}, "Write key"),
        ({"state": {"gate": {"states": {}}}}, "stand without a state"),
        ({"event": {"value": None}}, "is empty"),
        ({"format": "xml"}, "is unknown"),
        ({"event": "enter", "tolerance": -1}, "no number of milliseconds"),
        ({"event": "enter", "shows": {"enter": 1}}, "is not a text"),
    ],
)
def test_a_mapping_is_wrong_where_it_is_written(source: dict[str, Any], words: str) -> None:
    """Whatever stands in it, the mistake is told as one."""
    with pytest.raises(BadInput, match=words):
        bound(mapping_of({"source": [{"at": "t", **source}]}), DOOR)
