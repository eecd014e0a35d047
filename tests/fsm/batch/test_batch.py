"""What a batch says where it cannot: of declarations, of columns, of numbers that are too large; and tables in and out."""

from __future__ import annotations

import importlib.util
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pytest

import fsm
from fsm import (
    NOW,
    BadInput,
    Field,
    Machine,
    Range,
    State,
    System,
    applied,
    carried,
    choice,
    choose,
    each,
    effect,
    event,
    integer,
    one,
    wire,
)
from fsm.batch import NO_EVENT, Batch, Outcome, replay
from fsm.batch.arrow import (
    effects_to_arrow,
    events_from_arrow,
    instants_from_arrow,
    outcomes_to_arrow,
    snapshots_from_arrow,
    snapshots_to_arrow,
)
from fsm.errors import BadEvent, BeyondBatch, CannotBatch, NotAsDeclared

from .lanes import said_alone

ROOT = Path(__file__).parents[3]


class Way(Enum):
    POST = "post"
    COURIER = "courier"


@event
class Ask:
    pass


@event
class Pay:
    customer: Field[str]
    amount: Field[Annotated[int, Range(1, 500)]]


@event
class Grow:
    amount: Field[int]


@event
class Send:
    way: Field[Way]


@event
class Lapse:
    """Sent by time."""


@effect
class Rung:
    who: str


@effect
class Sent:
    customer: str
    way: Way
    at: int


new, paid, sent, lapsed = State("new"), State("paid"), State("sent"), State("lapsed")
total, way, customer = integer("total"), choice("way", Way), carried("customer", str, initial="")
ORDER = Machine(
    "order",
    (new, paid, sent, lapsed),
    new,
    (
        new.on(Pay).to(paid).set(total, Pay.amount).set(customer, Pay.customer),
        new.after(1_000, Lapse).to(lapsed),
        (new | paid).on(Grow).stay().set(total, total * 3 + Grow.amount),
        paid.on(Send).to(sent).set(way, Send.way).emits(Sent, customer=customer, way=Send.way, at=NOW),
    ),
    variables=(total, way, customer),
)
BATCH = Batch(fsm.compile(ORDER))
PAID = {"event": ["Pay"], "customer": ["ann"], "amount": [5]}


# What cannot be batched


def loud(text: str) -> str:
    return text.upper()


def test_many_instances_are_refused_by_name() -> None:
    """A lane has room for one."""
    box = Machine("box", (new, paid), new, (new.on(Send).to(paid),))

    with pytest.raises(CannotBatch, match="part boxes: has many instances"):
        Batch(fsm.compile(System("shelf", (each("boxes", box, key="key"),))))


def test_a_function_of_the_authors_is_refused_by_name() -> None:
    """It takes one value, not a column."""
    machine = Machine(
        "shout", (new, paid), new, (new.on(Pay).to(paid).set(customer, applied(loud, Pay.customer)),), (customer,)
    )

    with pytest.raises(CannotBatch, match="shout: where new on Pay sets customer: applies loud"):
        Batch(fsm.compile(machine))


# Numbers


@pytest.mark.parametrize("start", [2**62, -(2**62), 2**63 - 1, 7])
@pytest.mark.parametrize("amount", [0, 5, -(2**63), 2**63 - 1])
def test_arithmetic_is_exact_or_refused(start: int, amount: int) -> None:
    """What lies between may leave int64; what is kept may not."""
    exact = start * 3 + amount
    before = BATCH.snapshots([fsm.compile(ORDER).start(0)] * 2)
    columns = list(before.columns)
    columns[before.names.index("order.total")] = np.array([start, 1])
    held = type(before)(before.engine, before.layout, tuple(columns))
    events = BATCH.every(Grow, 2, amount=np.array([amount, 2]))

    if -(2**63) <= exact < 2**63:
        assert exact == BATCH.step(held, events, 1).after[0]["order"].total
    else:
        with pytest.raises(BeyondBatch, match="more than int64 holds"):
            BATCH.step(held, events, 1)


