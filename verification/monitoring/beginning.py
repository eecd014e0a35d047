"""What a machine may be where a monitor begins: as it starts, anything at all, or what was seen against the declaration."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

import attrs

from fsm.verification.monitoring.declared.boxes import Box, either
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.declared.intervals import Interval, up_to
from fsm.verification.monitoring.explaining.explanation import Explanation, Held, merged
from fsm.verification.monitoring.explaining.matching import forced, replaced
from fsm.verification.monitoring.explaining.passing import until
from fsm.verification.monitoring.explaining.reading import Item, read
from fsm.verification.monitoring.explaining.run import Permit, Run
from fsm.verification.monitoring.explaining.unknown import known_parts

__all__ = ["anything", "initial", "resumed"]


def initial(run: Run, high: int, begins: int | None) -> Explanation:
    """The machine as it starts.

    Args:
        high: the latest instant at which it can have started, where that is not known.
        begins: the instant, milliseconds.
    """
    declaration = run.declaration
    now: Interval = up_to(high) if begins is None else (begins, begins)
    parts: list[Any] = []
    for place, start in enumerate(declaration.initial):
        one = declaration.first(place)
        parts.append(Held(one[0], 0, tuple(one[3:]), now) if start is None else {})
    return Explanation(tuple(parts), now, declaration.first_box)


def anything(run: Run, high: int, known: Iterable[Box] = ()) -> list[Explanation]:
    """Everything that may be of a machine of which nothing is known, at some instant up to this one.

    Args:
        known: values of parameters that were seen on the way, beside those that may be from the beginning.
    """
    declaration = run.declaration
    keyed = frozenset(place for place, start in enumerate(declaration.initial) if start is not None)
    parts: tuple[Any, ...] = tuple({} if place in keyed else None for place in range(len(declaration.parts)))
    nothing = Explanation(parts, up_to(high), either(declaration.first_box, known), keyed, opened=high)
    return known_parts(run, nothing, declaration.waking - keyed)


def resumed(run: Run, beliefs: Sequence[Explanation], item: Item) -> list[Explanation]:
    """What the machine may be after what was seen, the rules left aside, then also what it was before."""
    lost = item._replace(permit=Permit(gap=True), at=(item.at[0], max(item.at[1], *(one.now[0] for one in beliefs))))
    for free in (False, True):
        run = attrs.evolve(run, free=free)
        found = [made for one in beliefs for made in read(run, one, lost)]
        if found:
            return merged(run.declaration, found)
    found = [made for one in beliefs for made in _nevertheless(run, one, lost)]
    return merged(run.declaration, found) or anything(run, lost.at[1])


def _nevertheless(run: Run, one: Explanation, item: Item) -> Iterator[Explanation]:
    """What was seen has happened, though the instances that it moves could not."""
    current = until(run, one, item.at, item.permit) or [
        attrs.evolve(one, now=(min(one.now[0], item.at[1]), item.at[1]))
    ]
    for place, key, action in _moved(run.declaration, item):
        lines = [line for line in run.declaration.machines[place].transitions if line.event is action]
        states = tuple(
            state.name for line in lines for state in ((line.target,) if line.target is not None else line.sources)
        )
        current = [made for each in current for made in replaced(run, each, place, key, states)]
    for each in current:
        yield from [each] if item.looked is None else forced(run, each, item.looked)


def _moved(declaration: Declaration, item: Item) -> Iterator[tuple[int, Hashable, type]]:
    """The instances that the observation names, with what it does to them."""
    if item.sent is not None:
        yield from ((place, key, item.sent.event) for place, key in item.sent.whom[:1])
    if item.footprint is not None:
        keyed = [(place, item.fields[name]) for name, places in item.footprint.keys.items() for place in places]
        for place, action in item.footprint.actions:
            if keyed:
                yield from ((where, key, action) for where, key in keyed if where == place)
            elif declaration.initial[place] is None:
                yield place, None, action
