"""An event on an explanation: everything that it can lead to, under every value of what nobody saw that makes a difference.

The public runtime says what an event does. It is asked about a snapshot whose instances have been in their states for as long as
an explanation allows, and only for the times in state that its conditions can tell apart.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from itertools import product
from typing import Any

import attrs

from fsm.errors import WiresOverlap
from fsm.language.domains import Opaque
from fsm.language.events import field_refs
from fsm.semantics.situation import Situation
from fsm.verification.monitoring.declared.boxes import pieces
from fsm.verification.monitoring.declared.declaration import UNKNOWN
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.worth import may_be
from fsm.verification.monitoring.declared.worth import worth as worth_of
from fsm.verification.monitoring.explaining.explanation import Explanation, held_at, instances, merged, with_held
from fsm.verification.monitoring.explaining.run import Refused, Run
from fsm.verification.monitoring.explaining.snapshots import AT, Ages, event_of, snapshot_of, step_parts
from fsm.verification.monitoring.explaining.unknown import known_parts, known_values, unnamed_instance, worth
from fsm.verification.monitoring.relaxed.state import relaxed_leaf

__all__ = ["OVERLAP", "made_whole", "payloads", "taken"]

OVERLAP = "two wires of one event would apply at once: which, is not known"


def payloads(run: Run, one: Explanation, footprint: Footprint, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of an event with every value, for those not seen, that makes a difference."""
    if known.keys() >= set(footprint.fields):
        return [{**dict.fromkeys(field_refs(footprint.event), UNKNOWN), **known}]
    near = {value for _, _, held in instances(one) for value in held.values if type(value) is int}
    refs = field_refs(footprint.event)
    free = [name for name in footprint.fields if name not in known]
    choices = []
    for name in free:
        values, complete = worth(refs[name].domain, run.declaration.numbers | run.near | near)
        if not complete:
            run.overlook(
                f"{name} of {footprint.event.__name__}, which nobody saw, may have more values than were tried"
            )
        choices.append(values)
    rest = dict.fromkeys(refs, UNKNOWN)
    return [{**rest, **known, **dict(zip(free, chosen, strict=True))} for chosen in product(*choices)]


def taken(run: Run, one: Explanation, footprint: Footprint, payload: Mapping[str, Any]) -> list[Explanation]:
    """The explanations after the event, at the instant to which time has come."""
    found: list[Explanation] = []
    for whole in made_whole(run, one, footprint, payload):
        for ages in _ages(run, whole, footprint, payload):
            _compared(run, whole, footprint, payload, ages)
            for ruled in _ruled(run, whole, footprint, payload, ages):
                for box in pieces(ruled.box, footprint.moving):
                    before = attrs.evolve(ruled, box=box)
                    after = _attempted(run, before, footprint, payload, ages)
                    if after is None:
                        run.note(Refused(before, footprint, payload))
                    else:
                        found += run.claims.after(run, before, after, footprint.event, payload)
    return merged(run.declaration, found) if len(found) > 1 else found


def _compared(run: Run, one: Explanation, footprint: Footprint, payload: Mapping[str, Any], ages: Ages) -> None:
    """Say so where a number is compared with a parameter of whose values some that it tells apart are not listed."""
    listed = {place: run.declaration.open_to(place, one.box[place]) for place in footprint.params}
    gaps = {place: values for place, values in listed.items() if values is not None}
    if not gaps:
        return
    slots = footprint.own | footprint.shared
    numbers = {payload[name] for name in footprint.fields} | set(ages.values())
    numbers |= {
        value for place, _, held in instances(one) for slot, value in enumerate(held.values) if (place, slot) in slots
    }
    numbers |= {
        len(part) for place, part in enumerate(one.parts) if place in footprint.reads and isinstance(part, dict)
    }
    near = {number + step for number in numbers if type(number) is int for step in (-1, 0, 1)}
    for place, values in gaps.items():
        domain = run.declaration.system.parameters[place].domain
        if any(number not in values and not isinstance(domain, Opaque) and domain.contains(number) for number in near):
            run.overlook("a number is compared with a parameter that nobody saw, not all of whose values were tried")


