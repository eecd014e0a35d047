"""Snapshots travel as JSON and come back as they were; whatever else comes is refused, and nothing else is raised."""

from __future__ import annotations

import copy
import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fsm
from fsm import (
    BadInput,
    BadSnapshot,
    Engine,
    EventRefused,
    Field,
    Machine,
    Modality,
    Snapshot,
    State,
    System,
    always,
    carried,
    each,
    event,
    integer,
    wire,
)
from fsm.desk import (
    DESK,
    TILE,
    Abandon,
    Accept,
    Clear,
    End,
    Fail,
    OfferCall,
    OfferChat,
    PlaceCall,
    Reject,
    SetStatus,
    Status,
)
from fsm.language.composition import inherited
from fsm.semantics.satisfaction import counts_effects, holds
from fsm.storage import dump, load

from .depot import DEPOT, Discard, Enter, Shelf, Shift, Silence, Size, Slip, Store, Take, Weekday

DESK_ENGINE = fsm.compile(DESK)
OUTBOUND = fsm.compile(DESK, {"outbound_calls": True, "held_blocks_channel": False})
DEPOT_ENGINE = fsm.compile(DEPOT)

# Random runs

contacts = st.sampled_from(["c-1", "c-2", "c-3", "ünï\ud800", ""])
shelves = st.builds(Shelf, aisle=st.sampled_from("ab"), level=st.integers(0, 1))
slips = st.none() | st.builds(
    Slip,
    lines=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    tags=st.frozensets(st.text(max_size=2), max_size=3),
    weight=st.floats(allow_nan=False, allow_infinity=False) | st.integers(-3, 3),
    packed=st.dates(),
    day=st.none() | st.sampled_from(Weekday),
)
desk_events = st.one_of(
    st.builds(SetStatus, status=st.sampled_from(Status)),
    *(
        st.builds(kind, contact=contacts, name=st.text(max_size=4), arrived_at=st.integers(-9, 9))
        for kind in (OfferChat, OfferChat, OfferCall)
    ),
    st.builds(PlaceCall, contact=contacts, name=st.text(max_size=4)),
    *(st.builds(kind, contact=contacts) for kind in (Accept, Reject, Abandon, Fail, End, Clear)),
)
depot_events = st.one_of(
    st.builds(Enter),
    st.builds(Discard),
    st.builds(Store, shelf=shelves, size=st.sampled_from(Size), slip=slips),
    *(st.builds(kind, shelf=shelves) for kind in (Shift, Take, Silence)),
)


def run(engine: Engine, events: list[tuple[Any, int]]) -> Snapshot:
    """Where these events lead, each some milliseconds after the one before; refused ones let time pass."""
    snapshot = engine.start(-7)
    for given_event, pause in events:
        try:
            snapshot = engine.step(snapshot, given_event, snapshot.now + pause).after
        except EventRefused as refused:
            snapshot = refused.snapshot
    return snapshot


desks = st.lists(st.tuples(desk_events, st.sampled_from([0, 0, 1, 5_000, 15_000, 20_000])), max_size=12)
depots = st.lists(st.tuples(depot_events, st.sampled_from([0, 0, 1, 10, 30])), max_size=10)


@settings(deadline=None)
@given(desks)
def test_a_desk_comes_back_as_it_was(events: list[tuple[Any, int]]) -> None:
    """Whatever was sent: the snapshot, its hash and its next deadline, from str and from bytes."""
    for engine in (DESK_ENGINE, OUTBOUND):
        snapshot = run(engine, events)
        text = dump(engine, snapshot)
        back = load(engine, text, snapshot.now)
        assert (snapshot, hash(snapshot), snapshot.due) == (back, hash(back), back.due)
        assert back == load(engine, text.encode(), snapshot.now + 1)
        assert text == dump(engine, back)


@settings(deadline=None)
@given(depots)
def test_a_depot_comes_back_as_it_was(events: list[tuple[Any, int]]) -> None:
    """With compound keys, carried classes, and a part that time moves."""
    snapshot = run(DEPOT_ENGINE, events)
    back = load(DEPOT_ENGINE, dump(DEPOT_ENGINE, snapshot), snapshot.now)
    assert (snapshot, hash(snapshot), snapshot.due) == (back, hash(back), back.due)
    assert [type(one.slip) for one in snapshot["boxes"].values()] == [
        type(back["boxes"][key].slip) for key in snapshot["boxes"]
    ]


