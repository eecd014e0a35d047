"""What each instance may have been by some instant, in whichever run: its states, each with when it may have been entered, and its values.

What belongs together in one run is not remembered. So everything that can be is among this, and more.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from fsm.language.expressions import Expr, Param, Var
from fsm.language.leaves import Count, FieldRef, InState, PartVar
from fsm.verification.monitoring.declared.boxes import LAST, Box
from fsm.verification.monitoring.declared.declaration import UNKNOWN, Declaration
from fsm.verification.monitoring.declared.intervals import FAR, Interval
from fsm.verification.monitoring.declared.worth import (
    NO_END,
    Numbers,
    Worth,
    may_be,
    must_be,
    of_domain,
    union,
    widened,
    worth,
)
from fsm.verification.monitoring.explaining.explanation import Explanation, Held

__all__ = ["OTHERS", "Relaxed", "Whereabouts", "relaxed_leaf"]


class _Others:
    """The key of every instance that has no name here."""

    def __repr__(self) -> str:
        return "others"


OTHERS = _Others()


@attrs.define(eq=False)
class Whereabouts:
    """What one instance may have been.

    Attributes:
        states: with the interval in which each may have been entered.
        values: by state, of each variable.
    """

    states: dict[str, Interval]
    values: dict[str, tuple[Worth, ...]]

    def copy(self) -> Whereabouts:
        return Whereabouts(dict(self.states), dict(self.values))

    def enter(self, state: str, when: Interval, values: tuple[Worth, ...], *, growing: bool = False) -> bool:
        """It may have entered the state then, with these values; whether that is new.

        Args:
            growing: numbers that grow do so for ever.
        """
        known = self.states.get(state)
        if known is None:
            self.states[state], self.values[state] = when, values
            return True
        wider = (min(known[0], when[0]), max(known[1], when[1]))
        before = self.values[state]
        both = before if before == values else tuple(union(pair) for pair in zip(before, values, strict=True))
        if growing:
            both = tuple(widened(*pair) for pair in zip(before, both, strict=True))
        self.states[state], self.values[state] = wider, both
        return wider != known or both != before

    def keep(self, states: Iterable[str]) -> None:
        """It was in one of these."""
        self.states = {state: self.states[state] for state in states}

    def join(self, other: Whereabouts) -> None:
        for state, when in other.states.items():
            self.enter(state, when, other.values[state])

    def value(self, slot: int) -> Worth:
        """What a variable may be, in whichever state."""
        return union(self.values[state][slot] for state in self.states)


@attrs.define(eq=False)
class Relaxed:
    """What a system may have been.

    Attributes:
        parts: by place, its instances by key: None for the one of a `one` part, OTHERS for those without a name.
        box: of each parameter, what it may be.
    """

    declaration: Declaration
    parts: list[dict[Any, Whereabouts]]
    box: list[Worth]

    @classmethod
    def of(cls, declaration: Declaration, one: Explanation) -> Relaxed:
        """An explanation, relaxed."""
        parts = [_instances(declaration, place, part, one) for place, part in enumerate(one.parts)]
        return cls(declaration, parts, _relaxed_box(declaration, one.box))

    @classmethod
    def anything(cls, declaration: Declaration, high: int, boxes: Iterable[Box]) -> Relaxed:
        """Everything that can be at some instant up to this one."""
        parts: list[dict[Any, Whereabouts]] = []
        for place, start in enumerate(declaration.initial):
            parts.append({None if start is None else OTHERS: _any_of(declaration, place, high)})
        several = [_relaxed_box(declaration, box) for box in (declaration.first_box, *boxes)]
        return cls(declaration, parts, [union(values) for values in zip(*several, strict=True)])

    def copy(self) -> Relaxed:
        parts = [{key: one.copy() for key, one in part.items()} for part in self.parts]
        return Relaxed(self.declaration, parts, list(self.box))

    def join(self, other: Relaxed) -> None:
        """What may have been there too."""
        for place, part in enumerate(other.parts):
            for key, one in part.items():
                self.instance(place, key).join(one)
        for place, part in enumerate(self.parts):
            for key, one in part.items():
                if key not in other.parts[place]:
                    one.join(other.parts[place][OTHERS])
        self.box = [union(pair) for pair in zip(self.box, other.box, strict=True)]

    def tell(self, parameters: Sequence[tuple[int, Any]], *, before: bool = False, ever: bool = False) -> None:
        """Values of parameters were told.

        Args:
            before: they may be so already.
            ever: they were so, and may be otherwise since.
        """
        any_of = _relaxed_box(self.declaration, self.declaration.any_box) if parameters else []
        for place, value in parameters:
            told: Worth = any_of[place] if value is UNKNOWN else frozenset((value,))
            if ever:
                self.box[place] = union((told, any_of[place]))
            else:
                self.box[place] = union((self.box[place], told)) if before else told

    def instance(self, place: int, key: Hashable) -> Whereabouts:
        """An instance by its key; one that had no name yet is as the others are."""
        part = self.parts[place]
        if key not in part:
            part[key] = part[OTHERS].copy()
        return part[key]

    # What conditions are worth

    def leaf(self, fields: Mapping[str, Worth]) -> Callable[[Expr[Any]], Worth]:
        """What leaves of a condition of the system may be worth.

        Args:
            fields: of the event, those that are known.
        """

        def read(node: Expr[Any]) -> Worth:
            match node:
                case InState(part=part, states=states) if part is not None:
                    (one,) = self._part(part.name).values()
                    names = {state.name for state in states}
                    return frozenset(state in names for state in one.states)
                case PartVar(part=part, var=var):
                    (one,) = self._part(part.name).values()
                    return one.value(self._slot(part.name, var))
                case Count():
                    return self.count(node)
                case _:
                    return self._given(node, fields)

        return read

    def own_leaf(self, place: int, one: Whereabouts, state: str, fields: Mapping[str, Worth]) -> Any:
        """What leaves of a condition of a machine may be worth, of one instance in a state."""
        names = {id(variable): slot for slot, variable in enumerate(self.declaration.machines[place].variables)}

        def read(node: Expr[Any]) -> Worth:
            match node:
                case Var():
                    slot = names.get(id(node))
                    return None if slot is None else one.values[state][slot]
                case InState(part=None, states=states):
                    inside = {known.name for known in states}
                    return frozenset((state in inside,))
                case _:
                    return self._given(node, fields)

        return read

    def _given(self, node: Expr[Any], fields: Mapping[str, Worth]) -> Worth:
        """What a parameter or a field may be worth; None for anything else."""
        match node:
            case Param(name=name):
                return self.box[self._param(name)]
            case FieldRef(name=name):
                return fields.get(name)
            case _:
                return None

    def count(self, node: Count) -> Numbers:
        """How many instances may be counted."""
        place = self.declaration.places[node.part.name]
        start = self.declaration.initial[place]
        low = high = 0
        for key, one in self.parts[place].items():
            said = [
                frozenset((False,)) if state == start else worth(node.where, self.own_leaf(place, one, state, {}))
                for state in one.states
            ]
            if any(may_be(value, True) for value in said):
                high = NO_END if key is OTHERS else high + 1
            if key is not OTHERS and all(must_be(value, True) for value in said):
                low += 1
        return Numbers(low, high)

    def _part(self, name: str) -> dict[Any, Whereabouts]:
        return self.parts[self.declaration.places[name]]

    def _slot(self, part: str, variable: object) -> int:
        machine = self.declaration.machines[self.declaration.places[part]]
        return next(slot for slot, one in enumerate(machine.variables) if one is variable)

    def _param(self, name: str) -> int:
        return next(place for place, one in enumerate(self.declaration.system.parameters) if one.name == name)


def relaxed_leaf(
    declaration: Declaration, one: Explanation, payload: Mapping[str, Any]
) -> Callable[[Expr[Any]], Worth]:
    """What leaves of a condition may be worth in an explanation: of what nobody named there may be as many as one likes."""
    fields: dict[str, Worth] = {name: None if value is UNKNOWN else _single(value) for name, value in payload.items()}
    return Relaxed.of(declaration, one).leaf(fields)


def _instances(declaration: Declaration, place: int, part: Any, one: Explanation) -> dict[Any, Whereabouts]:
    start = declaration.initial[place]
    if part is None:
        return {None: _any_of(declaration, place, one.now[1])}
    if isinstance(part, Held):
        return {None: _as_held(declaration, place, part)}
    found: dict[Any, Whereabouts] = {key: _as_held(declaration, place, held) for key, held in part.items()}
    if place in one.open:
        found[OTHERS] = _any_of(declaration, place, one.now[1])
    else:
        assert start is not None
        first = declaration.first(place)
        found[OTHERS] = Whereabouts({start: (-FAR, FAR)}, {start: tuple(map(_single, first[3:]))})
    return found


def _as_held(declaration: Declaration, place: int, held: Held) -> Whereabouts:
    variables = declaration.machines[place].variables
    values: Iterator[Worth] = (
        of_domain(one.domain) if value is UNKNOWN else _single(value)
        for one, value in zip(variables, held.values, strict=True)
    )
    return Whereabouts({held.state: held.since}, {held.state: tuple(values)})


def _single(value: Any) -> Worth:
    try:
        return frozenset((value,))
    except TypeError:  # carried data that has no hash: nothing reads it
        return None


def _any_of(declaration: Declaration, place: int, high: int) -> Whereabouts:
    machine = declaration.machines[place]
    values = tuple(of_domain(one.domain) for one in machine.variables)
    names = [state.name for state in machine.states]
    return Whereabouts(dict.fromkeys(names, (-FAR, high)), dict.fromkeys(names, values))


def _relaxed_box(declaration: Declaration, box: Box) -> list[Worth]:
    listed = ((values, declaration.open_to(place, values)) for place, values in enumerate(box))
    return [frozenset(values) if every is None else _between(values, every) for values, every in listed]


def _between(values: tuple[Any, ...], listed: tuple[Any, ...]) -> Numbers:
    """With the numbers that are not listed, up to the next ones that are."""
    below = max((one for one in listed if one < min(values)), default=None)
    above = min((one for one in listed if one > max(values)), default=None)
    low = -NO_END if below is None and min(values) == -LAST else min(values) if below is None else below + 1
    high = NO_END if above is None and max(values) == LAST else max(values) if above is None else above - 1
    return Numbers(low, max(low, high))
