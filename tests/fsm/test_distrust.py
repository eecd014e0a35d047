"""Loading is a trust boundary: what each kind of bad document is told, and where in it the fault stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import fsm
from fsm import BadInput, BadSnapshot, Engine, Field, Machine, State, System, carried, each, event, wire
from fsm.desk import DESK, Accept, OfferChat, SetStatus, Status
from fsm.storage import dump, load

from .depot import DEPOT, Enter, Shelf, Shift, Size, Store

ENGINE = fsm.compile(DESK)
DEPOT_ENGINE = fsm.compile(DEPOT)
NOW = 16_000

OTHER_PROFILE = "Where the profile's durations have changed since, load it under the profile that wrote it."


def desk() -> Any:
    """An agent with a chat that has rung for 16 s, one for 11 s, and one that is talked to."""
    snapshot = ENGINE.step(ENGINE.start(), SetStatus(Status.AVAILABLE), 0).after
    for sent, at in (
        (OfferChat("c-1", "Ann", arrived_at=0), 0),
        (OfferChat("c-2", "Bob", arrived_at=0), 5_000),
        (OfferChat("c-3", "Cem", arrived_at=0), 5_000),
        (Accept("c-3"), NOW),
    ):
        snapshot = ENGINE.step(snapshot, sent, at).after
    return json.loads(dump(ENGINE, snapshot))


def depot() -> Any:
    """A box that was moved, one that rots, an alarm that rings and an open door."""
    snapshot = DEPOT_ENGINE.start()
    for sent, at in (
        (Store(Shelf("a", 0), Size.LARGE, None), 0),
        (Store(Shelf("b", 0), Size.SMALL, None), 0),
        (Shift(Shelf("a", 0)), 1),
        (Enter(), 31),
    ):
        snapshot = DEPOT_ENGINE.step(snapshot, sent, at).after
    return json.loads(dump(DEPOT_ENGINE, snapshot))


def refusal(engine: Engine, text: str | bytes, now: int) -> str:
    with pytest.raises(BadSnapshot) as bad:
        load(engine, text, now)
    return str(bad.value)


Change = Callable[[Any], object]


def tile(place: int, **fields: Any) -> Change:
    return lambda document: document["parts"]["tiles"][place].update(fields)


def variables(place: int, **values: Any) -> Change:
    return lambda document: document["parts"]["tiles"][place]["variables"].update(values)


def whole(**fields: Any) -> Change:
    return lambda document: document.update(fields)


def agent(**fields: Any) -> Change:
    return lambda document: document["parts"]["agent"].update(fields)


STATES = "Its states: free, offered, connected, after_work, missed, rejected, failed."
FALSE_DESKS = {
    "another version": (
        whole(version=1),
        "version: 1 is not 2. Load it with the release that wrote it, or write it again with this one.",
    ),
    "true for a version": (whole(version=True), "version: True is not 2. "),
    "another system": (whole(system="depot"), "system: 'depot' is not 'desk'. Load it with the system that wrote it."),
    "no system": (lambda document: document.pop("system"), "system: is missing."),
    "no parts": (lambda document: document.pop("parts"), "parts: is missing."),
    "a part too few": (lambda document: document["parts"].pop("agent"), "parts.agent: is missing."),
    "a part too many": (
        lambda document: document["parts"].update(ghost=[]),
        "parts.ghost: is no field of this document.",
    ),
    "a field too many": (whole(colour="red"), "colour: is no field of this document."),
    "a field too few": (
        lambda document: document["parts"]["tiles"][1].pop("since"),
        "parts.tiles[1].since: is missing.",
    ),
    "a variable too many": (
        variables(0, **{"two words": 1}),
        'parts.tiles[0].variables["two words"]: is no field of this document.',
    ),
    "a list for an object": (whole(parts=[]), "parts: [] is not an object."),
    "nothing for an object": (agent(variables=None), "parts.agent.variables: None is not an object."),
    "an object for a list": (
        lambda document: document["parts"].update(tiles={"a": 1}),
        "parts.tiles: {'a': 1} is not a list.",
    ),
    "a number for a list": (lambda document: document["parts"].update(tiles=3), "parts.tiles: 3 is not a list."),
    "a string for a list": (tile(0, spent="ab"), "parts.tiles[0].spent: 'ab' is not a list."),
    "true for an instant": (whole(now=True), "now: True is not an integer."),
    "a fraction for an instant": (agent(since=1.0), "parts.agent.since: 1.0 is not an integer."),
    "a number for a truth value": (
        variables(0, counted=1),
        "parts.tiles[0].variables.counted: 1 is not true or false.",
    ),
    "a number for a key": (tile(0, key=7), "parts.tiles[0].key: 7 is not a string."),
    "a value for a member": (
        variables(0, channel="chat"),
        "parts.tiles[0].variables.channel: 'chat' is not one of CHAT, VOICE, TASK, EMAIL.",
    ),
    "an instant after loading": (whole(now=NOW + 1), "now: 16001 lies after the instant of loading, 16000."),
    "a stay that begins later": (
        agent(since=NOW + 1),
        "parts.agent.since: 16001 lies after the snapshot's own now, 16000.",
    ),
    "an unknown state": (tile(2, state="gone"), f"parts.tiles[2].state: 'gone' is no state of tile. {STATES}"),
    "a tile that does not exist": (
        tile(0, state="free"),
        "parts.tiles[0].state: 'free' is the initial state, in which no instance exists.",
    ),
    "a key that stands twice": (tile(2, key="c-1"), "parts.tiles[2].key: 'c-1' is the key of item 0 already."),
    "an unknown timer": (
        tile(0, spent=["rot"]),
        "parts.tiles[0].spent[0]: 'rot' is no timer of offered. Its timers: non_response, expire.",
    ),
    "a timer where none is": (
        agent(spent=["rot"]),
        "parts.agent.spent[0]: 'rot' is no timer of available. Its timers: none.",
    ),
    "a timer that fired twice": (
        tile(0, spent=["non_response"] * 2),
        "parts.tiles[0].spent[1]: non_response stands twice.",
    ),
    "a timer that fired and left": (
        tile(0, spent=["non_response", "expire"]),
        "parts.tiles[0].spent[1]: expire cannot have fired: it always leaves offered.",
    ),
    "a timer that fired too early": (
        tile(1, spent=["non_response"]),
        "parts.tiles[1].spent: non_response cannot have fired: under this profile it falls due 15 s after entering, at 20000, "
        f"and the snapshot's now is 16000. {OTHER_PROFILE}",
    ),
    "a timer that did not fire": (
        tile(0, spent=[]),
        "parts.tiles[0].spent: non_response must have fired: under this profile it falls due 15 s after entering, at 15000, "
        f"and the snapshot's now is 16000. {OTHER_PROFILE}",
    ),
    "a broken property of one tile": (
        tile(1, state="missed"),
        "parts.tiles[1]: breaks what must always hold: a missed contact was counted as non-response (S19, D1).",
    ),
    "a broken property of the desk": (
        variables(0, channel="VOICE"),
        "parts: breaks what must always hold: two channels are held at once only with outbound calls (S05, S06, D2, D10).",
    ),
}


@pytest.mark.parametrize(("change", "said"), FALSE_DESKS.values(), ids=FALSE_DESKS)
def test_a_false_desk_is_refused_with_the_path_of_what_is_wrong(change: Change, said: str) -> None:
    """And never repaired."""
    document = desk()
    assert load(ENGINE, json.dumps(document), NOW)
    change(document)
    assert refusal(ENGINE, json.dumps(document), NOW).startswith(said)


def under(engine: Engine, document: Any) -> str:
    """The document, saying that it was made under the engine's parameters."""
    return json.dumps({**document, "profile": json.loads(dump(engine, engine.start()))["profile"]})