def test_a_machine_alone_travels() -> None:
    """A machine is the system of which it is the only part."""
    engine = fsm.compile(TILE)
    assert engine.start(3) == load(engine, dump(engine, engine.start(3)), 3)


def test_a_snapshot_that_comes_back_goes_on_like_the_one_that_left() -> None:
    """A service that restarts loses nothing: timers that fell due meanwhile fire."""
    snapshot = run(DESK_ENGINE, [(SetStatus(Status.AVAILABLE), 0), (OfferChat("c-1", "Ann", arrived_at=0), 1_000)])
    back = load(DESK_ENGINE, dump(DESK_ENGINE, snapshot), 60_000)
    assert DESK_ENGINE.advance(snapshot, 60_000) == DESK_ENGINE.advance(back, 60_000)
    assert "missed" == DESK_ENGINE.advance(back, 60_000).after["tiles"]["c-1"].state


def test_the_form_is_one_that_a_person_can_read() -> None:
    """Enumerations by member name, timers by the events they send, instances with their keys, in ASCII."""
    events: list[tuple[Any, int]] = [
        (SetStatus(Status.AVAILABLE), 7),
        (OfferChat("c-1", "Zoë", arrived_at=0), 0),
        (SetStatus(Status.AWAY), 16_000),
    ]
    written = dump(DESK_ENGINE, run(DESK_ENGINE, events))
    assert written.isascii()
    assert {
        "version": 2,
        "system": "desk",
        "fingerprint": DESK_ENGINE.layout.fingerprint,
        "profile": DESK_ENGINE.params,
        "now": 16_000,
        "parts": {
            "agent": {"state": "away", "since": 16_000, "spent": [], "variables": {"following": "NONE"}},
            "tiles": [
                {
                    "key": "c-1",
                    "state": "offered",
                    "since": 0,
                    "spent": ["non_response"],
                    "variables": {
                        "channel": "CHAT",
                        "counted": True,
                        "speaker": "NOBODY",
                        "name": "Zoë",
                        "arrived_at": 0,
                        "last_text_at": 0,
                    },
                }
            ],
        },
    } == json.loads(written)


def test_the_second_timer_on_the_same_event_has_a_name_of_its_own() -> None:
    """A box is reminded of twice; which of the two has happened can be told apart."""
    snapshot = run(DEPOT_ENGINE, [(Store(Shelf("a", 0), Size.SMALL, None), 7), (Enter(), 25)])
    assert ["remind", "remind#2"] == json.loads(dump(DEPOT_ENGINE, snapshot))["parts"]["boxes"][0]["spent"]


def test_equal_snapshots_have_equal_texts() -> None:
    """In whichever order contacts came, and whatever order a set has."""
    slip = Slip((), frozenset("abcdefgh"), 1.5, date(2019, 5, 1))
    there = [(Store(Shelf(aisle, 0), Size.SMALL, slip), 0) for aisle in "ab"]
    assert dump(DEPOT_ENGINE, run(DEPOT_ENGINE, there)) == dump(DEPOT_ENGINE, run(DEPOT_ENGINE, there[::-1]))
    assert (
        list("abcdefgh")
        == json.loads(dump(DEPOT_ENGINE, run(DEPOT_ENGINE, there)))["parts"]["boxes"][0]["variables"]["slip"]["tags"]
    )


# What cannot travel says so when it leaves

bare, kept = State("bare"), State("kept")


@event
class Push:
    """Three at once."""


@event
class Keep:
    key: Field[object]
    what: Field[object]


def keeper(kind: Any) -> Engine:
    """A system that carries something of this type."""
    what = carried("what", kind, initial=None)
    keep = Machine("keep", (bare, kept), bare, (bare.on(Keep).to(kept).set(what, Keep.what),), (what,))
    keeps = each("keeps", keep, key="key")
    return fsm.compile(
        System("keeper", (keeps,), (wire(Keep, keeps[Keep.key].by(Keep, key=Keep.key, what=Keep.what)),))
    )


def keep(kind: Any, what: Any, key: Any = "k") -> tuple[Engine, Snapshot]:
    engine = keeper(kind)
    return engine, engine.step(engine.start(), Keep(key, what), 0).after


