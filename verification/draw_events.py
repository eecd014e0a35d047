"""What a derived test sends, drawn by Hypothesis: events, their fields and keys, and the instants that matter.

Every strategy is made for the snapshot that the run has come to, and what a run shrinks to comes
first. A run has an event that it sends often, so that limits are reached and tried.
"""

from __future__ import annotations

from collections.abc import Hashable
from itertools import product
from typing import Any

from hypothesis import strategies as st

from fsm.domains import Domain, Integers, Opaque, is_finite
from fsm.engine import Engine
from fsm.events import field_refs
from fsm.expressions import FieldRef
from fsm.moves import timers_of
from fsm.possible import Possible, key_fields, worth_trying
from fsm.snapshot import Instance, Snapshot

__all__ = ["durations", "instants", "possible_event", "refused_event"]

Strategy = st.SearchStrategy[Any]
Named = dict[str, Hashable]
"""Values for some fields of an event, by name."""

LONG = 86_400_000
"""A day: longer than any timer ought to be."""
FEW = 8
"""A domain of so many values is listed."""
MANY = 100
"""More keys than a run uses."""


# Instants


def durations(engine: Engine) -> tuple[int, ...]:
    """How long the timers take under the profile, milliseconds, each once, the shortest first."""
    tables = [timers_of(part.machine, engine.params) for part in engine.system.parts]
    return tuple(sorted({timer.offset for table in tables for timers in table.values() for timer in timers}))


