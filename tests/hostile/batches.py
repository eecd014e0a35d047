"""The door of a batch: columns of events and instants, of which some lanes, or whole columns, are odd. What becomes of each lane is what a step of its own gives."""

from __future__ import annotations

from enum import Enum
from functools import cache
from random import Random
from typing import Annotated, Any

import numpy as np

from fsm import (
    NOW,
    BadInput,
    Engine,
    EventRefused,
    Field,
    Machine,
    Range,
    Snapshot,
    State,
    System,
    TimeStopped,
    boolean,
    carried,
    choice,
    compile,
    effect,
    event,
    integer,
    one,
    wire,
)
from fsm.batch import NO_EVENT, Batch, Outcome

from .door import Ending, judged
from .door import Outcome as Ended

__all__ = ["batches"]


class Paint(Enum):
    """Of a gate."""

    RED = "red"
    BLUE = "blue"


@event
class Shove:
    """With some force."""

    force: Field[Annotated[int, Range(0, 9)]]
    paint: Field[Paint]


@event
class Count:
    """Anything at all."""

    by: Field[int]
    who: Field[str]


@event
class Ring:
    """The bell alone."""


@event
class Fall:
    """Sent by time."""


@effect
class Fell:
    """The gate is shut again."""

    by: str
    at: int


shut, ajar, still, loud = State("shut"), State("ajar"), State("still"), State("loud")
force, total, paint, who = (
    integer("force", 0, 9),
    integer("total"),
    choice("paint", Paint),
    carried("who", str, initial=""),
)
rung = boolean("rung")
GATE = Machine(
    "gate",
    (shut, ajar),
    shut,
    (
        shut.on(Shove).when(Shove.force >= 3).to(ajar).set(force, Shove.force).set(paint, Shove.paint),
        ajar.after(10, Fall).to(shut).emits(Fell, by=who, at=NOW),
        (shut | ajar).on(Count).stay().set(total, total + Count.by).set(who, Count.who),
    ),
    (force, total, paint, who),
)
BELL = Machine(
    "bell", (still, loud), still, (still.on(Ring).to(loud).set(rung, True), loud.after(5, Fall).to(still)), (rung,)
)
gate, bell = one("gate", GATE), one("bell", BELL)
YARD = System(
    "yard",
    parts=(gate, bell),
    wires=(
        wire(Shove, gate.by(Shove, force=Shove.force, paint=Shove.paint)),
        wire(Count, gate.by(Count, by=Count.by, who=Count.who)),
        wire(Ring, bell.by(Ring)),
    ),
)  # fmt: skip

INTEGERS = (0, 1, 2, 3, 9, 10, -1, 2**31, -(2**31), 2**62, 2**63 - 1, -(2**63), 2**63, 10**30, True, 1.0, None, "3", 1.5, np.int8(3), np.uint64(2**64 - 1), float("nan"), [], [1], (1, 2))  # fmt: skip
TEXTS = ("", "ann", "\ud800", "a\x00b", 3, None, b"ann", object, True, ("ann",), [])
PLACES = (0, 1, 2, -1, 7, 2**40, None, "RED", Paint.RED, 1.0, True)
INSTANTS = (0, 1, 5, 10, 11, 40, 2**60, 2**61, 2**63, -5, 10**30, True, 1.0, None, "now")


@cache
def yard() -> tuple[Engine, Batch, list[Snapshot]]:
    """The engine, its batch, and snapshots that it comes to."""
    engine = compile(YARD)
    random, found = Random(5), []
    for _ in range(60):
        here = engine.start(0)
        for _ in range(random.randrange(6)):
            sent = random.choice([Shove(random.randrange(10), Paint.RED), Count(random.randrange(99), "ann"), Ring()])
            try:
                here = engine.step(here, sent, here.now + random.choice([0, 1, 5, 12])).after
            except EventRefused:
                continue
        found.append(here)
    return engine, Batch(engine), found


def objects(values: list[Any]) -> Any:
    return np.fromiter(values, dtype=np.object_, count=len(values))


