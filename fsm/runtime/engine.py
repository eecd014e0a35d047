"""Running a system: a pure function from snapshot, event and instant to the next snapshot.

Pure means here: no clock, no randomness, no I/O, and the same answer for the same arguments.
Counterexamples are replayed through `step`, and derived tests compare with it.

Time passes before an event is judged: timers due up to its instant go first, and what they did
is in the step, or in the refusal, so that nothing is lost.

You may make this file faster. You may not give it a side effect.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from fsm.errors import BadProfile, WiresOverlap
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.parameters import Profile
from fsm.language.parts import Each
from fsm.language.printing import instance_in_words
from fsm.language.snapshot import (
    Instance,
    Layout,
    Snapshot,
    Step,
    Taken,
    frozen_instances,
    initial_instance,
    layout_of,
    new,
)
from fsm.language.system import System
from fsm.language.values.limits import LARGEST
from fsm.runtime.compiled_moves import Change, Sender, compile_put
from fsm.runtime.compiled_transitions import Timer
from fsm.runtime.compiled_wires import compile_sent, compile_wires
from fsm.runtime.enabled import Possible, possible_events
from fsm.runtime.explanation import explain, explain_sent
from fsm.runtime.inputs import Arguments, check_fields, check_instant
from fsm.runtime.profile import broken_by_profile, complete
from fsm.runtime.refusal import FIRINGS, EventRefused, Refusal, TimeStopped, TooManyFirings
from fsm.runtime.timers import Deadlines

__all__ = ["Engine", "compile", "prepare"]


def compile(target: Machine | System, profile: Profile | None = None) -> Engine:
    """A system, or a machine alone, made ready to run under a profile.

    Args:
        target: what was declared.
        profile: values of parameters by name; those not named have their defaults.

    Raises:
        BadInput: the profile names an unknown parameter, a value out of range, breaks an assumption, or makes something that
            must always hold false in the first snapshot already, so that this could not be stored.
    """
    engine = prepare(target, profile)
    broken = broken_by_profile(engine, engine.start())
    if broken is not None:
        raise BadProfile(
            "profile", f"breaks what must always hold, in the first snapshot already: {broken}", "Ask fsm verify."
        )
    return engine


def prepare(target: Machine | System, profile: Profile | None = None) -> Engine:
    """As `compile`, for who looks for what is wrong: a profile may break what must always hold.

    Raises:
        BadInput: the profile names an unknown parameter, a value out of range, or breaks an assumption.
    """
    system = as_system(target)
    return Engine(system, complete(system, profile or {}))


class Engine:
    """A system ready to run. Holds no state: every method is a function of its arguments.

    Attributes:
        system: the declaration.
        params: the value of every parameter.
        layout: what its snapshots carry, to be told from those of other systems.
        arguments: what callers may hand in.

    Args:
        silent: what events emit is left out, what time emits is not: for who runs a second system whose effects the first one has.
    """

    def __init__(self, system: System, params: Mapping[str, Any], *, silent: bool = False) -> None:
        from fsm.canonical.fingerprint import fingerprint  # here, so that who only declares does not load it

        self.system = system
        self.params = dict(params)
        self._deadlines = Deadlines.of(system, self.params)
        self.layout = Layout(
            system.name,
            fingerprint(system),
            tuple(part.name for part in system.parts),
            tuple(layout_of(part.machine) for part in system.parts),
            tuple(self.params.items()),
        )
        self._handlers = compile_wires(system, self.params, silent=silent)
        self._sent = compile_sent(system, self.params)
        self._put = compile_put(system)
        self._ticks = any(self._deadlines.timers)
        self._due_after = self._deadlines.after
        self.arguments = Arguments(system, self.layout)
        self._known = {event: (self.arguments.fields[event], handler) for event, handler in self._handlers.items()}

    def __repr__(self) -> str:
        return f"Engine({self.system.name}, {self.params})"

    # Running

    def start(self, at: int = 0) -> Snapshot:
        """The first snapshot.

        Args:
            at: the instant, milliseconds.

        Raises:
            BadInput: `at` is not an int.
        """
        check_instant("at", at)
        parts = tuple(
            frozen_instances({}) if isinstance(part, Each) else initial_instance(part.machine, at)
            for part in self.system.parts
        )
        return Snapshot(self.layout, at, self._deadlines.earliest(parts), parts)

    def step(self, snapshot: Snapshot, event: object, at: int, *, firings: int = FIRINGS) -> Step:
        """The event taken at an instant, after every timer due by then.

        Args:
            snapshot: of this system.
            event: an object of one of its event classes.
            at: milliseconds; not before the snapshot.
            firings: so many timers of one instance fire in this call at most.

        Raises:
            EventRefused: something stands in its way; carries the advanced snapshot and who refused.
            BadInput: a foreign snapshot or event, a field of a wrong type, an instant that is no int or runs back.
            TimeStopped: a timer fell due that something stands in the way of.
            TooManyFirings: the instant is very far away; a BadInput that carries how far time has come.
            WiresOverlap: two wires of the event, or of one that time sends by then, apply at once; nothing has happened.
        """
        if type(snapshot) is not Snapshot or type(at) is not int:
            self.arguments.check_time(snapshot, at)
        try:
            layout, now, due, parts = snapshot
        except ValueError:
            self.arguments.check_time(snapshot, at)
            raise
        if not now <= at <= LARGEST or layout is not self.layout:
            self.arguments.check_time(snapshot, at)
        try:
            fields, handler = self._known[type(event)]
        except KeyError:
            raise self.arguments.foreign(event) from None
        if fields:
            try:
                given = event.__dict__
                for name, fits, exact in fields:
                    value = given[name]
                    if type(value) is not exact and not fits(value):
                        check_fields(event, fields)
            except KeyError:
                check_fields(event, fields)
                raise
        timed: tuple[Taken, ...] = ()
        effects: tuple[object, ...] = ()
        if due is not None and due <= at:
            snapshot, effects, timed = self._advance(snapshot, at, firings, "at")
            layout, now, due, parts = snapshot
        changes = handler(parts, event, at, None)
        if changes is None:
            rest = Snapshot(self.layout, at, due, parts)
            raise EventRefused(explain(self, rest, event, at), rest, effects, timed)
        parts, emitted = self._put(parts, changes)
        if self._ticks:
            due = self._due_after(due, parts, changes)
        return new(
            Step, (new(Snapshot, (self.layout, at, due, parts)), effects + emitted if effects else emitted, timed)
        )

    def advance(self, snapshot: Snapshot, to: int, *, firings: int = FIRINGS) -> Step:
        """Time alone passes: every timer due by `to` (milliseconds) fires, in the order they fall due.

        Args:
            firings: so many timers of one instance fire in this call at most.

        Raises:
            BadInput: a foreign snapshot, or `to` is no int or lies before the snapshot.
            TimeStopped: a timer fell due that something stands in the way of.
            TooManyFirings: `to` is very far away; a BadInput that carries how far time has come.
            WiresOverlap: two wires of what time sends apply at once; nothing has happened.
        """
        self.arguments.check_time(snapshot, to, "to")
        return Step(*self._advance(snapshot, to, firings, "to"))

    def falling_due(self, snapshot: Snapshot, part: str, by: int) -> tuple[Hashable, ...]:
        """The keys of a part's instances whose next timer falls due by an instant, milliseconds; that it may lapse is not looked at."""
        place, timer_of = self.layout.position(part), self._deadlines.timer
        running = [(key, one) for at, key, one in self._deadlines.running(snapshot.parts) if at == place]
        timers = [(key, one.since, timer_of(place, one)) for key, one in running]
        return tuple([key for key, since, timer in timers if timer is not None and since + timer[0] <= by])

    def due(self, snapshot: Snapshot) -> int | None:
        """The earliest instant (milliseconds) at which time will send an event; None when no timer runs."""
        self.arguments.check_snapshot(snapshot)
        return snapshot.due

    def snapshot(self, now: int, parts: tuple[Any, ...]) -> Snapshot:
        """The snapshot of these parts at an instant. For those who build on the engine: nothing is checked."""
        return Snapshot(self.layout, now, self._deadlines.earliest(parts), parts)

    # Asking beforehand

    def why_not(self, snapshot: Snapshot, event: object, at: int, *, firings: int = FIRINGS) -> Refusal | None:
        """Who would refuse the event and why; None when it would be taken.

        Raises:
            BadInput, TimeStopped, TooManyFirings, WiresOverlap: as `step` does.
        """
        try:
            self.step(snapshot, event, at, firings=firings)
        except EventRefused as refused:
            return refused.refusal
        return None

    def possible(self, snapshot: Snapshot, at: int, *, firings: int = FIRINGS) -> tuple[Possible, ...]:
        """Every event that would be taken at an instant, in the order of the declaration, then of the keys.

        An event is listed when some payload makes it possible. Of an integer field with many values
        those around the constants, parameters and variables of the system are tried. What two wires apply to at once is not.

        Raises:
            BadInput, TimeStopped, TooManyFirings, WiresOverlap: as `advance` does.
        """
        return possible_events(self, self.advance(snapshot, at, firings=firings).after, at)

    def takes(self, snapshot: Snapshot, payload: object, event: type, at: int) -> bool:
        """Whether an event of this class with these fields would be taken. No timer may be due.

        Args:
            payload: any object that has the event's fields as attributes.
        """
        try:
            return self._handlers[event](snapshot.parts, payload, at, None) is not None
        except WiresOverlap:
            return False

    def attempt(
        self, snapshot: Snapshot, payload: object, event: type, at: int
    ) -> tuple[Snapshot, tuple[object, ...]] | None:
        """The snapshot after an event of this class with these fields, and what it emitted, as `step` gives them; None where `step` refuses.

        For those who build on the engine. Nothing is checked: the snapshot and the event must be of this system, each field of its
        type, and no timer may be due.

        Args:
            payload: any object that has the event's fields as attributes.

        Raises:
            WiresOverlap: as `step` does.
        """
        layout, _, due, parts = snapshot
        changes = self._handlers[event](parts, payload, at, None)
        if changes is None:
            return None
        parts, emitted = self._put(parts, changes)
        if self._ticks:
            due = self._due_after(due, parts, changes)
        return new(Snapshot, (layout, at, due, parts)), emitted

    # Time

    def _advance(
        self, snapshot: Snapshot, to: int, firings: int, where: str
    ) -> tuple[Snapshot, tuple[object, ...], tuple[Taken, ...]]:
        """Fire what falls due: by deadline, then as declared, then by key (whose order must not matter)."""
        timed: list[Taken] = []
        fired: dict[tuple[int, Hashable], int] = {}
        before = snapshot
        agenda = self._deadlines.agenda(snapshot.parts, to) if snapshot.due is not None and snapshot.due <= to else None
        while agenda is not None and snapshot.due is not None and snapshot.due <= to:
            place, key, instance, timer = agenda.first(snapshot.parts)
            at = snapshot.due
            who = (place, key)
            fired[who] = times = fired.get(who, 0) + 1
            if times > firings:
                name = instance_in_words(self.layout.parts[place], key)
                raise TooManyFirings.of(where, name, firings, snapshot, tuple(timed))
            changes = self._fire(snapshot, place, key, instance, timer)
            moved = changes or [_lapse(place, key, instance, timer)]
            parts, emitted = self._put(snapshot.parts, moved)
            snapshot = Snapshot(self.layout, at, agenda.after(parts, moved), parts)
            if changes:
                timed.append(Taken(at, timer.event, self.layout.parts[place], key, before, snapshot, emitted))
                before = snapshot
        effects = tuple(effect for taken in timed for effect in taken.effects)
        return Snapshot(self.layout, to, snapshot.due, snapshot.parts), effects, tuple(timed)

    def _fire(self, snapshot: Snapshot, place: int, key: Hashable, instance: Instance, timer: Timer) -> list[Change]:
        """What a timer moves: its own instance, and the parts wired to what it sends; nothing when its guard says no."""
        at = instance.since + timer.offset
        if timer.row is None:
            return []
        guard, build, effects = timer.row
        if guard is not None and not guard(instance, None, at, key):
            return []
        own: Change = (
            place,
            key,
            instance,
            build(instance, None, at, key),
            () if effects is None else effects(instance, None, at, key),
        )
        handler = self._sent.get((place, timer.event))
        if handler is None:
            return [own]
        others = handler(snapshot.parts, Sender(key), at, key)
        if others is None:
            raise TimeStopped(explain_sent(self, snapshot, self.layout.parts[place], key, timer.event, at))
        return [own, *others]


def _lapse(place: int, key: Hashable, instance: Instance, timer: Timer) -> Change:
    """A timer whose guard said no is spent for this stay."""
    state, since, spent, *values = instance
    return (place, key, instance, new(type(instance), (state, since, spent | timer.bit, *values)), ())
