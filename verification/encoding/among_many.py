"""The clocks of the parts that have one instance, while those of many are counted.

What many do is as the counting encoding has it: a timer of theirs that has not fired may fire at any moment. So whatever is excluded here
never is, and what is not may not be either.

What it can never say: how long any of many has been in its state.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from fsm.language.expressions import Expr, Formula
from fsm.language.leaves import Clock
from fsm.verification.encoding.branches import Branch, Occurrence
from fsm.verification.encoding.clocked import Clocked, Happening
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import Swap, conj, equal, number

__all__ = ["AmongMany"]

Term = Any


@attrs.define(eq=False)
class AmongMany(Clocked):
    """The clocked encoding of a system of which some parts have many instances.

    Attributes:
        counting: how those are counted, and what may happen to them.
    """

    counting: Counting = attrs.field(kw_only=True)
    _steps: dict[Happening, tuple[Occurrence, Branch]] = attrs.field(init=False, factory=dict)

    def step(self, formula: Formula, happening: Happening) -> Term:
        """A formula over a step.

        Raises:
            Unencodable: it reads the time in state.
        """
        return self.counting.step(formula, *self._steps[happening])

    def state_leaf(self, expr: Expr[Any]) -> Term:
        return super().state_leaf(expr) if isinstance(expr, Clock) else self.counting.state(expr)

    def _first(self) -> dict[Any, Term]:
        return {**super()._first(), **self.counting.start}

    def _typed(self) -> list[Term]:
        return [*super()._typed(), *self.counting.typing]

    def _happenings(self) -> Iterator[Happening]:
        later, places = Swap(self.grown.items()), self.places.parts
        for one in self.counting.occurrences:
            before = len(places) if one.sender is None else places[one.sender]
            due = [
                term
                for slot in self.slots
                if slot.part is not one.sender
                for term in self.deadlines(slot, slot.age + self.delay, strict=places[slot.part] < before)
            ]
            rules = (term for _, term in one.rules)
            allowed = conj((*due, *self.places.field_bounds(one.event), *rules, one.quiet))
            for branch in one.branches:
                happening = self._happening(one, branch, allowed, later)
                self._steps[happening] = one, branch
                yield happening

    def _happening(self, one: Occurrence, branch: Branch, allowed: Term, later: Swap) -> Happening:
        ages = {slot.part: slot.age for slot in self.slots}
        firing = next((slot for slot in self.slots if slot.part is one.sender), None)
        fires = () if firing is None else (equal(firing.age, branch.lasts),)
        taken = later(conj((*branch.conditions, *branch.clock, *fires)))
        begun = {ages[moved.part]: number(0) for moved in branch.moved if moved.anew}
        changes = {**{symbol: later(term) for symbol, term in branch.next.items()}, **begun}
        actions = () if one.lapses(branch) else tuple((moved.part, moved.action) for moved in branch.moved)
        return Happening(one.event, firing or one.sender, conj((allowed, taken)), changes, actions)
