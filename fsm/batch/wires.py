"""Wires and rules for many lanes at once: which plan each lane follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from fsm.batch.expressions import Program, Reading, compile_expression
from fsm.batch.layout import Array, Layout
from fsm.batch.plans import NOBODY, Lines, Plans
from fsm.errors import CannotBatch, WiresOverlap
from fsm.language.expressions import Const
from fsm.language.machine import State, Transition
from fsm.language.system import System, Wire
from fsm.semantics.simplification import with_values

__all__ = ["Choice"]

Own = tuple[Lines, State, Transition, int]
"""Whose timer fires: its part's lines, the state, the transition, and the bit that it sets."""


@attrs.frozen(eq=False)
class Choice:
    """The wires of one event and the rules on it.

    Attributes:
        rules: what must hold.
        wires: conditions, None for one that always holds, and the plan of each.
        always: the plan where there is nothing to look at.
    """

    system: str
    event: type
    rules: tuple[Program, ...]
    wires: tuple[tuple[Program | None, int], ...]
    always: int | None

    @classmethod
    def of(
        cls,
        system: System,
        layout: Layout,
        params: Mapping[str, Any],
        plans: Plans,
        event: type,
        wires: list[Wire],
        own: Own | None = None,
    ) -> Choice:
        """The choice among wires; of an event that time sends `own` says whose timer it is, and no rule speaks of it."""

        def program(where: str, expr: Any) -> Program | bool:
            known = with_values(expr, params)
            return bool(known.value) if isinstance(known, Const) else compile_expression(where, known, layout)

        found = [] if own else [program(f"rule {rule.name!r}", rule.when) for rule in system.rules if event in rule.on]
        rules = tuple(_constant(one) if isinstance(one, bool) else one for one in found if one is not True)
        made: list[tuple[Program | None, int]] = []
        for wire in wires:
            when = True if wire.when is None else program(f"wire on {event.__name__}", wire.when)
            if when is not False:
                made.append((None if when is True else when, _plan(system, plans, wire, own)))
        always = made[0][1] if not rules and len(made) == 1 and made[0][0] is None else None
        return cls(system.name, event, rules, tuple(made), always)

    def plans(self, reading: Reading, many: int, asked: Array) -> Array:
        """The plan of each lane that is read, that of nobody where a rule forbids the event or no wire applies.

        Args:
            many: lanes are read.
            asked: which of them it is asked of.

        Raises:
            WiresOverlap: two wires apply at once.
        """
        allowed = asked
        for rule in self.rules:
            allowed = allowed & rule(reading)
        plan = np.full(many, NOBODY, dtype=np.intp)
        taken = np.zeros(many, dtype=np.bool_)
        for condition, number in self.wires:
            applies = allowed if condition is None else allowed & condition(reading)
            if np.count_nonzero(taken & applies):
                raise WiresOverlap(
                    f"system {self.system}",
                    f"two wires apply to {self.event.__name__} at once",
                    "Make their conditions disjoint.",
                )
            taken = taken | applies
            plan += applies * number
        return plan


def _constant(value: bool) -> Program:
    return lambda reading: value


def _plan(system: System, plans: Plans, wire: Wire, own: Own | None) -> int:
    """A new plan: all moves of a wire, those of a timer's own part first."""
    number = plans.new()
    named = [move.part for move in wire.moves]
    if len({id(part) for part in named}) < len(named):
        raise CannotBatch(f"wire on {wire.event_class.__name__}", "moves a part twice")
    if own is not None:
        lines, state, transition, bit = own
        lines.fires(number, state, transition, bit)
    for rank, move in enumerate(wire.moves, 1):
        plans.parts[system.place(move.part)].wired(number, move, rank)
    return number
