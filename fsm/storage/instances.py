"""The instances of a document: each of its type, in a state that there is, with timers that can stand as they do.

A form is made once for each part of an engine. It reads in the order of the document and stops at the first
thing that is wrong; it writes only what it would read.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sized
from typing import Any

import attrs

from fsm.language.expressions import Const
from fsm.language.machine import Machine
from fsm.language.parts import Each, Part
from fsm.language.printing import duration_in_words
from fsm.language.snapshot import Instance, frozen_instances, instance_class, layout_of, new
from fsm.language.values.brief import brief, some
from fsm.runtime.compiled_transitions import Timer, timers_of
from fsm.runtime.inputs import Accepts
from fsm.semantics.simplification import with_values
from fsm.storage.codec import kind_of_domain
from fsm.storage.misfit import Misfit, misfit
from fsm.storage.reading import Reader, read_integer, read_record, reader_of
from fsm.storage.schema import key_kind, timer_names
from fsm.storage.writing import Writer, writer_of
from fsm.strict_json import LIMITS, ByKey, Limits

__all__ = ["PartForm", "StateTimers"]

OTHER_DURATIONS = "Where the profile's durations have changed since, load it under the profile that wrote it."


@attrs.frozen(eq=False)
class StateTimers:
    """The timers of one state under a profile.

    Attributes:
        names: of each, what a document calls it, with its bit in `spent`.
        timers: in the order they fall due.
        leaving: those that always leave the state, as bits: none of them has fired in a stay that goes on.
    """

    names: Mapping[str, int]
    timers: tuple[Timer, ...]
    leaving: int = 0

    def spent(self, state: str, given: Any) -> int:
        """The timers that have fired, as bits."""
        if type(given) is not list:
            raise misfit(given, "a list")
        bits = 0
        for place, name in enumerate(given):
            if type(name) is not str:
                raise misfit(name, "a string").inside(place)
            bit = self.names.get(name, 0)
            if not bit:
                known = f"Its timers: {some(self.names) or 'none'}."
                raise Misfit(f"{brief(name)} is no timer of {state}", known).inside(place)
            if bits >= bit:
                what = "stands twice" if bits & bit else "stands in another order than timers are declared in"
                raise Misfit(f"{name} {what}").inside(place)
            if bit & self.leaving:
                raise Misfit(f"{name} cannot have fired: it always leaves {state}").inside(place)
            bits |= bit
        return bits

    def deadline(self, since: int, spent: int, now: int) -> int | None:
        """The next deadline; exactly those timers must have fired whose deadline has passed."""
        due: int | None = None
        for timer in self.timers:
            at = since + timer.offset
            if timer.bit & spent and at > now:
                raise self._misfit(timer, "cannot have fired", at, now)
            if not timer.bit & spent:
                if at <= now:
                    raise self._misfit(timer, "must have fired", at, now)
                due = at if due is None else min(due, at)
        return due

    def _misfit(self, timer: Timer, what: str, at: int, now: int) -> Misfit:
        name = next(name for name, bit in self.names.items() if bit == timer.bit)
        when = f"it falls due {duration_in_words(timer.offset)} after entering, at {brief(at)}"
        return Misfit(
            f"{name} {what}: under this profile {when}, and the snapshot's now is {brief(now)}", OTHER_DURATIONS
        )


@attrs.frozen(eq=False)
class PartForm:
    """What a document says of one part.

    Attributes:
        part: whose instances they are.
        made: their class.
        states: the timers of each state.
        fields: what reads the fields of an instance, in order.
        variables: what writes its variables, in order.
        key: what writes its key; None for a part made by `one`.
        room: how many instances there may be, with what to say where there are more.
    """

    part: Part
    made: type[Instance]
    states: Mapping[str, StateTimers]
    fields: Mapping[str, Reader]
    variables: Mapping[str, Writer]
    key: Writer | None
    room: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, engine: Accepts, part: Part) -> PartForm:
        """The form of a part under the engine's profile."""
        machine, timers = part.machine, timers_of(part.machine, engine.params)
        names = {state.name: timer_names(machine, state.name) for state in machine.states}
        states = {
            state: StateTimers(
                {name: 1 << bit for bit, name in enumerate(known)}, timers.get(state, ()), _leaving(machine, state)
            )
            for state, known in names.items()
        }
        kinds = {one.name: kind_of_domain(one.domain) for one in machine.variables}
        variables = {name: reader_of(kind) for name, kind in kinds.items()}
        fields: dict[str, Reader] = {
            "state": _reads_state(machine, part),
            "since": read_integer,
            "spent": as_it_is,
            "variables": lambda tree, room=0: read_record(tree, variables),
        }
        key = key_kind(engine.system, part) if isinstance(part, Each) else None
        return cls(
            part,
            instance_class(layout_of(machine)),
            states,
            fields if key is None else {"key": reader_of(key), **fields},
            {name: writer_of(kind) for name, kind in kinds.items()},
            None if key is None else writer_of(key),
            _room(part, engine.params),
        )

    # In

    def read(self, tree: Any, now: int, limits: Limits, *, by_key: bool = False) -> tuple[Any, int | None]:
        """The instance of the part, or its instances by key, and their earliest deadline."""
        if self.key is None:
            _, instance, due = self._instance(tree, now)
            return instance, due
        if type(tree) is not list:
            raise misfit(tree, "a list")
        self._check_room(tree, limits)
        made: dict[Hashable, Instance] = {}
        earliest: int | None = None
        for place, one in enumerate(tree):
            try:
                key, instance, due = self._instance(one, now)
                if made.setdefault(key, instance) is not instance:
                    raise Misfit(f"{brief(key)} is the key of item {list(made).index(key)} already").inside("key")
            except Misfit as wrong:
                raise wrong.inside(ByKey(brief(one["key"])) if by_key else place) from None
            if due is not None and (earliest is None or due < earliest):
                earliest = due
        return frozen_instances(made), earliest

    def _check_room(self, given: Sized, limits: Limits) -> None:
        for most, said in (*self.room, (limits.instances, f"at most {limits.instances:,} are read")):
            if len(given) > most:
                raise Misfit(f"holds {len(given)} instances; {said}")

    def _instance(self, tree: Any, now: int) -> tuple[Hashable, Instance, int | None]:
        values = read_record(tree, self.fields)
        key = None if self.key is None else values.pop(0)
        state, since, spent, variables = values
        if since > now:
            raise Misfit(f"{brief(since)} lies after the snapshot's own now, {brief(now)}").inside("since")
        try:
            bits = self.states[state].spent(state, spent)
            due = self.states[state].deadline(since, bits, now)
        except Misfit as wrong:
            raise wrong.inside("spent") from None
        return key, new(self.made, (state, since, bits, *variables)), due

    # Out

    def write(self, held: Any) -> Any:
        """The instance of the part, or its instances, as a document has them: in the order of the texts of their keys."""
        if self.key is None:
            return self._written(held)
        self._check_room(held, LIMITS)
        items = []
        for key, instance in held.items():
            try:
                items.append({"key": self.key(key), **self._written(instance)})
            except Misfit as wrong:
                raise wrong.inside(ByKey(brief(key))) from None
        return sorted(items, key=lambda item: json.dumps(item["key"]))

    def _written(self, instance: Instance) -> dict[str, Any]:
        state, since, spent, *values = instance
        known = self.states[state]
        variables: dict[str, Any] = {}
        for (name, write), value in zip(self.variables.items(), values, strict=True):
            try:
                variables[name] = write(value)
            except Misfit as wrong:
                raise wrong.inside(name).inside("variables") from None
        fired = [name for name, bit in known.names.items() if spent & bit]
        return {"state": state, "since": since, "spent": fired, "variables": variables}


