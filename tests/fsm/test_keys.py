"""Keys of any type that can be stored and has many values: numbers, UUIDs, dates, tuples. They are told apart and nothing else is known of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Hashable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, NewType
from uuid import UUID

import attrs
import pytest

import fsm
from fsm import BadInput, DefinitionError, Field, Machine, Range, State, System, always, each, event, wire
from fsm.storage import dump, event_in, event_out, load, trace_in, trace_out
from fsm.storage.python_source import PythonText
from fsm.traces import replay
from fsm.verification import Refuted, verify

Number = NewType("Number", int)


@event
class Put:
    pass


@event
class Take:
    pass


absent, there = State("absent"), State("there")
BOX = Machine("box", (absent, there), absent, (absent.on(Put).to(there), there.on(Take).to(absent)))


@attrs.frozen
class Seat:
    row: int
    side: str


class Side(Enum):
    LEFT = 1
    RIGHT = 2


@attrs.frozen
class Corner:
    side: Side
    upper: bool


@attrs.frozen
class Box:
    inside: Box | None


KEYS: dict[str, tuple[Any, tuple[Hashable, ...], Hashable]] = {
    "text": (str, ("", "a", "b"), 1),
    "number": (Number, (-3, 0, 10**20), True),
    "UUID": (UUID, (UUID(int=0), UUID(int=7)), "00000000-0000-0000-0000-000000000007"),
    "bytes": (bytes, (b"", b"\xff"), "a"),
    "date": (date, (date(2019, 1, 1), date(2019, 1, 2)), "2019-01-01"),
    "decimal": (Decimal, (Decimal("1.0"), Decimal("2")), 1),
    "instant": (datetime, (datetime(2019, 1, 1, tzinfo=UTC), datetime(2019, 1, 2, tzinfo=UTC)), "2019-01-01"),
    "time": (time, (time(1), time(2)), 1),
    "length of time": (timedelta, (timedelta(1), timedelta(2)), 1),
    "address": (IPv4Address, (IPv4Address("127.0.0.1"), IPv4Address("127.0.0.2")), "127.0.0.1"),
    "path": (PurePosixPath, (PurePosixPath("/a"), PurePosixPath("/b")), "/a"),
    "one of two types": (UUID | None, (None, UUID(int=7)), 7),
    "record": (Seat, (Seat(1, "a"), Seat(1, "b")), (1, "a")),
    "set": (frozenset[Number], (frozenset({1, 2}), frozenset()), {1, 2}),
    "tuple": (tuple[Number, str], ((1, "a"), (1, "b")), (1, 1)),
    "as many as there are": (tuple[bool, ...], ((), (True,)), (1,)),
}
FEW: dict[str, Any] = {
    "literals": Literal["a", "b"],
    "nothing": None,
    "truth values": NewType("Truth", bool),
    "numbers in a range": NewType("Small", Annotated[int, Range(0, 9)]),  # type: ignore[valid-newtype]
    "members": Side | None,
    "a tuple of few": tuple[Side, bool],
    "a set of few": frozenset[Side],
    "a record of few": Corner,
    "one in another": Box,
}


def shelf(kind: Any) -> tuple[System, type]:
    made: Any = type(
        "Bring", (), {"__annotations__": {"key": Field[kind], "note": Field[kind]}, "__module__": __name__}
    )
    bring = event(made)
    boxes = each("boxes", BOX, key="number")
    claim = always("never two", boxes.count() <= 1)
    return System("shelf", (boxes,), (wire(bring, boxes[bring.key].by(Put)),), properties=(claim,)), bring  # type: ignore[attr-defined]  # made above


@pytest.mark.parametrize("name", KEYS)
def test_whatever_a_key_is_it_comes_back_as_it_was(name: str) -> None:
    """In snapshots, events and runs; a value of another type is refused."""
    kind, keys, other = KEYS[name]
    system, bring = shelf(kind)
    engine = fsm.compile(fsm.System("shelf", system.parts, system.wires))
    run = replay(engine, [(bring(key, keys[0]), at) for at, key in enumerate(keys)])
    snapshot = run.steps[-1].after

    again = load(engine, dump(engine, snapshot), now=9)

    assert snapshot == again
    assert {(type(key), key) for key in keys} == {(type(key), key) for key in again["boxes"]}
    assert [bring(key, keys[0]) for key in keys] == [
        event_in(engine, json.loads(json.dumps(event_out(bring(key, keys[0]))))) for key in keys
    ]
    assert run == trace_in(engine, json.loads(json.dumps(trace_out(engine, run))))
    with pytest.raises(BadInput, match=r"bring\.key"):
        engine.step(snapshot, bring(other, keys[0]), 9)


@pytest.mark.parametrize("name", FEW)
def test_what_has_few_values_is_no_key(name: str) -> None:
    """Claims are about any number of instances: that there can always be three again was proved where there are two keys."""
    with pytest.raises(DefinitionError, match="of which there are few: it is no key"):
        shelf(FEW[name])


@pytest.mark.parametrize("name", KEYS)
def test_a_proof_does_not_ask_what_a_key_is(name: str) -> None:
    """Its runs have keys of the type that was declared, and can be stored."""
    system, _ = shelf(KEYS[name][0])

    (verdict,) = verify(system).verdicts

    assert isinstance(verdict, Refuted)
    assert 2 == len(verdict.trace.steps)
    assert trace_in(fsm.compile(system), trace_out(fsm.compile(system), verdict.trace)) == verdict.trace


@pytest.mark.parametrize("name", KEYS)
def test_whatever_a_key_is_it_can_be_written_into_a_test(name: str) -> None:
    """As Python that makes an equal value of the same class, where what it imports is there."""
    text = PythonText(__name__)
    for key in KEYS[name][1]:
        written = text.value(key)
        scope = {line.split()[-1]: getattr(sys.modules[line.split()[1]], line.split()[-1]) for line in text.imports()}

        again = eval(written, scope)  # what we wrote ourselves

        assert (type(key), key) == (type(again), again)