@pytest.mark.parametrize("at", [2**61, -(2**61), 2**63 - 1, 2**70, -(2**70)])
def test_an_instant_too_far_away_is_refused(at: int) -> None:
    """Before anything is reckoned with."""
    with pytest.raises(BeyondBatch, match="further away than a batch reckons with"):
        BATCH.advance(BATCH.start(2), [0, at])
    with pytest.raises(BeyondBatch):
        BATCH.start(2, at)


def test_an_integer_beyond_int64_is_refused() -> None:
    """Never rounded."""
    engine = fsm.compile(ORDER)
    grown = engine.step(engine.start(0), Grow(2**70), 0).after
    with pytest.raises(BeyondBatch, match=r"order\.total"):
        BATCH.snapshots([grown])
    with pytest.raises(BeyondBatch, match=r"Grow\.amount"):
        BATCH.every(Grow, 1, amount=[2**70])


def test_an_integer_just_beyond_int64_makes_no_float_of_those_beside_it() -> None:
    """numpy holds 2**63 and -1 together as numbers that have lost their last digits."""
    engine = fsm.compile(ORDER)
    grown = [engine.step(engine.start(0), Grow(amount), 0).after for amount in (2**63, -1)]

    with pytest.raises(BeyondBatch, match=r"order\.total: 9223372036854775808 is more than int64 holds"):
        BATCH.snapshots(grown)


BEYOND = 2**63 + 1
HELD = integer("held", None, None)


@pytest.mark.parametrize(
    "guard",
    [
        choose(HELD > 0, BEYOND, HELD) >= 2**63,
        choose(HELD > 0, BEYOND, -BEYOND) > HELD,
        choose(HELD > 0, 2**63, HELD) - 2**63 < HELD,
        choose(HELD > 0, BEYOND, HELD) == HELD,
        BEYOND - HELD > 5,
        HELD + -BEYOND < -5,
        HELD * BEYOND > 5,
    ],
    ids=str,
)
def test_a_number_of_the_declaration_may_be_beyond_int64(guard: Any) -> None:
    """It is compared and reckoned with exactly, in every lane as the engine does."""
    given, asked = State("given"), State("asked")
    lines = (given.on(Grow).to(asked).set(HELD, Grow.amount), asked.on(Ask).when(guard).to(given), asked.on(Ask).stay())
    engine = fsm.compile(Machine("beyond", (given, asked), given, lines, (HELD,)))
    grown = [engine.step(engine.start(0), Grow(amount), 0).after for amount in (0, 5, -3, 2**62, 2**63 - 1, -(2**63))]
    batch = Batch(engine)

    after = batch.step(batch.snapshots(grown), batch.every(Ask, len(grown)), 0).after

    assert [engine.step(one, Ask(), 0).after for one in grown] == list(after)


# Columns


class Shade(Enum):
    LIGHT = "light"
    DARK = "dark"


class Mark(fsm.Event):
    way: Field[Shade] = fsm.optional(default=Shade.DARK)
    times: Field[int] = fsm.optional(default=2)
    note: Field[str] = fsm.optional(default="")


