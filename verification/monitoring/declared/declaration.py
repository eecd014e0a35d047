"""A declaration made ready to be watched: sliced to what can show, and what each event reads and moves.

Conditions are the declaration's own, and the public runtime alone says what an event does.

What it can never say: anything of the values of carried data.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs

from fsm.errors import BadObservation
from fsm.language.composition import as_system
from fsm.language.machine import Machine, Transition
from fsm.language.parameters import NamedProfile
from fsm.language.parts import Each, Sent
from fsm.language.printing import label
from fsm.language.snapshot import Instance, Layout, initial_instance
from fsm.language.system import System
from fsm.runtime.engine import Engine
from fsm.verification.monitoring.declared.boxes import Box, first_box, stands_for_more
from fsm.verification.monitoring.declared.footprint import Footprint, footprint_of, reads_clock
from fsm.verification.monitoring.declared.slicing import numbers_in, sliced
from fsm.verification.monitoring.declared.timers import Timers
from fsm.verification.monitoring.observations import Shows, Source

__all__ = ["UNKNOWN", "Declaration", "Valued"]


class _Unknown:
    """A value that nobody saw. Nothing compares it with others."""

    def __repr__(self) -> str:
        return "not seen"


UNKNOWN = _Unknown()

ENGINES = 1_024
"""Under so many choices of values of parameters a system is kept ready to run."""


class Declaration:
    """What was declared, by places: parts, parameters and variables in the order of the declaration.

    Args:
        target: a machine or a system.
        given: values of parameters that are known.
        profile: the version of the business; without one, the first of the declaration.
        sources: what the sources show.
        shown: variables that sources show, by the name of their part.
        dated: parts of which sources show since when they are in their state.

    Raises:
        BadObservation: something of this does not fit what was declared.
    """

    def __init__(
        self,
        target: Machine | System,
        *,
        given: Mapping[str, Any],
        profile: str | None,
        sources: Sequence[Source],
        shown: Mapping[str, Collection[str]],
        dated: Collection[str],
    ) -> None:
        declared = as_system(target)
        chosen = _profile(declared, profile)
        self.profile = None if chosen is None else chosen.name
        fixed = {} if chosen is None else dict(chosen.within(declared.parameters).values)
        self.sources = {one.name: one for one in sources}
        self.parts = declared.parts
        self.places = {part.name: place for place, part in enumerate(self.parts)}
        _check_names(declared, sources, (*shown, *dated))
        self.system = sliced(declared, shown)
        self.parts = self.system.parts
        self.machines = tuple(part.machine for part in self.parts)
        self.initial = tuple(part.machine.initial.name if isinstance(part, Each) else None for part in self.parts)
        self.shown = tuple(
            frozenset(slot for slot, one in enumerate(part.machine.variables) if one.name in shown.get(part.name, ()))
            for part in self.parts
        )
        self.numbers = numbers_in(self.system)
        self.first_box = first_box(self.system, given, fixed, self.numbers)
        self.any_box = first_box(self.system, {}, fixed, self.numbers) if given else self.first_box
        self.gaps = self._standing(self.first_box)
        self.loose = self._standing(self.any_box) - self.gaps
        self.usual = tuple(
            param.default if param.default in values else values[-1]
            for values, param in zip(self.first_box, self.system.parameters, strict=True)
        )
        self._dated = frozenset(self.places[name] for name in dated)
        self._engines: dict[Any, Engine] = {}
        self._valued: dict[Any, Valued] = {}
        self.drifts: dict[tuple[int, Box], frozenset[str]] = {}
        self.timers = Timers(self.system)

    def _standing(self, box: Box) -> frozenset[int]:
        """The places of parameters of which not every value is listed."""
        listed = enumerate(zip(box, self.system.parameters, strict=True))
        return frozenset(place for place, (values, param) in listed if stands_for_more(param.domain, values))

    def open_to(self, place: int, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """Beside which values of a parameter others may be left that are not listed; None where all are."""
        return self.any_box[place] if place in self.gaps or (place in self.loose and len(values) > 1) else None

    # Which events, and what they do

    @cached_property
    def footprints(self) -> Mapping[type, Footprint]:
        """Of every event that callers send."""
        return {event: footprint_of(self.system, event, None) for event in self.system.events}

    @cached_property
    def sent(self) -> Mapping[tuple[int, type], Footprint]:
        """Of every event that time sends, by the place of the part that it is sent to."""
        return {
            (place, event): footprint_of(self.system, event, part)
            for place, part in enumerate(self.parts)
            for event in part.machine.timed_events
        }

    @cached_property
    def labels(self) -> Mapping[str, type]:
        """Every event by the name that messages and mappings give it."""
        timed = [event for part in self.parts for event in part.machine.timed_events]
        return {label(event): event for event in (*timed, *self.system.events)}

    @cached_property
    def always(self) -> frozenset[type]:
        """Events that some source always shows."""
        return frozenset(what for what in self._promised() if isinstance(what, type))

    @cached_property
    def told(self) -> frozenset[int]:
        """Places of parts of which some source tells every change."""
        return frozenset(self.places[what] for what in self._promised() if isinstance(what, str))

    def _promised(self) -> Iterator[type | str]:
        for source in self.sources.values():
            yield from (what for what, how in source.shows.items() if how is Shows.ALWAYS)

    @cached_property
    def insertable(self) -> tuple[Footprint, ...]:
        """What can happen unseen and make a difference."""
        return tuple(one for one in self.footprints.values() if not one.still)

    @cached_property
    def promised(self) -> bool:
        """Whether some source always shows anything. Where none does any record may be lost, also one that told a parameter."""
        return bool(self.always or self.told)

    @cached_property
    def lossy(self) -> bool:
        """Whether anything that makes a difference may go unseen where no record was lost."""
        return any(one.event not in self.always for one in self.insertable)

    @cached_property
    def waking(self) -> frozenset[int]:
        """Places of parts whose timers move other parts."""
        return frozenset(self.places[one.event.part.name] for one in self.system.wires if isinstance(one.event, Sent))

    @cached_property
    def helped(self) -> frozenset[int]:
        """Places of parts of which one more instance may let something happen that a source can show."""
        several = {
            place
            for one in self.footprints.values()
            for place in one.places
            if self.initial[place] is not None and len(one.places) > 1
        }
        counted = {place for one in (*self.footprints.values(), *self.sent.values()) for place in one.helped}
        return frozenset(several | counted)

    @cached_property
    def steps_between(self) -> tuple[Mapping[str, Mapping[str, int]], ...]:
        """For each part, from each state to each: how many events it takes at least, guards left aside; timers take none."""
        return tuple(_distances(machine) for machine in self.machines)

    @cached_property
    def _lines(self) -> Mapping[tuple[int, type, str], tuple[Transition, ...]]:
        found: dict[tuple[int, type, str], list[Transition]] = {}
        for place, machine in enumerate(self.machines):
            for line in machine.transitions:
                if line.duration is None:
                    for source in line.sources:
                        found.setdefault((place, line.event, source.name), []).append(line)
        return {key: tuple(lines) for key, lines in found.items()}

    def lines_on(self, place: int, action: type, state: str) -> tuple[Transition, ...]:
        """The transitions of a state on an action that callers or wires give."""
        return self._lines.get((place, action, state), ())

    def returns(self, place: int, state: str) -> bool:
        """Whether some transition leads from a state to itself."""
        lines = self.machines[place].transitions
        inside = (line for line in lines if any(source.name == state for source in line.sources))
        return any(line.target is not None and line.target.name == state for line in inside)

    @cached_property
    def _timer_lines(self) -> tuple[Mapping[str, tuple[Transition, ...]], ...]:
        return tuple({state.name: machine.timers(state) for state in machine.states} for machine in self.machines)

    def timer_lines(self, place: int, state: str) -> tuple[Transition, ...]:
        """The timed transitions of a state, in the order of the declaration."""
        return self._timer_lines[place].get(state, ())

    @cached_property
    def timed(self) -> tuple[int, ...]:
        """Places of parts that have timers."""
        return tuple(place for place, machine in enumerate(self.machines) if machine.timed_events)

    @cached_property
    def lasting(self) -> frozenset[int]:
        """Places of parts of which the time in state is asked for."""
        return self._dated | frozenset(place for place, part in enumerate(self.parts) if reads_clock(self.system, part))

    def dated(self, place: int, state: str, spent: int) -> bool:
        """Whether anything depends on since when an instance is in this state."""
        running = self.timers.of(self.first_box)[place].get(state, ())
        return place in self.lasting or any(not spent & timer.bit for timer in running)

    # Instances and engines

    @cached_property
    def _first(self) -> tuple[Instance, ...]:
        return tuple(initial_instance(machine, 0) for machine in self.machines)

    def first(self, place: int) -> Instance:
        """An instance as it starts, at instant 0."""
        return self._first[place]

    def engine(self, box: Box, read: Collection[int], *, ruled: bool = True) -> Engine:
        """An engine under the values of the box for the parameters that are read and usual ones for the rest.

        Args:
            ruled: with the rules.
        """
        values = tuple(box[place][0] if place in read else usual for place, usual in enumerate(self.usual))
        key = (ruled, values)
        found = self._engines.get(key)
        if found is None:
            if len(self._engines) >= ENGINES:
                self._engines.clear()
            system = self.system if ruled else self._unruled
            found = self._engines[key] = Engine(system, self._named(values), silent=True)
        return found

    @cached_property
    def _unruled(self) -> System:
        return attrs.evolve(self.system, rules=(), properties=())

    def under(self, box: Box) -> Valued:
        """The declaration under the first values of the box."""
        values = tuple([each[0] for each in box])
        found = self._valued.get(values)
        if found is None:
            if len(self._valued) >= ENGINES:
                self._valued.clear()
            found = self._valued[values] = Valued(self.system, self._named(values))
        return found

    def _named(self, values: Sequence[Any]) -> dict[str, Any]:
        return {param.name: value for param, value in zip(self.system.parameters, values, strict=True)}

    @cached_property
    def layout(self) -> Layout:
        """Of snapshots of the declaration, under whatever values."""
        return self.engine(self.first_box, ()).layout


@attrs.frozen(eq=False)
class Valued:
    """A system with a value for every parameter, that need not run."""

    system: System
    params: Mapping[str, Any]


def _profile(system: System, name: str | None) -> NamedProfile | None:
    """The version of this name; without a name the first, where there is one."""
    if not system.profiles and name is None:
        return None
    found = next((one for one in system.profiles if name is None or one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in system.profiles) or "none"
        raise BadObservation("profile", f"{name!r} is no profile of {system.name}", f"It has {known}.")
    return found


def _check_names(system: System, sources: Sequence[Source], named: Sequence[str]) -> None:
    parts = [part.name for part in system.parts]
    for name in named:
        if name not in parts:
            raise BadObservation("part", f"{name!r} is no part of {system.name}", f"It has {', '.join(parts)}.")
    events = {*system.events, *(event for part in system.parts for event in part.machine.timed_events)}
    for source in sources:
        for what in source.shows:
            if what not in events and what not in parts:
                said = label(what) if isinstance(what, type) else repr(what)
                known = ", ".join((*sorted(label(one) for one in events), *parts))
                raise BadObservation(
                    f"source {source.name!r}: shows", f"{said} is no event or part of {system.name}", f"It has {known}."
                )


def _distances(machine: Machine) -> dict[str, dict[str, int]]:
    out: dict[str, list[tuple[str, int]]] = {state.name: [] for state in machine.states}
    for one in machine.transitions:
        for source in one.sources:
            target = one.target.name if one.target is not None else source.name
            out[source.name].append((target, 0 if one.duration is not None else 1))
    found = {}
    for start in out:
        seen = {start: 0}
        waiting = deque([start])
        while waiting:
            state = waiting.popleft()
            for target, cost in out[state]:
                if seen[state] + cost < seen.get(target, len(out) + 1):
                    seen[target] = seen[state] + cost
                    waiting.append(target) if cost else waiting.appendleft(target)
        found[start] = seen
    return found
