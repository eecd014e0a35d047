"""What reading a stranger's text costs: so many calls for each thing that stands in it, and next to nothing after the first fault."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from time import process_time
from typing import Any

import pytest

import fsm
from fsm import (
    BadInput,
    BadSnapshot,
    Field,
    Machine,
    State,
    System,
    always,
    carried,
    choice,
    each,
    event,
    for_each,
    inside,
    integer,
    wire,
)
from fsm.storage import Migration, Migrations, dump, event_in, event_out, load, trace_in, trace_out
from fsm.strict_json import Limits
from fsm.traces import replay
from tests.calls import calls

TAKEN, REFUSED = 30, 6
"""So many calls at most for each thing that stands in a text: in one that is taken, and in one that is refused."""
MOMENT = 1.0
"""Seconds, for what takes some thousandths; Python takes three to read a million digits."""
AT_LEAST = 1_000
"""So many calls are as good as none."""


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


@event
class Put:
    key: Field[str]
    size: Field[Size]
    note: Field[str]


@event
class Spoil:
    """Sent by time."""


absent, fresh, spoiled = State("absent"), State("fresh"), State("spoiled")
size, note, puts = choice("size", Size), carried("note", str, initial=""), integer("puts", 0, 9)
BOX = Machine(
    "box",
    (absent, fresh, spoiled),
    absent,
    (
        absent.on(Put).to(fresh).set(size, Put.size).set(note, Put.note),
        fresh.on(Put).when(puts < 9).stay().set(puts, puts + 1),
        fresh.after(1_000, Spoil).to(spoiled),
    ),
    (size, note, puts),
    (always("what is fresh was not put often", inside(fresh) >> (puts < 9)),),
)
boxes = each("boxes", BOX, key="key")
STORE = System(
    "store",
    (boxes,),
    (wire(Put, boxes[Put.key].by(Put, key=Put.key, size=Put.size, note=Put.note)),),
    properties=(
        always("each counts to nine", for_each(boxes, puts <= 9)),
        always("few large ones are spoiled", boxes.count(spoiled, size == Size.LARGE) <= 1_000_000),
    ),
)
ENGINE = fsm.compile(STORE)


def stored(many: int) -> Any:
    """A store with so many boxes."""
    document = json.loads(dump(ENGINE, ENGINE.step(ENGINE.start(), Put("k", Size.SMALL, "from the start"), 0).after))
    (box,) = document["parts"]["boxes"]
    return {**document, "parts": {"boxes": [{**box, "key": f"k{place}"} for place in range(many)]}}


def cost(text: str, run: Callable[[], object]) -> float:
    """Calls for each thing that stands in the text, as far as commas and colons tell; a refusal is an answer too."""

    def answered() -> None:
        with suppress(BadInput):
            run()

    made = calls(answered)[1]
    return (made - AT_LEAST) / (1 + text.count(",") + text.count(":"))


@pytest.mark.parametrize("many", [300, 3_000])
def test_a_snapshot_that_is_taken_costs_little_more_than_reading_its_json(many: int) -> None:
    """Types, states, timers and every claim, of few instances and of many."""
    text = json.dumps(stored(many))
    assert many == len(load(ENGINE, text, 0)["boxes"])
    assert cost(text, lambda: load(ENGINE, text, 0)) < TAKEN


def seconds(run: Callable[[], object]) -> float:
    """Of processor time: what Python does in one call is no call."""
    begun = process_time()
    with suppress(BadInput):
        run()
    return process_time() - begun


def in_boxes(given: Any) -> Any:
    document = stored(0)
    document["parts"]["boxes"] = given
    return document


def last_is_wrong() -> Any:
    document = stored(1_000)
    document["parts"]["boxes"][-1]["since"] = "x"
    return document


def one_box(**fields: Any) -> Any:
    document = stored(1)
    document["parts"]["boxes"][0].update(fields)
    return document


LONG = 200_000
HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "a string for a list": (lambda: json.dumps(in_boxes("x" * LONG)), "parts.boxes: 'xxx"),
    "numbers for instances": (lambda: json.dumps(in_boxes([0] * (LONG // 3))), "parts.boxes[0]: 0 is not an object."),
    "empty objects": (lambda: json.dumps(in_boxes([{}] * (LONG // 4))), "parts.boxes[0].key: is missing."),
    "lists in lists": (lambda: json.dumps(in_boxes([[[[]]]] * (LONG // 8))), "parts.boxes[0]: [[[]]] is not an object."),
    "an object for a list": (lambda: json.dumps(in_boxes({str(n): 1 for n in range(LONG // 10)})), "parts.boxes: {'0': 1"),
    "an instance with many fields": (lambda: json.dumps(in_boxes([{str(n): 1 for n in range(LONG // 10)}])), 'parts.boxes[0]["0"]: is no field of this document.'),
    "too many instances": (lambda: json.dumps(in_boxes([0] * 100_001)), "parts.boxes: holds 100001 instances; at most 100,000 are read."),
    "a string for timers": (lambda: json.dumps(one_box(spent="x" * LONG)), "parts.boxes[0].spent: 'xxx"),
    "many timers": (lambda: json.dumps(one_box(spent=["spoil"] * (LONG // 9))), "parts.boxes[0].spent[0]: spoil cannot have fired"),
    "a fault at the end": (lambda: json.dumps(last_is_wrong()), "parts.boxes[999].since: 'x' is not an integer."),
    "no number at the end": (lambda: json.dumps(in_boxes([*[0] * (LONG // 3), float("nan")])), "parts.boxes[66666]: NaN is no number."),
    "a name twice at the end": (lambda: json.dumps(stored(1_000))[:-1] + ', "now": 0}', "now: stands twice."),
    "no JSON at the end": (lambda: json.dumps(stored(1_000))[:-1], "document: is not JSON: Expecting ',' delimiter"),
    "fractions": (lambda: json.dumps(in_boxes([0.5] * (LONG // 5))), "parts.boxes[0]: 0.5 is not an object."),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_text_that_is_refused_costs_hardly_more_than_reading_its_json(kind: str) -> None:
    """Nothing is collected, sorted, printed or read after the first fault."""
    make, said = HOSTILE[kind]
    text = make()
    with pytest.raises(BadSnapshot) as bad:
        load(ENGINE, text, 0)
    assert str(bad.value).startswith(said)
    assert len(str(bad.value)) < 400
    assert cost(text, lambda: load(ENGINE, text, 0)) < REFUSED


def test_a_text_that_is_refused_takes_no_memory_to_speak_of() -> None:
    """Beside the document itself, as Python's reader makes it."""
    text = json.dumps(in_boxes("x" * 1_000_000))
    tracemalloc.start()
    with pytest.raises(BadSnapshot):
        load(ENGINE, text, 0)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3 * len(text)


