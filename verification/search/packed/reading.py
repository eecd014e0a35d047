"""Formulas over packed snapshots and over the steps between them, as conditions on tallies.

What it can never say: anything about time in state or about effects emitted so far. Both are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from fsm.language.events import label
from fsm.language.expressions import Expr, Formula, Param, Var
from fsm.language.leaves import Clock, Count, Emitted, FieldRef, ForEach, Happens, InState, Moment, PartVar
from fsm.language.parts import Each
from fsm.semantics.evaluation import fold
from fsm.verification.search.packed.conditions import Cond, Read, Sum, both, compare, condition, either, worth
from fsm.verification.search.packed.instances import Being, initial, own_leaf
from fsm.verification.search.packed.refused import Unpackable
from fsm.verification.search.packed.shape import Kind, Ones, Shape

if TYPE_CHECKING:
    from fsm.verification.search.packed.moves import Packed

__all__ = ["Standing", "step_holds"]

Counts = Callable[[int], Sum]
"""How many keys are of each kind, as a sum of how many there were before a step."""
Own = tuple[Each, Being]


def now(kind: int) -> Sum:
    return Sum(((kind, 1),))


@attrs.frozen(eq=False)
class Standing:
    """A snapshot of which the `one` parts are known, and of the others how their kinds are counted."""

    shape: Shape
    ones: Ones
    counts: Counts = now
    payload: Mapping[str, Any] = attrs.field(factory=dict)

    def holds(self, formula: Formula, own: Own | None = None) -> Cond:
        """When a formula holds there; `own` is the instance that a `for_each` speaks of."""
        return condition(formula, self.leaf(own))

    def leaf(self, own: Own | None = None) -> Read:
        """What leaves of formulas, rules and conditions of wires are worth there."""

        def read(expr: Expr[Any]) -> Any:
            match expr:
                case InState(part=part, states=states) if part is not None:
                    return self.ones[self.shape.ones.index(part)].state in states
                case PartVar(part=part, var=var):
                    return own_leaf(part.machine, self.ones[self.shape.ones.index(part)])(var)
                case Count(part=Each() as part, where=where):
                    return self.counted(part, where)
                case Param(name=name):
                    return self.shape.params[name]
                case FieldRef(name=name):
                    return self.payload[name]
                case ForEach(part=Each() as part, formula=claim):
                    present = ((kind, being) for kind, being in held(self.shape, part))
                    return both(
                        either([compare("<=", self.counts(kind), 0), self.holds(claim, (part, being))])
                        for kind, being in present
                    )
                case Emitted(effect=effect):
                    raise Unpackable(f"how many {label(effect)} there ever were is not packed")
                case Clock(part=None) | Var() | InState() if own is not None:
                    return own_leaf(own[0].machine, own[1])(expr)
                case Clock(part=part):
                    raise Unpackable(f"the time in state of {getattr(part, 'name', 'a machine')} is not packed")
                case _:
                    raise AssertionError(expr)

        return read

    def counted(self, part: Each, where: Formula) -> Sum:
        """How many instances of a part fit."""
        found = Sum()
        for kind, being in held(self.shape, part):
            if fold(where, self._selecting(part, being)):
                found = found.plus(self.counts(kind))
        return found

    def _selecting(self, part: Each, being: Being) -> Read:
        own = own_leaf(part.machine, being)
        return lambda expr: self.shape.params[expr.name] if isinstance(expr, Param) else own(expr)


def held(shape: Shape, part: Each) -> list[tuple[int, Being]]:
    """The kinds of keys that a part holds an instance for, each with what that is."""
    absent = initial(part.machine).state
    found = []
    for number, (group, kind) in enumerate(shape.kinds):
        if part in group.parts and kind[group.parts.index(part)].state != absent:
            found.append((number, kind[group.parts.index(part)]))
    return found


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
    before: Standing
    after: Standing

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
    return Stride(shape, move, Standing(shape, before), Standing(shape, move.ones, move.counts)).holds(formula)