def test_a_column_that_is_left_out_has_the_default_of_its_field() -> None:
    """As in an event that leaves the field out."""
    idle, marked = State("idle"), State("marked")
    way, times, note = choice("way", Shade), integer("times", 0, 9), carried("note", str, initial="none")
    lines = (idle.on(Mark).when(Mark.way == Shade.DARK).to(marked).set(way, Mark.way).set(note, Mark.note),)
    engine = fsm.compile(Machine("mark", (idle, marked), idle, lines, (way, times, note)))
    batch = Batch(engine)
    start = batch.snapshots([engine.start(0)] * 2)

    assert [engine.step(engine.start(0), Mark(), 5).after] * 2 == list(batch.step(start, batch.every(Mark, 2), 5).after)
    assert [Mark(note="a"), Mark(note="b")] == [
        batch.every(Mark, 2, note=np.array(["a", "b"], dtype=object)).event(lane) for lane in range(2)
    ]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"way": [0]}, "Pay.customer: is read and not given"),
        ({"customer": ["ann"], "amount": [1.0]}, "Pay.amount: a column of float64"),
        ({"customer": ["ann"], "amount": [True]}, "Pay.amount: a column of bool"),
        ({"customer": ["ann"], "amount": [None]}, "Pay.amount: a column of object"),
        ({"customer": ["ann"], "amount": [1, 2]}, "Pay.amount: has (2,) values for 1 lanes"),
        ({"customer": ["ann"], "amount": [1], "colour": [1]}, "colour: no event of order has such a field"),
    ],
)
def test_columns_that_do_not_fit_are_refused_by_name(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(BadEvent) as refused:
        BATCH.every(Pay, 1, **columns)
    assert said in str(refused.value)


@pytest.mark.parametrize("kinds", [[3], [-2], [0.0], [[0]]])
def test_places_that_are_no_events_are_refused(kinds: Any) -> None:
    with pytest.raises(BadEvent, match="kinds"):
        BATCH.events(kinds)


@pytest.mark.parametrize("odd", [True, 1.0, "1", [1], None])
def test_one_odd_value_in_a_list_is_not_made_a_number(odd: Any) -> None:
    """As numpy makes 1 of True where numbers stand beside it; of a list within a list it would make an error of its own."""
    with pytest.raises(BadEvent):
        BATCH.every(Pay, 2, customer=["ann", "bob"], amount=[5, odd])
    with pytest.raises(BadEvent):
        BATCH.events([0, odd], customer=["ann", "bob"], amount=[5, 5], way=[0, 0])
    with pytest.raises(BadInput):
        BATCH.advance(BATCH.start(2), [5, odd])


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64])
def test_a_column_of_small_numbers_is_as_good_as_any(kind: Any) -> None:
    """Of instants, of places of events and of members, of numbers: also where one is no place of any."""
    kinds, at = np.array([1, 1], dtype=kind), np.array([7, 9], dtype=kind)
    columns = {
        "customer": ["ann", "bob"],
        "amount": np.array([5, 6], dtype=kind),
        "way": np.array([0, 127], dtype=kind),
    }
    result = BATCH.step(BATCH.start(2), BATCH.events(kinds, **columns), at)

    assert [7, 9] == result.after.column("now").tolist()


def test_a_value_out_of_its_domain_rejects_its_lane_alone() -> None:
    """As an instant before the snapshot does; the lane is as it was, and `why` says what the engine says."""
    events = BATCH.every(
        Pay, 4, customer=["ann", "bob", 7, "dan"], amount=np.ma.MaskedArray([1, 501, 1, 1], mask=[False] * 4)
    )
    result = BATCH.step(BATCH.start(4, [0, 0, 0, 9]), events, 5)

    assert [0, 5, 5, 5] == result.outcomes.tolist()
    assert [False, True, True, True] == [isinstance(result.why(lane), BadInput) for lane in range(4)]
    assert list(result.before)[1:] == list(result.after)[1:]
    assert result.why(0) is None


def test_why_a_lane_was_refused_is_what_the_engine_says() -> None:
    """With the timer that fired before."""
    result = BATCH.step(BATCH.start(2), BATCH.every(Send, 2, way=[1, 0]), [5, 1_000])

    assert [Outcome.REFUSED] * 2 == result.outcomes.tolist()
    assert "order is lapsed, where there is no send" in str(result.why(1))
    assert [(), ((1_000, "order", Lapse),)] == [result.timers(lane) for lane in (0, 1)]
    assert [1_000, None] == BATCH.due(result.before.put([1], result.after.take([1]))).tolist()


# Tables


def table(**columns: Any) -> Any:
    return pa.table(columns)


