"""The doors at which objects come in: events, instants and snapshots in Python, at an engine and at a floor.

Whether something is hostile is known to who made it: an honest value is of exactly the class that is declared.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import Enum
from functools import cache
from random import Random
from typing import Any, NoReturn

from fsm import BadInput, EventRefused
from fsm.desk import Channel, Status
from fsm.desk.floor import Floor, FloorRefused
from fsm.desk.floor import events as floor_events
from fsm.desk.journey import Entry, Voice
from fsm.language.snapshot import Snapshot
from fsm.storage import dump

from . import plain_store
from .documents import known_snapshots, some_event
from .door import Ending, Outcome, judged
from .store import ENGINE, Bang, Move, Put, Size, Spoil, Take, Warn

__all__ = ["floors", "instants", "objects"]


class Touchy:
    """Raises whatever is done to it."""

    def _no(self, *_: object) -> NoReturn:
        raise ZeroDivisionError("touched")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __hash__ = __len__ = __iter__ = _no  # type: ignore[assignment]
    __index__ = __int__ = __repr__ = __str__ = __getitem__ = __call__ = __contains__ = __format__ = _no  # type: ignore[assignment]


class Yes:
    """Equal to everything, contained in everything, of every hash."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("a")


class Text(str):
    """A text of a derived class, that says it is another."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("a")


class Number(int):
    """A number of a derived class that lies."""

    def __lt__(self, other: object) -> bool:
        return False

    def __ge__(self, other: object) -> bool:
        return True


class Other(Enum):
    """An enumeration with the same names."""

    SMALL = "small"
    LARGE = "large"
    CHAT = "chat"


class Disguised:
    """Says that it is of another class."""

    __class__ = Put  # type: ignore[assignment]


ODD: tuple[Callable[[], Any], ...] = (
    Touchy, Yes, Disguised, object, dict, list, set, bytearray, lambda: Text("a"), lambda: Number(3), lambda: Other.SMALL, lambda: Other.CHAT, lambda: True, lambda: 1.0, lambda: 1j,
    lambda: float("nan"), lambda: float("inf"), lambda: b"a", lambda: ("a",), lambda: Put, lambda: Size, lambda: (_ for _ in ()), lambda: 10**5000, lambda: -(10**5000), lambda: NotImplemented, lambda: type("Put", (), {}),
)  # fmt: skip
"""Things that no field of the store and no instant takes."""


def odd(random: Random) -> Any:
    return random.choice(ODD)()


def half_made(event: Any, random: Random) -> Any:
    """An event as nobody should make one: without its checks, with a field that is odd or missing."""
    made = object.__new__(type(event))
    fields = dict(vars(event))
    name = random.choice(list(fields) or ["nothing"])
    if random.random() < 0.3:
        fields.pop(name, None)
    else:
        fields[name] = odd(random)
    for field, value in fields.items():
        object.__setattr__(made, field, value)
    return made


def objects(random: Random) -> Outcome:
    """An event in Python: made by calling its class, or in a way that passes its checks by."""
    event, snapshot = some_event(random), random.choice(known_snapshots())
    hostile = True
    match random.randrange(6):
        case 0:
            sent = odd(random)
        case 1:
            sent = half_made(event, random)
            hostile = bool(vars(event))
        case 2:
            sent = random.choice([Warn(), Spoil(), Put, Bang, type("Bang", (Bang,), {})()])
        case 3:
            sent = random.choice([_derived(event), None, "bang", {"name": "bang", "fields": {}}])
        case _:
            sent, hostile = event, False
    at = snapshot.now + random.choice([0, 1, 10, 30])
    before, _ = plain_store.advance(json.loads(dump(ENGINE, snapshot)), at)
    moved = None if hostile else plain_store.step(before, as_document(event), at)
    return judged(moved is not None, lambda: ENGINE.step(snapshot, sent, at), (BadInput, EventRefused), type(sent))


def _derived(event: Any) -> Any:
    made = object.__new__(type(type(event).__name__, (type(event),), {}))
    for field, value in vars(event).items():
        object.__setattr__(made, field, value)
    return made


def as_document(event: Any) -> Any:
    """An honest event as the store written by hand knows it."""
    match event:
        case Put(key, size, note):
            return {"name": "put", "fields": {"key": key, "size": size.name, "note": note}}
        case Take(key):
            return {"name": "take", "fields": {"key": key}}
        case Move(giver, taker):
            return {"name": "move", "fields": {"giver": giver, "taker": taker}}
    return {"name": "bang", "fields": {}}


def instants(random: Random) -> Outcome:
    """An instant and a snapshot in Python, at every method that takes them."""
    snapshot: Any = random.choice(known_snapshots())
    at: Any = snapshot.now + random.choice([0, 1, 25])
    hostile = False
    match random.randrange(6):
        case 0:
            at, hostile = odd(random), True
        case 1:
            at, hostile = snapshot.now - random.choice([1, 10**9, 10**4299]), True
        case 2:
            at = snapshot.now + 10 ** random.choice([3, 12, 300, 4299])
        case 3:
            snapshot, hostile = _no_snapshot(snapshot, random), True
        case _:
            pass
    run = random.choice(
        [
            lambda: ENGINE.advance(snapshot, at),
            lambda: ENGINE.possible(snapshot, at),
            lambda: ENGINE.advance(snapshot, at).after,
        ]
    )
    return judged(not hostile, run, (BadInput,), (type(snapshot), type(at)))


def _no_snapshot(snapshot: Any, random: Random) -> Any:
    layout, now, due, parts = snapshot
    return random.choice(
        [
            lambda: odd(random),
            lambda: tuple(snapshot),
            lambda: tuple.__new__(Snapshot, (layout, now, due)),
            lambda: tuple.__new__(Snapshot, (layout, Number(now), due, parts)),
            lambda: tuple.__new__(Snapshot, (layout, now, due, parts[:1])),
            lambda: tuple.__new__(Snapshot, (None, now, due, parts)),
            lambda: tuple.__new__(Snapshot, (layout, now, "soon", parts)),
            lambda: tuple.__new__(Snapshot, (layout, now, due, list(parts))),
            lambda: dump(ENGINE, snapshot),
        ]
    )()


# A floor


@cache
def floor() -> tuple[Floor, list[Any]]:
    """A floor of two agents, and some of its snapshots."""
    made = Floor(["ann", "bob"])
    here, found = made.start(0), []
    random = Random(3)
    for _ in range(400):
        try:
            here = made.step(here, _floor_event(random), here.now + random.choice([0, 500, 5_000])).after
        except (BadInput, FloorRefused):
            continue
        found.append(here)
    return made, found


def _floor_event(random: Random) -> Any:
    """An honest event of a floor."""
    kind = random.choice([getattr(floor_events, name) for name in floor_events.__all__])
    values = {
        "contact": random.choice(["c-1", "c-2", "c-3", "c-4"]),
        "agent": random.choice(["ann", "bob"]),
        "to": random.choice(["ann", "bob"]),
        "channel": random.choice(list(Channel)),
        "voice": random.choice(list(Voice)),
        "status": random.choice(list(Status)),
        "name": "Eve", "speaker": "Eve", "text": "hello", "file": "a.txt", "answered_at": random.choice([-1, 0, 500]),
    }  # fmt: skip
    values["entry"] = random.choice(list(Entry))
    return kind(*(values[one.name] for one in kind.__attrs_attrs__))


def floors(random: Random) -> Outcome:
    """An event, an instant or a snapshot at a floor: what is hostile is told as bad input, whatever the desks would say."""
    made, known = floor()
    snapshot: Any = random.choice(known)
    event, at = _floor_event(random), snapshot.now + random.choice([0, 1, 20_000])
    hostile = True
    match random.randrange(6):
        case 0:
            event = odd(random)
        case 1:
            hostile = bool(vars(event))
            event = half_made(event, random)
        case 2:
            at = random.choice([odd(random), snapshot.now - 1])
        case 3:
            snapshot = random.choice([odd(random), tuple(snapshot), snapshot._replace(layout=None), ENGINE.start(0)])
        case _:
            hostile = False
    words = type(snapshot), type(event), type(at)
    if hostile:
        return judged(False, lambda: made.step(snapshot, event, at), (BadInput,), words)
    outcome = judged(True, lambda: made.step(snapshot, event, at), (BadInput, FloorRefused), words)
    return Outcome(Ending.REFUSED) if outcome.ending is Ending.WRONGLY_REFUSED else outcome
