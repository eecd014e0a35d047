"""Where a line is meant to be taken and its values would have no room: what the check of ranges asks, said without asking.

A check and a certificate share it, as of the other checks (`wellformed`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

import attrs

from fsm.language.composition import localize
from fsm.language.expressions import Const, Formula, Not
from fsm.language.formulas import inside
from fsm.language.leaves import ELAPSED, Clock
from fsm.language.machine import State, Transition
from fsm.language.parts import One
from fsm.language.traversal import walk
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.instance import InstanceTerms, instance_leaf, no_fields, on_time
from fsm.verification.encoding.terms import conj, negated
from fsm.verification.encoding.translation import translate
from fsm.verification.engines.wellformed import ConditionPair, line_of
from fsm.verification.facts import FactId, Of

__all__ = ["Leaving", "leavings"]


@attrs.frozen(eq=False)
class Leaving:
    """A line that is meant to be taken in a state, and whose values would leave their ranges.

    Attributes:
        pair: that it is, as a term and as a formula, of a timer at the instant at which it falls due; and which line it is.
        sought: what a run is looked for to: of a timer whose guard does not read the time in state, at any instant.
    """

    line: Transition
    state: State
    pair: ConditionPair
    sought: Formula


def leavings(counting: Counting, part: One) -> dict[FactId, Leaving]:
    """Of each line whose machine had to say that its values stay in range, for each state that it leaves."""
    found: dict[FactId, Leaving] = {}
    machine = part.machine
    lines = {id(line): place for place, line in enumerate(machine.transitions)}
    for number, place in enumerate(counting.stays(part)):
        here = counting.state(part.inside(place.state))
        for line in machine.leaving(place.state):
            if line.narrowed:
                asked = _timed(counting, place, line) if line.duration is not None else _called(counting, place, line)
                words = line_of(place.state, line.as_meant, machine)
                sought = _said(place, line)
                due = sought if line.duration is None else sought & (ELAPSED == line.duration)
                pair = ConditionPair(conj((here, *asked)), localize(due, part), words)
                timeless = not any(isinstance(node, Clock) for node in walk(sought))
                goal = localize(sought, part) if timeless else pair.said
                found[FactId(Of.RANGE, (lines[id(line)], number))] = Leaving(line, place.state, pair, goal)
    return found


def _called(counting: Counting, place: InstanceTerms, line: Transition) -> Iterator[Any]:
    """Of lines that wait for an event."""
    leaf = instance_leaf(place, counting.params, lambda ref: counting.places.field(ref.event, ref))  # type: ignore[attr-defined,arg-type]  # only fields come here
    yield from counting.places.field_bounds(line.event)
    yield translate(_meant(line), leaf)
    yield from (negated(translate(one, leaf)) for one in (*_earlier(place, line), _guard(line)))


def _timed(counting: Counting, place: InstanceTerms, line: Transition) -> Iterator[Any]:
    """Of timers: it lapses, although it was meant to be taken."""
    assert line.duration is not None
    length = translate(line.duration, instance_leaf(place, counting.params, no_fields))
    yield translate(_meant(line), instance_leaf(attrs.evolve(place, elapsed=length), counting.params, no_fields))
    for timer, outcomes in on_time(place, counting.params):
        if timer is line:
            yield from (one.condition for one in outcomes if one.transition is None)


def _said(place: InstanceTerms, line: Transition) -> Formula:
    """The same of a snapshot, but for when a timer falls due."""
    earlier = () if line.duration is not None else _earlier(place, line)
    parts = [_meant(line), *(Not(one) for one in (*earlier, _guard(line)))]
    return reduce(lambda one, other: one & other, parts, inside(place.state))


def _earlier(place: InstanceTerms, line: Transition) -> list[Formula]:
    """The guards of the lines that go before it."""
    lines = place.machine.leaving(place.state)
    before = lines[: next(at for at, one in enumerate(lines) if one is line)]
    return [_guard(one) for one in before if one.event is line.event and one.duration is None]


def _guard(line: Transition) -> Formula:
    return Const(True) if line.guard is None else line.guard


def _meant(line: Transition) -> Formula:
    return Const(True) if line.meant is None else line.meant