@pytest.mark.parametrize(
    "value",
    [None, True, 3, "x", 1.5, float("inf"), b"x", (1, ("x",)), frozenset({"a", 1}), date(2019, 5, 1), UUID(int=7), Decimal("1.50")],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_is_declared_as_any_object_travels_where_it_is_pythons_own(value: Any) -> None:
    """As a key too."""
    engine, snapshot = keep(object, value, key=value)
    back = load(engine, dump(engine, snapshot), 0)
    assert snapshot == back
    assert type(value) is type(back["keeps"][value].what)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        pytest.param(str | None, 7, "what: 7 is not a value of type str | None.", id="another class"),
        pytest.param(tuple[str, ...] | None, ("a", 2), "what[1]: 2 is not a value of type str.", id="inside a tuple"),
        pytest.param(tuple[Size, ...] | None, ("SMALL",), "what[0]: 'SMALL' is not a value of type Size.", id="a name for a member"),
        pytest.param(tuple[str, int] | None, ("a",), "what: ('a',) is not a tuple of 2.", id="a tuple of another length"),
        pytest.param(float | None, "nan", "what: 'nan' is not a value of type float | None.", id="a word for a number"),
    ],
)  # fmt: skip
def test_a_value_that_would_not_come_back_does_not_leave(kind: Any, value: Any, said: str) -> None:
    """Where any object was handed on to a variable of another type: better an error today than a snapshot that cannot be read tomorrow."""
    engine, snapshot = keep(kind, value)
    with pytest.raises(BadSnapshot) as bad:
        dump(engine, snapshot)
    assert str(bad.value) == f"parts.keeps['k'].variables.{said}"


def test_a_snapshot_that_breaks_what_must_always_hold_does_not_leave() -> None:
    """It would be refused when it comes back: whoever holds it is told while it is still in memory."""
    state, many = State("state"), integer("many", 0, 3)
    machine = Machine(
        "counter", (state,), state, (state.on(Push).stay().set(many, 3),), (many,), (always("few", many < 3),)
    )
    engine = fsm.compile(machine)
    assert engine.start() == load(engine, dump(engine, engine.start()), 0)
    with pytest.raises(BadSnapshot, match=r"parts.counter: breaks what must always hold: few\."):
        dump(engine, engine.step(engine.start(), Push(), 0).after)


def test_a_foreign_snapshot_does_not_leave() -> None:
    """A desk writes desks."""
    with pytest.raises(BadInput, match="a snapshot of depot is no snapshot of this desk"):
        dump(DESK_ENGINE, DEPOT_ENGINE.start())


def test_a_snapshot_that_nobody_would_read_back_does_not_leave() -> None:
    """What is too large to load is too large to dump."""
    engine, snapshot = keep(object, "x" * 17_000_000)
    with pytest.raises(BadSnapshot, match=r"document: has 17000\d{3} characters; at most 16777216 are read back"):
        dump(engine, snapshot)


# Hostile documents

BUSY_DESK: list[tuple[Any, int]] = [
    (SetStatus(Status.AVAILABLE), 7),
    (OfferChat("c-1", "Ann", arrived_at=0), 0),
    (OfferChat("c-2", "Bob", arrived_at=0), 1_000),
    (Accept("c-2"), 1_000),
    (OfferChat("c-3", "Cem", arrived_at=0), 15_000),
]
BUSY_DEPOT: list[tuple[Any, int]] = [
    (Store(Shelf("a", 0), Size.SMALL, Slip(("x",), frozenset("yz"), 1.5, date(2019, 5, 1), Weekday.MON)), 7),
    (Store(Shelf("b", 0), Size.LARGE, None), 5),
    (Shift(Shelf("b", 0)), 2),
    (Enter(), 24),
]
HOSTS = [(DESK_ENGINE, BUSY_DESK), (DEPOT_ENGINE, BUSY_DEPOT)]
JUNK: list[Any] = [
    None, True, False, 0, 1, -1, 10**30, 1.0, 0.5, "", "x", "c-1", "offered", "CHAT", [], [[]], {}, {"x": 1}, ["x"], ["expire"], ["remind", "remind#2"],
]  # fmt: skip


def paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every node of a document."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for step, one in inside for found in paths(one, (*path, step)))]


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    made = copy.deepcopy({"": document})
    node: Any = made
    for step in ("", *path)[:-1]:
        node = node[step]
    node[("", *path)[-1]] = copy.deepcopy(value)
    return made[""]


def deleted(document: Any, path: tuple[Any, ...]) -> Any:
    made = copy.deepcopy(document)
    node = made
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return made


def doubled(document: Any, path: tuple[Any, ...]) -> Any:
    """The node once more: in its list, or under a new name in its object."""
    made = copy.deepcopy(document)
    node = made
    for step in path[:-1]:
        node = node[step]
    if isinstance(node, list):
        node.append(copy.deepcopy(node[path[-1]]))
    else:
        node[f"{path[-1]}_"] = copy.deepcopy(node[path[-1]])
    return made


def unordered(document: Any) -> Any:
    """A document whose instances and spent timers have one order."""
    made = copy.deepcopy(document)
    for part in made["parts"].values():
        for one in part if isinstance(part, list) else [part]:
            one["spent"].sort()
        if isinstance(part, list):
            part.sort(key=lambda one: json.dumps(one["key"]))
    return made


def loaded(engine: Engine, text: str | bytes, now: int) -> Snapshot | None:
    """The snapshot, or None where it is refused; every other error is a defect."""
    try:
        return load(engine, text, now)
    except BadSnapshot:
        return None


def survives(engine: Engine, document: Any, now: int) -> bool:
    """Whether the document is taken; then it is exactly what it says, holds what must hold, and runs."""
    snapshot = loaded(engine, json.dumps(document), now)
    if snapshot is None:
        return False
    assert unordered(document) == unordered(json.loads(dump(engine, snapshot)))
    claims = engine.system.properties + tuple(claim for part in engine.system.parts for claim in inherited(part))
    assert all(
        holds(engine, one.formula, snapshot, {})
        for one in claims
        if one.modality is Modality.ALWAYS and not counts_effects(one.formula)
    )
    assert snapshot.due is None or snapshot.now < snapshot.due
    engine.possible(snapshot, now + 100_000)
    return True


@pytest.mark.parametrize(("engine", "events"), HOSTS, ids=["desk", "depot"])
def test_whatever_stands_where_a_value_should_is_refused_or_true(engine: Engine, events: list[tuple[Any, int]]) -> None:
    """Every node of a document, replaced by everything else, left out, and written twice."""
    snapshot = run(engine, events)
    document = json.loads(dump(engine, snapshot))
    assert survives(engine, document, snapshot.now)
    tried = [replaced(document, path, junk) for path in paths(document) for junk in JUNK]
    tried += [made for path in paths(document) if path for made in (deleted(document, path), doubled(document, path))]
    taken = [made for made in tried if survives(engine, made, snapshot.now)]
    assert len(tried) > 800
    assert 0 < len(taken) < len(tried) // 10


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.sampled_from(JUNK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from(HOSTS), st.data())
def test_a_document_that_was_tampered_with_is_refused_or_true(
    host: tuple[Engine, list[tuple[Any, int]]], data: st.DataObject
) -> None:
    """Any number of nodes at once; no other error is ever raised."""
    engine, events = host
    snapshot = run(engine, events)
    document = json.loads(dump(engine, snapshot))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(document)[1:] or [()]))
        how = data.draw(st.sampled_from([deleted, doubled])) if path else None
        value = data.draw(anything)
        document = (
            how(document, path) if how is not None and data.draw(st.booleans()) else replaced(document, path, value)
        )
    survives(engine, document, snapshot.now + data.draw(st.integers(-1, 1)))


@settings(deadline=None)
@given(st.data())
def test_text_that_was_tampered_with_is_refused_or_true(data: st.DataObject) -> None:
    """Any bytes cut out, written twice or put in."""
    snapshot = run(DESK_ENGINE, BUSY_DESK)
    text = dump(DESK_ENGINE, snapshot).encode()
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    inside = data.draw(st.sampled_from([b"", text[start:end] * 2]) | st.binary(max_size=5))
    back = loaded(DESK_ENGINE, text[:start] + inside + text[end:], snapshot.now)
    assert back is None or back.now <= snapshot.now