def _column(values: list[Any], random: Random) -> Any:
    """In one of the ways in which columns come."""
    match random.randrange(6):
        case 0:
            return values
        case 1:
            return objects(values)
        case 2 if all(type(one) is int and -(2**63) <= one < 2**63 for one in values):
            return np.array(values, dtype=np.int64)
        case 3:
            return np.ma.MaskedArray(objects(values), mask=[random.random() < 0.1 for _ in values])
        case 4 if all(type(one) is int and abs(one) < 100 for one in values):
            unsigned = (np.uint8, np.uint16, np.uint32, np.uint64) if min(values) >= 0 else ()
            return np.array(values, dtype=random.choice([np.int8, np.int16, np.int32, np.float32, *unsigned]))
        case _:
            return objects(values) if random.random() < 0.9 else tuple(values[:-1])


def _values(lanes: int, honest: tuple[Any, ...], odd: tuple[Any, ...], random: Random, share: float) -> list[Any]:
    return [random.choice(odd if random.random() < share else honest) for _ in range(lanes)]


def batches(random: Random) -> Ended:
    """A step of some lanes: refused as a whole in words, or every lane does what it does alone."""
    engine, batch, known = yard()
    lanes = random.randrange(1, 7)
    here = random.choices(known, k=lanes)
    share = random.choice([0, 0, 0.1, 0.3])
    kinds = _values(lanes, (0, 1, 2, NO_EVENT), (3, -2, 2**40, 1.0, None), random, share / 2)
    columns = {
        "force": _values(lanes, (0, 2, 3, 9), INTEGERS, random, share),
        "paint": _values(lanes, (0, 1), PLACES, random, share),
        "by": _values(lanes, (0, 1, -7, 10**6), INTEGERS, random, share),
        "who": _values(lanes, ("", "ann", "bob"), TEXTS, random, share),
    }
    if random.random() < 0.05:
        columns.pop(random.choice(list(columns)))
    if random.random() < 0.05:
        columns["nobody"] = [1] * lanes
    latest = max(one.now for one in here)
    at = [latest + one if type(one) is int and abs(one) < 100 else one for one in _values(lanes, (0, 1, 10, 40), INSTANTS, random, share / 2)]  # fmt: skip
    given = {name: _column(values, random) for name, values in columns.items()}
    instants = _column(at, random)
    words = (kinds, given, instants)

    def run() -> None:
        events = batch.events(kinds, **given)
        result = batch.step(batch.snapshots(here), events, instants)
        for lane in range(lanes):
            alone = _alone(
                engine,
                here[lane],
                _event(kinds[lane], {name: values[lane] for name, values in columns.items()}),
                at[lane],
            )
            outcome = Outcome(result.outcomes[lane])
            masked = any(isinstance(one, np.ma.MaskedArray) and one.mask[lane] for one in (*given.values(), instants))
            if not masked or outcome is Outcome.TAKEN:
                assert (outcome, result.after[lane]) == alone, f"lane {lane}: {outcome}, {result.after[lane]}, and alone {alone}"  # fmt: skip

    honest = not share and "nobody" not in columns and len(columns) == 4 and all(
        not isinstance(one, np.ma.MaskedArray) and len(one) == lanes and getattr(one, "dtype", None) != np.float32
        for one in (*given.values(), instants)
    ) and np.asarray(given["paint"]).dtype.kind in "iu"  # fmt: skip
    outcome = judged(True, run, (BadInput, TimeStopped), words)
    return Ended(Ending.REFUSED) if outcome.ending is Ending.WRONGLY_REFUSED and not honest else outcome


def _event(kind: Any, fields: dict[str, Any]) -> Any:
    match kind:
        case 0:
            place = fields.get("paint")
            force = fields.get("force")
            return (
                Shove,
                int(force) if isinstance(force, np.integer) else force,
                list(Paint)[place] if type(place) is int and place in (0, 1) else place,
            )
        case 1:
            by = fields.get("by")
            return (Count, int(by) if isinstance(by, np.integer) else by, fields.get("who"))
        case 2:
            return (Ring,)
    return None


def _alone(engine: Engine, snapshot: Snapshot, sent: Any, at: Any) -> tuple[Outcome, Snapshot]:
    """What a step of its own gives."""
    try:
        if sent is None:
            return Outcome.PASSED, engine.advance(snapshot, at).after
        kind, *fields = sent
        return Outcome.TAKEN, engine.step(snapshot, kind(*fields), at).after
    except EventRefused as refused:
        return Outcome.REFUSED, refused.snapshot
    except TimeStopped:
        return Outcome.STOPPED, snapshot
    except BadInput:
        return Outcome.REJECTED, snapshot