def test_a_snapshot_made_under_other_parameters_is_refused() -> None:
    """Its timers and its claims would mean something else; there is an explicit way over."""
    said = refusal(fsm.compile(DESK, {"max_chats": 3}), json.dumps(desk()), NOW)
    assert (
        "profile.max_chats: 5 is not 3. It was made under other parameters. Load it under those, or take it over with "
        "take_over(), which checks what must always hold."
    ) == said


FALSE_PROFILES: dict[str, tuple[Any, str]] = {
    "none": (None, "profile: None is not"),
    "a list": ([], "profile: [] is not"),
    "a value too few": ({}, "profile: {} is not"),
    "a number for a truth value": ({"voice": 1}, "profile.voice: 1 is not True."),
    "a fraction for a number": ({"max_chats": 5.0}, "profile.max_chats: 5.0 is not 5."),
    "a value too many": ({"ghost": 1}, "profile: {"),
}


@pytest.mark.parametrize(("change", "said"), FALSE_PROFILES.values(), ids=FALSE_PROFILES)
def test_a_false_profile_is_refused(change: Any, said: str) -> None:
    """Whatever stands there."""
    document = desk()
    document["profile"] = {**document["profile"], **change} if change else change
    assert refusal(ENGINE, json.dumps(document), NOW).startswith(said)
    del document["profile"]
    assert "profile: is missing." == refusal(ENGINE, json.dumps(document), NOW)


