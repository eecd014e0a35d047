"""What a derived test sends, drawn by Hypothesis: events, their fields and keys, and the instants that matter.

Every strategy is made for the snapshot that the run has come to: keys are mostly those that
exist, instants are those around deadlines, and what a run shrinks to comes first.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from hypothesis import strategies as st

from fsm.domains import Domain, Integers, Opaque, is_finite
from fsm.engine import Engine
from fsm.events import field_refs
from fsm.moves import timers_of
from fsm.possible import Possible, key_fields
from fsm.snapshot import Instance, Snapshot

__all__ = ["any_event", "instants", "legal_event", "longest_timer"]

Strategy = st.SearchStrategy[Any]
LONG = 86_400_000
"""A day: longer than any timer ought to be."""


# Instants


def longest_timer(engine: Engine) -> int:
    """The longest duration of any timer under the profile, milliseconds; 1 without timers."""
    tables = [timers_of(part.machine, engine.params) for part in engine.system.parts]
    return max((timer.offset for table in tables for timers in table.values() for timer in timers), default=1)


def instants(engine: Engine, snapshot: Snapshot, longest: int) -> st.SearchStrategy[int]:
    """Now; at the next two deadlines, just before and just after them; a little later, much later, and any time between."""
    now = snapshot.now
    chosen = [now]
    ahead: Snapshot = snapshot
    for _ in range(2):
        if ahead.due is not None:
            chosen += [ahead.due, ahead.due - 1, ahead.due + 1]
            ahead = engine.advance(ahead, ahead.due).after
    chosen += [now + 1, now + longest, now + LONG]
    return st.sampled_from(list(dict.fromkeys(at for at in chosen if at >= now))) | st.integers(now, now + 2 * longest)


# Events


def legal_event(engine: Engine, snapshot: Snapshot, event: type, possible: tuple[Possible, ...]) -> Strategy:
    """An event of a class that is possible now, with keys for which it is."""
    listed = [dict(one.keys) for one in possible if one.event is event]
    return st.sampled_from(listed).flatmap(lambda keys: _event(engine, snapshot, event, keys, strict=True))


def any_event(engine: Engine, snapshot: Snapshot) -> Strategy:
    """Any event, with keys that exist and keys that do not: mostly one that must be refused."""
    return st.sampled_from(engine.system.events).flatmap(lambda event: _event(engine, snapshot, event, {}, strict=False))


def _event(engine: Engine, snapshot: Snapshot, event: type, keys: dict[str, Hashable], *, strict: bool) -> Strategy:
    """Its fields drawn; `strict` gives every key that is not named a new value."""
    keyed = key_fields(engine.system, event)
    fields: dict[str, Strategy] = {}
    taken: list[Hashable] = []
    for name, ref in field_refs(event).items():
        if name in keys:
            fields[name] = st.just(keys[name])
        elif name in keyed:
            known = sorted({key for part in keyed[name] for key in snapshot[part]}, key=repr)
            fresh = _fresh(ref.domain, name, [*known, *taken])
            taken += fresh
            fields[name] = _keys(ref.domain, fresh if strict and fresh else [*known, *fresh], known if strict else [])
        else:
            fields[name] = _values(ref.domain, snapshot)
    return st.builds(event, **fields)


# Fields


def _fresh(domain: Domain, name: str, known: list[Hashable]) -> list[Hashable]:
    """A key that reads well and that no instance has, where the field's type allows one."""
    kind = getattr(domain.type, "__supertype__", domain.type) if isinstance(domain, Opaque) else None
    if kind is str or kind is object:
        return [next(key for count in range(1, len(known) + 2) if (key := f"{name}-{count}") not in known)]
    return []


def _keys(domain: Domain, chosen: list[Hashable], avoided: list[Hashable]) -> Strategy:
    """One of those chosen where there are any, else any value of the domain."""
    if chosen and isinstance(domain, Opaque):
        return st.sampled_from(chosen)
    drawn = _of_domain(domain).filter(lambda key: key not in avoided)
    return st.sampled_from(chosen) | drawn if chosen else drawn


def _values(domain: Domain, snapshot: Snapshot) -> Strategy:
    """Any value of the domain; of a long range mostly those near the numbers that the parts remember."""
    if not isinstance(domain, Integers) or is_finite(domain):
        return _of_domain(domain)
    instances = [one for part in snapshot.parts for one in ([part] if isinstance(part, Instance) else part.values())]
    known = {value for one in instances for value in one.variables.values() if type(value) is int}
    near = sorted({value + step for value in known for step in (-1, 0, 1) if domain.contains(value + step)}, key=abs)
    return st.sampled_from(near) | _of_domain(domain) if near else _of_domain(domain)


def _of_domain(domain: Domain) -> Strategy:
    match domain:
        case Integers(low=low, high=high):
            return st.integers(low, high)
        case Opaque(type=kind):
            return _of_type(kind)
        case _:
            return st.sampled_from(domain.values())


def _of_type(kind: Any) -> Strategy:
    if kind is object or kind is Any:
        return st.none() | st.booleans() | st.integers() | st.text()
    return st.from_type(kind)
