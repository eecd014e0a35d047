"""Every snapshot that a system can come to, up to renaming of keys; and every event that can be sent there.

Two snapshots are one when a renaming of keys and a shift of all instants turn one into the other,
but for the time in states where no timer runs. Time passes tick by tick. Nothing here is shared
with `fsm.verification.search.breadth_first`, so that the counts mean something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from functools import cache
from itertools import product
from random import Random
from typing import Any

from fsm import Engine, EventRefused, Machine, Snapshot, System
from fsm.language.domains import Opaque, is_finite
from fsm.language.events import field_refs
from fsm.language.leaves import FieldRef
from fsm.language.parts import Each
from fsm.language.snapshot import Instance
from fsm.language.system import Wire

__all__ = [
    "Numbers",
    "along_runs",
    "canonical",
    "event_choices",
    "instances",
    "key_fields",
    "numbered",
    "reachable",
    "wires_on",
]

Numbers = dict[Hashable, int]
"""A number for each key in use, and for as many new ones as an event can name."""


def reachable(engine: Engine) -> list[Snapshot]:
    """One snapshot of each kind, in the order of a search by breadth."""
    found = {canonical(engine, engine.start(0)): engine.start(0)}
    queue = list(found.values())
    for snapshot in queue:
        for after in successors(engine, snapshot):
            if (name := canonical(engine, after)) not in found:
                found[name] = after
                queue.append(after)
    return queue


def along_runs(engine: Engine, number: int) -> list[Snapshot]:
    """Up to two hundred snapshots along runs drawn at random from a seed; where a run meets nothing new, another begins at one met before."""
    draw = Random(number)
    snapshot = engine.start(0)
    met = {canonical(engine, snapshot): snapshot}
    for _ in range(1_000):
        fresh = [one for one in successors(engine, snapshot) if canonical(engine, one) not in met]
        snapshot = draw.choice(fresh or list(met.values()))
        met[canonical(engine, snapshot)] = snapshot
        if len(met) == 200:
            break
    return list(met.values())


def successors(engine: Engine, snapshot: Snapshot) -> Iterator[Snapshot]:
    yield engine.advance(snapshot, snapshot.now + 1).after
    for event in event_choices(engine.system, snapshot):
        try:
            yield engine.step(snapshot, event, snapshot.now).after
        except EventRefused:
            continue


def canonical(engine: Engine, snapshot: Snapshot) -> Hashable:
    """Equal for snapshots that are one."""
    kinds: list[Hashable] = []
    for part, held in zip(engine.system.parts, snapshot.parts, strict=True):
        if isinstance(held, Instance):
            kinds.append(_kind(part.machine, held, snapshot.now))
        else:
            kinds.append(frozenset(Counter(_kind(part.machine, one, snapshot.now) for one in held.values()).items()))
    return tuple(kinds)


def _kind(machine: Machine, instance: Instance, now: int) -> Hashable:
    ticking = {state.name for state in machine.states if machine.timers(state)}
    age = now - instance.since if instance.state in ticking else None
    values = instance.variables
    return (
        instance.state,
        age,
        instance.spent,
        *(values[one.name] for one in machine.variables if not isinstance(one.domain, Opaque)),
    )


def instances(held: Any) -> list[Instance]:
    """The instances of a part, of either kind."""
    return [held] if isinstance(held, Instance) else list(held.values())


def event_choices(system: System, snapshot: Snapshot) -> Iterator[object]:
    """Every event, with every value of its finite fields, each key in use and new ones; carried data says nothing."""
    known = numbered(system, snapshot)
    for event in system.events:
        keys = key_fields(system, event)
        choices: list[Any] = []
        for name, ref in field_refs(event).items():
            choices.append(list(known) if name in keys else _values(ref.domain))
        yield from (event(*values) for values in product(*choices))


def _values(domain: Any) -> list[Any]:
    """Every value of a finite field; of another one, which is carried alone, some value."""
    if is_finite(domain):
        return list(domain.values())
    return ["Ann"] if isinstance(domain, Opaque) else [0]


def numbered(system: System, snapshot: Snapshot) -> Numbers:
    """A number for each key in use, in order, and the next ones for new ones."""
    parts = [held for part, held in zip(system.parts, snapshot.parts, strict=True) if isinstance(part, Each)]
    used = sorted({key for held in parts for key in held}, key=repr)
    named = max((len(key_fields(system, event)) for event in system.events), default=0)
    fresh = [key for key in (f"k-{number}" for number in range(len(used) + named)) if key not in used]
    return {key: number for number, key in enumerate([*used, *fresh[:named]])}


@cache
def wires_on(system: System, event: type) -> tuple[Wire, ...]:
    """The wires on an event that callers send."""
    return tuple(one for one in system.all_wires if one.event is event)


@cache
def key_fields(system: System, event: type) -> list[str]:
    """The fields of an event that name instances."""
    moves = [move for one in wires_on(system, event) for move in one.moves]
    return list(dict.fromkeys(move.key.name for move in moves if isinstance(move.key, FieldRef)))