def test_tables_go_out_and_come_in() -> None:
    """Snapshots, what became of lanes, and what they emitted."""
    first = BATCH.step(
        BATCH.start(3),
        events_from_arrow(BATCH, table(event=["Pay"] * 3, customer=["a", "b", "c"], amount=[1, 2, 3])),
        1,
    )
    read = snapshots_from_arrow(BATCH, snapshots_to_arrow(first.after))
    assert list(first.after) == list(read)

    comes = table(
        event=["send", None, "Send"], way=["COURIER", None, "POST"], at=pa.array([2, 3, 4], pa.timestamp("ms"))
    )
    second = BATCH.step(read, events_from_arrow(BATCH, comes), instants_from_arrow(comes))
    assert ["taken", "passed", "taken"] == outcomes_to_arrow(second.outcomes).to_pylist()
    assert [
        {"lane": 0, "effect": "sent", "Sent.customer": "a", "Sent.way": "COURIER", "Sent.at": 2},
        {"lane": 2, "effect": "sent", "Sent.customer": "c", "Sent.way": "POST", "Sent.at": 4},
    ] == effects_to_arrow(second).to_pylist()
    assert (Sent("c", Way.POST, 4),) == second.effects(2)
    assert 0 == effects_to_arrow(first).num_rows


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("now", ["x"], "a column of string is not an integer"),
        ("order.state", ["gone"], "row 0 has 'gone', which is not declared"),
        ("order.state", [1], "a column of int64 has no names"),
        ("order.since", [1], "row 0 entered its state after now"),
        ("order.spent", [2], "row 0 has 2"),
        ("order.total", [None], "row 0 has None"),
        ("order.way", ["post"], "row 0 has 'post'"),
        ("now", [2**62], "further away"),
    ],
)
def test_a_table_of_snapshots_is_distrusted(name: str, values: list[Any], said: str) -> None:
    stored = snapshots_to_arrow(BATCH.start(1))
    changed = stored.set_column(stored.column_names.index(name), name, pa.array(values))

    with pytest.raises((NotAsDeclared, BeyondBatch)) as refused:
        snapshots_from_arrow(BATCH, changed)
    assert said in str(refused.value)
    with pytest.raises(NotAsDeclared, match="there is no such column"):
        snapshots_from_arrow(BATCH, stored.drop_columns([name]))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"event": ["Buy"]}, "'Buy' is no event of order"),
        ({"event": [3]}, "a column of int64 has no names"),
        ({"what": ["Pay"]}, "there is no such column"),
        ({**PAID, "amount": ["5"]}, "a column of string is not an integer"),
        ({**PAID, "amount": pa.array([5], pa.uint64())}, "a column of uint64"),
    ],
)
def test_a_table_of_events_is_distrusted(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(BadEvent) as refused:
        events_from_arrow(BATCH, pa.table(columns))
    assert said in str(refused.value)


def test_a_null_is_no_value() -> None:
    """Its lane is rejected, where the event has that field."""
    events = events_from_arrow(
        BATCH, table(event=["Pay", "Pay", "Send"], customer=["a", None, None], amount=[None, 5, None], way=["POST"] * 3)
    )

    assert [5, 5, 1] == BATCH.step(BATCH.start(3), events, 0).outcomes.tolist()


# Histories


def test_a_null_of_a_field_that_may_be_left_out_is_its_default_in_that_lane() -> None:
    """As where one who sends events without the field is put into one table with those who tell it; a name that is unknown is no default."""
    idle, marked = State("idle"), State("marked")
    way, times, note = choice("way", Shade), integer("times", 0, 9), carried("note", str, initial="none")
    line = (
        idle.on(Mark).when((Mark.times >= 0) & (Mark.times <= 9)).to(marked).set(way, Mark.way).set(times, Mark.times)
    )
    engine = fsm.compile(Machine("mark", (idle, marked), idle, (line.set(note, Mark.note),), (way, times, note)))
    batch = Batch(engine)
    told = table(
        event=["Mark"] * 4, way=["LIGHT", None, None, "GREY"], times=[None, 5, None, 1], note=["a", None, None, "b"]
    )
    result = batch.step(batch.start(4), events_from_arrow(batch, told), 5)

    sent = [Mark(Shade.LIGHT, note="a"), Mark(times=5), Mark()]
    assert [engine.step(engine.start(), one, 5).after for one in sent] == list(result.after)[:3]
    assert [Outcome.TAKEN] * 3 + [Outcome.REJECTED] == result.outcomes.tolist()


def test_a_replay_is_every_machine_stepped_alone() -> None:
    """Records of machines mixed; who goes astray is told with what it met."""
    chance = np.random.default_rng(3)
    machines, kinds = chance.integers(0, 50, 900), chance.integers(NO_EVENT, 3, 900)
    ats = np.arange(900) * 7
    events = BATCH.events(
        kinds, customer=np.full(900, "ann", dtype=object), amount=chance.integers(-50, 500, 900), way=kinds % 2
    )
    took = replay(BATCH, machines, events, ats)

    engine = BATCH.engine
    held = dict.fromkeys(range(50), engine.start(0))
    for record, who in enumerate(machines.tolist()):
        said = said_alone(engine, held[who], events.event(record), int(ats[record]))
        why = took.why(record)
        assert (said[0], said[0] in (Outcome.TAKEN, Outcome.PASSED)) == (took.outcomes[record], why is None)
        held[who] = said[1]
    assert [held[who] for who in sorted(held)] == [took.after[who] for who in sorted(held)]
    assert {0, 1, 2, 5} == set(took.outcomes.tolist())


def test_a_system_of_two_parts_is_stepped() -> None:
    """Parts share an event; where one of them cannot, none moves."""
    door = Machine("door", (new, paid), new, (new.on(Send).to(paid),))
    bell = Machine("bell", (new, paid), new, (new.on(Send).to(paid), paid.on(Grow).to(new)))
    batch = Batch(fsm.compile(System("house", (one("door", door), one("bell", bell)))))
    send = batch.every(Send, 1, way=[0])
    first = batch.step(batch.start(1), send, 0).after
    grown = batch.step(first, batch.every(Grow, 1, amount=[1]), 1).after
    again = batch.step(grown, send, 2)

    assert [Outcome.REFUSED] == again.outcomes.tolist()
    assert ("paid", "new") == (again.after[0]["door"].state, again.after[0]["bell"].state)


def test_effects_come_in_the_order_of_the_moves_of_a_wire() -> None:
    """Of each lane, whichever part stands first in the system; those of timers first."""
    first = Machine("first", (new, paid), new, (new.on(Send).to(paid).emits(Rung, who="first"),))
    second = Machine(
        "second",
        (new, paid, lapsed),
        new,
        (new.after(5, Lapse).to(paid).emits(Rung, who="timer"), paid.on(Send).to(lapsed).emits(Rung, who="second")),
    )
    one_part, other = one("one_part", first), one("other", second)
    moves = (other.by(Send, way=Send.way), one_part.by(Send, way=Send.way))
    batch = Batch(fsm.compile(System("bells", (one_part, other), wires=(wire(Send, *moves),))))
    result = batch.step(batch.start(3), batch.every(Send, 3, way=[0, 1, 0]), [9, 2, 7])

    assert [0, 1, 0] == result.outcomes.tolist()
    rung = ("timer", "second", "first")
    assert [rung, (), rung] == [tuple(effect.who for effect in result.effects(lane)) for lane in range(3)]  # type: ignore[attr-defined]  # an effect that has it
    assert [9, 2, 7] == [one.now for one in result.after]


def test_no_lane_is_no_trouble() -> None:
    """Nothing is stepped, and nothing is told."""
    result = BATCH.step(BATCH.start(0), BATCH.events([]), 5)

    assert (0, (), ()) == (len(result.after), result.emissions, result.timed)
    assert 0 == replay(BATCH, np.empty(0, dtype=int), BATCH.events(np.empty(0, dtype=int)), []).outcomes.size
    assert 0 == snapshots_to_arrow(result.after).num_rows


def test_the_example_finds_every_order_that_went_wrong() -> None:
    """One of a thousand was paid too late, one shipped before it was paid."""
    spec = importlib.util.spec_from_file_location("many_orders", ROOT / "examples" / "many" / "orders.py")
    assert spec is not None and spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = example  # events look up the types of their fields there
    spec.loader.exec_module(example)
    records = example.log(3_000)
    took = example.replayed(records)

    numbers = np.unique(records["order"].to_numpy()[took.astray])
    assert [7, 500, 1_007, 1_500, 2_007, 2_500] == numbers.tolist()
    found = example.told(records, took)
    assert 6 == found["orders astray"] and all("is refused" in why for why in found["first"].values())