def test_more_chats_than_the_limit_are_refused() -> None:
    """Whatever a document says of the parameters that it was made under."""
    engine = fsm.compile(DESK, {"max_chats": 2})
    said = refusal(engine, under(engine, desk()), NOW)
    assert "parts: breaks what must always hold: chats in use never exceed the limit (S02, S21)." == said


def test_timers_that_cannot_stand_under_its_parameters_are_refused() -> None:
    """An offer that rang for 16 s would have been missed under a window of 15 s; nobody guesses what to do with it."""
    shorter = fsm.compile(DESK, {"accept_window": 15_000})
    assert (
        "parts.tiles[0].spent: expire must have fired: under this profile it falls due 15 s after entering, at 15000, "
        f"and the snapshot's now is 16000. {OTHER_PROFILE}"
    ) == refusal(shorter, under(shorter, desk()), NOW)
    longer = fsm.compile(DESK, {"non_response_after": 20_000})
    assert "non_response cannot have fired" in refusal(longer, under(longer, desk()), NOW)


def test_another_declaration_is_told_with_the_way_out() -> None:
    """Not the two fingerprints alone: what somebody would have to do."""
    document = desk() | {"fingerprint": "0" * 64}
    said = refusal(ENGINE, json.dumps(document), NOW)
    assert said.startswith(f"fingerprint: '{'0' * 64}' is not '{ENGINE.layout.fingerprint}'.")
    assert "a migration must say what becomes of every state, variable and timer that is no longer the same" in said


def test_timers_that_fell_due_since_are_no_fault() -> None:
    """Time has passed while the snapshot lay in a drawer."""
    back = load(ENGINE, json.dumps(desk()), NOW + 3_600_000)
    assert (NOW, 20_000) == (back.now, back.due)


FALSE_TEXTS: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "document: is not JSON: Expecting value: line 1 column 1 (char 0)."),
    "no object": ("[1, 2]", "document: [1, 2] is not an object."),
    "an endless number": ("1" * 5_000, "document: has 5,000 digits; at most 4,300 are read."),
    "an endless number before what is no JSON": (
        f"[{'1' * 5_000}, }}",
        "document: is not JSON: Expecting value: line 1 column 5004 (char 5003).",
    ),
    "an endless number before brackets without end": (
        f"[{'1' * 5_000}, " + "[" * 100_000,
        "document: is nested more than 100 deep.",
    ),
    "bytes that are no text": (
        b'{"version": "\xff"}',
        "document: is not UTF-8: 'utf-8' codec can't decode byte 0xff in position 13: invalid start byte.",
    ),
    "a mark of byte order": ("\ufeff{}", "document: is not JSON: Unexpected UTF-8 BOM"),
    "a name that stands twice": ('{"version": 1, "version": 1}', "version: stands twice."),
    "a name that stands twice deep inside": (
        '{"parts": {"tiles": [0, {"a b": 1, "a b": 2}]}}',
        'parts.tiles[1]["a b"]: stands twice.',
    ),
    "not a number": ('{"now": NaN}', "now: NaN is no number."),
    "minus infinity": ('{"x": [0, -Infinity]}', "x[1]: -Infinity is no number."),
    "a number that is infinite in disguise": ("[1.5, 1e999]", "document[1]: 1e999 is too large a number."),
    "the first of two faults": ('{"a": NaN, "b": {"c": 1, "c": 1}}', "a: NaN is no number."),
    "brackets without end": ("[" * 100_000, "document: is nested more than 100 deep."),
    "a text without end": (" " * 17_000_000, "document: has 17000000 characters; at most 16777216 are read."),
}


