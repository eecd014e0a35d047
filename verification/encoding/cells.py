"""Cells: what one instance of an `each` part can be, its state and all its finite data.

Two instances in the same cell differ in their keys, their clocks and their carried data only,
and no condition tells them apart by those, except by the time in state, which is left open.

What it can never say: a variable without end; such a machine is refused, never approximated.
"""

from __future__ import annotations

from functools import cached_property
from itertools import product
from typing import Any

import attrs

from fsm.language.domains import is_finite
from fsm.language.expressions import Var
from fsm.language.machine import Machine, State, Transition
from fsm.verification.encoding.instance import InstanceTerms, NextInstance, Params, on_event, on_time, readable
from fsm.verification.encoding.places import place_of_field, place_of_value
from fsm.verification.encoding.symbols import SymbolKind, integer, of_domain
from fsm.verification.encoding.terms import FALSE, TRUE, Unencodable, conj, equal, value_of
from fsm.verification.encoding.translation import Leaf, of_value

__all__ = ["ANY_AGE", "Cell", "Cells", "Landing"]

Term = Any

ANY_AGE = integer(SymbolKind.ANY_AGE)
"""A time in state of which nothing is asked."""


@attrs.frozen(cache_hash=True)
class Cell:
    """A state with a value for each readable variable and the timers of the stay that have fired.

    Attributes:
        at: the same as places in the declaration, by which cells are told apart.
    """

    at: tuple[int, ...]
    state: State = attrs.field(eq=False)
    values: tuple[object, ...] = attrs.field(eq=False)
    spent: tuple[bool, ...] = attrs.field(eq=False)


@attrs.frozen(eq=False)
class Landing:
    """A cell that an instance can land in, when, and by which transition (None: a timer lapsed)."""

    condition: Term
    cell: Cell
    transition: Transition | None


@attrs.define(eq=False)
class Cells:
    """The cells of a machine that its own transitions can reach, whatever guards and wires say.

    Attributes:
        live: those that the wires of a system can fill, where that is known; the others are left out.

    Raises:
        Unencodable: a variable has no end.
    """

    machine: Machine
    params: Params
    live: tuple[Cell, ...] | None = None

    def __attrs_post_init__(self) -> None:
        for variable in readable(self.machine):
            if not is_finite(variable.domain):
                raise Unencodable(
                    f"{self.machine.name}.{variable.name} has no end, and {self.machine.name} stands in an each() part"
                )

    @property
    def variables(self) -> tuple[Var[Any], ...]:
        return readable(self.machine)

    @property
    def initial(self) -> Cell:
        return self.cell(self.machine.initial, tuple(variable.initial for variable in self.variables), ())

    def cell(self, state: State, values: tuple[object, ...], spent: tuple[bool, ...]) -> Cell:
        """The cell of an instance."""
        known = zip(self.variables, values, strict=True)
        at = (
            self.machine.states.index(state),
            *(place_of_value(variable.domain, value) for variable, value in known),
            *map(int, spent),
        )
        return Cell(at, state, values, spent)

    @cached_property
    def all(self) -> tuple[Cell, ...]:
        """Every cell but the initial one, in the order of discovery: what an instance that exists can be."""
        if self.live is not None:
            return self.live
        found: dict[Cell, None] = {self.initial: None}
        queue = [self.initial]
        for cell in queue:
            landings = [
                one for event in self.machine.events for one in self.on_event(cell, event, free_fields, ANY_AGE)
            ]
            landings += [one for _, timed in self.on_time(cell) for one in timed]
            for landing in landings:
                if landing.cell not in found:
                    found[landing.cell] = None
                    queue.append(landing.cell)
        return tuple(cell for cell in found if cell.state != self.machine.initial)

    def place(self, cell: Cell, elapsed: Term) -> InstanceTerms:
        values = {variable: of_value(value) for variable, value in zip(self.variables, cell.values, strict=True)}
        return InstanceTerms(
            self.machine, cell.state, values, tuple(TRUE if bit else FALSE for bit in cell.spent), elapsed
        )

    def on_event(self, cell: Cell, event: type, fields: Leaf, elapsed: Term) -> list[Landing]:
        """Where an event takes an instance of a cell."""
        return [
            landing
            for outcome in on_event(self.place(cell, elapsed), event, self.params, fields)
            for landing in self._land(outcome)
        ]

    def on_time(self, cell: Cell) -> list[tuple[Transition, list[Landing]]]:
        """Where each timer of the stay takes an instance of a cell."""
        return [
            (timer, [landing for outcome in outcomes for landing in self._land(outcome)])
            for timer, outcomes in on_time(self.place(cell, ANY_AGE), self.params)
        ]

    def _land(self, outcome: NextInstance) -> list[Landing]:
        """The cells of an outcome: one for each value that its updates may give."""
        if outcome.state == self.machine.initial:
            return [Landing(outcome.condition, self.initial, outcome.transition)]
        choices = [self._values(variable, outcome.values[variable]) for variable in self.variables]
        landings: list[Landing] = []
        spent = tuple(bool(value_of(bit)) for bit in outcome.spent)
        for picked in product(*choices):
            condition = conj([outcome.condition, *(one for _, one in picked)])
            if condition is not FALSE:
                landings.append(
                    Landing(
                        condition,
                        self.cell(outcome.state, tuple(value for value, _ in picked), spent),
                        outcome.transition,
                    )
                )
        return landings

    def _values(self, variable: Var[Any], term: Term) -> list[tuple[object, Term]]:
        values = variable.domain.values()  # type: ignore[union-attr]  # finite, checked when the cells were made
        known = [(value, equal(term, of_value(value))) for value in values]
        return [(value, here) for value, here in known if here is not FALSE]


def free_fields(expr: Any) -> Term:
    """A field of an action as a symbol of its own: any value of its domain."""
    return of_domain(expr.domain, SymbolKind.ACTION_FIELD, place_of_field(expr.event, expr))