def _ruled(
    run: Run, one: Explanation, footprint: Footprint, payload: Mapping[str, Any], ages: Ages
) -> list[Explanation]:
    """With the values of parameters under which every rule allows the event; where it counts what nobody knows, under which it may allow it."""
    if run.free or (not one.open and all(len(one.box[place]) == 1 for place in footprint.params)):
        return [one]
    snapshot = snapshot_of(run.declaration, run.declaration.layout, one, ages)
    event = event_of(footprint.event, payload)
    current = [one]
    for rule, params, counted in footprint.rules:
        kept = []
        for each in [attrs.evolve(one, box=box) for one in current for box in pieces(one.box, params)]:
            if (
                may_be(worth_of(rule.when, relaxed_leaf(run.declaration, each, payload)), True)
                if counted & one.open
                else Situation.of(run.declaration.under(each.box), snapshot, AT, event).value(rule.when)
            ):
                kept.append(each)
            else:
                run.note(Refused(each, footprint, payload))
        current = merged(run.declaration, kept)
    return current


def made_whole(
    run: Run,
    one: Explanation,
    footprint: Footprint,
    payload: Mapping[str, Any],
    sender: tuple[int, Hashable] | None = None,
) -> Iterator[Explanation]:
    """With everything known that the event reads.

    Args:
        sender: the place and key of the instance to which time sent it.
    """
    declaration = run.declaration
    unclear = one.open & footprint.counts
    if unclear:
        names = ", ".join(sorted(declaration.parts[place].name for place in unclear))
        run.overlook(f"{footprint.event.__name__} asks how many {names} there are, and not all were seen")
    named = [(place, payload[name]) for name, places in footprint.keys.items() for place in places]
    found = known_parts(run, one, footprint.reads)
    for place, key in named:
        if place in one.open:
            found = [made for each in found for made in _perhaps_there(run, each, place, key)]
    moved = {*named, *(() if sender is None else (sender,)), *((place, ...) for place in footprint.every)}
    moved |= {(place, None) for place in footprint.places}
    for each in found:
        for known in known_values(run, each, footprint.own, moved):
            yield from known_values(run, known, footprint.shared, {(place, ...) for place, _ in footprint.shared})


def _perhaps_there(run: Run, one: Explanation, place: int, key: Hashable) -> Iterator[Explanation]:
    yield one
    if held_at(one, place, key) is None:
        for held in unnamed_instance(run, one, place, fired=True):
            yield with_held(run.declaration, one, place, key, held)


def _ages(run: Run, one: Explanation, footprint: Footprint, payload: Mapping[str, Any]) -> Iterator[Ages]:
    """One time in state for each piece of what the explanation allows between whose times no condition can tell."""
    if not footprint.clocks:
        yield {}
        return
    if footprint.computes:
        run.overlook(f"{footprint.event.__name__} computes with a time in state")
    numbers = set(footprint.numbers) | {
        value for place in footprint.params for value in one.box[place] if type(value) is int
    }
    numbers |= {value for value in payload.values() if type(value) is int}
    numbers |= {value for _, _, held in instances(one) for value in held.values if type(value) is int}
    cut = sorted({number + step for number in numbers for step in (-1, 0, 1)})
    several = [(place, key, held) for place, key, held in instances(one) if place in footprint.clocks]
    choices = []
    for _, _, held in several:
        least, most = max(0, one.now[0] - held.since[1]), min(AT, max(0, one.now[1] - held.since[0]))
        choices.append(sorted({least, most, *(number for number in cut if least <= number <= most)}))
    for chosen in product(*choices):
        yield {(place, key): age for (place, key, _), age in zip(several, chosen, strict=True)}


def _attempted(
    run: Run, before: Explanation, footprint: Footprint, payload: Mapping[str, Any], ages: Ages
) -> Explanation | None:
    run.looks += 1
    declaration = run.declaration
    known = not (run.free or before.open) and all(len(before.box[place]) == 1 for place in footprint.params)
    engine = declaration.engine(before.box, footprint.params if known else footprint.moving, ruled=known)
    snapshot = snapshot_of(declaration, engine.layout, before, ages)
    try:
        attempted = engine.attempt(snapshot, event_of(footprint.event, payload), footprint.event, AT)
    except WiresOverlap:
        run.overlook(OVERLAP)
        return None
    return None if attempted is None else step_parts(declaration, before, attempted[0].parts, before.now)
