"""One step of many lanes at once, once it is known which plan each follows: looked up, then written where something changed."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from fsm.batch.expressions import Fields, Program, Reading
from fsm.batch.layout import Array, Columns, decoded
from fsm.batch.plans import REFUSED, Line, PartTable
from fsm.errors import BeyondBatch
from fsm.language.domains import Domain, Opaque

FEW = 6
"""So many lines are looked for one by one, which is quicker than to count all."""

__all__ = ["Emission", "Moved", "move"]


@attrs.frozen(eq=False)
class Emission:
    """One effect, emitted by some lanes in one step.

    Attributes:
        effect: its class.
        lanes: which, ascending.
        values: by field, a value for each of these lanes, or one for all, as columns have them.
        domains: of the values.
        order: by which the emissions of a lane follow each other.
    """

    effect: type
    lanes: Array
    values: dict[str, Any]
    domains: dict[str, Domain]
    order: tuple[int, int, int]

    def made(self, place: int) -> object:
        """The effect of one of these lanes, by its place among them."""
        values = {
            name: value[place] if isinstance(value, np.ndarray) and value.shape else value
            for name, value in self.values.items()
        }
        return self.effect(**{name: _value(self.domains[name], value) for name, value in values.items()})

    def without(self, lanes: Array) -> Emission:
        """The same but for some lanes, given as a mask."""
        kept = ~lanes[self.lanes]
        values = {
            name: value[kept] if isinstance(value, np.ndarray) and value.shape else value
            for name, value in self.values.items()
        }
        return attrs.evolve(self, lanes=self.lanes[kept], values=values)


def _value(domain: Domain, value: Any) -> Any:
    """A value of a column; of an instant, which is carried data, the integer."""
    return int(value) if isinstance(value, np.integer) and isinstance(domain, Opaque) else decoded(domain, value)


@attrs.frozen(eq=False)
class Moved:
    """What became of some lanes.

    Attributes:
        columns: after the step; those of a lane that could not move as they were.
        able: which lanes could move.
    """

    columns: list[Array]
    able: Array


def move(
    tables: tuple[PartTable, ...],
    columns: Columns,
    plan: Array,
    at: Array,
    fields: Fields,
    lanes: Array | None,
    turn: int,
    emitted: list[Emission],
) -> Moved:
    """Every lane moved by its plan, or not at all.

    Args:
        plan: of each lane.
        fields: of the events.
        lanes: what the lanes are called in what is emitted; None for their places.
        turn: for the order of what is emitted.

    Raises:
        BeyondBatch: a variable would be more than int64 holds.
    """
    found = [_lines(table, columns, plan, at, fields) for table in tables]
    able = found[0] != REFUSED
    if len(found) > 1:
        for other in found[1:]:
            able &= other != REFUSED
        found = [
            line * able for line in found
        ]  # in a lane that refuses no part moves; to a table that is as if it stood still
    after = list(columns)
    for table, line in zip(tables, found, strict=True):
        _move_part(table, columns, after, line, at, fields, lanes, turn, emitted)
    return Moved(after, able)


def _lines(table: PartTable, columns: Columns, plan: Array, at: Array, fields: Fields) -> Array:
    """Which line each lane takes."""
    cell = plan * table.states
    cell += columns[table.places.state]
    line = table.cells.take(cell)
    if table.chains:
        first = len(table.lines)
        if np.count_nonzero(line >= first):
            for number, chain in enumerate(table.chains, first):
                rows = (line == number).nonzero()[0]
                if rows.size:
                    line[rows] = _taken(chain, Reading(columns, at, fields, rows), rows.size)
    return line


def _taken(chain: tuple[tuple[Program | None, int], ...], reading: Reading, many: int) -> Any:
    """The first line of a chain whose guard holds, from the last to the first."""
    line: Any = 0
    for guard, number in reversed(chain):
        line = number if guard is None else line + (number - line) * guard(reading)
    return line


def _move_part(
    table: PartTable,
    columns: Columns,
    after: list[Array],
    line: Array,
    at: Array,
    fields: Fields,
    lanes: Array | None,
    turn: int,
    emitted: list[Emission],
) -> None:
    places = table.places
    stays, since = table.stays.take(line), columns[places.since]
    after[places.state] = table.target.take(line) + columns[places.state] * stays
    after[places.since] = since + (at - since) * ~stays
    if places.spent is not None:
        after[places.spent] = (columns[places.spent] | table.bit.take(line)) * stays
    for number in _present(table, line):
        mine = line == number
        rows = None if np.count_nonzero(mine) == line.size else mine.nonzero()[0]
        one = table.lines[number]
        reading = Reading(columns, at, fields, rows)
        _update(one, reading, columns, after, rows)
        who = _named(lanes, rows, line.size)
        for place, emitting in enumerate(one.effects):
            values = {name: value(reading) for name, value, _ in emitting.values}
            domains = {name: domain for name, _, domain in emitting.values}
            emitted.append(Emission(emitting.effect, who, values, domains, (turn, one.rank, place)))


def _present(table: PartTable, line: Array) -> list[int]:
    """Which of the lines that write or emit something are taken in some lane."""
    if len(table.special) > FEW:
        counts = np.bincount(line, minlength=len(table.lines))
        return [number for number in table.special if counts[number]]
    return [number for number in table.special if np.count_nonzero(line == number)]


def _named(lanes: Array | None, rows: Array | None, many: int) -> Array:
    if lanes is None:
        return np.arange(many) if rows is None else rows
    return lanes if rows is None else lanes[rows]


def _update(line: Line, reading: Reading, columns: Columns, after: list[Array], rows: Array | None) -> None:
    for place, value in line.updates:
        written = value(reading)
        if after[place] is columns[place]:
            after[place] = columns[place].copy()
        try:
            after[place][slice(None) if rows is None else rows] = written
        except OverflowError as large:
            raise BeyondBatch(
                line.where, "a variable would be more than int64 holds", "Step what has such numbers with Engine.step."
            ) from large
