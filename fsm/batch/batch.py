"""`Engine.step` for many machines at once, equal to it lane by lane."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from fsm.batch.events import NO_EVENT, Events, kind_of
from fsm.batch.expressions import Reading
from fsm.batch.layout import FAR, Array, Columns, Layout, as_array, coded
from fsm.batch.moving import Emission, move
from fsm.batch.plans import NOBODY, PASSES, Plans
from fsm.batch.result import Outcome, Result
from fsm.batch.snapshots import Snapshots, check_instants
from fsm.batch.timing import NEVER, Passed, Timed, Timers
from fsm.batch.wires import Choice
from fsm.errors import BadArgument, BadInstant
from fsm.language.leaves import FieldRef
from fsm.language.snapshot import Snapshot
from fsm.language.traversal import walk
from fsm.language.values.brief import brief
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import FIRINGS

__all__ = ["Batch"]

PASSED = np.uint8(Outcome.PASSED)


class Batch:
    """An engine's system, ready to step many snapshots at once. Holds no state, as the engine does.

    Attributes:
        engine: whose steps these are.
        layout: of the columns.
        needed: of each event the fields that something reads.

    Args:
        engine: made by `fsm.compile`.

    Raises:
        CannotBatch: the system has a part with many instances, or applies a function of the author's.
    """

    def __init__(self, engine: Engine) -> None:
        system = engine.system
        self.engine, self.layout = engine, Layout.of(system)
        self.needed = _fields_read(engine)
        plans = Plans(self.layout, engine.params)
        wires = [(event, [one for one in system.all_wires if one.event is event]) for event in system.events]
        self._choices = tuple(
            Choice.of(system, self.layout, engine.params, plans, event, found) for event, found in wires
        )
        self._timers = Timers(system, self.layout, engine.params, plans)
        self._tables = plans.tables()
        self._asked = tuple(place for place, choice in enumerate(self._choices) if choice.always is None)
        always = [NOBODY if choice.always is None else choice.always for choice in self._choices]
        self._plan_of = np.array([*always, PASSES], dtype=np.intp)  # the last one is that of NO_EVENT

    def __repr__(self) -> str:
        return f"Batch({self.engine!r})"

    # What is handed in

    def start(self, lanes: int, at: Any = 0) -> Snapshots:
        """The first snapshot in every lane.

        Args:
            at: the instant in milliseconds, one for all or a column.

        Raises:
            BadArgument: a number of lanes that is none.
            BeyondBatch: an instant further away than a batch reckons with.
        """
        if type(lanes) is not int or lanes < 0:
            raise BadArgument("lanes", f"{brief(lanes)} is no number of machines")
        instants = self.instants("at", at, lanes)
        columns: list[Any] = [np.zeros(lanes, dtype=dtype) for dtype in self.layout.dtypes()]
        columns[0] = instants
        for part in self.layout.parts:
            columns[part.since] = instants
            columns[part.state].fill(part.machine.states.index(part.machine.initial))
            for variable in part.machine.variables:
                columns[part.variables[variable.name]].fill(coded(variable.domain, variable.initial))
        return Snapshots(self.engine, self.layout, tuple(columns))

    def snapshots(self, snapshots: Iterable[Snapshot]) -> Snapshots:
        """Snapshots that somebody has one by one, as columns.

        Raises:
            ForeignSnapshot: one of another system or profile.
            BeyondBatch: an instant or an integer that a column does not hold.
        """
        return Snapshots.of(self.engine, self.layout, snapshots)

    def events(self, kinds: Any, **fields: Any) -> Events:
        """What comes to each lane.

        Args:
            kinds: an array of places among `engine.system.events`, `NO_EVENT` (-1) where only time passes.
            fields: a column for each field that is read; members of enumerations as places, carried data as objects. Of a masked
                array the masked values are not there: a field that may be left out has its default.

        Raises:
            BadEvent: a column of another kind or length, or a field that is read and not given.
            BeyondBatch: an integer that int64 does not hold.
        """
        return Events.of(self.engine.system, self.needed, kinds, fields)

    def every(self, event: type, lanes: int, **fields: Any) -> Events:
        """The same event in every lane, with fields of its own in each."""
        kinds = np.full(lanes, kind_of(self.engine.system, event), dtype=np.intp)
        return Events.of(self.engine.system, self.needed, kinds, fields)

    def instants(self, where: str, given: Any, lanes: int) -> Array:
        """An instant for each lane, from one for all or a column of them.

        Args:
            where: the argument that it is, in a message.

        Raises:
            BadInstant: what is none.
            BeyondBatch: one further away than a batch reckons with.
        """
        array = as_array(given)
        if not array.size:
            array = array.astype(np.int64)  # of nothing numpy makes floats
        if array.dtype.kind not in "iuO" or array.shape not in ((), (lanes,)):
            raise BadInstant(where, f"{brief(given)} is neither an instant nor one for each lane")
        if array.dtype.kind != "i" and not all(type(one) is int for one in array.reshape(-1).tolist()):
            raise BadInstant(where, "a column of objects is no column of instants")
        if array.dtype.kind == "O":
            array = np.asarray(np.clip(array, -(2**62), 2**62))
        elif array.dtype.kind == "u":
            array = np.minimum(array.astype(np.uint64), np.uint64(2**62))
        made = array.astype(np.int64, copy=False)
        check_instants(where, made.reshape(-1))
        return made if made.shape else np.full(lanes, made)

    # Running

    def step(self, snapshots: Snapshots, events: Events, at: Any, *, firings: int = FIRINGS) -> Result:
        """In every lane the event taken, after every timer due by then: what `Engine.step` does, or `Engine.advance` where none comes.

        Args:
            snapshots: of this system.
            events: made by `events` or `every`.
            at: the instant in milliseconds, one for all or a column.
            firings: so many timers of one instance fire in this call at most.

        Raises:
            BadInput: arguments that do not fit together, or an instant further away than a batch reckons with.
            BeyondBatch: a variable would become more than int64 holds; nothing has happened.
            WiresOverlap: as `Engine.step` does, for any of the lanes; nothing has happened.
        """
        lanes = len(snapshots)
        if snapshots.engine.layout is not self.engine.layout:
            raise BadArgument("snapshots", f"{snapshots!r} are none of this {self.engine.system.name}")
        if len(events) != lanes or events.system is not self.engine.system:
            raise BadArgument("events", f"{len(events):,} events of {events.system.name} for {lanes:,} lanes")
        instants = self.instants("at", at, lanes)
        columns, kinds = snapshots.columns, events.kinds
        emitted: list[Emission] = []
        timed: list[Timed] = []
        late = columns[0] > instants
        shut = late if events.unfit is None else late | events.unfit
        closed = shut if np.count_nonzero(shut) else None
        passed = self._pass(columns, instants, closed, firings, emitted, timed)
        if passed is not None:
            columns = passed.columns
        plan = self._plan_of[kinds]
        status = self._closed(lanes, closed, passed)
        if status is not None:
            plan[status != Outcome.TAKEN] = PASSES
        self._choose(plan, columns, kinds, instants, events, status)
        turn = 0 if passed is None else passed.turns
        moved = move(self._tables, columns, plan, instants, events.fields, None, turn, emitted)
        moved.columns[0] = instants
        made = (~moved.able).view(np.uint8)  # TAKEN is nought, REFUSED one
        made += (kinds == NO_EVENT) * PASSED
        if status is not None:
            self._restore(moved.columns, made, status, snapshots.columns, columns)
        after = Snapshots(self.engine, self.layout, tuple(moved.columns))
        if passed is not None and passed.stopped.size:  # what timers did there first is not told: nothing has happened
            stopped = made == Outcome.STOPPED
            emitted, timed = [one.without(stopped) for one in emitted], [one.without(stopped) for one in timed]
        return Result(after, made, tuple(emitted), tuple(timed), snapshots, events, instants)

    def advance(self, snapshots: Snapshots, to: Any, *, firings: int = FIRINGS) -> Result:
        """Time alone passes in every lane.

        Args:
            to: the instant in milliseconds, one for all or a column.

        Raises:
            BadInput: as `step`.
        """
        nothing = np.full(len(snapshots), NO_EVENT, dtype=np.intp)
        return self.step(snapshots, self.events(nothing), to, firings=firings)

    def due(self, snapshots: Snapshots) -> np.ma.MaskedArray[Any, Any]:
        """The next deadline of each lane, masked where no timer runs."""
        due = self._timers.due(snapshots.columns)
        held = np.full(len(snapshots), NEVER, dtype=np.int64) if due is None else due
        return np.ma.MaskedArray(held, mask=held >= FAR)

    def _pass(
        self,
        columns: Columns,
        at: Array,
        closed: Array | None,
        firings: int,
        emitted: list[Emission],
        timed: list[Timed],
    ) -> Passed | None:
        """Time passes where a timer is due."""
        due = self._timers.due(columns)
        if due is None:
            return None
        pending = due <= at
        if closed is not None:
            pending &= ~closed
        if not np.count_nonzero(pending):
            return None
        rows = pending.nonzero()[0]
        return self._timers.advance(self._tables, columns, rows, at, firings, emitted, timed)

    def _closed(self, lanes: int, closed: Array | None, passed: Passed | None) -> Array | None:
        """The lanes in which nothing is judged any more, and why; None where there is none."""
        if closed is None and (passed is None or not (passed.stopped.size or passed.unfinished.size)):
            return None
        status = np.full(lanes, Outcome.TAKEN, dtype=np.uint8)
        if closed is not None:
            status[closed] = Outcome.REJECTED
        if passed is not None:
            status[passed.stopped] = Outcome.STOPPED
            status[passed.unfinished] = Outcome.UNFINISHED
        return status

    def _choose(
        self, plan: Array, columns: Columns, kinds: Array, at: Array, events: Events, status: Array | None
    ) -> None:
        """The plans of events whose wires have conditions, or which a rule may forbid."""
        for place in self._asked:
            here = kinds == place
            if status is not None:
                here &= status == Outcome.TAKEN
            rows = here.nonzero()[0]
            if rows.size:
                reading = Reading(columns, at, events.fields, None if rows.size == kinds.size else rows)
                plan[rows] = self._choices[place].plans(reading, rows.size, np.ones(rows.size, dtype=np.bool_))

    def _restore(self, after: list[Array], made: Array, status: Array, before: Columns, passed: Columns) -> None:
        """Lanes in which nothing was judged: as they were, and where timers fire too often, as far as time has come."""
        for place, column in enumerate(after):
            stays = (status == Outcome.REJECTED) | (status == Outcome.STOPPED)
            column = np.where(stays, before[place], column)
            after[place] = np.where(status == Outcome.UNFINISHED, passed[place], column)
        shut = status != Outcome.TAKEN
        made[shut] = status[shut]


def _fields_read(engine: Engine) -> dict[type, frozenset[str]]:
    """Of each event the fields that some expression of the system reads."""
    system = engine.system
    read = [expr for part in system.parts for _, expr in part.machine.expressions()]
    read += [rule.when for rule in system.rules]
    for one in system.all_wires:
        read += [*([] if one.when is None else [one.when]), *(value for move in one.moves for _, value in move.payload)]
    refs = {node for expr in read for node in walk(expr) if isinstance(node, FieldRef)}
    return {event: frozenset(ref.name for ref in refs if ref.event is event) for event in system.events}