def as_it_is(tree: Any, room: int = 0) -> Any:
    return tree


def _leaving(machine: Machine, state: str) -> int:
    """The timers of a state that leave it whatever holds, as bits."""
    (inside,) = (one for one in machine.states if one.name == state)
    lines = enumerate(machine.timers(inside))
    return sum(1 << bit for bit, line in lines if line.guard is None and line.target is not None)


def _reads_state(machine: Machine, part: Part) -> Reader:
    names = {state.name for state in machine.states}
    known = f"Its states: {some(state.name for state in machine.states)}."

    def reader(tree: Any, room: int = 0) -> Any:
        if type(tree) is not str:
            raise misfit(tree, "a string")
        if tree not in names:
            raise Misfit(f"{brief(tree)} is no state of {machine.name}", known)
        if isinstance(part, Each) and tree == machine.initial.name:
            raise Misfit(f"{tree!r} is the initial state, in which no instance exists")
        return tree

    return reader


def _room(part: Part, params: Mapping[str, Any]) -> tuple[tuple[int, str], ...]:
    found = []
    if isinstance(part, Each):
        for most, said in ((part.at_most, "at most {} may be held"), (part.population, "only {} exist")):
            number = None if most is None else with_values(most, params)
            if isinstance(number, Const):
                found.append((number.value, said.format(brief(number.value))))
    return tuple(found)
