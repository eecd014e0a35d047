"""What time does to many lanes: whose timers fall due by an instant fire one after the other, each lane by its own order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from fsm.batch.expressions import Program, Reading
from fsm.batch.layout import FAR, Array, Columns, Layout
from fsm.batch.moving import Emission, move
from fsm.batch.plans import NOBODY, PartTable, Plans
from fsm.batch.wires import Choice
from fsm.language.expressions import Const
from fsm.language.parts import Sent
from fsm.language.system import System
from fsm.semantics.simplification import with_values

__all__ = ["NEVER", "Passed", "Timed", "Timers"]

NEVER = 2 * FAR
"""Longer than any stay."""
NONE = -1


@attrs.frozen(eq=False)
class Timed:
    """A timer that fired in some lanes.

    Attributes:
        part: to which time sent it.
        event: its class.
        lanes: which, ascending.
        at: the instants, one for each of these lanes.
        turn: so many timers of such a lane fired or lapsed in the same call before it.
    """

    part: str
    event: type
    lanes: Array
    at: Array
    turn: int

    def without(self, lanes: Array) -> Timed:
        """The same but for some lanes, given as a mask."""
        kept = ~lanes[self.lanes]
        return attrs.evolve(self, lanes=self.lanes[kept], at=self.at[kept])


@attrs.frozen(eq=False)
class Passed:
    """What time made of some lanes.

    Attributes:
        columns: of all lanes; `now` is the instant of the last timer in lanes whose timers fire too often.
        stopped: lanes that time cannot pass in.
        unfinished: lanes in which timers would fire more often than they may.
    """

    columns: Columns
    stopped: Array
    unfinished: Array
    turns: int


@attrs.frozen(eq=False)
class _Timer:
    """A timer of one state.

    Attributes:
        guard: None where it always fires; False where the profile makes it lapse.
        fires: the plan, or the choice among plans where other parts are wired to it.
        lapses: the plan in which it is only spent.
    """

    event: type
    guard: Program | bool
    fires: int | Choice
    lapses: int


@attrs.frozen(eq=False)
class _Clock:
    """The timers of a part: by state and by what has fired, how long a stay is when the next one falls due, and which that is."""

    name: str
    state: int
    since: int
    spent: int
    bits: int
    offsets: Array
    which: Array
    timers: tuple[_Timer, ...]

    def code(self, columns: Columns) -> Array:
        code: Array = columns[self.state].astype(np.intp)
        code <<= self.bits
        code |= columns[self.spent]
        return code

    def due(self, columns: Columns) -> Array:
        return columns[self.since] + self.offsets.take(self.code(columns))


class Timers:
    """The timers of a system under a profile."""

    def __init__(self, system: System, layout: Layout, params: Mapping[str, Any], plans: Plans) -> None:
        self.clocks: list[_Clock] = []
        for place, part in enumerate(layout.parts):
            if part.spent is None:
                continue
            machine = part.machine
            timers: list[_Timer] = []
            size = len(machine.states) << part.bits
            offsets, which = np.full(size, NEVER, dtype=np.int64), np.full(size, NONE, dtype=np.intp)
            for code, state in enumerate(machine.states):
                lengths = []
                for bit, one in enumerate(machine.timers(state)):
                    assert one.duration is not None
                    length = with_values(one.duration, params)
                    assert isinstance(length, Const)
                    lengths.append((min(length.value, NEVER), bit, len(timers)))
                    timers.append(_timer(system, layout, params, plans, place, code, bit))
                lengths.sort(key=lambda found: found[0])
                for spent in range(1 << part.bits):
                    left = [found for found in lengths if not spent >> found[1] & 1]
                    if left:
                        offsets[code << part.bits | spent], which[code << part.bits | spent] = left[0][0], left[0][2]
            clock = _Clock(part.name, part.state, part.since, part.spent, part.bits, offsets, which, tuple(timers))
            self.clocks.append(clock)

    def due(self, columns: Columns) -> Array | None:
        """When the next timer of each lane falls due, beyond every instant where none runs; None where the system has none."""
        due: Array | None = None
        for clock in self.clocks:
            own = clock.due(columns)
            due = own if due is None else np.minimum(due, own)
        return due

    def advance(
        self,
        tables: tuple[PartTable, ...],
        columns: Columns,
        lanes: Array,
        at: Array,
        firings: int,
        emitted: list[Emission],
        timed: list[Timed],
    ) -> Passed:
        """Time passes in these lanes, to their instants."""
        out = [column.copy() for column in columns]
        here, to = [column[lanes] for column in columns], at[lanes]
        fired = [np.zeros(lanes.size, dtype=np.int64) for _ in self.clocks]
        stopped: list[Array] = []
        unfinished: list[Array] = []
        turn = 0
        while lanes.size:
            dues = [clock.due(tuple(here)) for clock in self.clocks]
            due = dues[0] if len(dues) == 1 else np.minimum.reduce(dues)
            going = due <= to
            first = np.zeros(lanes.size, dtype=np.intp) if len(dues) == 1 else np.argmin(dues, axis=0)
            for place, times in enumerate(fired):
                times += going & (first == place)
            many = np.logical_or.reduce([times > firings for times in fired])
            if np.count_nonzero(many):
                unfinished.append(lanes[many])
                going &= ~many
            ended, kept = (~going).nonzero()[0], going.nonzero()[0]
            if ended.size:
                for column, whole in zip(here, out, strict=True):
                    whole[lanes[ended]] = column[ended]
                lanes, to, due, first = lanes[kept], to[kept], due[kept], first[kept]
                here, fired = [column[kept] for column in here], [times[kept] for times in fired]
                if not lanes.size:
                    break
            here[0] = due
            plan = self._plans(tuple(here), due, first, lanes, timed, turn)
            moved = move(tables, tuple(here), plan, due, {}, lanes, turn, emitted)
            here = moved.columns
            if np.count_nonzero(moved.able) < lanes.size:
                stopped.append(lanes[~moved.able])
                kept = moved.able.nonzero()[0]
                lanes, to = lanes[kept], to[kept]
                here, fired = [column[kept] for column in here], [times[kept] for times in fired]
            turn += 1
        nobody = np.empty(0, dtype=np.intp)
        return Passed(
            tuple(out),
            np.concatenate(stopped) if stopped else nobody,
            np.concatenate(unfinished) if unfinished else nobody,
            turn,
        )

    def _plans(self, here: Columns, due: Array, first: Array, lanes: Array, timed: list[Timed], turn: int) -> Array:
        """The plan of each lane's next timer: that it fires, or that it lapses."""
        plan = np.full(due.size, NOBODY, dtype=np.intp)
        for place, clock in enumerate(self.clocks):
            which = (clock.which.take(clock.code(here)) - NONE) * (first == place) + NONE
            for number in np.unique(which):
                if number == NONE:
                    continue
                timer = clock.timers[number]
                rows = (which == number).nonzero()[0]
                reading = Reading(here, due, {}, rows)
                holds = timer.guard if isinstance(timer.guard, bool) else timer.guard(reading)
                fires = np.broadcast_to(np.asarray(holds), rows.shape)
                taken = timer.fires if isinstance(timer.fires, int) else timer.fires.plans(reading, rows.size, fires)
                plan[rows] = timer.lapses + (taken - timer.lapses) * fires
                if np.count_nonzero(fires):
                    timed.append(Timed(clock.name, timer.event, lanes[rows[fires]], due[rows[fires]], turn))
        return plan


def _timer(
    system: System, layout: Layout, params: Mapping[str, Any], plans: Plans, place: int, code: int, number: int
) -> _Timer:
    """A timer of a state, with the plans of its firing and of its lapsing."""
    part, lines = system.parts[place], plans.parts[place]
    state = part.machine.states[code]
    one, bit = part.machine.timers(state)[number], 1 << number
    lapses = plans.new()
    lines.fires(lapses, state, None, bit)
    guard = lines.guard(one, {})
    wires = [
        wire
        for wire in system.wires
        if isinstance(wire.event, Sent) and wire.event.part is part and wire.event.event is one.event
    ]
    if guard is False:
        return _Timer(one.event, False, NOBODY, lapses)
    if not wires:
        fires = plans.new()
        lines.fires(fires, state, one, bit)
        return _Timer(one.event, guard, fires, lapses)
    choice = Choice.of(system, layout, params, plans, one.event, wires, own=(lines, state, one, bit))
    return _Timer(one.event, guard, choice.always if choice.always is not None else choice, lapses)