@pytest.mark.parametrize("digits", [4_301, 1_000_000])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_number_of_any_length_is_refused_with_its_path(digits: int, sign: str) -> None:
    """Python itself refuses to read it, and says neither which it was nor where."""
    text = json.dumps(in_boxes([7, "DIGITS"])).replace('"DIGITS"', sign + "1" * digits)
    with pytest.raises(BadSnapshot) as bad:
        load(ENGINE, text, 0)
    assert f"parts.boxes[1]: has {digits:,} digits; at most 4,300 are read." == str(bad.value)
    assert seconds(lambda: load(ENGINE, text, 0)) < MOMENT


def test_a_long_number_costs_nothing_either_where_python_keeps_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service may have switched Python's own limit off, for reasons of its own."""
    import sys

    text = json.dumps(in_boxes(["DIGITS"])).replace('"DIGITS"', "1" * 1_000_000)
    kept = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        with pytest.raises(BadSnapshot, match="has 1,000,000 digits; at most 4,300 are read"):
            load(ENGINE, text, 0)
        assert seconds(lambda: load(ENGINE, text, 0)) < MOMENT
    finally:
        sys.set_int_max_str_digits(kept)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(characters=99), "document: has 309 characters; at most 99 are read."),
        (Limits(depth=3), "document: is nested more than 3 deep."),
        (Limits(digits=1), "now: has 2 digits; at most 1 are read."),
        (Limits(instances=0), "parts.boxes: holds 1 instances; at most 0 are read."),
    ],
    ids=["characters", "depth", "digits", "instances"],
)
def test_every_limit_is_an_argument(limits: Limits, said: str) -> None:
    """Whoever knows how large their own documents are says so."""
    text = json.dumps({**stored(1), "now": 10})
    assert load(ENGINE, text, 10)
    with pytest.raises(BadSnapshot) as bad:
        load(ENGINE, text, 10, limits=limits)
    assert said.replace("309", str(len(text))) == str(bad.value)


# Events, runs, migrations


def test_an_event_costs_little_more_than_reading_its_json() -> None:
    """Taken and refused, also with a long text in it."""
    text = json.dumps(event_out(Put("k", Size.SMALL, "x" * 100_000)))
    assert cost(text, lambda: event_in(ENGINE, json.loads(text))) < TAKEN
    for wrong in ({"name": "x" * 100_000, "fields": {}}, {"name": "put", "fields": {str(n): n for n in range(20_000)}}):
        text = json.dumps(wrong)
        assert cost(text, lambda text=text: event_in(ENGINE, json.loads(text))) < REFUSED


def test_a_run_costs_little_more_than_reading_its_json() -> None:
    """Though every step of it is taken again."""
    trace = replay(ENGINE, [(Put(f"k{place % 5}", Size.SMALL, "x"), place) for place in range(40)])
    text = json.dumps(trace_out(ENGINE, trace))
    assert trace == trace_in(ENGINE, json.loads(text))
    assert cost(text, lambda: trace_in(ENGINE, json.loads(text))) < TAKEN


def test_a_migrated_snapshot_costs_little_more_than_reading_its_json() -> None:
    """It is written and read once more, since what a migration gives is distrusted like what it got."""
    way = Migrations(Migration("nothing changed", "0" * 64, ENGINE.layout.fingerprint, lambda parts, now: parts))
    text = json.dumps({**stored(1_000), "fingerprint": "0" * 64})
    assert 1_000 == len(load(ENGINE, text, 0, way)["boxes"])
    assert cost(text, lambda: load(ENGINE, text, 0, way)) < TAKEN