def instants(engine: Engine, snapshot: Snapshot, durations: tuple[int, ...]) -> st.SearchStrategy[int]:
    """Mostly now; at the next two deadlines, just before and just after them; a little later, and much later."""
    now = snapshot.now
    dues: list[int] = []
    ahead: Snapshot = snapshot
    while ahead.due is not None and len(dues) < 2:
        dues.append(ahead.due)
        ahead = engine.advance(ahead, ahead.due).after
    around = [due + off for off in (0, -1, 1) for due in dues]
    later = [now + 1, *(now + length // 3 for length in durations[:1]), *(now + length for length in durations[-1:]), now + LONG]
    listed = [*(at for at in around if at >= now), *later]
    return st.sampled_from([now] * len(listed) + listed)


# Events


def possible_event(engine: Engine, snapshot: Snapshot, possible: tuple[Possible, ...], often: type | None) -> Strategy:
    """An event that is possible now; of the class that this run sends often, every other time."""
    choices: dict[type, list[Named]] = {}
    for one in possible:
        choices.setdefault(one.event, []).append({**_fresh_keys(engine, snapshot, one.event), **dict(one.keys)})
    return _one_of(engine, snapshot, choices, often)


def refused_event(engine: Engine, snapshot: Snapshot, possible: tuple[Possible, ...], often: type | None) -> Strategy:
    """An event of a class that is not possible now, or with keys for which it is not; any event where there is none."""
    refused = {event: _not_listed(engine, snapshot, event, possible) for event in engine.system.events}
    choices = {event: keys for event, keys in refused.items() if keys}
    return _one_of(engine, snapshot, choices or {event: [{}] for event in engine.system.events}, often)


def _one_of(engine: Engine, snapshot: Snapshot, choices: dict[type, list[Named]], often: type | None) -> Strategy:
    listed = [*choices, *([often] * len(choices) if often in choices else ())]
    return st.sampled_from(listed).flatmap(lambda event: _filled(engine, snapshot, event, choices[event]))


def _not_listed(engine: Engine, snapshot: Snapshot, event: type, possible: tuple[Possible, ...]) -> list[Named]:
    """Every choice of keys, known ones and new ones, with which the event is not possible."""
    known, fresh = _known_keys(engine, snapshot, event), _fresh_keys(engine, snapshot, event)
    ways = [[{name: key} for key in keys] + [{name: fresh[name]} if name in fresh else {}] for name, keys in known.items()]
    listed = [dict(one.keys) for one in possible if one.event is event]
    every: list[Named] = [{name: key for one in way for name, key in one.items()} for way in product(*ways)]
    return [keys for keys in every if {name: key for name, key in keys.items() if key in known[name]} not in listed]


def _filled(engine: Engine, snapshot: Snapshot, event: type, choices: list[Named]) -> Strategy:
    """One of these choices of keys, with a value for every other field."""
    refs, known = field_refs(event), _known_keys(engine, snapshot, event)
    short = {name: values for name, ref in refs.items() if name not in known and (values := _few(ref.domain))}
    others = {name: _value(engine, snapshot, event, ref) for name, ref in refs.items() if name not in known and name not in short}
    whole = [{**keys, **dict(zip(short, values, strict=True))} for keys in choices for values in product(*short.values())]

    def fill(chosen: Named) -> Strategy:
        new = {name: _of_domain(refs[name].domain).filter(lambda key, there=keys: key not in there) for name, keys in known.items()}
        return st.builds(event, **{**new, **others, **{name: st.just(value) for name, value in chosen.items()}})

    return st.sampled_from(whole).flatmap(fill)


# Keys


def _known_keys(engine: Engine, snapshot: Snapshot, event: type) -> dict[str, list[Hashable]]:
    """The keys that exist, for each field of an event that names instances."""
    keyed = key_fields(engine.system, event)
    return {name: sorted({key for part in parts for key in snapshot[part]}, key=repr) for name, parts in keyed.items()}


def _fresh_keys(engine: Engine, snapshot: Snapshot, event: type) -> Named:
    """A key that no instance has for each such field, where one can be made that reads well."""
    found: Named = {}
    for name, known in _known_keys(engine, snapshot, event).items():
        made = _readable(field_refs(event)[name].domain, name)
        fresh = [key for key in made if key not in known and key not in found.values()]
        found.update({name: fresh[0]} if fresh else {})
    return found


def _readable(domain: Domain, name: str) -> list[Hashable]:
    match domain:
        case Opaque(type=kind) if getattr(kind, "__supertype__", kind) in (str, object):
            return [f"{name}-{count}" for count in range(1, MANY)]
        case Integers(low=low, high=high):
            first = low if low is not None else min(high, 1) if high is not None else 1
            return [key for key in range(first, first + MANY) if domain.contains(key)]
        case _:
            return list(_few(domain))


# Fields


def _value(engine: Engine, snapshot: Snapshot, event: type, ref: FieldRef[Any]) -> Strategy:
    """Any value; of a long range mostly those near the numbers that conditions and parts have."""
    if not isinstance(ref.domain, Integers):
        return _of_domain(ref.domain)
    instances = [one for part in snapshot.parts for one in ([part] if isinstance(part, Instance) else part.values())]
    remembered = {value for one in instances for value in one.variables.values() if type(value) is int}
    near = {value + step for value in remembered for step in (-1, 0, 1)}
    points = {*near, *([] if is_finite(ref.domain) else worth_trying(engine.system, event, ref))}
    listed = sorted((point for point in points if ref.domain.contains(point)), key=lambda point: (abs(point), point))
    return st.sampled_from(listed) | _of_domain(ref.domain) if listed else _of_domain(ref.domain)


def _of_domain(domain: Domain) -> Strategy:
    match domain:
        case Integers(low=low, high=high):
            return st.integers(low, high)
        case Opaque(type=kind) if kind is object or kind is Any:
            return st.none() | st.booleans() | st.integers() | st.text()
        case Opaque(type=kind):
            return st.from_type(kind)
        case _:
            return st.sampled_from(domain.values())


def _few(domain: Domain) -> tuple[Hashable, ...]:
    """Every value of a domain that has few, else nothing."""
    match domain:
        case Integers(low=int(low), high=int(high)) if high - low < FEW:
            return tuple(range(low, high + 1))
        case Integers() | Opaque():
            return ()
        case _:
            return domain.values()
