"""Formulas over the steps between packed snapshots, as conditions on the tally before the step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from fsm.language.expressions import Expr, Formula
from fsm.language.leaves import ForEach, Happens, Moment
from fsm.language.parts import Each
from fsm.verification.search.packed.conditions import Cond, Read, Sum, both, compare, condition, either, worth
from fsm.verification.search.packed.moves import Packed
from fsm.verification.search.packed.reading import Own, PackedSituation, now
from fsm.verification.search.packed.shape import Kind, Ones, Shape

__all__ = ["step_holds"]


@attrs.frozen(eq=False)
class Side:
    """What became of one key in a step: its kinds before and after, and the action taken in each part that moved."""

    before: Kind
    after: Kind
    actions: Mapping[Each, type]


@attrs.frozen(eq=False)
class Stride:
    """A step of which the move is known: before it, and after it."""

    shape: Shape
    move: Packed
    before: PackedSituation
    after: PackedSituation

    def holds(self, formula: Formula) -> Cond:
        """When a formula over steps holds of it, said of the tally before."""
        return condition(formula, self.leaf(None, None))

    def leaf(self, part: Each | None, side: Side | None) -> Read:
        """What leaves are worth; in a `for_each`, also of one instance of the part."""

        def read(expr: Expr[Any]) -> Any:
            match expr:
                case Moment(when="before", of=of):
                    return worth(of, self.before.leaf(self._own(part, None if side is None else side.before)))
                case Moment(of=of):
                    return worth(of, self.after.leaf(self._own(part, None if side is None else side.after)))
                case Happens(events=events) if part and side and any(event in part.machine.events for event in events):
                    return side.actions.get(part) in events
                case Happens(events=events):
                    return self._happens(events)
                case ForEach(part=Each() as each, formula=claim):
                    return both(self._each(each, claim))
                case _:
                    return self.before.leaf()(expr)

        return read

    def _own(self, part: Each | None, kind: Kind | None) -> Own | None:
        return None if part is None or kind is None else (part, self.shape.component(part, kind))

    def _happens(self, events: tuple[type, ...]) -> Cond:
        taken = {action for _, action in self.move.actions} | {
            action for one in self.move.named for action in one.actions.values()
        }
        if self.move.event in events or taken & set(events):
            return True
        return either(
            compare(">", now(kind), 0)
            for kind, swept in self.move.swept.items()
            if set(swept.actions.values()) & set(events)
        )

    def _each(self, part: Each, claim: Formula) -> Iterator[Cond]:
        """Those that the event names, then those of each kind that it does not."""
        kinds = self.shape.kinds
        for one in self.move.named:
            yield self._instance(part, claim, Side(kinds[one.before][1], kinds[one.after][1], one.actions), one.before)
        for kind in range(len(kinds)):
            others = now(kind).plus(Sum((), -sum(one.before == kind for one in self.move.named)))
            swept = self.move.swept.get(kind)
            side = Side(kinds[kind][1], kinds[self.move.lands(kind)][1], {} if swept is None else swept.actions)
            yield either([compare("<=", others, 0), self._instance(part, claim, side, kind)])

    def _instance(self, part: Each, claim: Formula, side: Side, kind: int) -> Cond:
        if part not in self.shape.kinds[kind][0].parts:
            return True
        absent = part.machine.initial
        if absent == self.shape.component(part, side.before).state == self.shape.component(part, side.after).state:
            return True
        return condition(claim, self.leaf(part, side))


def step_holds(shape: Shape, formula: Formula, before: Ones, move: Packed) -> Cond:
    """When a formula over steps holds of a move, said of the tally before it."""
    return Stride(shape, move, PackedSituation(shape, before), PackedSituation(shape, move.ones, move.counts)).holds(
        formula
    )
