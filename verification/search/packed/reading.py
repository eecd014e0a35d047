"""Formulas over packed snapshots, as conditions on tallies.

What it can never say: anything about time in state or about effects emitted so far. Both are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from fsm.language.expressions import Expr, Formula, Param, Var
from fsm.language.leaves import Clock, Count, Emitted, FieldRef, ForEach, InState, PartVar
from fsm.language.parts import Each
from fsm.language.printing import label
from fsm.semantics.evaluation import fold
from fsm.verification.search.packed.conditions import Cond, Read, Sum, both, compare, condition, either
from fsm.verification.search.packed.instances import Being, initial, own_leaf
from fsm.verification.search.packed.refused import Unpackable
from fsm.verification.search.packed.shape import Ones, Shape

__all__ = ["Own", "PackedSituation", "held", "now"]

Counts = Callable[[int], Sum]
"""How many keys are of each kind, as a sum of how many there were before a step."""
Own = tuple[Each, Being]


def now(kind: int) -> Sum:
    return Sum(((kind, 1),))


@attrs.frozen(eq=False)
class PackedSituation:
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
