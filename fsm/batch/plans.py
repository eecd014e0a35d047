"""What can happen in one step, as tables: a plan is one wire that applies, or one timer that fires, and says by which line each part moves.

A part's table gives for a plan and a state a cell: that nothing can move there, that the part stands still, a line, or a chain of
lines of which the first is taken whose guard holds. So most lanes are answered by looking up, whatever their events are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from fsm.batch.expressions import Program, as_objects, compile_expression
from fsm.batch.layout import Array, Layout, PartPlaces
from fsm.language.domains import Domain, Opaque
from fsm.language.events import field_refs
from fsm.language.expressions import Const, Expr
from fsm.language.leaves import FieldRef
from fsm.language.machine import State, Transition
from fsm.language.parts import Move
from fsm.language.rewriting import substitute
from fsm.semantics.simplification import with_values

__all__ = ["PASSES", "REFUSED", "STILL", "Chain", "Emitting", "Line", "Lines", "PartTable", "Plans"]

REFUSED, STILL = 0, 1
"""Cells: no line of the part can be taken; the part is not named."""
NOBODY, PASSES = 0, 1
"""Plans: no wire applies; time alone passes."""

Chain = tuple[tuple[Program | None, int], ...]
"""Guards, and the line that is taken where one holds."""


@attrs.frozen(eq=False)
class Emitting:
    """An effect that a line emits.

    Attributes:
        values: for each of its fields what it is given, and the domain of that.
    """

    effect: type
    values: tuple[tuple[str, Program, Domain], ...]


@attrs.frozen(eq=False)
class Line:
    """One way in which a part moves.

    Attributes:
        target: the place of the state it leads to; None where it stays.
        bit: what it sets of the timers that have fired.
        updates: columns and what is written there.
        rank: of the move among those of its plan, in whose order effects are emitted.
        where: it stands, in a message.
    """

    target: int | None
    bit: int
    updates: tuple[tuple[int, Program], ...]
    effects: tuple[Emitting, ...]
    rank: int
    where: str


@attrs.frozen(eq=False)
class PartTable:
    """A part's cells, as arrays that are taken from.

    Attributes:
        cells: by plan and state; a number of a line, or, from `len(lines)`, of a chain.
        states: how many the machine has.
        stays, target, bit: by line; nought is the target of one that stays.
        special: the lines that write variables or emit something.
    """

    places: PartPlaces
    cells: Array
    states: int
    lines: tuple[Line, ...]
    chains: tuple[Chain, ...]
    stays: Array
    target: Array
    bit: Array
    special: tuple[int, ...]


class Lines:
    """The lines of one part, as they are met."""

    def __init__(self, layout: Layout, part: PartPlaces, params: Mapping[str, Any]) -> None:
        self.layout, self.part, self.params = layout, part, params
        still = Line(None, 0, (), (), 0, "")
        self.lines: list[Line] = [still, still]
        self.chains: list[Chain] = []
        self.plans: dict[int, list[int | Chain]] = {}
        self._known: dict[Any, int] = {}

    def wired(self, plan: int, move: Move, rank: int) -> None:
        """In a plan the part moves by an action, whose fields the wire gives."""
        refs = field_refs(move.action)
        fields = {refs[name]: value for name, value in move.payload}
        cells: list[int | Chain] = []
        for state in self.part.machine.states:
            taken = [one for one in self.part.machine.leaving(state) if one.event is move.action]
            cells.append(self._chain([(plan, one, state, fields, rank) for one in taken]))
        self.plans[plan] = cells

    def fires(self, plan: int, state: State, one: Transition | None, bit: int) -> None:
        """In a plan a timer of a state moves the part, or lapses where there is no transition; its guard was looked at."""
        cells: list[int | Chain] = [REFUSED] * len(self.part.machine.states)
        line = self._lapse(bit) if one is None else self._line(plan, one, state, {}, 0)
        cells[self.part.machine.states.index(state)] = line
        self.plans[plan] = cells

    def guard(self, one: Transition, fields: Mapping[FieldRef[Any], Expr[Any]]) -> Program | bool:
        """The guard of a transition; true or false where the profile makes it so."""
        guard = None if one.guard is None else self._wired(one.guard, fields)
        if guard is None or isinstance(guard, Const):
            return guard is None or bool(guard.value)
        return self._program(one.where, guard)

    def _chain(self, taken: list[tuple[int, Transition, State, Mapping[FieldRef[Any], Expr[Any]], int]]) -> int | Chain:
        chain: list[tuple[Program | None, int]] = []
        for plan, one, state, fields, rank in taken:
            guard = self.guard(one, fields)
            if guard is not False:
                chain.append((None if guard is True else guard, self._line(plan, one, state, fields, rank)))
            if guard is True:
                break
        if not chain:
            return REFUSED
        return chain[0][1] if chain[0][0] is None else tuple(chain)

    def _lapse(self, bit: int) -> int:
        self.lines.append(Line(None, bit, (), (), 0, ""))
        return len(self.lines) - 1

    def _line(
        self, plan: int, one: Transition, state: State, fields: Mapping[FieldRef[Any], Expr[Any]], rank: int
    ) -> int:
        machine = self.part.machine
        timers = machine.timers(state)
        bit = 1 << timers.index(one) if one.duration is not None and one.target is None else 0
        name = (plan, id(one), bit)
        if name not in self._known:
            updates = tuple(
                (self.part.variables[variable.name], self._value(one.sets(variable), value, variable.domain, fields))
                for variable, value in one.updates
            )
            emits = tuple(
                Emitting(
                    emit.effect,
                    tuple(
                        (field, self._program(one.emitting(emit.effect, field), wired), wired.domain)
                        for field, value in emit.fields
                        for wired in (self._wired(value, fields),)
                    ),
                )
                for emit in one.effects
            )
            target = None if one.target is None else machine.states.index(one.target)
            self.lines.append(Line(target, bit, updates, emits, rank, f"{machine.name}: {one.where}"))
            self._known[name] = len(self.lines) - 1
        return self._known[name]

    def _wired(self, expr: Expr[Any], fields: Mapping[FieldRef[Any], Expr[Any]]) -> Expr[Any]:
        return with_values(
            substitute(expr, lambda node: fields.get(node) if isinstance(node, FieldRef) else None), self.params
        )

    def _program(self, where: str, expr: Expr[Any]) -> Program:
        return compile_expression(f"{self.part.machine.name}: {where}", expr, self.layout, self.part)

    def _value(self, where: str, expr: Expr[Any], wanted: Domain, fields: Mapping[FieldRef[Any], Expr[Any]]) -> Program:
        """What is written to a variable; to carried data the objects themselves."""
        wired = self._wired(expr, fields)
        program = self._program(where, wired)
        if not isinstance(wanted, Opaque):
            return program
        objects = as_objects(wired.domain)
        return lambda reading: objects(program(reading), len(reading.at))

    def table(self, plans: int) -> PartTable:
        """All that was met, for so many plans; the part stands still in those that do not name it."""
        machine, number, lines = self.part.machine, len(self.lines), self.lines
        cells = np.full((plans, len(machine.states)), STILL, dtype=np.intp)
        cells[NOBODY] = REFUSED
        for plan, row in self.plans.items():
            for state, cell in enumerate(row):
                if isinstance(cell, tuple):
                    if cell not in self.chains:
                        self.chains.append(cell)
                    cell = number + self.chains.index(cell)
                cells[plan, state] = cell
        return PartTable(
            places=self.part,
            cells=cells.reshape(-1),
            states=len(machine.states),
            lines=tuple(lines),
            chains=tuple(self.chains),
            stays=np.array([one.target is None for one in lines]),
            target=np.array([one.target or 0 for one in lines], dtype=self.layout.dtypes()[self.part.state]),
            bit=np.array([one.bit for one in lines], dtype=np.uint16),
            special=tuple(place for place, one in enumerate(lines) if one.updates or one.effects),
        )


class Plans:
    """The plans of a system under a profile, numbered as they are met.

    Attributes:
        named: by plan, the parts it names.
    """

    def __init__(self, layout: Layout, params: Mapping[str, Any]) -> None:
        self.parts = tuple(Lines(layout, part, params) for part in layout.parts)
        self.many = 2

    def new(self) -> int:
        self.many += 1
        return self.many - 1

    def tables(self) -> tuple[PartTable, ...]:
        return tuple(lines.table(self.many) for lines in self.parts)
