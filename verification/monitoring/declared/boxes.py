"""Parameters that nobody saw: for each the values that are left, and which of them an event can tell apart.

An unbounded integer is compared with counts and constants. Beyond every number that can stand on the other side its values
all do the same, so that the last one that is listed stands for all that are greater: `LAST`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from fsm.errors import BadProfile
from fsm.language.domains import Domain, Integers, Opaque
from fsm.language.expressions import Const, Param
from fsm.language.parameters import Assumption
from fsm.language.printing import value_in_words
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.semantics.simplification import with_values

__all__ = [
    "LAST",
    "MANY",
    "Box",
    "either",
    "first_box",
    "joined",
    "left_in_words",
    "narrowed",
    "pieces",
    "stands_for_more",
]

Box = tuple[tuple[Any, ...], ...]
"""For each parameter, in the order of the declaration, the values that are left."""

MANY = 16
"""So many values of an unbounded integer are listed one by one, beside those around the declaration's constants."""

LAST = 1 << 40
"""Stands for every greater value of an integer without an upper bound."""


def first_box(system: System, given: Mapping[str, Any], fixed: Mapping[str, Any], numbers: Iterable[int]) -> Box:
    """Every value that the declaration allows where none is given.

    Args:
        given: values that are known, by name.
        fixed: values that a profile fixes.
        numbers: constants that conditions compare with.

    Raises:
        BadProfile: a value that is given is none of its parameter's, or the assumptions leave nothing.
    """
    names = {one.name: one for one in system.parameters}
    for name, value in given.items():
        if name not in names:
            raise BadProfile(
                "parameters", f"{name!r} is no parameter of {system.name}", f"It has {', '.join(names) or 'none'}."
            )
        if not names[name].domain.contains(value):
            raise BadProfile(f"parameters.{name}", f"{value!r} is not {names[name].domain}")
    known = {**fixed, **given}
    cut = sorted(set(numbers))
    box = tuple((known[one.name],) if one.name in known else _listed(one.domain, cut) for one in system.parameters)
    found = _allowed(system, box)
    if found is None:
        raise BadProfile("parameters", "break an assumption", "Give values that the assumptions allow, or fewer.")
    return found


def _listed(domain: Domain, numbers: Sequence[int]) -> tuple[Any, ...]:
    if not isinstance(domain, Integers):
        return () if isinstance(domain, Opaque) else tuple(domain.values())
    low, high = domain.low, domain.high
    if low is not None and high is not None and high - low < 4 * MANY:
        return tuple(range(low, high + 1))
    first = 0 if low is None else low
    near = {number + step for number in numbers for step in (-1, 0, 1)} | set(range(first, first + MANY))
    ends = {LAST if high is None else high} | ({-LAST} if low is None else set())
    return tuple(sorted(value for value in near | ends if domain.contains(value)))


def stands_for_more(domain: Domain, values: Sequence[Any]) -> bool:
    """Whether these values stand for others that are not listed."""
    if not isinstance(domain, Integers) or len(values) < 2:
        return False
    return bool(values[-1] - values[0] >= len(values))


def _allowed(system: System, box: Box) -> Box | None:
    """The box without values that some assumption excludes whatever the others are; None where nothing is left."""
    places = {param.name: place for place, param in enumerate(system.parameters)}
    made = list(box)
    for assumption in system.all_assumptions:
        read = sorted({places[node.name] for node in walk(assumption.that) if isinstance(node, Param)})
        kept = [
            chosen for chosen in product(*(made[place] for place in read)) if _holds(system, assumption, read, chosen)
        ]
        if not kept:
            return None
        for number, place in enumerate(read):
            left = {chosen[number] for chosen in kept}
            made[place] = tuple(value for value in made[place] if value in left)
    return tuple(made)


def _holds(system: System, assumption: Assumption, read: Sequence[int], chosen: Sequence[Any]) -> bool:
    params = {system.parameters[place].name: value for place, value in zip(read, chosen, strict=True)}
    said = with_values(assumption.that, params)
    return not isinstance(said, Const) or bool(said.value)


def pieces(box: Box, read: Iterable[int]) -> Iterator[Box]:
    """The box once for each choice of values of these parameters."""
    several = [place for place in read if len(box[place]) > 1]
    if not several:
        yield box
        return
    for chosen in product(*(box[place] for place in several)):
        made = list(box)
        for place, value in zip(several, chosen, strict=True):
            made[place] = (value,)
        yield tuple(made)


def joined(one: Box, other: Box) -> Box | None:
    """Both as one box, where they differ in one parameter only."""
    differing = [place for place, (mine, yours) in enumerate(zip(one, other, strict=True)) if mine != yours]
    if len(differing) > 1:
        return None
    if not differing:
        return one
    place = differing[0]
    both = {*one[place], *other[place]}
    values = (
        tuple(sorted(both))
        if all(type(value) is int for value in both)
        else tuple(dict.fromkeys((*one[place], *other[place])))
    )
    return (*one[:place], values, *one[place + 1 :])


def narrowed(domain: Domain, values: Sequence[Any], low: int, high: int, *, listed: bool) -> tuple[Any, ...]:
    """Those of the values that lie between two; nothing where none does.

    Args:
        listed: they stand for no others.
    """
    fitting = tuple(value for value in values if low <= value <= high)
    if listed:
        return fitting
    ends = (max(low, values[0]), high if values[-1] == LAST else min(high, values[-1]))
    if ends[0] > ends[1]:
        return ()
    return tuple(sorted({*fitting, *(end for end in ends if domain.contains(end))}))


def either(box: Box, others: Iterable[Box]) -> Box:
    """Every value that stands in one of these."""
    several = [box, *others]
    return tuple(tuple(dict.fromkeys(value for one in several for value in one[place])) for place in range(len(box)))


def left_in_words(system: System, boxes: Sequence[Box], first: Box) -> tuple[str, ...]:
    """Of each parameter that was not given, the values that are left: `max_chats: 3 or more`."""
    found = []
    for place, param in enumerate(system.parameters):
        if len(first[place]) > 1 and boxes:
            left = {value for box in boxes for value in box[place]}
            every = [*first[place], *sorted(left.difference(first[place]))]
            every = sorted(every) if all(type(value) is int for value in every) else every
            values = [value for value in every if value in left]
            if len(values) < len(every):
                found.append(f"{param.name}: {_in_words(values, every)}")
    return tuple(found)


def _in_words(values: Sequence[Any], every: Sequence[Any]) -> str:
    numbers = all(type(value) is int for value in values)
    if numbers and len(values) > 1 and list(values) == [value for value in every if values[0] <= value <= values[-1]]:
        return f"{values[0]} or more" if values[-1] == LAST else f"{values[0]} to {values[-1]}"
    return " or ".join(value_in_words(value) for value in values)
