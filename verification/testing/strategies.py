"""What a derived test sends, drawn by Hypothesis: events, their fields and keys, and the instants that matter.

Everything is drawn for the snapshot that the run has come to. Hypothesis draws the first of several
more often than the others, so the first is what leads somewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from itertools import product
from typing import Any

import attrs
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from fsm.errors import WiresOverlap
from fsm.language.domains import Integers, Opaque
from fsm.language.events import field_refs
from fsm.language.leaves import NEEDED, FieldRef
from fsm.language.snapshot import Snapshot
from fsm.runtime.compiled_transitions import timers_of
from fsm.runtime.enabled import Possible, is_carried, key_fields, numbers_now, worth_trying
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import TimeStopped
from fsm.semantics.stopwatch import Watch, bounded_responses
from fsm.verification.search.samples import first_values

__all__ = ["Prefer", "durations", "instants", "possible_event", "refused_event"]

Strategy = st.SearchStrategy[Any]
Draw = st.DrawFn
Named = dict[str, Hashable]
"""Values for some fields of an event, by name."""

LONG = 86_400_000
"""A day: longer than any timer ought to be."""
MANY = 100
FEW = 5
"""More keys than a run uses."""


@attrs.frozen
class Prefer:
    """What a run likes to send.

    Attributes:
        often: a class of events that it sends often, so that limits are reached and tried; None for no such class.
        sent: how many of each class it has sent, so that it sends something else.
    """

    often: type | None
    sent: Counter[type]


# Instants


def durations(engine: Engine) -> tuple[int, ...]:
    """How long timers and bounded responses take under the profile, milliseconds, each once, the shortest first."""
    tables = [timers_of(part.machine, engine.params) for part in engine.system.parts]
    timers = {timer.offset for table in tables for timers in table.values() for timer in timers}
    responses = bounded_responses(engine.system.properties, engine.system.parts)
    return tuple(sorted(timers | {Watch(engine, claim, part).duration for claim, part in responses}))


def instants(engine: Engine, snapshot: Snapshot, durations: tuple[int, ...]) -> list[int]:
    """Mostly now; at the next two deadlines, just before and just after them; a little later, and much later."""
    now = snapshot.now
    dues = _next_two(engine, snapshot)
    around = [due + off for off in (0, -1, 1) for due in dues]
    later = [
        now + 1,
        *(now + length // 3 for length in durations[:1]),
        *(now + length + off for length in durations[-1:] for off in (0, 1)),
        now + LONG,
    ]
    listed = [*(at for at in around if at >= now), *later]
    return [now] * len(listed) + listed


def _next_two(engine: Engine, snapshot: Snapshot) -> list[int]:
    """The next two instants at which timers fall due; one where the first cannot fire, none where no timer runs."""
    if snapshot.due is None:
        return []
    try:
        then = engine.advance(snapshot, snapshot.due).after.due
    except (TimeStopped, WiresOverlap):
        return [snapshot.due]
    return [snapshot.due] if then is None else [snapshot.due, then]


# Events


def possible_event(
    draw: Draw, engine: Engine, snapshot: Snapshot, possible: tuple[Possible, ...], prefer: Prefer
) -> object:
    """An event that is possible now; mostly of a class that this run prefers."""
    choices: dict[type, list[Named]] = {}
    for one in possible:
        choices.setdefault(one.event, []).append({**_fresh_keys(engine, snapshot, one.event), **dict(one.keys)})
    event = _class(draw, list(choices), prefer)
    return _filled(draw, engine, snapshot, event, choices[event])


def refused_event(
    draw: Draw, engine: Engine, snapshot: Snapshot, possible: tuple[Possible, ...], prefer: Prefer
) -> object:
    """An event of a class that is not possible now, or with keys for which it is not; any event where there is none."""
    refused = {event: _not_listed(engine, snapshot, event, possible) for event in engine.system.events}
    choices = {event: keys for event, keys in refused.items() if keys} or {event: [{}] for event in refused}
    event = _class(draw, list(choices), prefer)
    return _filled(draw, engine, snapshot, event, choices[event])


def _class(draw: Draw, events: list[type], prefer: Prefer) -> type:
    """The one that this run sends often, eight times of ten; else any of them, or the one that it has sent least."""
    rarest = min(events, key=lambda event: prefer.sent[event])
    often = [prefer.often] * len(events) * 8 if prefer.often in events else []
    return draw(st.sampled_from([*often, *[rarest] * len(events), *events]))


def _not_listed(engine: Engine, snapshot: Snapshot, event: type, possible: tuple[Possible, ...]) -> list[Named]:
    """Every choice of keys, known ones and new ones, with which the event is not possible."""
    known, fresh = _known_keys(engine, snapshot, event), _fresh_keys(engine, snapshot, event)
    ways = [
        [{name: key} for key in keys] + [{name: fresh[name]} if name in fresh else {}] for name, keys in known.items()
    ]
    listed = [dict(one.keys) for one in possible if one.event is event]
    every: list[Named] = [{name: key for one in way for name, key in one.items()} for way in product(*ways)]
    return [keys for keys in every if {name: key for name, key in keys.items() if key in known[name]} not in listed]


def _filled(draw: Draw, engine: Engine, snapshot: Snapshot, event: type, choices: list[Named]) -> object:
    """One of these choices of keys, with a value for every other field."""
    chosen, known = draw(st.sampled_from(choices)), _known_keys(engine, snapshot, event)
    fields: dict[str, Any] = {}
    for name, ref in field_refs(event).items():
        if name in chosen:
            fields[name] = chosen[name]
        elif name in known:
            fields[name] = draw(_of_type(_opaque(ref)).filter(_other_than(known[name])))
        else:
            fields[name] = draw(_value(engine, snapshot, event, ref))
    return event(**fields)


def _other_than(known: list[Hashable]) -> Callable[[object], bool]:
    return lambda key: key not in known


# Keys


def _known_keys(engine: Engine, snapshot: Snapshot, event: type) -> dict[str, list[Hashable]]:
    """The keys that exist, for each field of an event that names instances."""
    keyed = key_fields(engine.system, event)
    return {name: sorted({key for part in parts for key in snapshot[part]}, key=repr) for name, parts in keyed.items()}


def _fresh_keys(engine: Engine, snapshot: Snapshot, event: type) -> Named:
    """A key that no instance has for each such field, where one can be made that reads well."""
    found: Named = {}
    for name, known in _known_keys(engine, snapshot, event).items():
        made = _readable(_opaque(field_refs(event)[name]), name)
        fresh = [key for key in made if key not in known and key not in found.values()]
        found.update({name: fresh[0]} if fresh else {})
    return found


def _readable(domain: Opaque, name: str) -> list[Hashable]:
    """Names to choose a new key from; none where keys are no strings."""
    kind = getattr(domain.type, "__supertype__", domain.type)
    return [f"{name}-{count}" for count in range(1, MANY)] if kind in (str, object) else []


def _opaque(ref: FieldRef[Any]) -> Opaque:
    assert isinstance(ref.domain, Opaque), "a key is opaque: its declaration is checked"
    return ref.domain


# Fields


def _value(engine: Engine, snapshot: Snapshot, event: type, ref: FieldRef[Any]) -> Strategy:
    """Any value; of a long range mostly those near the numbers that it is compared with."""
    if ref.default is not NEEDED and is_carried(engine.system, event, ref):
        return st.just(ref.default)
    if isinstance(ref.domain, Opaque):
        return _of_type(ref.domain)
    worth = st.sampled_from(worth_trying(engine.system, event, ref, numbers_now(engine, snapshot)))
    return worth | st.integers(ref.domain.low, ref.domain.high) if isinstance(ref.domain, Integers) else worth


def _of_type(domain: Opaque) -> Strategy:
    if domain.type is object or domain.type is Any:
        return st.none() | st.booleans() | st.integers() | st.text()
    strategy = st.from_type(domain.type)
    try:
        strategy.validate()
    except (InvalidArgument, NameError):  # a record that contains itself, or whose annotations are texts
        values = first_values(domain, FEW)
        return st.sampled_from(values) if values else strategy
    return strategy
