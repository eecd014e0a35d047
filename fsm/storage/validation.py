"""Whether the instances of a document can be those of a snapshot: states, instants, timers, keys, room, properties.

Everything here has the type that was declared; `fsm.storage.snapshots` saw to that.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import attrs

from fsm.errors import BadSnapshot
from fsm.language.composition import inherited
from fsm.language.expressions import Const, Expr
from fsm.language.machine import Machine
from fsm.language.parts import Each, Part
from fsm.language.printing import duration_in_words
from fsm.language.properties import Modality, Property
from fsm.language.snapshot import Instance, Snapshot, frozen_instances, instance_class, layout_of
from fsm.runtime.compiled_transitions import Timer, timers_of
from fsm.runtime.inputs import Accepts
from fsm.semantics.satisfaction import counts_effects, expected, holds
from fsm.semantics.simplification import with_values
from fsm.storage.codec import shown
from fsm.storage.schema import InstanceDocument, KeyedDocument, timer_names
from fsm.storage.strict_json import below

__all__ = ["Judging", "check_properties"]

AnyInstance = InstanceDocument[Any] | KeyedDocument[Any, Any]


@attrs.frozen(eq=False)
class Judging:
    """Instances made from documents that fit their types, each judged against the declaration and the profile."""

    engine: Accepts
    now: int
    due: list[int] = attrs.field(factory=list)

    def snapshot(self, parts: Any) -> Snapshot:
        made = tuple(self.part(part, getattr(parts, part.name)) for part in self.engine.system.parts)
        return Snapshot(self.engine.layout, self.now, min(self.due, default=None), made)

    def part(self, part: Part, given: Any) -> Any:
        path = below("parts", part.name)
        timers = timers_of(part.machine, self.engine.params)
        if not isinstance(part, Each):
            return self.instance(part.machine, timers, given, path)
        self.check_room(part, given, path)
        made: dict[Hashable, Instance] = {}
        for place, one in enumerate(given):
            where = below(path, place)
            if one.state == part.machine.initial.name:
                raise BadSnapshot(f"{where}.state", f"{one.state!r} is the initial state, in which no instance exists")
            _check_key(one.key, made, f"{where}.key")
            made[one.key] = self.instance(part.machine, timers, one, where)
        return frozen_instances(made)

    def check_room(self, part: Each, given: tuple[Any, ...], path: str) -> None:
        for most, said in ((part.at_most, "at most {} may be held"), (part.population, "only {} exist")):
            room = _value(most, self.engine.params)
            if room is not None and len(given) > room:
                raise BadSnapshot(path, f"holds {len(given)} instances; {said.format(room)}")

    def instance(
        self, machine: Machine, timers: Mapping[str, tuple[Timer, ...]], given: AnyInstance, path: str
    ) -> Instance:
        if not any(given.state == state.name for state in machine.states):
            known = ", ".join(state.name for state in machine.states)
            raise BadSnapshot(
                f"{path}.state", f"{shown(given.state)} is no state of {machine.name}", f"Its states: {known}."
            )
        if given.since > self.now:
            raise BadSnapshot(f"{path}.since", f"{given.since} lies after the snapshot's own now, {self.now}")
        values = [getattr(given.variables, variable.name) for variable in machine.variables]
        for variable, value in zip(machine.variables, values, strict=True):
            if not variable.domain.contains(value):
                raise BadSnapshot(f"{path}.variables.{variable.name}", f"{shown(value)} is not {variable.domain}")
            _check_hash(value, f"{path}.variables.{variable.name}")
        spent = self.spent(machine, timers.get(given.state, ()), given, f"{path}.spent")
        return tuple.__new__(instance_class(layout_of(machine)), (given.state, given.since, spent, *values))

    def spent(self, machine: Machine, timers: tuple[Timer, ...], given: AnyInstance, path: str) -> int:
        """The timers that have fired, as bits: exactly those whose deadline has passed."""
        names = timer_names(machine, given.state)
        for place, name in enumerate(given.spent):
            if name not in names:
                raise BadSnapshot(
                    below(path, place),
                    f"{shown(name)} is no timer of {given.state}",
                    f"Its timers: {', '.join(names) or 'none'}.",
                )
            if name in given.spent[:place]:
                raise BadSnapshot(below(path, place), f"{name} stands twice")
        bits = sum(1 << names.index(name) for name in given.spent)
        for timer in timers:
            name, deadline = names[timer.bit.bit_length() - 1], given.since + timer.offset
            if timer.bit & bits and deadline > self.now:
                raise BadSnapshot(
                    path, f"{name} cannot have fired: {_deadline(timer, deadline, self.now)}", OTHER_PROFILE
                )
            if not timer.bit & bits:
                if deadline <= self.now:
                    raise BadSnapshot(
                        path, f"{name} must have fired: {_deadline(timer, deadline, self.now)}", OTHER_PROFILE
                    )
                self.due.append(deadline)
        return bits


OTHER_PROFILE = "Where the profile's durations have changed since, load it under the profile that wrote it."


def _deadline(timer: Timer, deadline: int, now: int) -> str:
    return f"under this profile it falls due {duration_in_words(timer.offset)} after entering, at {deadline}, and the snapshot's now is {now}"


def _value(expr: Expr[int] | None, params: Mapping[str, Any]) -> int | None:
    value = None if expr is None else with_values(expr, params)
    return value.value if isinstance(value, Const) else None


def _check_key(key: Any, made: Mapping[Hashable, Instance], path: str) -> None:
    _check_hash(key, path)
    if key in made:
        raise BadSnapshot(path, f"{shown(key)} is the key of item {list(made).index(key)} already")


def _check_hash(value: Any, path: str) -> None:
    try:
        hash(value)
    except TypeError as changing:
        raise BadSnapshot(path, f"{shown(value)} cannot be hashed, so it could change under a snapshot") from changing


# What must hold of every snapshot


def check_properties(engine: Accepts, snapshot: Snapshot, parts: Any) -> None:
    for path, claim, seen in _claims(engine, snapshot, parts):
        if (
            claim.modality is Modality.ALWAYS
            and not counts_effects(claim.formula)
            and not holds(engine, claim.formula, seen, {})
        ):
            cited = f" ({', '.join(claim.cites)})" if claim.cites else ""
            raise BadSnapshot(path, f"breaks what must always hold: {claim.sentence}{cited}")


def _claims(engine: Accepts, snapshot: Snapshot, parts: Any) -> Iterator[tuple[str, Property, Snapshot]]:
    """Every property that shall hold in the engine's profile, with what it is checked on. Those of an `each` part's machine see one instance at a time, so that it is named."""
    for place, part in enumerate(engine.system.parts):
        path = below("parts", part.name)
        if isinstance(part, Each):
            for item, given in enumerate(getattr(parts, part.name)):
                alone = frozen_instances({given.key: snapshot[part.name][given.key]})
                seen = Snapshot(
                    snapshot.layout,
                    snapshot.now,
                    snapshot.due,
                    (*snapshot.parts[:place], alone, *snapshot.parts[place + 1 :]),
                )
                yield from (
                    (below(path, item), claim, seen)
                    for claim in inherited(part)
                    if expected(claim, part.machine.profiles, engine.params)
                )
        else:
            yield from (
                (path, claim, snapshot)
                for claim in inherited(part)
                if expected(claim, part.machine.profiles, engine.params)
            )
    yield from (
        ("parts", claim, snapshot)
        for claim in engine.system.properties
        if expected(claim, engine.system.profiles, engine.params)
    )