@pytest.mark.parametrize(("text", "said"), FALSE_TEXTS.values(), ids=FALSE_TEXTS)
def test_false_text_is_refused_with_the_path_of_what_is_wrong(text: str | bytes, said: str) -> None:
    """What two readers could read in two ways is not read."""
    assert refusal(ENGINE, text, NOW).startswith(said)


def test_what_is_no_text_at_all_is_a_mistake_of_the_caller() -> None:
    """So is an instant that is none."""
    with pytest.raises(BadInput, match="text: dict is neither str nor bytes"):
        load(ENGINE, {}, NOW)  # type: ignore[arg-type]  # the mistake
    with pytest.raises(BadInput, match="now: True is not an instant"):
        load(ENGINE, "{}", True)


# What only the depot has


def shelf(part: str, place: int, **fields: Any) -> Change:
    return lambda document: document["parts"][part][place].update(fields)


def box(place: int, **values: Any) -> Change:
    return lambda document: document["parts"]["boxes"][place]["variables"].update(values)


SLIP = {"lines": [], "tags": ["a", "b"], "weight": 1, "packed": "2019-05-01", "day": "MON"}
FALSE_DEPOTS = {
    "a value out of range": (box(0, moves=4), "parts.boxes[0].variables.moves: 4 is not an integer from 0 to 3."),
    "a key with a field too few": (shelf("boxes", 0, key={"aisle": "a"}), "parts.boxes[0].key.level: is missing."),
    "a key with a field too many": (
        shelf("boxes", 0, key={"aisle": "a", "level": 0, "x": 0}),
        "parts.boxes[0].key.x: is no field of this document.",
    ),
    "a key with a field of another type": (
        shelf("alarms", 0, key={"aisle": "a", "level": "0"}),
        "parts.alarms[0].key.level: '0' is not an integer.",
    ),
    "carried data with a member by its value": (
        box(0, slip=SLIP | {"day": "monday"}),
        "parts.boxes[0].variables.slip.day: 'monday' is not one of MON, TUE.",
    ),
    "carried data with a date in other words": (
        box(0, slip=SLIP | {"packed": "20190501"}),
        "parts.boxes[0].variables.slip.packed: '20190501' is not the text of a date.",
    ),
    "carried data with no date at all": (
        box(0, slip=SLIP | {"packed": "May"}),
        "parts.boxes[0].variables.slip.packed: 'May' is not the text of a date.",
    ),
    "carried data with a default left out": (
        box(0, slip={name: value for name, value in SLIP.items() if name != "day"}),
        "parts.boxes[0].variables.slip.day: is missing.",
    ),
    "carried data with a set in another order": (
        box(0, slip=SLIP | {"tags": ["b", "a"]}),
        "parts.boxes[0].variables.slip.tags[1]: 'a' stands in another order than a set is written in.",
    ),
    "carried data with a set for a number": (
        box(0, slip=SLIP | {"tags": 5}),
        "parts.boxes[0].variables.slip.tags: 5 is not a list.",
    ),
    "the second timer before the first": (
        shelf("boxes", 0, spent=["remind#2", "remind"]),
        "parts.boxes[0].spent[1]: remind stands in another order than timers are declared in.",
    ),
    "the second timer without the first": (
        shelf("boxes", 0, spent=["remind#2", "rot"]),
        "parts.boxes[0].spent: remind must have fired: under this profile it falls due 10 ms after entering",
    ),
    "a broken property of one box": (
        box(1, moves=1),
        "parts.boxes[1]: breaks what must always hold: a box that was moved does not rot.",
    ),
    "a broken property of the depot": (
        box(1, size="LARGE"),
        "parts: breaks what must always hold: large boxes never stand together (G1).",
    ),
}


