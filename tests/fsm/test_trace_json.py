"""A trace goes to JSON and comes back by being replayed: what a file says of a run is never believed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import attrs
import pytest

import fsm
from fsm import BadInput, BadSnapshot, EventRefused, always, inside
from fsm.desk import AGENT, DESK, TILE, Accept, Channel, Clear, OfferChat, SetStatus, Status
from fsm.desk.agent import SetStatus as Chooses
from fsm.desk.tile import Offer
from fsm.storage import dump, load, trace_in, trace_out
from fsm.traces import Trace, replay

from .depot import DEPOT, Enter, Shelf, Shift, Silence, Size, Store

ENGINE = fsm.compile(DESK)
SHIFT: list[tuple[Any, int]] = [
    (SetStatus(Status.AVAILABLE), 0),
    (OfferChat("c-1", "Ann", arrived_at=0), 0),
    (OfferChat("c-2", "Bob", arrived_at=0), 5_000),
    (Accept("c-2"), 7_000),
    (None, 30_000),
    (Clear("c-1"), 30_000),
]


def shift() -> Any:
    """The dictionary of a trace, by way of text."""
    return json.loads(json.dumps(trace_out(ENGINE, replay(ENGINE, SHIFT))))


def test_a_step_is_its_event_by_name_and_fields_and_what_it_changed() -> None:
    """Enumerations by member name; what time sent has the instance it was sent to."""
    steps = shift()["steps"]
    assert {"name": "set_status", "fields": {"status": "AVAILABLE"}} == steps[0]["event"]
    assert {
        "at": 15_000,
        "event": None,
        "sent": "non_response",
        "part": "tiles",
        "key": "c-1",
        "effects": [
            {
                "name": "non_response_counted",
                "fields": {"contact": "c-1", "channel": "CHAT", "offered_at": 0, "at": 15_000},
            }
        ],
        "changes": ["tiles c-1: counted = true", "emits non_response_counted"],
    } == steps[4]


def test_a_trace_names_its_system_its_profile_and_its_start() -> None:
    """Whoever finds the file can replay it."""
    data = shift()
    assert (2, "desk", ENGINE.layout.fingerprint, 5) == (
        data["version"],
        data["system"],
        data["fingerprint"],
        data["profile"]["max_chats"],
    )
    assert json.loads(dump(ENGINE, ENGINE.start())) == data["start"]


def depot_trace(engine: fsm.Engine) -> Trace:
    a, b = Shelf("a", 0), Shelf("b", 0)
    start = engine.step(engine.start(), Store(a, Size.LARGE, None), 0).after
    return replay(
        engine,
        [(Store(b, Size.SMALL, None), 2), (Shift(a), 3), (None, 31), (Enter(), 40), (Silence(b), 40)],
        start=start,
    )


def test_a_trace_that_comes_back_is_the_same() -> None:
    """Also with compound keys, with timers on the way and from the middle of a run."""
    assert replay(ENGINE, SHIFT) == trace_in(ENGINE, shift())
    engine = fsm.compile(DEPOT)
    trace = depot_trace(engine)
    assert trace == trace_in(engine, json.loads(json.dumps(trace_out(engine, trace))))


def test_a_trace_of_a_machine_alone_comes_back_too() -> None:
    """Its effects name a contact that is none."""
    engine = fsm.compile(TILE)
    trace = replay(engine, [(Offer(Channel.CHAT, "Ann", arrived_at=0), 0), (None, 20_000)])
    data = json.loads(json.dumps(trace_out(engine, trace)))
    assert [None] == [one["fields"]["contact"] for one in data["steps"][0]["effects"]]
    assert trace == trace_in(engine, data)


def test_a_run_may_begin_where_what_must_always_hold_does_not() -> None:
    """It shows what the claim is worth; to go on from such a snapshot it is not loaded."""
    broken = always("nobody is ever available", ~inside(AGENT.states[1]))
    engine = fsm.compile(attrs.evolve(AGENT, properties=(broken,)))
    available = engine.step(engine.start(), Chooses(Status.AVAILABLE), 0).after
    trace = replay(engine, [(Chooses(Status.AWAY), 3)], start=available)

    assert trace == trace_in(engine, json.loads(json.dumps(trace_out(engine, trace))))
    with pytest.raises(BadSnapshot, match="breaks what must always hold"):
        load(engine, json.dumps(trace_out(engine, trace)["start"]), 0)


Change = Callable[[Any], object]
FALSE: dict[str, tuple[Change, str]] = {
    "another form": (lambda data: data.pop("steps"), "steps: is missing."),
    "another version": (
        lambda data: data.update(version=1),
        "version: 1 is not 2. Replay it with the declaration and the profile that made it.",
    ),
    "another system": (lambda data: data.update(system="depot"), "system: 'depot' is not 'desk'. "),
    "another declaration": (lambda data: data.update(fingerprint="0"), "fingerprint: '0' is not '"),
    "another profile": (lambda data: data["profile"].update(max_chats=3), "profile.max_chats: 3 is not 5. "),
    "a start that is none": (lambda data: data.update(start=3), "start: 3 is not an object."),
    "a start without an instant": (lambda data: data["start"].update(now="x"), "start.now: 'x' is not an integer."),
    "a start in no state": (
        lambda data: data["start"]["parts"]["agent"].update(state="x"),
        "start.parts.agent.state: 'x' is no state of agent.",
    ),
    "an event of another name": (
        lambda data: data["steps"][0]["event"].update(name="x"),
        "steps[0].event.name: 'x' is no event of desk.",
    ),
    "an event with a field too few": (
        lambda data: data["steps"][1]["event"]["fields"].pop("name"),
        "steps[1].event.fields.name: is missing.",
    ),
    "an event with a field of another type": (
        lambda data: data["steps"][3]["event"]["fields"].update(contact=3),
        "steps[3].event.fields.contact: 3 is not a string.",
    ),
    "an effect that did not happen": (
        lambda data: data["steps"][5]["effects"].append(data["steps"][4]["effects"][0]),
        "steps[5].effects: [",
    ),
    "a change that did not happen": (
        lambda data: data["steps"][3].update(changes=["tiles c-2: offered → missed"]),
        "steps[3].changes: ['tiles c-2: offered → missed'] is not what happens, which is ['tiles c-2: offered → connected (last_text_at 7000)', 'emits connected'].",
    ),
    "a step of time too few": (lambda data: data["steps"].pop(4), "steps: ["),
}


@pytest.mark.parametrize(("change", "said"), FALSE.values(), ids=FALSE)
def test_a_trace_that_is_not_what_happens_is_refused_with_its_path(change: Change, said: str) -> None:
    """What is said must be what the declaration does."""
    data = copy.deepcopy(shift())
    change(data)
    with pytest.raises(BadInput) as bad:
        trace_in(ENGINE, data)
    assert str(bad.value).startswith(said)


def test_a_trace_that_cannot_happen_is_refused_by_the_system() -> None:
    """With who stood in the way."""
    data = shift()
    data["steps"][0]["event"]["fields"]["status"] = "AWAY"
    with pytest.raises(EventRefused, match="only an available agent is offered contacts"):
        trace_in(ENGINE, data)
