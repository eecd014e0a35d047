"""From a tally to what can happen there: worked out once for all tallies that no condition tells apart.

What the conditions of a place depend on is asked of each tally with a few operations on whole numbers:
which kinds there are keys of (one addition), and the comparisons of sums that are left. Their answers
are the signature; the plan of a signature is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import attrs

from fsm.language.expressions import Formula
from fsm.semantics.evaluation import OPERATORS
from fsm.verification.search.packed.conditions import Cond, Test, tests_in, truth
from fsm.verification.search.packed.moves import Packed, moves_at, overlaps_at
from fsm.verification.search.packed.reading import PackedSituation
from fsm.verification.search.packed.shape import PLENTY, Group, Kind, Shape
from fsm.verification.search.packed.steps import step_holds

__all__ = ["Effect", "MovePlan", "Plans", "Question"]


@attrs.frozen(eq=False)
class Question:
    """What is asked of snapshots and of steps, by number.

    Attributes:
        states: formulas over snapshots.
        steps: formulas that every step shall satisfy.
    """

    states: tuple[Formula, ...] = ()
    steps: tuple[Formula, ...] = ()


@attrs.frozen
class Effect:
    """What a move makes of a tally.

    Attributes:
        event: its class.
        ones: the number of what the `one` parts are afterwards.
        shifts: kinds of keys that the event names, before and after, where they differ.
        swept: the kinds of which all other keys become of another one.
    """

    event: type
    ones: int
    shifts: tuple[tuple[int, int], ...]
    swept: tuple[tuple[int, int], ...]


@attrs.frozen(eq=False)
class MovePlan:
    """What can happen at some tallies.

    Attributes:
        number: its own; plans are numbered as they are made.
        ones: the number of what the `one` parts are.
        effects: what can happen, each event with each outcome once.
        holds: for each formula over snapshots, whether it holds.
        broken: the formulas over steps that some move does not satisfy.
        short: in a world without a limit to its keys none is left.
        final: every instance is in a state that no transition leaves.
        overlaps: the events to which two wires apply at once.
    """

    number: int
    ones: int
    effects: tuple[Effect, ...]
    holds: tuple[bool, ...]
    broken: tuple[int, ...]
    short: bool
    final: bool
    overlaps: tuple[type, ...] = ()


@attrs.frozen(eq=False)
class _Place:
    """What can happen where the `one` parts are known, and what must be asked of a tally to know which of it."""

    moves: tuple[Packed, ...]
    holds: tuple[Cond, ...]
    steps: tuple[tuple[int, Cond, Cond], ...]
    final: bool
    overlaps: tuple[tuple[type, Cond], ...]
    tests: tuple[tuple[Test, Callable[[int], bool]], ...]
    plans: dict[Hashable, MovePlan] = attrs.field(factory=dict)


class Plans:
    """The plans of a system under one profile, made where they are needed."""

    def __init__(self, shape: Shape, question: Question) -> None:
        self.shape = shape
        self.question = question
        half = 1 << (shape.width - 1)
        self._fill = sum((half - 1) * shape.unit(kind) for kind in range(len(shape.kinds)))
        self._there = sum(half * shape.unit(kind) for kind in range(len(shape.kinds)))
        self._leaving = sum(
            half * shape.unit(number) for number, (group, kind) in enumerate(shape.kinds) if _leaves(group, kind)
        )
        self._places: dict[int, _Place] = {}
        self.many = 0

    def at(self, tally: int) -> MovePlan:
        """The plan of a tally."""
        place = self._places.get(tally >> self.shape.above)
        if place is None:
            place = self._place(tally >> self.shape.above)
        there = (tally + self._fill) & self._there
        signature = (there, *[ask(tally) for _, ask in place.tests]) if place.tests else there
        plan = place.plans.get(signature)
        if plan is None:
            plan = place.plans[signature] = self._plan(place, tally, there)
        return plan

    def _place(self, number: int) -> _Place:
        ones = self.shape.one(number)
        moves = tuple(moves_at(self.shape, ones))
        standing = PackedSituation(self.shape, ones)
        holds = tuple(standing.holds(formula) for formula in self.question.states)
        asked_of_steps = ((place, formula, move) for place, formula in enumerate(self.question.steps) for move in moves)
        steps = tuple(
            (place, move.condition, step_holds(self.shape, formula, ones, move))
            for place, formula, move in asked_of_steps
        )
        overlaps = tuple(overlaps_at(self.shape, ones))
        asked = [
            *(move.condition for move in moves), *holds, *(found for _, _, found in steps), *(found for _, found in overlaps),
        ]  # fmt: skip
        tests = dict.fromkeys(test for found in asked for test in tests_in(found) if _if_some(test) is None)
        final = all(not part.machine.leaving(one.state) for part, one in zip(self.shape.ones, ones, strict=True))
        self._places[number] = _Place(
            moves, holds, steps, final, overlaps, tuple((test, self.asking(test)) for test in tests)
        )
        return self._places[number]

    def _plan(self, place: _Place, tally: int, there: int) -> MovePlan:
        answers = {test: ask(tally) for test, ask in place.tests}
        present = {
            kind for kind in range(len(self.shape.kinds)) if there & (self.shape.unit(kind) << (self.shape.width - 1))
        }

        def known(test: Test) -> bool:
            if test in answers:
                return answers[test]
            return (
                bool(_if_some(test))
                if any(kind in present for kind, _ in test.sum.many)
                else bool(OPERATORS[test.op](test.sum.constant, 0))
            )

        effects = [self._effect(move, present) for move in place.moves if truth(move.condition, known)]
        broken = (number for number, happens, found in place.steps if truth(happens, known) and not truth(found, known))
        self.many += 1
        return MovePlan(
            self.many - 1,
            tally >> self.shape.above,
            tuple(dict.fromkeys(effects)),
            tuple(truth(found, known) for found in place.holds),
            tuple(sorted(set(broken))),
            any(group.keys == PLENTY and group.first not in present for group in self.shape.groups),
            place.final and not there & self._leaving,
            tuple(dict.fromkeys(event for event, found in place.overlaps if truth(found, known))),
        )

    def _effect(self, move: Packed, present: set[int]) -> Effect:
        shifts = sorted((one.before, one.after) for one in move.named if one.after != move.lands(one.before))
        swept = sorted((kind, one.after) for kind, one in move.swept.items() if kind in present and one.after != kind)
        return Effect(move.event, self.shape.number(move.ones), tuple(shifts), tuple(swept))

    def asking(self, test: Test) -> Callable[[int], bool]:
        """A comparison as an operation on tallies.

        The counts of kinds of one group add up in one division: fields of w bits leave, divided by
        2^w - 1, the remainder of their sum, and that is smaller.
        """
        field = (1 << self.shape.width) - 1
        apply, constant = OPERATORS[test.op], test.sum.constant
        masks: dict[tuple[int, int], int] = {}
        for kind, factor in test.sum.many:
            which = (factor, self.shape.kinds[kind][0].first)
            masks[which] = masks.get(which, 0) | (field * self.shape.unit(kind))
        parts = tuple((factor, mask) for (factor, _), mask in masks.items())
        if len(parts) == 1 and parts[0][0] == 1:
            only = parts[0][1]
            return lambda tally: bool(apply((tally & only) % field, -constant))
        return lambda tally: bool(
            apply(sum([factor * ((tally & mask) % field) for factor, mask in parts]) + constant, 0)
        )


def _leaves(group: Group, kind: Kind) -> bool:
    """Whether some transition leaves the state of an instance that a key of this kind has."""
    beings = zip(group.parts, kind, strict=True)
    return any(part.machine.leaving(being.state) for part, being in beings if being.state != part.machine.initial)


MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _if_some(test: Test) -> bool | None:
    """The answer where there are keys of one of its kinds; None where that depends on how many."""
    constant, op = test.sum.constant, test.op
    if all(factor < 0 for _, factor in test.sum.many):
        constant, op = -constant, MIRRORED[op]
    elif not all(factor > 0 for _, factor in test.sum.many):
        return None
    if (op in ("==", "!=", ">", "<=") and constant >= 0) or (op in (">=", "<") and constant >= -1):
        return op in ("!=", ">", ">=")
    return None