@pytest.mark.parametrize(("change", "said"), FALSE_DEPOTS.values(), ids=FALSE_DEPOTS)
def test_a_false_depot_is_refused_with_the_path_of_what_is_wrong(change: Change, said: str) -> None:
    """Into keys and carried classes."""
    document = depot()
    assert load(DEPOT_ENGINE, json.dumps(document), 31)
    change(document)
    assert refusal(DEPOT_ENGINE, json.dumps(document), 31).startswith(said)


def test_carried_data_is_read_by_its_declared_type() -> None:
    """The same slip as in the cases above, with nothing wrong."""
    document = depot()
    box(0, slip=SLIP)(document)
    back = load(DEPOT_ENGINE, json.dumps(document), 31)
    assert frozenset("ab") == back["boxes"][Shelf("a", 0)].slip.tags


def test_more_instances_than_there_is_room_for_are_refused() -> None:
    """`at_most` holds for what is loaded too."""
    engine = fsm.compile(DEPOT, {"room": 1})
    said = refusal(engine, under(engine, depot()), 31)
    assert "parts.boxes: holds 2 instances; at most 1 may be held." == said


def test_more_instances_than_keys_in_the_world_are_refused() -> None:
    """`population` says how many there are."""
    engine = fsm.compile(DEPOT, {"shelves": 1})
    said = refusal(engine, under(engine, depot()), 31)
    assert "parts.boxes: holds 2 instances; only 1 exist." == said


# Types at the edge

away, here = State("away"), State("here")


@event
class Come:
    who: Field[Any]
    what: Field[Any]


def visitors(kind: Any) -> Any:
    """A house whose guests carry something of this type, with one guest in it."""
    luggage = carried("luggage", kind, initial=None)
    guest = Machine("guest", (away, here), away, (away.on(Come).to(here).set(luggage, Come.what),), (luggage,))
    guests = each("guests", guest, key="who")
    engine = fsm.compile(
        System("house", (guests,), (wire(Come, guests[Come.who].by(Come, who=Come.who, what=Come.what)),))
    )
    return engine, json.loads(dump(engine, engine.step(engine.start(), Come("x", None), 0).after))


def test_a_value_that_could_change_is_refused() -> None:
    """Any type may stand there, but a list could change under the snapshot."""
    engine, document = visitors(Any)
    document["parts"]["guests"][0]["variables"]["luggage"] = ["x"]
    assert (
        "parts.guests[0].variables.luggage: ['x'] is not a string, a number, true, false, null or a value with a tag."
        == refusal(engine, json.dumps(document), 0)
    )


def test_a_key_that_could_change_is_refused() -> None:
    """Keys too."""
    engine, document = visitors(Any)
    document["parts"]["guests"][0]["key"] = ["x"]
    assert "parts.guests[0].key: ['x'] is not a string, a number, true, false, null or a value with a tag." == refusal(
        engine, json.dumps(document), 0
    )


@pytest.mark.parametrize(
    ("depth", "said"), [(95, "luggage: [[[[...]]]] is not a string"), (96, "document: is nested more than 100 deep.")]
)
def test_depth_has_a_limit_that_does_not_depend_on_the_interpreter(depth: int, said: str) -> None:
    """The document, its parts, the list, the instance and its variables are five levels; one hundred are read."""
    engine, document = visitors(Any)
    document["parts"]["guests"][0]["variables"]["luggage"] = "DEEP"
    text = json.dumps(document).replace('"DEEP"', "[" * depth + "]" * depth)
    assert said in refusal(engine, text, 0)
